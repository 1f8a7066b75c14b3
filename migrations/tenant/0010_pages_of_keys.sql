-- The blocking keys of a register as an inverted index in pages. A version is indexed once, as a whole, and never changed:
-- its index is sorted by the program and written here page by page, in the order of the primary key. PostgreSQL's own
-- inverted index (GIN) takes in key by key what comes in no order: a million people took it minutes.

-- Number of a person in the version, from 0: what the index tells. Without one in versions that a former program
-- imported, until they are indexed anew.
alter table individual add column number integer check (number >= 0);
-- The number first, and below the page: of a version that was just imported PostgreSQL believes that nobody is in it, and
-- by an index that began with the version it would rather read the whole of it.
create unique index individual_number on individual (number, register_id);

create table register_keys (
    register_id uuid not null,
    -- The first `register_version.page_bits` bits of the keys on it.
    page integer not null check (page >= 0),
    -- Written and read by the matching engine only.
    entries bytea not null,
    primary key (page, register_id)
);
-- Hashes: there is nothing to compress.
alter table register_keys alter column entries set storage external;

alter table register_version add column page_bits smallint check (page_bits between 0 and 31);

-- A former program that still runs writes and finds by these columns, and goes on doing so, by reading the table. A later
-- migration may drop them, `keys`, `blocks` and `register_indexing.done_to`, once every process runs a program that came
-- with this one.
drop index individual_keys;
drop index individual_blocks;
