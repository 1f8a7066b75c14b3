-- What all départements share. No name of a deceased person ever stands in this schema.

create table platform.department (
    id uuid primary key,
    -- Schema and role are named after it, so it never changes.
    slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{0,38}[a-z0-9]$'),
    insee_code text not null unique,
    name text not null,
    official_name text not null,
    sirets text[] not null,
    suspended boolean not null default false,
    -- Migrations its schema has seen.
    schema_version integer not null default 0,
    revision bigint not null default 1,
    created_at timestamptz not null default now()
);

create table platform.office (
    id uuid primary key,
    crpcen text not null unique check (crpcen ~ '^[0-9]{5}$'),
    name text not null,
    address text[] not null
);

create table platform.notary (
    id uuid primary key,
    provider text not null,
    subject text not null,
    name text not null,
    email text not null,
    office_id uuid not null references platform.office (id),
    first_login_at timestamptz not null,
    last_login_at timestamptz not null,
    unique (provider, subject)
);

create index notary_office on platform.notary (office_id);

create table platform.terms_acceptance (
    notary_id uuid not null references platform.notary (id),
    version text not null,
    accepted_at timestamptz not null,
    primary key (notary_id, version)
);

create table platform.staff (
    id uuid primary key,
    department_slug text not null references platform.department (slug) on delete cascade,
    email text not null,
    name text not null,
    roles text[] not null check (roles <@ array['officer', 'administrator', 'auditor']),
    -- The account, once linked.
    provider text,
    subject text,
    linked_at timestamptz,
    last_login_at timestamptz,
    active boolean not null default true,
    created_at timestamptz not null default now(),
    check ((provider is null) = (subject is null) and (provider is null) = (linked_at is null))
);

create unique index staff_email on platform.staff (department_slug, lower(email));
create index staff_by_email on platform.staff (lower(email));
create unique index staff_account on platform.staff (department_slug, provider, subject);
create index staff_by_account on platform.staff (provider, subject);

create table platform.session (
    -- SHA-256 of the id in the cookie: who reads this table cannot take over a session.
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    -- Encrypted under a key derived from that id: a half-typed inquiry or a token of login is not read here either.
    data bytea not null,
    expires_at timestamptz not null
);

create index session_expiry on platform.session (expires_at);

-- « Mes demandes » : which office asked which département, and how it was answered. Names and references stand here
-- only as keyed tokens (HMAC) of their words; the words are read in the département's own schema.
create table platform.inquiry_index (
    inquiry_id uuid primary key,
    submission_id uuid not null,
    department_slug text not null references platform.department (slug) on delete cascade,
    office_id uuid not null,
    notary_id uuid not null,
    asked_at timestamptz not null,
    outcome text not null check (
        outcome in ('recoverable', 'overpayment', 'not_recoverable', 'unknown', 'ambiguous', 'pending')
    ),
    updated_at timestamptz not null,
    tokens bytea[] not null
);

create index inquiry_index_office on platform.inquiry_index (office_id, asked_at desc, inquiry_id desc);
create index inquiry_index_submission on platform.inquiry_index (submission_id);
create index inquiry_index_department on platform.inquiry_index (department_slug);
create index inquiry_index_tokens on platform.inquiry_index using gin (tokens);
