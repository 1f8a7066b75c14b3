-- The audit trail of what belongs to no département: logins of notaries, refused ones, the operator's commands.

-- Who did what, to what, when, in which role and why. It only grows, and its entries are chained: each holds the
-- fingerprint of the one before it and its own, over everything it says. Numbers have no gaps. PostgreSQL itself
-- gives number and fingerprints: the application can hand in neither.
create table audit (
    number bigint primary key,
    at timestamptz not null,
    actor text not null check (actor in ('notary', 'staff', 'operator', 'system', 'public')),
    actor_id uuid,
    role text not null,
    action text not null,
    object text,
    purpose text,
    details jsonb not null,
    previous bytea not null check (octet_length(previous) = 32),
    hash bytea not null check (octet_length(hash) = 32),
    check ((actor in ('notary', 'staff')) = (actor_id is not null))
);

create index audit_object on audit (object, number);

-- Where the trail ends: one row, so that its last entries cannot be missed either. Not one row that is updated but one
-- that is replaced: the newest is found at once however many dead ones a long transaction keeps.
create table audit_head (
    number bigint primary key,
    hash bytea not null check (octet_length(hash) = 32)
);

-- No trail begins like another, so none can stand in another's place.
insert into audit_head values (0, sha256(convert_to('dn audit trail of ' || current_schema(), 'UTF8')));

-- The fingerprint: SHA-256 over the one before and every column, each with its length (`-` for null), so that no two
-- entries are written alike. dn-db computes the same in Rust: `dn audit verify`.
create function audit_append() returns trigger
language plpgsql security definer
as $$
declare
    head record;
    field text;
    written bytea := ''::bytea;
begin
    -- One at a time, until the end of the transaction. Two keys: apart from the locks with one that others take.
    perform pg_advisory_xact_lock(1684955492, tg_relid::int);
    select number, hash into strict head from audit_head order by number desc limit 1;
    new.number := head.number + 1;
    new.previous := head.hash;
    foreach field in array array[
        new.number::text, (extract(epoch from new.at) * 1000000)::bigint::text, new.actor, new.actor_id::text,
        new.role, new.action, new.object, new.purpose, new.details::text
    ] loop
        if field is null then
            written := written || '-'::bytea;
        else
            written := written || convert_to(octet_length(convert_to(field, 'UTF8')) || ':' || field, 'UTF8');
        end if;
    end loop;
    new.hash := sha256(new.previous || written);
    insert into audit_head values (new.number, new.hash);
    delete from audit_head where number = head.number;
    return new;
end
$$;

create function audit_refuse() returns trigger
language plpgsql
as $$
begin
    raise insufficient_privilege using message = 'the audit trail only grows';
end
$$;

do $$
begin
    execute format('alter function audit_append() set search_path = pg_catalog, %I, pg_temp', current_schema());
end
$$;

revoke execute on function audit_append() from public;
revoke execute on function audit_refuse() from public;

create trigger audit_append before insert on audit for each row execute function audit_append();
-- The application has no right to any of this; these stop the hand of an owner who did not mean it.
create trigger audit_refuse before update or delete or truncate on audit
    for each statement execute function audit_refuse();
