-- What the application's login and the départements may do with what all départements share. Applied again whenever this
-- file or the login changes: it says everything, so it first takes everything back. `:app` is the application's role,
-- `:departments` the one that each département's role is a member of.

revoke all on all tables in schema platform from :app, :departments;
revoke all on all functions in schema platform from :app, :departments;
grant usage on schema platform to :app, :departments;

-- All that a département's role may do outside its own schema. The functions find the département from the role that
-- calls: the group itself is none.
grant execute on function platform.add_job(text, uuid) to :departments;
grant execute on function
    platform.index_inquiry(uuid, uuid, uuid, uuid, timestamptz, text, bytea[]) to :departments;
grant execute on function platform.index_outcome(uuid, text, timestamptz) to :departments;

-- Whether `dn migrate` has been run, for `dn serve`, `dn work` and `dn doctor`.
grant select on platform._migrations to :app;
grant select on platform.department to :app;
grant update (insee_code, name, official_name, sirets, revision) on platform.department to :app;
grant select, insert, update on platform.office to :app;
grant select, insert, update on platform.notary to :app;
grant select, insert on platform.terms_acceptance to :app;
grant select, insert, update on platform.staff to :app;
grant select, insert, update, delete on platform.session to :app;
grant select on platform.inquiry_index to :app;
grant select, insert, delete on platform.inquiry_claim to :app;
-- Number and fingerprints are not the application's to give.
grant select, insert (at, actor, actor_id, role, action, object, purpose, details) on platform.audit to :app;
grant select on platform.audit_head to :app;

-- The worker.
grant usage on schema graphile_worker to :app;
grant select on graphile_worker.migrations to :app;
grant select, insert, update, delete on
    graphile_worker._private_jobs,
    graphile_worker._private_job_queues,
    graphile_worker._private_tasks,
    graphile_worker._private_known_crontabs,
    graphile_worker._private_workers,
    graphile_worker._private_job_retirements
to :app;
grant execute on all functions in schema graphile_worker to :app;
