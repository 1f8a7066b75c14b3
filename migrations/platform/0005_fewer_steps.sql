-- The same in fewer steps: what every inquiry does several times.

-- A role is named after its département, hyphens made underscores; a slug has no underscore, so the way back is one.
create or replace function platform.calling_department() returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
    -- `set local role` leaves the session's login as session_user; on a Citus node the role itself logs in.
    caller text := coalesce(nullif(current_setting('role'), 'none'), session_user);
    found_slug text;
begin
    select slug into found_slug
    from platform.department
    where caller like 'dn\_tenant\_%' and slug = replace(substr(caller, 11), '_', '-');
    if found_slug is null then
        raise insufficient_privilege using message = 'only a département may call this';
    end if;
    return found_slug;
end
$$;

-- A job that is not in the queue yet, as nearly all are, is put there by one insert, with what the queue's own function
-- would give it, and told to the workers. Everything else is left to that function.
create or replace function platform.add_job(task text, object uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    department text := platform.calling_department();
    content json := json_build_object('department', department, 'id', object);
    its_key text := task || ':' || department || ':' || object;
begin
    if task not in ('issue_letter', 'send_mail', 'tell_alert') then
        raise insufficient_privilege using message = 'a département has no such task';
    end if;
    insert into graphile_worker._private_jobs (task_id, payload, key, max_attempts)
    select id, content, its_key, 25 from graphile_worker._private_tasks where identifier = task
    on conflict (key) do nothing;
    if found then
        perform pg_notify('jobs:insert', '{"r":' || random()::text || ',"count":1}');
    else
        perform graphile_worker.add_job(
            identifier => task,
            payload => content,
            job_key => its_key,
            max_attempts => 25
        );
    end if;
end
$$;

-- As it was, in a language whose plans are kept.
create or replace function platform.index_inquiry(
    inquiry uuid, submission uuid, office uuid, notary uuid, asked timestamptz, outcome text, tokens bytea[]
) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
    insert into platform.inquiry_index
        (inquiry_id, submission_id, department_slug, office_id, notary_id, asked_at, outcome, updated_at, tokens)
    values (inquiry, submission, platform.calling_department(), office, notary, asked, outcome, asked, tokens)
    on conflict (inquiry_id) do nothing;
end
$$;
