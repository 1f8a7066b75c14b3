//! Every route of the router for every person, as `routes.txt` says; and nobody learns from an answer whether what
//! belongs to somebody else exists.

mod people;
mod request;
mod table;
mod trail;

use std::collections::BTreeSet;

use anyhow::Result;
use testing::TestApp;

use people::Person;
use request::{Ground, Told};
use table::{Line, lines};

/// Pairs of answers that are compared at least.
const PAIRS: usize = 150;

#[tokio::test]
async fn each_person_gets_what_the_table_says_and_learns_nothing_of_others() -> Result<()> {
    let lines = lines();
    every_route_has_a_line(&lines);
    let app = TestApp::start().await?;
    let ground = Ground::prepare(&app).await?;
    let people = people::all(&app).await?;
    neither_without_token_nor_by_another_method(&ground, &people, &lines).await?;
    let (mut wrong, mut compared) = (Vec::new(), 0);
    let mut seen: Vec<(usize, &Line, Told)> = Vec::new();
    for line in &lines {
        for (place, person) in people.iter().enumerate() {
            let expected = &line.answers[place];
            let told = ground.ask(person, line).await?;
            if let Some(found) = ground.differs(expected, line, &told) {
                wrong.push(format!(
                    "{}: {line}: {expected} was expected, {found} came",
                    person.name
                ));
            }
            if !line.is_secret(place) {
                continue;
            }
            match seen
                .iter()
                .find(|(who, first, _)| *who == place && first.is_like(line, place))
            {
                None => seen.push((place, line, told)),
                Some((_, first, before)) => {
                    compared += 1;
                    let (before, told) = settled(&ground, person, (first, before), (line, told)).await?;
                    if let Some(found) = before.seen.difference(&told.seen) {
                        wrong.push(format!("{} can tell {first} from {line}: {found}", person.name));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > PAIRS, "only {compared} pairs were compared");
    Ok(())
}

/// The router is asked what there is: neither a route without a line nor a line without a route.
fn every_route_has_a_line(lines: &[Line]) {
    let routes: BTreeSet<String> = dn_web::routes()
        .iter()
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let listed: BTreeSet<String> = lines
        .iter()
        .map(|line| format!("{} {}", line.method, line.route))
        .collect();
    let missing: Vec<_> = routes.difference(&listed).collect();
    let stale: Vec<_> = listed.difference(&routes).collect();
    assert!(missing.is_empty(), "the table says nothing of {missing:#?}");
    assert!(stale.is_empty(), "the table speaks of what is gone: {stale:#?}");
}

/// Once a minute an answer renews its session's cookie, whatever was asked. Where only one of two did, both are asked
/// once more.
async fn settled(
    ground: &Ground<'_>,
    person: &Person,
    (first, before): (&Line, &Told),
    (line, told): (&Line, Told),
) -> Result<(Told, Told)> {
    if before.seen.cookies == told.seen.cookies {
        return Ok((before.clone(), told));
    }
    Ok((ground.ask(person, first).await?, ground.ask(person, line).await?))
}

async fn neither_without_token_nor_by_another_method(
    ground: &Ground<'_>,
    people: &[Person],
    lines: &[Line],
) -> Result<()> {
    let routes = dn_web::routes();
    for line in lines {
        if line.method == "POST" {
            for person in people {
                assert_eq!(
                    ground.unsigned(person, line).await?,
                    403,
                    "{}: {line}",
                    person.name
                );
            }
        }
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if !routes
                .iter()
                .any(|(known, path)| known == method && *path == line.route)
            {
                // A notary of the office is let in furthest.
                let status = ground.bare(&people[2], method, line).await?;
                assert!(matches!(status, 403 | 405), "{method} for {line}: {status}");
            }
        }
    }
    Ok(())
}
