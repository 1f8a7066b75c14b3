//! `dn_tenants`, the role of PostgreSQL that every département's is a member of.

use db::migrate::migrate;
use db::{DbError, provision};
use domain::{DepartmentId, MailId};
use sandbox::Postgres;
use uuid::Uuid;

use crate::attempts::{As, not_refused, on_schema};
use crate::boundaries::{ELSEWHERE, attempts};
use crate::world::{World, identity, settings, slug};

/// What every département is a member of is granted the three functions, and is itself no département: as the group, even
/// these are refused.
#[tokio::test]
async fn the_group_of_departements_has_three_functions_and_nothing_else() {
    let world = World::new().await;
    let depends = world
        .superuser(
            "select pg_describe_object(classid, objid, objsubid), deptype from pg_shdepend
             where refclassid = 'pg_authid'::regclass and refobjid = 'dn_tenants'::regrole
               and dbid in (0, (select oid from pg_database where datname = current_database())) order by 1",
        )
        .await;
    let depends: Vec<&str> = depends
        .lines()
        .map(|line| line.split('(').next().unwrap_or(line))
        .collect();
    let granted = [
        "function platform.add_job",
        "function platform.index_inquiry",
        "function platform.index_outcome",
        "schema platform|a",
    ];
    assert_eq!(depends, granted);
    let attributes = world
        .superuser(
            "select rolcanlogin or rolinherit or rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
             from pg_roles where rolname = 'dn_tenants'",
        )
        .await;
    assert_eq!(attributes, "f");
    // Since its version 16 PostgreSQL notes by a membership who made a role.
    let around = world
        .superuser(
            "select roleid::regrole, member::regrole from pg_auth_members
             where member = 'dn_tenants'::regrole
                or roleid = 'dn_tenants'::regrole and member::regrole::text not like 'dn\\_tenant\\_%' and not admin_option",
        )
        .await;
    assert_eq!(
        around, "",
        "it is a member of nothing, and has départements alone"
    );

    let mut tried = ELSEWHERE.iter().map(|sql| (*sql).to_owned()).collect::<Vec<_>>();
    for schema in ["tenant_rhone", "tenant_isere"] {
        tried.extend(attempts(&world, schema).await);
    }
    // That it may not hand on what it has is a warning.
    let on_platform = on_schema("platform").into_iter();
    tried.extend(on_platform.filter(|sql| !sql.contains("::regclass") && !sql.starts_with("grant")));
    tried.extend(
        [
            "select platform.add_job('issue_letter', gen_random_uuid())",
            "select platform.index_inquiry(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
                    now(), 'unknown', '{}')",
        ]
        .map(str::to_owned),
    );
    let mut connection = world.app_connection().await;
    let found = not_refused(&mut connection, As::Group, &tried).await;
    assert!(found.is_empty(), "{found:#?}");
}

/// The group may do what every département may: one that could do more would open all of them.
#[tokio::test]
async fn a_group_that_could_do_more_is_refused() {
    let postgres = Postgres::disposable().await.unwrap();
    postgres.create_role("dn_db_owner", "createrole").await.unwrap();
    postgres.create_database("dn", "dn_db_owner").await.unwrap();
    let owner = settings(&postgres, "dn");
    assert!(migrate(&owner, |_| ()).await.unwrap().is_complete());
    for (open, close) in [
        (
            "alter role dn_tenants createrole",
            "alter role dn_tenants nocreaterole",
        ),
        ("alter role dn_tenants login", "alter role dn_tenants nologin"),
        (
            "grant pg_read_all_data to dn_tenants",
            "revoke pg_read_all_data from dn_tenants",
        ),
    ] {
        postgres.run("dn", open).await.unwrap();
        let refused = migrate(&owner, |_| ()).await.unwrap_err();
        assert!(matches!(refused, DbError::Settings(_)), "{open}");
        assert!(refused.to_string().contains("dn_tenants"), "{refused}");
        postgres.run("dn", close).await.unwrap();
        assert!(migrate(&owner, |_| ()).await.unwrap().is_complete(), "{close}");
    }
}

/// A database of a former version: each département was granted by itself what is shared.
#[tokio::test]
async fn what_each_was_granted_by_a_former_version_is_taken_back() {
    let world = World::new().await;
    // A name of its own: roles belong to the whole cluster, and other tests run beside this one.
    let name = format!("old-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let id = DepartmentId(Uuid::now_v7());
    provision::create(&world.owner, id, &identity(&name, "01"))
        .await
        .unwrap();
    let role = format!("dn_tenant_{}", name.replace('-', "_"));
    world
        .superuser(&format!(
            "revoke dn_tenants from {role}; grant usage on schema platform to {role};
             grant execute on function platform.add_job(text, uuid) to {role}"
        ))
        .await;
    let held = format!(
        "select count(*) from pg_shdepend where refobjid = '{role}'::regrole and objid in (
             select oid from pg_proc where pronamespace = 'platform'::regnamespace
             union all select 'platform'::regnamespace)"
    );
    assert_eq!(world.superuser(&held).await, "2");
    assert!(migrate(&world.owner, |_| ()).await.unwrap().is_complete());
    assert_eq!(world.superuser(&held).await, "0");
    let mut tx = world.db.tenant(&slug(&name)).await.unwrap();
    let job = db::jobs::Job::SendMail {
        department: slug(&name),
        mail: MailId(Uuid::now_v7()),
    };
    tx.enqueue(&job).await.unwrap();
    tx.save().await.unwrap();
    provision::drop(&world.owner, &slug(&name)).await.unwrap();
    let left = format!("select count(*) from pg_roles where rolname = '{role}'");
    assert_eq!(world.superuser(&left).await, "0");
}
