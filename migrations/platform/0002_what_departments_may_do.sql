-- The only things a département's role may do outside its own schema. Each function runs as its owner and finds the
-- département from the role that calls, never from an argument.

create function platform.calling_department() returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    -- `set local role` leaves the session's login as session_user; on a Citus node the role itself logs in.
    caller text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    found_slug text;
begin
    select slug into found_slug
    from platform.department
    where 'dn_tenant_' || replace(slug, '-', '_') = caller;
    if found_slug is null then
        raise insufficient_privilege using message = 'only a département may call this';
    end if;
    return found_slug;
end
$$;

-- A job carries the département and one id: there is no room for anything else.
create function platform.add_job(task text, object uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    department text := platform.calling_department();
begin
    if task not in ('issue_letter', 'send_mail') then
        raise insufficient_privilege using message = 'a département has no such task';
    end if;
    perform graphile_worker.add_job(
        identifier => task,
        payload => json_build_object('department', department, 'id', object),
        job_key => task || ':' || department || ':' || object,
        max_attempts => 25
    );
end
$$;

create function platform.index_inquiry(
    inquiry uuid, submission uuid, office uuid, notary uuid, asked timestamptz, outcome text, tokens bytea[]
) returns void
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    insert into platform.inquiry_index
        (inquiry_id, submission_id, department_slug, office_id, notary_id, asked_at, outcome, updated_at, tokens)
    values (inquiry, submission, platform.calling_department(), office, notary, asked, outcome, asked, tokens)
    on conflict (inquiry_id) do nothing
$$;

create function platform.index_outcome(inquiry uuid, new_outcome text, at timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp
as $$
    with changed as (
        update platform.inquiry_index
        set outcome = new_outcome, updated_at = at
        where inquiry_id = inquiry and department_slug = platform.calling_department()
        returning 1
    )
    select exists (select from changed)
$$;

revoke execute on all functions in schema platform from public;

-- A temporary table outlives its transaction on a pooled connection: nobody here needs one.
do $$
begin
    execute format('revoke temporary on database %I from public', current_database());
end
$$;

-- The queue's tables come with row level security and no policy: only their owner sees a row. Who may use them at
-- all is said in grants.sql.
create policy worker on graphile_worker._private_jobs using (true) with check (true);
create policy worker on graphile_worker._private_job_queues using (true) with check (true);
create policy worker on graphile_worker._private_tasks using (true) with check (true);
create policy worker on graphile_worker._private_known_crontabs using (true) with check (true);
