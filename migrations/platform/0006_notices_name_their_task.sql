-- What is told of a new job names its task: workers that do none of the kind need not look for it. Workers of before read
-- nothing of it.

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
        perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1, 'task', task)::text);
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
