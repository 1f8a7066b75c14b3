//! The audit trail: what the application can do with it, and what nobody can do unnoticed.

use db::{Actor, AuditEntry, Between, Finding, TrailFilter, TrailHead, Verification};
use domain::{Action, ActorKind, NotaryId, Purpose, StaffId};
use futures::future::join_all;
use serde_json::json;
use sqlx::Connection;
use uuid::Uuid;

use crate::world::{World, at, code, execute, slug};

fn entry(actor: Actor, object: &str) -> AuditEntry {
    AuditEntry {
        actor,
        role: actor.kind().code().to_owned(),
        action: Action::InquiryAsked,
        object: Some(object.to_owned()),
        purpose: Purpose::Estate,
        at: at("2026-11-23T10:00:00.123456Z"),
        // What JSON allows: signs of other scripts, long numbers, keys out of order.
        details: json!({ "z": 1.50, "outcome": "inconnu ; « ¿ » 🗝", "a": [null, true, 12345678901234567890_u64] }),
    }
}

/// Adds so many entries, each in its own transaction.
async fn add(world: &World, department: &str, entries: usize) {
    for number in 0..entries {
        let mut tx = world.db.tenant(&slug(department)).await.unwrap();
        tx.audit().record(entry(Actor::System, &number.to_string()));
        tx.save().await.unwrap();
    }
}

async fn verify(world: &World, department: &str, noted: &[TrailHead]) -> Verification {
    let mut tx = world.db.tenant_snapshot(&slug(department)).await.unwrap();
    tx.audit().verify(noted).await.unwrap()
}

async fn head(world: &World, department: &str) -> TrailHead {
    let mut tx = world.db.tenant(&slug(department)).await.unwrap();
    tx.audit().head().await.unwrap().unwrap()
}

#[tokio::test]
async fn what_was_done_is_told_in_order() {
    let world = World::new().await;
    let staff = StaffId(Uuid::now_v7());
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let before = tx.audit().head().await.unwrap().unwrap().number;
    let actors = [
        (Actor::Notary(NotaryId(Uuid::now_v7())), "a"),
        (Actor::Staff(staff), "b"),
        (Actor::System, "a"),
        (Actor::Operator, "c"),
        (Actor::Public, "d"),
    ];
    for (actor, object) in actors {
        tx.audit().record(entry(actor, object));
    }
    let own = Between {
        after: Some(before),
        before: None,
    };
    let all = TrailFilter::default();
    // What is not saved yet is seen inside the transaction.
    let told = tx.audit().oldest(&all, own, 10).await.unwrap();
    let kinds: Vec<_> = told
        .iter()
        .map(|row| (row.actor.as_str(), row.object.as_deref().unwrap()))
        .collect();
    let expected = actors.map(|(actor, object)| (actor.kind().code(), object));
    assert_eq!(kinds, expected);
    assert_eq!(told[1].actor_id, Some(staff.0));
    assert_eq!(told[0].at, at("2026-11-23T10:00:00.123456Z"));
    tx.audit().record(entry(Actor::System, "e"));
    tx.save().await.unwrap();

    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let newest = tx.audit().newest(&all, own, 2).await.unwrap();
    assert_eq!(
        newest.iter().map(|row| row.number).collect::<Vec<_>>(),
        [before + 6, before + 5]
    );
    let older = Between {
        after: Some(before),
        before: Some(before + 5),
    };
    assert_eq!(tx.audit().newest(&all, older, 10).await.unwrap().len(), 4);
    let found = async |tx: &mut db::TenantTx, filter: TrailFilter| {
        tx.audit().newest(&filter, own, 10).await.unwrap().len()
    };
    let some = |change: &dyn Fn(&mut TrailFilter)| {
        let mut filter = TrailFilter::default();
        change(&mut filter);
        filter
    };
    assert_eq!(found(&mut tx, some(&|f| f.object = Some("a".into()))).await, 2);
    assert_eq!(
        found(&mut tx, some(&|f| f.actor = Some(ActorKind::Staff))).await,
        1
    );
    assert_eq!(found(&mut tx, some(&|f| f.actor_id = Some(staff.0))).await, 1);
    assert_eq!(
        found(&mut tx, some(&|f| f.action = Some(Action::MailSent))).await,
        0
    );
    assert_eq!(
        found(&mut tx, some(&|f| f.from = Some(at("2026-11-23T10:00:01Z")))).await,
        0
    );
    assert_eq!(
        found(&mut tx, some(&|f| f.until = Some(at("2026-11-23T10:00:01Z")))).await,
        6
    );
    assert!(verify(&world, "rhone", &[]).await.is_sound());
}

#[tokio::test]
async fn a_transaction_that_failed_leaves_neither_entry_nor_gap() {
    let world = World::new().await;
    add(&world, "rhone", 1).await;
    let before = head(&world, "rhone").await;
    for way in 0..3 {
        let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
        tx.audit().record(entry(Actor::System, "lost"));
        match way {
            // Dropped before anything was written, and after.
            0 => drop(tx),
            1 => {
                tx.audit().head().await.unwrap();
                drop(tx);
            }
            // A query failed before: nothing may be kept.
            _ => {
                let wrong = entry(Actor::Operator, "\0");
                tx.audit().record(wrong);
                assert!(tx.audit().head().await.is_err());
                assert!(tx.save().await.is_err());
            }
        }
    }
    assert_eq!(head(&world, "rhone").await, before);
    add(&world, "rhone", 1).await;
    assert_eq!(head(&world, "rhone").await.number, before.number + 1);
    assert!(verify(&world, "rhone", &[before]).await.is_sound());
}

#[tokio::test]
async fn many_at_once_make_one_unbroken_chain() {
    let world = World::new().await;
    let (tenant, platform) = (
        head(&world, "rhone").await.number,
        platform_head(&world).await.number,
    );
    let work = (0..40).map(|number: usize| {
        let db = world.db.clone();
        async move {
            let mut tx = db.tenant(&slug("rhone")).await.unwrap();
            for part in 0..3 {
                tx.audit()
                    .record(entry(Actor::System, &format!("{number}/{part}")));
            }
            // Every fourth thinks better of it.
            if number.is_multiple_of(4) {
                tx.audit().head().await.unwrap();
                drop(tx);
            } else {
                tx.save().await.unwrap();
            }
            let mut tx = db.platform().await.unwrap();
            tx.audit().record(entry(Actor::Public, &number.to_string()));
            tx.save().await.unwrap();
        }
    });
    join_all(work).await;
    let found = verify(&world, "rhone", &[]).await;
    assert_eq!(found.findings, []);
    assert_eq!(found.head.unwrap().number, tenant + 90);
    // The entries of one transaction stand together, in their order.
    let broken = world
        .superuser(
            "select count(*) from (select number, object, lag(object) over (order by number) as before
                 from tenant_rhone.audit where object like '%/%') e
             where object not like '%/0' and before is distinct from
                 split_part(object, '/', 1) || '/' || split_part(object, '/', 2)::int - 1",
        )
        .await;
    assert_eq!(broken, "0");
    let mut tx = world.db.platform_snapshot().await.unwrap();
    let found = tx.audit().verify(&[]).await.unwrap();
    assert_eq!(found.findings, []);
    assert_eq!(found.head.unwrap().number, platform + 40);
}

async fn platform_head(world: &World) -> TrailHead {
    let mut tx = world.db.platform().await.unwrap();
    tx.audit().head().await.unwrap().unwrap()
}

/// What must be refused of a trail, whoever asks with the application's login. `{}` stands for its schema.
const ATTEMPTS: [&str; 14] = [
    "update {}.audit set action = 'nothing'",
    "update {}.audit set hash = previous",
    "delete from {}.audit",
    "truncate {}.audit",
    "insert into {}.audit (number, at, actor, role, action, details) values (1, now(), 'system', '', '', '{}')",
    "insert into {}.audit (hash, at, actor, role, action, details) values (sha256(''), now(), 'system', '', '', '{}')",
    "insert into {}.audit (previous, at, actor, role, action, details) values (sha256(''), now(), 'system', '', '', '{}')",
    "insert into {}.audit_head values (99, sha256(''))",
    "update {}.audit_head set number = 0",
    "delete from {}.audit_head",
    "truncate {}.audit_head",
    "alter table {}.audit disable trigger all",
    "drop trigger audit_append on {}.audit",
    "set session_replication_role = replica",
];

#[tokio::test]
async fn the_application_can_only_add() {
    let world = World::new().await;
    add(&world, "rhone", 2).await;
    let mut connection = world.app_connection().await;
    for (schema, role) in [("tenant_rhone", Some("dn_tenant_rhone")), ("platform", None)] {
        for attempt in ATTEMPTS {
            let attempt = attempt.replacen("{}", schema, 1);
            let mut tx = connection.begin().await.unwrap();
            if let Some(role) = role {
                execute(&mut tx, format!("set local role {role}")).await.unwrap();
            }
            assert_eq!(code(execute(&mut tx, &attempt).await), "42501", "{attempt}");
        }
        let before = world
            .superuser(&format!("select max(number) from {schema}.audit"))
            .await;
        let mut tx = connection.begin().await.unwrap();
        if let Some(role) = role {
            execute(&mut tx, format!("set local role {role}")).await.unwrap();
        }
        // As the version of the program before this one does.
        let add = format!(
            "insert into {schema}.audit (at, actor, actor_id, role, action, object, details)
             values (now(), 'system', null, 'system', 'mail.sent', null, 'null')"
        );
        execute(&mut tx, add).await.unwrap();
        tx.commit().await.unwrap();
        let after = world
            .superuser(&format!("select max(number) from {schema}.audit"))
            .await;
        assert_eq!(after.parse::<i64>().unwrap(), before.parse::<i64>().unwrap() + 1);
    }
    assert!(verify(&world, "rhone", &[]).await.is_sound());
}

#[tokio::test]
async fn the_owner_cannot_change_it_without_meaning_to() {
    let world = World::new().await;
    add(&world, "rhone", 1).await;
    for attempt in [
        "update tenant_rhone.audit set role = ''",
        "delete from tenant_rhone.audit",
        "truncate tenant_rhone.audit",
    ] {
        let refused = world
            .postgres
            .run(&world.database, attempt)
            .await
            .unwrap_err()
            .to_string();
        assert!(refused.contains("only grows"), "{attempt}: {refused}");
    }
}

/// Does what only a superuser can, past every trigger.
async fn tamper(world: &World, sql: &str) {
    world
        .superuser(&format!(
            "set session_replication_role = replica; set search_path = tenant_rhone; {sql}"
        ))
        .await;
}

#[tokio::test]
async fn whatever_is_changed_behind_its_back_is_found_and_named() {
    use Finding::{Altered, HeadMissing, Inserted, Missing};

    let world = World::new().await;
    let before = head(&world, "rhone").await.number;
    add(&world, "rhone", 10).await;
    let n = |number: i64| before + number;
    let noted = head(&world, "rhone").await;
    assert!(verify(&world, "rhone", &[noted]).await.is_sound());
    tamper(
        &world,
        "create table kept as select * from audit; create table kept_head as select * from audit_head",
    )
    .await;
    let one = |number: i64| Altered {
        from: n(number),
        to: n(number),
    };
    let cases: Vec<(String, Vec<Finding>)> = vec![
        (format!("update audit set object = 'other' where number = {}", n(4)), vec![one(4)]),
        (format!("update audit set at = at + interval '1 microsecond' where number = {}", n(4)), vec![one(4)]),
        (format!("update audit set actor_id = null, actor = 'public' where number = {}", n(4)), vec![one(4)]),
        (format!("update audit set purpose = null where number = {}", n(1)), vec![one(1)]),
        (format!("update audit set details = details || '{{\"z\": 1.50}}' where number = {}", n(5)), vec![one(5)]),
        (format!("update audit set hash = sha256('') where number = {}", n(5)), vec![one(5)]),
        (format!("delete from audit where number = {}", n(3)), vec![Missing { from: n(3), to: n(3) }]),
        (format!("delete from audit where number between {} and {}", n(3), n(6)), vec![Missing { from: n(3), to: n(6) }]),
        (format!("delete from audit where number > {}", n(8)), vec![Missing { from: n(9), to: n(10) }]),
        ("delete from audit".to_owned(), vec![Missing { from: 1, to: n(10) }]),
        // Two entries change places, with and without their fingerprints.
        (
            format!(
                "update audit a set object = b.object from audit b
                 where a.number in ({0}, {1}) and b.number = {0} + {1} - a.number",
                n(3),
                n(7)
            ),
            vec![one(3), one(7)],
        ),
        (
            format!(
                "update audit set number = -number where number in ({0}, {1});
                 update audit set number = {0} + {1} + number where number < 0",
                n(3),
                n(7)
            ),
            vec![one(3), one(7)],
        ),
        // One is put in at the end, and one in the middle, those after it moved on.
        (
            format!(
                "insert into audit select number + 1, at, actor, actor_id, role, action, object, purpose, details, hash, sha256('')
                 from audit where number = {}",
                n(10)
            ),
            vec![Altered { from: n(11), to: n(11) }, Inserted { from: n(11), to: n(11) }],
        ),
        (
            format!(
                "update audit set number = -number where number > {0};
                 update audit set number = 1 - number where number < 0;
                 insert into audit select number + 1, at, actor, actor_id, role, action, object, purpose, details, hash, sha256('')
                 from audit where number = {0}",
                n(8)
            ),
            vec![Altered { from: n(9), to: n(11) }, Inserted { from: n(11), to: n(11) }],
        ),
        ("insert into audit select 0, at, actor, actor_id, role, action, object, purpose, details, previous, hash from audit where number = 1".to_owned(),
            vec![Inserted { from: 0, to: 0 }]),
        ("delete from audit_head".to_owned(), vec![HeadMissing]),
        ("update audit_head set hash = sha256('')".to_owned(), vec![one(10)]),
    ];
    for (change, findings) in cases {
        tamper(&world, &change).await;
        assert_eq!(verify(&world, "rhone", &[]).await.findings, findings, "{change}");
        tamper(
            &world,
            "truncate audit, audit_head; insert into audit select * from kept; insert into audit_head select * from kept_head",
        )
        .await;
    }
    assert!(verify(&world, "rhone", &[noted]).await.is_sound());

    // The end cut off, and the record of it put right: only what was noted elsewhere tells.
    let cut = format!(
        "delete from audit where number > {0}; delete from audit_head;
         insert into audit_head select number, hash from audit where number = {0}",
        n(8)
    );
    tamper(&world, &cut).await;
    assert!(verify(&world, "rhone", &[]).await.is_sound());
    let gone = Missing {
        from: n(10),
        to: n(10),
    };
    assert_eq!(verify(&world, "rhone", &[noted]).await.findings, [gone]);
    // And it goes on: the same numbers, other entries.
    add(&world, "rhone", 3).await;
    assert!(verify(&world, "rhone", &[]).await.is_sound());
    let other = Finding::NotAsNoted { number: n(10) };
    assert_eq!(verify(&world, "rhone", &[noted]).await.findings, [other]);
}

#[tokio::test]
async fn no_trail_stands_in_for_another() {
    let world = World::new().await;
    add(&world, "rhone", 2).await;
    tamper(
        &world,
        "truncate tenant_isere.audit, tenant_isere.audit_head;
         insert into tenant_isere.audit select * from audit;
         insert into tenant_isere.audit_head select * from audit_head",
    )
    .await;
    assert!(verify(&world, "rhone", &[]).await.is_sound());
    assert_eq!(
        verify(&world, "isere", &[]).await.findings,
        [Finding::Altered { from: 1, to: 1 }]
    );
}

#[tokio::test]
async fn what_was_recorded_before_is_chained_by_the_migration() {
    let world = World::new().await;
    let first = include_str!("../../../../migrations/tenant/0001_inquiries_and_letters.sql");
    let old_table = &first[first.find("create table audit (").unwrap()..];
    world
        .superuser(&format!(
            "set search_path = tenant_rhone;
             drop table audit, audit_head; drop function audit_append, audit_refuse;
             delete from _migrations where name like '%audit_chain';
             set role dn_db_owner;
             {old_table}
             insert into audit (at, actor, actor_id, role, action, object, details)
             select '2026-01-01T00:00:00.000001Z'::timestamptz + n * interval '1 hour', 'notary', gen_random_uuid(),
                    'notary', 'inquiry.asked', n::text, '{{\"é\": 1}}' from generate_series(1, 50) n;
             delete from audit where number in (1, 2, 30)"
        ))
        .await;
    assert!(
        db::migrate::migrate(&world.owner, |_| ())
            .await
            .unwrap()
            .is_complete()
    );
    let found = verify(&world, "rhone", &[]).await;
    assert_eq!(found.findings, []);
    // And that the tables changed.
    assert_eq!(found.head.unwrap().number, 48);
    let order = world
        .superuser("select string_agg(object, ' ' order by number) from tenant_rhone.audit where action = 'inquiry.asked'")
        .await;
    let kept = (3..=50)
        .filter(|number| *number != 30)
        .map(|number: i32| number.to_string());
    assert_eq!(order, kept.collect::<Vec<_>>().join(" "));
    add(&world, "rhone", 1).await;
    assert!(verify(&world, "rhone", &[]).await.is_sound());
}

#[tokio::test]
async fn what_the_owner_does_is_recorded() {
    let world = World::new().await;
    let owner = db::MigrateSettings {
        operator: db::Operator {
            name: Some("alice".to_owned()),
            reason: Some("ticket 12".to_owned()),
        },
        ..world.owner.clone()
    };
    db::provision::suspend(&owner, &slug("rhone")).await.unwrap();
    db::provision::resume(&owner, &slug("rhone")).await.unwrap();
    db::provision::resume(&owner, &slug("rhone")).await.unwrap();
    for schema in ["tenant_rhone", "platform"] {
        let told = world
            .superuser(&format!(
                "select string_agg(concat_ws(' ', actor, action, object, details ->> 'by', details ->> 'reason'), ', '
                                   order by number)
                 from {schema}.audit where action in ('tenant.suspended', 'tenant.resumed')"
            ))
            .await;
        let expected =
            "operator tenant.suspended rhone alice ticket 12, operator tenant.resumed rhone alice ticket 12";
        assert_eq!(told, expected, "{schema}");
    }
    let created = world
        .superuser("select count(*) from platform.audit where action = 'tenant.created'")
        .await;
    assert_eq!(created, "2");
}
