-- Settings and letterhead as they were at each revision that letters were drawn at. A letter that is rendered later, or
-- once more, has the letterhead of its day, whatever became of it since.

create table settings_version (
    revision bigint primary key,
    content jsonb not null,
    updated_at timestamptz not null
);

create table kit_version_file (
    revision bigint not null references settings_version (revision),
    name text not null,
    bytes bytea not null,
    primary key (revision, name)
);

-- Null: drawn before this was kept. No reference to settings_version: every inquiry would lock the same row of it.
alter table letter add column settings_revision bigint;

-- The few letters that are still to be issued.
create index letter_unissued on letter (drawn_at, id) where issued_at is null;
