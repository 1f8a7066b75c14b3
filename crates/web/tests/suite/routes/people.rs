//! The persons of the table, each with a client that shows redirects.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::Role;
use reqwest::Client;
use reqwest::cookie::Jar;
use reqwest::redirect::Policy;
use sandbox::Browser;
use testing::TestApp;
use testing::people::{
    ADMIN_ISERE, ADMIN_RHONE, AUDITOR_ISERE, AUDITOR_RHONE, COLLEAGUE, NEWCOMER, OFFICER_ISERE,
    OFFICER_RHONE, OTHER_NOTARY,
};

/// Somebody who asks.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) client: Client,
}

/// The persons, in the order of the table.
pub(super) async fn all(app: &TestApp) -> Result<Vec<Person>> {
    for department in ["rhone", "isere"] {
        for role in [Role::Officer, Role::Auditor] {
            app.employ(department, role).await?;
        }
    }
    let mut people = vec![Person {
        name: "nobody",
        client: client(Jar::default())?,
    }];
    for (name, provider, subject) in [
        ("a new notary", "idnot", NEWCOMER),
        ("a notary of the office", "idnot", COLLEAGUE),
        ("a notary of another office", "idnot", OTHER_NOTARY),
        ("an officer of the Rhône", "proconnect", OFFICER_RHONE),
        ("the administrator of the Rhône", "proconnect", ADMIN_RHONE),
        ("an auditor of the Rhône", "proconnect", AUDITOR_RHONE),
        ("an officer of the Isère", "proconnect", OFFICER_ISERE),
        ("the administrator of the Isère", "proconnect", ADMIN_ISERE),
        ("an auditor of the Isère", "proconnect", AUDITOR_ISERE),
    ] {
        let client = log_in(app, provider, subject).await.context(name)?;
        people.push(Person { name, client });
    }
    // Whoever asked in the beginning has accepted the terms; the colleague has still to.
    accept_terms(app, &people[2]).await?;
    Ok(people)
}

fn client(jar: Jar) -> Result<Client> {
    let client = Client::builder()
        .redirect(Policy::none())
        .cookie_provider(Arc::new(jar));
    Ok(client.build()?)
}

async fn log_in(app: &TestApp, provider: &str, subject: &str) -> Result<Client> {
    let browser = Browser::stopping_at_redirects()?;
    let start = browser.get(app.at(&format!("/connexion/{provider}"))).await?;
    let choice = browser
        .get(start.header("location").context("no way to the provider")?)
        .await?;
    let back = app.pick(&browser, &choice, subject).await?;
    let arrived = browser
        .get(back.header("location").context("no way back")?)
        .await?;
    ensure!(arrived.status == 303, "{}", arrived.html());
    let jar = Jar::default();
    jar.add_cookie_str(arrived.header("set-cookie").context("no session")?, &app.url);
    client(jar)
}

async fn accept_terms(app: &TestApp, notary: &Person) -> Result<()> {
    let address = app.at("/conditions");
    let page = notary.client.get(&address).send().await?.text().await?;
    let form = [
        ("csrf", super::request::token(&page)?),
        ("acceptation", "oui".to_owned()),
    ];
    let accepted = notary.client.post(&address).form(&form).send().await?;
    ensure!(accepted.status() == 303, "the terms are not accepted");
    Ok(())
}
