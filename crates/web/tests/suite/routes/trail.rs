//! Every route leaves in the audit trails what `trail.txt` says.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use testing::TestApp;

use super::people;
use super::request::Ground;
use super::table::Line;

const TRAILS: [(&str, &str); 3] = [
    ("platform", "platform"),
    ("rhone", "tenant_rhone"),
    ("isere", "tenant_isere"),
];

/// Persons by their column in `routes.txt`.
const PERSONS: [&str; 7] = ["nobody", "new", "office", "other", "officer", "admin", "auditor"];

struct Expected {
    line: Line,
    person: usize,
    leaves: Vec<String>,
}

fn table() -> Vec<Expected> {
    let text = include_str!("trail.txt").lines();
    let lines = text.filter(|line| line.starts_with("GET ") || line.starts_with("POST "));
    lines.map(expected).collect()
}

fn expected(text: &str) -> Expected {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [method, route, case, person, ..] = words[..] else {
        panic!("{text}");
    };
    let leaves: Vec<String> = match words[4] {
        "-" => {
            assert!(words.len() > 5, "nothing is left, but why? {text}");
            vec![]
        }
        _ => words[4..].iter().map(|word| (*word).to_owned()).collect(),
    };
    Expected {
        line: Line {
            method: method.to_owned(),
            route: route.to_owned(),
            case: case.to_owned(),
            answers: vec![],
        },
        person: PERSONS.iter().position(|name| *name == person).unwrap(),
        leaves,
    }
}

/// Where each trail ends.
async fn ends(app: &TestApp) -> Result<BTreeMap<&'static str, i64>> {
    let mut ends = BTreeMap::new();
    for (trail, schema) in TRAILS {
        let number = app
            .sql(&format!("select max(number) from {schema}.audit"))
            .await?;
        ends.insert(trail, number.parse().context("an empty trail")?);
    }
    Ok(ends)
}

/// What was added to the trails since.
async fn added(app: &TestApp, since: &BTreeMap<&'static str, i64>) -> Result<Vec<String>> {
    let mut added = Vec::new();
    for (trail, schema) in TRAILS {
        let sql = format!(
            "select '{trail}:' || actor || ':' || action from {schema}.audit where number > {} order by number",
            since[trail]
        );
        added.extend(app.sql(&sql).await?.lines().map(str::to_owned));
    }
    Ok(added)
}

#[tokio::test]
async fn each_route_leaves_what_the_table_says() -> Result<()> {
    let table = table();
    super::every_route_has_a_line(&table.iter().map(|row| row.line.clone()).collect::<Vec<_>>());
    let app = TestApp::start().await?;
    let ground = Ground::prepare(&app).await?;
    let before = ends(&app).await?;
    let people = people::all(&app).await?;
    let logins = added(&app, &before).await?;
    let count = |what: &str| logins.iter().filter(|line| line.as_str() == what).count();
    assert_eq!(count("platform:notary:notary.logged_in"), 3, "{logins:?}");
    for department in ["rhone", "isere"] {
        assert_eq!(
            count(&format!("{department}:staff:staff.logged_in")),
            3,
            "{logins:?}"
        );
        assert_eq!(
            count(&format!("{department}:staff:staff.linked")),
            3,
            "{logins:?}"
        );
    }
    let mut wrong = Vec::new();
    for row in &table {
        let before = ends(&app).await?;
        ground.ask(&people[row.person], &row.line).await?;
        let found = added(&app, &before).await?;
        if found != row.leaves {
            wrong.push(format!("{} by {}: {found:?}", row.line, PERSONS[row.person]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (_, schema) in TRAILS {
        let unsaid =
            format!("select count(*) from {schema}.audit where purpose is null or at is null or role = ''");
        assert_eq!(app.sql(&unsaid).await?, "0", "{schema}");
    }
    Ok(())
}

/// Whoever came back from a provider and was not let in stands in the trail, with the reason and not with the name.
#[tokio::test]
async fn refused_logins_are_recorded() -> Result<()> {
    use testing::people::{NO_OFFICE, STRANGER};

    let app = TestApp::start().await?;
    let before = ends(&app).await?;
    for (provider, subject) in [("idnot", NO_OFFICE), ("proconnect", STRANGER)] {
        app.log_in(&sandbox::Browser::new()?, provider, subject).await?;
    }
    // A login that was begun here, and comes back with another's state.
    let browser = sandbox::Browser::stopping_at_redirects()?;
    browser.get(app.at("/connexion/idnot")).await?;
    browser
        .get(app.at("/connexion/idnot/retour?state=other&code=x"))
        .await?;
    let refused = "platform:public:login.refused".to_owned();
    assert_eq!(
        added(&app, &before).await?,
        [refused.clone(), refused.clone(), refused]
    );
    let told = app
        .sql(
            "select string_agg(concat_ws(' ', object, details ->> 'reason'), ', ' order by number)
              from platform.audit where action = 'login.refused'",
        )
        .await?;
    assert_eq!(
        told,
        "idnot office_missing, proconnect unknown, idnot state_unknown"
    );
    let all = app
        .sql("select string_agg(a::text, '') from platform.audit a")
        .await?;
    for personal in ["alix", "Sorel", "personne@"] {
        assert!(!all.contains(personal), "{personal}");
    }
    Ok(())
}
