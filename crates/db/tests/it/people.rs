use db::{Change, Dismissed, NewOffice, NewStaff, NotaryLogin};
use domain::{NotaryId, OfficeId, Role, RoleSet, StaffId};
use uuid::Uuid;

use crate::world::{World, at, identity, slug};

fn office(name: Option<&str>, address: &[&str]) -> NewOffice {
    NewOffice {
        id: OfficeId(Uuid::now_v7()),
        crpcen: "69001".parse().unwrap(),
        name: name.map(str::to_owned),
        address: address.iter().map(|&line| line.to_owned()).collect(),
    }
}

#[tokio::test]
async fn a_notary_is_found_again_at_each_login() {
    let world = World::new().await;
    let mut tx = world.db.platform().await.unwrap();
    let first = tx
        .offices()
        .upsert(&office(Some("Étude Lemoine"), &["1 rue de la Paix"]))
        .await
        .unwrap();
    let again = tx
        .offices()
        .upsert(&office(Some("Étude Lemoine et Petit"), &[]))
        .await
        .unwrap();
    assert_eq!(again.id, first.id);
    assert_eq!(
        (again.name.as_str(), again.address.len()),
        ("Étude Lemoine et Petit", 1)
    );

    let login = NotaryLogin {
        id: NotaryId(Uuid::now_v7()),
        provider: "idnot".to_owned(),
        subject: "42".to_owned(),
        name: "Claire Lemoine".to_owned(),
        email: "claire@office.example".to_owned(),
        office: first.id,
        at: at("2026-01-01T00:00:00Z"),
    };
    let notary = tx.notaries().login(&login).await.unwrap();
    let later = NotaryLogin {
        id: NotaryId(Uuid::now_v7()),
        email: "new@office.example".to_owned(),
        at: at("2026-02-01T00:00:00Z"),
        ..login
    };
    let seen = tx.notaries().login(&later).await.unwrap();
    assert_eq!(
        (seen.id, seen.email.as_str(), seen.last_login_at),
        (notary.id, "new@office.example", later.at)
    );
    assert_eq!(seen.office, again);
    assert_eq!(tx.notaries().by_id(notary.id).await.unwrap(), Some(seen));

    assert_eq!(tx.terms().accepted(notary.id, "1").await.unwrap(), None);
    tx.terms()
        .accept(notary.id, "1", at("2026-01-01T00:00:00Z"))
        .await
        .unwrap();
    tx.terms()
        .accept(notary.id, "1", at("2026-05-01T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!(
        tx.terms().accepted(notary.id, "1").await.unwrap(),
        Some(at("2026-01-01T00:00:00Z"))
    );
    assert_eq!(tx.terms().accepted(notary.id, "2").await.unwrap(), None);
}

#[tokio::test]
async fn staff_is_named_by_mail_and_linked_once() {
    let world = World::new().await;
    let mut tx = world.db.platform().await.unwrap();
    let person = |department: &str, roles: &[Role]| NewStaff {
        id: StaffId(Uuid::now_v7()),
        department: slug(department),
        email: "Jean.Petit@rhone.example".to_owned(),
        name: "Jean Petit".to_owned(),
        roles: RoleSet::new(roles.iter().copied()),
    };
    let first = person("rhone", &[Role::Administrator]);
    assert_eq!(tx.staff().name(&first).await.unwrap(), Some(first.id));
    assert_eq!(
        tx.staff()
            .name(&person("rhone", &[Role::Administrator]))
            .await
            .unwrap(),
        None,
        "nothing new"
    );
    let officer = person("rhone", &[Role::Officer]);
    assert_eq!(tx.staff().name(&officer).await.unwrap(), Some(first.id));
    let elsewhere = person("isere", &[Role::Auditor]);
    assert_eq!(tx.staff().name(&elsewhere).await.unwrap(), Some(elsewhere.id));

    let unlinked = tx.staff().unlinked("jean.petit@RHONE.example").await.unwrap();
    assert_eq!(
        unlinked
            .iter()
            .map(|row| row.department.as_str())
            .collect::<Vec<_>>(),
        ["isere", "rhone"]
    );
    let rhone = &unlinked[1];
    assert_eq!(rhone.id, first.id);
    assert_eq!(rhone.roles, RoleSet::new([Role::Officer, Role::Administrator]));

    let when = at("2026-01-01T00:00:00Z");
    assert!(
        tx.staff()
            .link(first.id, "proconnect", "s-1", when)
            .await
            .unwrap()
    );
    assert!(
        !tx.staff()
            .link(first.id, "proconnect", "s-2", when)
            .await
            .unwrap(),
        "already linked"
    );
    tx.staff().seen(first.id, when).await.unwrap();
    let linked = tx.staff().by_account("proconnect", "s-1").await.unwrap();
    assert_eq!(linked.len(), 1);
    assert_eq!(
        linked[0].account,
        Some(("proconnect".to_owned(), "s-1".to_owned()))
    );
    assert_eq!(
        (linked[0].linked_at, linked[0].last_login_at),
        (Some(when), Some(when))
    );
    assert_eq!(
        tx.staff()
            .unlinked("jean.petit@rhone.example")
            .await
            .unwrap()
            .len(),
        1
    );
    assert_eq!(
        tx.staff()
            .by_email("jean.petit@rhone.example")
            .await
            .unwrap()
            .len(),
        2
    );
    assert_eq!(tx.staff().list(&slug("rhone")).await.unwrap().len(), 1);
    assert!(tx.staff().by_account("other", "s-1").await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_no_longer_administrator_loses_that_role_alone() {
    let world = World::new().await;
    let mut tx = world.db.platform().await.unwrap();
    let rhone = slug("rhone");
    let mut ids = Vec::new();
    for (department, email, roles) in [
        ("rhone", "Kept@rhone.example", &[Role::Administrator][..]),
        ("rhone", "gone@rhone.example", &[Role::Administrator]),
        (
            "rhone",
            "both@rhone.example",
            &[Role::Officer, Role::Administrator],
        ),
        ("rhone", "officer@rhone.example", &[Role::Officer]),
        ("isere", "gone@rhone.example", &[Role::Administrator]),
    ] {
        let person = NewStaff {
            id: StaffId(Uuid::now_v7()),
            department: slug(department),
            email: email.to_owned(),
            name: "Personne".to_owned(),
            roles: RoleSet::new(roles.iter().copied()),
        };
        ids.push(tx.staff().name(&person).await.unwrap().unwrap());
    }
    let kept = ["kept@RHONE.example".to_owned()];
    let mut dismissed = tx.staff().keep(&rhone, Role::Administrator, &kept).await.unwrap();
    dismissed.sort_by_key(|person| person.id.0);
    let lost = |id, active| Dismissed { id, active };
    assert_eq!(dismissed, [lost(ids[1], false), lost(ids[2], true)]);
    assert_eq!(
        tx.staff().keep(&rhone, Role::Administrator, &kept).await.unwrap(),
        []
    );

    assert_eq!(tx.staff().by_id(ids[1]).await.unwrap(), None);
    let both = tx.staff().by_id(ids[2]).await.unwrap().unwrap();
    assert_eq!(both.roles, RoleSet::new([Role::Officer]));
    for untouched in [ids[0], ids[3], ids[4]] {
        assert!(tx.staff().by_id(untouched).await.unwrap().unwrap().active);
    }
}

#[tokio::test]
async fn a_change_of_a_departement_is_heard() {
    let world = World::new().await;
    let mut changes = world.db.changes().await.unwrap();
    let mut tx = world.db.platform().await.unwrap();
    assert!(
        !tx.departments().apply(&identity("rhone", "69")).await.unwrap(),
        "nothing differs"
    );
    let renamed = db::DepartmentIdentity {
        name: "Rhône".to_owned(),
        ..identity("rhone", "69")
    };
    assert!(tx.departments().apply(&renamed).await.unwrap());
    tx.save().await.unwrap();
    assert_eq!(changes.next().await.unwrap(), Change::Department(slug("rhone")));

    let mut tx = world.db.tenant(&slug("isere")).await.unwrap();
    tx.announce_change().await.unwrap();
    tx.save().await.unwrap();
    assert_eq!(changes.next().await.unwrap(), Change::Department(slug("isere")));

    world
        .superuser("select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%'")
        .await;
    assert_eq!(changes.next().await.unwrap(), Change::Anything);

    let mut tx = world.db.platform().await.unwrap();
    let row = tx.departments().by_slug(&slug("rhone")).await.unwrap().unwrap();
    assert_eq!((row.name.as_str(), row.revision), ("Rhône", 2));
    assert_eq!(
        tx.departments()
            .by_insee(&"38".parse().unwrap())
            .await
            .unwrap()
            .unwrap()
            .slug,
        slug("isere")
    );
    let taken = tx
        .departments()
        .apply(&identity("rhone", "38"))
        .await
        .unwrap_err();
    assert_eq!(taken.constraint(), Some("department_insee_code_key"));
}
