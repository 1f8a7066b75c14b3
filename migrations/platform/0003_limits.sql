-- Limits that all processes share.

-- One row for each inquiry a notary made in the last day, or began to make: what the limits per hour and day are counted
-- from. Who asked which département when, and nothing of about whom. Rows that no limit counts any more go with the
-- notary's next inquiry.
create table platform.inquiry_claim (
    notary_id uuid not null references platform.notary (id),
    -- The form: sent again, it claims nothing more.
    submission_id uuid not null,
    department_slug text not null references platform.department (slug) on delete cascade,
    claimed_at timestamptz not null,
    primary key (notary_id, submission_id, department_slug)
);

create index inquiry_claim_time on platform.inquiry_claim (notary_id, claimed_at);

-- Départements tell their administrators of what was noticed: one more task.
create or replace function platform.add_job(task text, object uuid) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
    department text := platform.calling_department();
begin
    if task not in ('issue_letter', 'send_mail', 'tell_alert') then
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
