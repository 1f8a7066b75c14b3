use db::{Actor, AuditEntry, Change, DbError, KitFile, provision};
use domain::{Action, DepartmentId, Purpose};
use uuid::Uuid;

use crate::world::{World, at, identity, new_inquiry, slug};

fn settings() -> domain::TenantSettings {
    serde_json::from_value(serde_json::json!({
        "identity": { "name": "Rhône", "official_name": "Département du Rhône", "insee_code": "69" },
        "contact": { "service": ["Direction"], "address": ["1 rue X", "69003 Lyon"], "telephone": "04 00 00 00 00", "email": "a@b.example" },
        "recovery": { "mailbox": "r@b.example", "officer": "M. X" },
        "letterhead": { "logo": "logo.png", "accent": "#123456", "place": "Lyon", "footer": "pied",
                        "signatory": { "name": "Mme Y", "capacity": ["La directrice"] } }
    }))
    .unwrap()
}

#[tokio::test]
async fn creating_twice_completes_and_changes_nothing() {
    let world = World::new().await;
    let id = DepartmentId(Uuid::now_v7());
    assert!(
        provision::create(&world.owner, id, &identity("nord", "59"))
            .await
            .unwrap()
    );
    let other = DepartmentId(Uuid::now_v7());
    assert!(
        !provision::create(&world.owner, other, &identity("nord", "59"))
            .await
            .unwrap()
    );
    let mut tx = world.db.platform().await.unwrap();
    let row = tx.departments().by_slug(&slug("nord")).await.unwrap().unwrap();
    assert_eq!((row.id, row.schema_version), (id, db::migrate::tenant_version()));
    assert_eq!(
        world
            .db
            .tenant(&slug("nord"))
            .await
            .unwrap()
            .inquiries()
            .count()
            .await
            .unwrap(),
        0
    );

    let taken = provision::create(&world.owner, other, &identity("ain", "59"))
        .await
        .unwrap_err();
    assert_eq!(taken.constraint(), Some("department_insee_code_key"));
    let left = "select to_regnamespace('tenant_ain') is null";
    assert_eq!(world.superuser(left).await, "t", "nothing half made");
}

#[tokio::test]
async fn settings_change_their_revision_only_when_they_change() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let kit = [
        KitFile {
            name: "logo.png".to_owned(),
            bytes: vec![0, 159, 146, 150],
        },
        KitFile {
            name: "a.svg".to_owned(),
            bytes: vec![],
        },
    ];
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    assert_eq!(tx.settings().get().await.unwrap(), None);
    let first = tx
        .settings()
        .apply(&settings(), &kit, at("2026-01-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!((first.revision, first.changed), (1, true));
    let [logo, other] = kit.clone();
    let same = tx
        .settings()
        .apply(&settings(), &[other, logo], at("2026-02-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!((same.revision, same.changed), (1, false));
    let stored = tx.settings().get().await.unwrap().unwrap();
    assert_eq!(
        (stored.settings, stored.updated_at),
        (settings(), at("2026-01-01T00:00:00Z"))
    );
    assert_eq!(stored.kit.len(), 2);
    let fewer = tx
        .settings()
        .apply(&settings(), &kit[..1], at("2026-03-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!((fewer.revision, fewer.changed), (2, true));
    assert_eq!(tx.settings().get().await.unwrap().unwrap().kit, kit[..1]);
}

#[tokio::test]
async fn a_suspended_departement_is_refused_by_postgresql() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let mut changes = world.db.changes().await.unwrap();
    assert!(provision::suspend(&world.owner, &rhone).await.unwrap());
    assert!(
        !provision::suspend(&world.owner, &rhone).await.unwrap(),
        "it already was"
    );
    assert_eq!(changes.next().await.unwrap(), Change::Department(rhone.clone()));
    assert!(matches!(
        world.db.tenant(&rhone).await,
        Err(DbError::TenantUnavailable(_))
    ));
    assert!(world.db.tenant(&slug("isere")).await.is_ok());
    let mut tx = world.db.platform().await.unwrap();
    assert!(tx.departments().by_slug(&rhone).await.unwrap().unwrap().suspended);

    // A migration that grants anew does not bring it back into service.
    world
        .superuser("delete from tenant_rhone._migrations where version = 0")
        .await;
    assert!(
        db::migrate::migrate(&world.owner, |_| ())
            .await
            .unwrap()
            .is_complete()
    );
    assert!(matches!(
        world.db.tenant(&rhone).await,
        Err(DbError::TenantUnavailable(_))
    ));

    assert!(provision::resume(&world.owner, &rhone).await.unwrap());
    assert!(world.db.tenant(&rhone).await.is_ok());
    let nowhere = provision::suspend(&world.owner, &slug("nowhere")).await;
    assert!(matches!(nowhere, Err(DbError::UnknownDepartment(_))));
}

#[tokio::test]
async fn an_export_holds_every_table() {
    let world = World::new().await;
    let rhone = slug("rhone");
    let mut tx = world.db.tenant(&rhone).await.unwrap();
    tx.inquiries().open(&new_inquiry()).await.unwrap();
    let entry = AuditEntry {
        actor: Actor::System,
        role: "system".to_owned(),
        action: Action::MailSent,
        object: Some("with;\"signs\"\nand lines".to_owned()),
        purpose: Purpose::Estate,
        at: at("2026-01-01T00:00:00Z"),
        details: serde_json::Value::Null,
    };
    for _ in 0..3 {
        tx.audit().record(entry.clone());
    }
    tx.save().await.unwrap();
    // Suspended or not.
    provision::suspend(&world.owner, &rhone).await.unwrap();

    let directory = std::env::temp_dir().join(format!("dn-export-{}", Uuid::new_v4()));
    let report = provision::export(&world.owner, &rhone, &directory).await.unwrap();
    let tables = world
        .superuser("select relname from pg_class where relnamespace = 'tenant_rhone'::regnamespace and relkind = 'r'")
        .await;
    assert!(tables.lines().count() > 8);
    for table in tables.lines() {
        let file = format!("{table}.csv");
        assert!(report.tables.iter().any(|(name, _)| *name == file), "{file}");
        assert!(directory.join(&file).is_file(), "{file}");
    }
    let rows = |name: &str| report.tables.iter().find(|(file, _)| file == name).unwrap().1;
    assert_eq!(
        (rows("inquiry.csv"), rows("audit.csv"), rows("letter.csv")),
        // Three, and that it was created, suspended and exported.
        (1, 6, 0)
    );
    assert_eq!(rows("platform_department.csv"), 1);
    let inquiry = std::fs::read_to_string(directory.join("inquiry.csv")).unwrap();
    assert!(
        inquiry.starts_with("id,") && inquiry.contains("DE LA TOUR") && inquiry.contains("Marie-Ève Jeanne")
    );

    let again = provision::export(&world.owner, &rhone, &directory).await;
    assert!(matches!(again, Err(DbError::Export(_))), "nothing is overwritten");
    std::fs::remove_dir_all(directory).unwrap();
}

#[tokio::test]
async fn a_dropped_departement_leaves_nothing_behind() {
    let world = World::new().await;
    // A name of its own: roles belong to the whole cluster, and other tests run beside this one.
    let name = format!("drop-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let gone = slug(&name);
    provision::create(&world.owner, DepartmentId(Uuid::now_v7()), &identity(&name, "01"))
        .await
        .unwrap();
    let mut tx = world.db.tenant(&gone).await.unwrap();
    let job = db::jobs::Job::SendMail {
        department: gone.clone(),
        mail: domain::MailId(Uuid::now_v7()),
    };
    tx.enqueue(&job).await.unwrap();
    tx.save().await.unwrap();
    provision::drop(&world.owner, &gone).await.unwrap();
    let underscored = name.replace('-', "_");
    let left = world
        .superuser(&format!(
            "select (select count(*) from pg_namespace where nspname = 'tenant_{underscored}')
                  + (select count(*) from pg_roles where rolname = 'dn_tenant_{underscored}')
                  + (select count(*) from platform.department where slug = '{name}')
                  + (select count(*) from graphile_worker._private_jobs)"
        ))
        .await;
    assert_eq!(left, "0");
    assert!(matches!(
        world.db.tenant(&gone).await,
        Err(DbError::TenantUnavailable(_))
    ));
    assert!(matches!(
        provision::drop(&world.owner, &gone).await,
        Err(DbError::UnknownDepartment(_))
    ));
    assert!(world.db.tenant(&slug("rhone")).await.is_ok());
}

/// Two databases of one cluster that serve the same département share its role.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neighbours_in_a_cluster_create_and_drop_one_departement_at_once() {
    let worlds = [World::new().await, World::new().await];
    let name = format!("both-{}", &Uuid::new_v4().simple().to_string()[..12]);
    let both = worlds.each_ref().map(async |world| {
        for _ in 0..20 {
            provision::create(&world.owner, DepartmentId(Uuid::now_v7()), &identity(&name, "01"))
                .await
                .unwrap();
            world.db.tenant(&slug(&name)).await.unwrap();
            provision::drop(&world.owner, &slug(&name)).await.unwrap();
        }
    });
    futures::future::join_all(both).await;
    let role = format!("dn_tenant_{}", name.replace('-', "_"));
    let left = worlds[0]
        .superuser(&format!("select count(*) from pg_roles where rolname = '{role}'"))
        .await;
    assert_eq!(left, "0", "the last one takes the role along");
}
