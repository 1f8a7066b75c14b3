-- How frequent the names of a version of the register are: sharing a rare name says more than sharing MARTIN.

create table register_frequencies (
    register_id uuid primary key,
    -- Written and read by the matching engine only, as a whole.
    counts bytea not null
);
