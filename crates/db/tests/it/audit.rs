use db::{Actor, AuditEntry};
use domain::{NotaryId, StaffId};
use serde_json::json;
use sqlx::Connection;
use uuid::Uuid;

use crate::world::{World, at, code, execute, slug};

fn entry(actor: Actor, object: &str) -> AuditEntry {
    AuditEntry {
        actor,
        role: "notary".to_owned(),
        action: "inquiry.asked".to_owned(),
        object: Some(object.to_owned()),
        at: at("2026-11-23T10:00:00Z"),
        details: json!({ "outcome": "unknown" }),
    }
}

#[tokio::test]
async fn what_was_done_is_told_in_order() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    let entries = [
        entry(Actor::Notary(NotaryId(Uuid::now_v7())), "a"),
        entry(Actor::Staff(StaffId(Uuid::now_v7())), "b"),
        entry(Actor::System, "a"),
        entry(Actor::Operator, "c"),
        entry(Actor::Public, "d"),
    ];
    for entry in &entries {
        tx.audit().record(entry).await.unwrap();
    }
    let of: Vec<_> = tx
        .audit()
        .of("a")
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.entry)
        .collect();
    assert_eq!(of, [entries[0].clone(), entries[2].clone()]);
    let newest = tx.audit().recent(None, 2).await.unwrap();
    assert_eq!(
        newest.iter().map(|row| &row.entry).collect::<Vec<_>>(),
        [&entries[4], &entries[3]]
    );
    let older = tx.audit().recent(Some(newest[1].number), 10).await.unwrap();
    assert_eq!(older.len(), 3);
}

#[tokio::test]
async fn what_was_recorded_stays() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    tx.audit().record(&entry(Actor::System, "a")).await.unwrap();
    tx.save().await.unwrap();
    let mut connection = world.app_connection().await;
    for attempt in [
        "update audit set action = 'nothing'",
        "delete from audit",
        "truncate audit",
        "insert into audit (number, at, actor, role, action, details) overriding system value
         values (1, now(), 'system', '', '', '{}')",
    ] {
        let mut tx = connection.begin().await.unwrap();
        execute(&mut tx, "set local role dn_tenant_rhone").await.unwrap();
        execute(&mut tx, "set local search_path = tenant_rhone")
            .await
            .unwrap();
        let refused = code(execute(&mut tx, attempt).await);
        assert!(
            ["42501", "23505"].contains(&refused.as_str()),
            "{attempt}: {refused}"
        );
    }
}
