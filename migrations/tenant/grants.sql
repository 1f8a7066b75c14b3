-- What a département's own role may do in its schema: there is nothing else it may do, but for what every département may
-- (platform/grants.sql). Applied again whenever this file changes: it says everything, so it first takes everything back.
-- `:tenant` is the role, `:schema` the schema.

revoke all on all tables in schema :schema from :tenant;
revoke all on all sequences in schema :schema from :tenant;
grant usage on schema :schema to :tenant;

grant select, insert, update on settings to :tenant;
grant select, insert, update, delete on kit_file to :tenant;
grant select, insert on settings_version, kit_version_file to :tenant;
grant usage on sequence inquiry_number to :tenant;
grant select, insert on inquiry to :tenant;
grant select, insert on decision to :tenant;
grant select, insert on letter to :tenant;
grant update (sha256, size, template_version, object_key, object_version, data_key_id, issued_at, locked_until)
    on letter to :tenant;
grant select, insert on alert to :tenant;
grant select, insert on mail to :tenant;
grant update (sent_at) on mail to :tenant;
grant select, insert on data_key to :tenant;
grant update (wrapped, master_key_id, active) on data_key to :tenant;
-- Number and fingerprints are not the application's to give.
grant select, insert (at, actor, actor_id, role, action, object, purpose, details) on audit to :tenant;
grant select on audit_head to :tenant;
grant select, insert, update, delete on register_version to :tenant;
grant select, insert, delete on individual to :tenant;
grant update (keys, blocks, number) on individual to :tenant;
grant select, insert, delete on register_keys to :tenant;
grant select, insert, update, delete on register_frequencies to :tenant;
grant select, insert, update, delete on register_indexing to :tenant;
