-- How far a newer version of the program is with indexing the register in force anew: killed, it goes on from here, and
-- processes that do it at once share the work.

create table register_indexing (
    register_id uuid primary key,
    -- Of the keys that are being added.
    keys_version integer not null,
    -- Everybody up to this identifier has them.
    done_to text not null default ''
);
