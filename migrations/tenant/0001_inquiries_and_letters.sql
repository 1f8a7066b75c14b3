-- The data of one département. Names are unqualified: the migration runs with this schema as its search path.

create table settings (
    -- One row.
    one boolean primary key default true check (one),
    content jsonb not null,
    revision bigint not null,
    updated_at timestamptz not null
);

-- Files of the letterhead: logo, signature.
create table kit_file (
    name text primary key,
    bytes bytea not null
);

-- Numbers « Nos références ». A sequence, so that two inquiries never wait for one another; it may skip numbers.
create sequence inquiry_number;

create table inquiry (
    id uuid primary key,
    -- The form it came with: handing the same form in twice makes one inquiry.
    submission_id uuid not null unique,
    reference text not null unique,
    -- Who asked, as it was on that day.
    notary_id uuid not null,
    office_id uuid not null,
    notary_name text not null,
    notary_email text not null,
    office_name text not null,
    office_crpcen text not null,
    office_address text[] not null,
    -- About whom. Dates of civil status are ISO, 00 standing for an unknown part.
    birth_name text,
    usage_name text,
    given_names text not null,
    sex text check (sex in ('M', 'F')),
    birth_date text not null check (birth_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    birth_place text,
    death_date date not null,
    death_place text,
    death_certificate_date date,
    file_reference text,
    asked_at timestamptz not null,
    check (birth_name is not null or usage_name is not null)
);

create index inquiry_asked on inquiry (asked_at desc, id desc);

create table decision (
    id uuid primary key,
    inquiry_id uuid not null references inquiry (id),
    outcome text not null check (
        outcome in ('recoverable', 'overpayment', 'not_recoverable', 'unknown', 'ambiguous', 'pending')
    ),
    reasons text[] not null,
    candidates text[] not null,
    finding jsonb,
    engine_version text not null,
    -- No reference: a decision outlives the register it was made on.
    register_id uuid,
    decided_at timestamptz not null
);

create index decision_inquiry on decision (inquiry_id, decided_at desc, id desc);

-- Keys that encrypt letters, themselves encrypted under a master key that is not in the database.
create table data_key (
    id uuid primary key,
    wrapped bytea not null,
    master_key_id text not null,
    created_at timestamptz not null,
    active boolean not null
);

create unique index data_key_active on data_key (active) where active;

create table letter (
    id uuid primary key,
    inquiry_id uuid not null references inquiry (id),
    decision_id uuid not null references decision (id),
    kind text not null check (
        kind in ('recoverable', 'overpayment', 'not_recoverable', 'unknown', 'acknowledgement')
    ),
    -- Everything the template needs, frozen: the same data gives the same bytes.
    data jsonb not null,
    verification_secret text not null unique,
    dated_on date not null,
    drawn_at timestamptz not null,
    -- The file, once it lies in object storage.
    sha256 bytea check (octet_length(sha256) = 32),
    size bigint check (size > 0),
    template_version text,
    object_key text,
    object_version text,
    data_key_id uuid references data_key (id),
    issued_at timestamptz,
    locked_until timestamptz,
    check (num_nulls(sha256, size, template_version, object_key, data_key_id, issued_at) in (0, 6))
);

create index letter_inquiry on letter (inquiry_id, drawn_at desc, id desc);

-- The outbox.
create table mail (
    id uuid primary key,
    kind text not null check (kind in ('answer_ready', 'service_notice')),
    inquiry_id uuid not null references inquiry (id),
    letter_id uuid references letter (id),
    recipient text not null,
    created_at timestamptz not null,
    sent_at timestamptz,
    constraint mail_once unique nulls not distinct (inquiry_id, letter_id, kind)
);

-- Who did what, when and in which role. grants.sql lets the application add and read, nothing else.
create table audit (
    number bigint generated always as identity primary key,
    at timestamptz not null,
    actor text not null check (actor in ('notary', 'staff', 'operator', 'system', 'public')),
    actor_id uuid,
    role text not null,
    action text not null,
    object text,
    details jsonb not null,
    check ((actor in ('notary', 'staff')) = (actor_id is not null))
);

create index audit_object on audit (object, number);
