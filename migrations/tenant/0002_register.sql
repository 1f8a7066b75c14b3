-- The register of social aid: one version in force, the one before it, and at times one being imported.

create table register_version (
    id uuid primary key,
    source text not null,
    keys_version integer not null,
    state text not null check (state in ('loading', 'active', 'previous')),
    started_at timestamptz not null,
    imported_at timestamptz,
    individuals bigint not null default 0,
    aids bigint not null default 0,
    check ((state = 'loading') = (imported_at is null))
);

-- At most one in force, and one import at a time: a second waits here for the first.
create unique index register_version_active on register_version (state) where state = 'active';
create unique index register_version_loading on register_version (state) where state = 'loading';

-- No reference to register_version: checking it a million times would slow an import by a tenth; `activate` deletes
-- the rows of versions that go.
create table individual (
    register_id uuid not null,
    identifier text not null,
    sex text check (sex in ('M', 'F')),
    birth_name text,
    usage_name text,
    given_names text not null,
    birth_date text not null check (birth_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    birth_place text,
    death_date text check (death_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    aids jsonb not null,
    -- Blocking keys: an inquiry fetches the persons who share one with it.
    keys text[] not null,
    -- The identifier first: nobody asks for a whole version, and an index that began with the version would tempt
    -- the planner away from the keys.
    constraint individual_pkey primary key (identifier, register_id)
);

-- Without the list of pending entries that GIN keeps by default: every inquiry after an import would read through it.
create index individual_keys on individual using gin (keys) with (fastupdate = off);
