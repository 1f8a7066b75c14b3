//! The log of the whole flow: useful, and without anything personal or secret.

use std::io::Write;
use std::sync::{Arc, Mutex};

use anyhow::Result;
use sandbox::Browser;
use testing::TestApp;
use testing::people::{ADMIN_RHONE, COLLEAGUE, DECEDENTS, NO_OFFICE, NOTARY, STRANGER};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

#[tokio::test]
async fn nothing_personal_and_no_secret_is_logged() -> Result<()> {
    let log = Log::default();
    // Everything of ours at its most talkative; of others what production shows.
    let filter = "info,dn_web=trace,dn_app=trace,dn_db=trace,dn_letters=trace,dn_objects=trace,tower_sessions=debug,tower_sessions_core=debug";
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .json()
        .with_writer(log.clone())
        .init();

    let app = TestApp::start().await?;
    let stepwise = Browser::stopping_at_redirects()?;
    let start = stepwise.get(app.at("/connexion/idnot")).await?;
    let to_provider: url::Url = start.header("location").unwrap().parse()?;
    let choice = stepwise.get(&to_provider).await?;
    let back = app.pick(&stepwise, &choice, NOTARY).await?;
    let back: url::Url = back.header("location").unwrap().parse()?;
    let arrived = stepwise.get(&back).await?;
    let session = arrived
        .header("set-cookie")
        .unwrap()
        .split(['=', ';'])
        .nth(1)
        .unwrap()
        .to_owned();
    let terms = stepwise.get(app.at("/conditions")).await?;
    let token = terms.attribute("input[name=csrf]", "value").unwrap();

    let browser = app.notary(NOTARY).await?;
    let answer = app
        .ask(&browser, &["rhone", "isere"], &DECEDENTS[0], "DOS-SECRET")
        .await?;
    app.work().await?;
    let history = browser.get(app.at("/demandes")).await?;
    browser
        .submit(
            &history,
            "main form",
            &[("nom", "lefevre"), ("reference", "DOS-SECRET")],
        )
        .await?;
    let letter = history.attribute("tbody a[href$='/courrier']", "href").unwrap();
    browser.get(app.at(&letter)).await?;
    browser.get(app.at("/demandes?nom=lefevre")).await?;
    let agent = app.agent(ADMIN_RHONE).await?;
    agent.get(app.at(&letter)).await?;
    let out = browser
        .submit(&history, "form[action='/deconnexion']", &[])
        .await?;
    assert_eq!(out.url.path(), "/deconnexion/retour");
    let of_the_rhone = asked_of_the_rhone_alone(&app, &log).await?;
    // And what fails.
    app.log_in(&Browser::new()?, "idnot", NO_OFFICE).await?;
    app.log_in(&Browser::new()?, "proconnect", STRANGER).await?;
    stepwise.get(&back).await?;
    stepwise
        .get(app.at("/connexion/idnot/retour?error=access_denied&state=secret-state"))
        .await?;
    stepwise
        .post(app.at("/demandes"), &[("csrf".into(), "wrong-token".into())])
        .await?;
    stepwise.get(app.at("/nulle-part/Odette")).await?;
    let cookie = reqwest::Client::new()
        .get(app.at("/demandes"))
        .header("cookie", "__Host-dn=malformed-session");
    cookie.send().await?;

    let text = log.text();
    let mut secrets = vec![session, token];
    for address in [&to_provider, &back] {
        let secret = |(name, value): (std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>)| {
            matches!(&*name, "state" | "nonce" | "code" | "code_challenge").then(|| value.into_owned())
        };
        secrets.extend(address.query_pairs().filter_map(secret));
    }
    assert!(secrets.len() >= 6);
    for secret in secrets {
        assert!(
            !text.contains(&secret),
            "a secret is logged: {}",
            line_with(&text, &secret)
        );
    }
    let id = answer.url.path_segments().unwrap().next_back().unwrap();
    for personal in [
        "Camille",
        "camille",
        "Fontanel",
        "Quais",
        "Odette",
        "Lefèvre",
        "LEFÈVRE",
        "lefevre",
        "DOS-SECRET",
        "Vasselin",
        "admin@",
        "creances@",
        "@quais",
        "alix",
        "personne@",
        "notaire-1",
        "agent-rhone",
        "eyJ",
        "recherche=",
        "?state",
        "error=",
        "secret-state",
        "wrong-token",
        "malformed-session",
        "courrier-",
        id,
    ] {
        assert!(
            !text.contains(personal),
            "{personal} is logged: {}",
            line_with(&text, personal)
        );
    }
    for number in ["1931", "69001"] {
        let logged = text.lines().find(|line| has_number(line, number));
        assert!(
            logged.is_none(),
            "{number} is logged: {}",
            logged.unwrap_or_default()
        );
    }
    assert!(of_the_rhone.contains("rhone"), "{of_the_rhone}");
    for foreign in [
        "isere",
        "Isère",
        "38-20",
        &app.sql("select id from platform.department where slug = 'isere'")
            .await?,
    ] {
        let found = line_with(&of_the_rhone, foreign);
        assert!(!of_the_rhone.contains(foreign), "{foreign} is logged: {found}");
    }
    // It says what one needs, all the same.
    for useful in [
        "\"route\":\"/demandes/{submission}/{inquiry}/courrier\"",
        "\"status\":303",
        "\"code\":\"office_missing\"",
        "\"code\":\"staff_unknown\"",
        "\"code\":\"state_unknown\"",
        "\"code\":\"token_wrong\"",
        "\"provider\":\"idnot\"",
        "\"tenant\":\"rhone\"",
    ] {
        assert!(text.contains(useful), "{useful} is missing in {text}");
    }
    Ok(())
}

/// Whether a number stands there by itself: within an id or a fraction of a second it means nothing.
fn has_number(line: &str, number: &str) -> bool {
    line.split(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-')
        .filter(|word| uuid::Uuid::parse_str(word).is_err())
        .flat_map(|word| word.split('-'))
        .any(|part| part == number)
}

#[test]
fn a_number_is_found_where_it_means_something() {
    for line in ["born 1931-05-02", "{\"year\":1931}", "naissance=02/05/1931"] {
        assert!(has_number(line, "1931"), "{line}");
    }
    for line in [
        "17.621931Z",
        "00000000-1931-7000-8000-000000000000",
        "127.0.0.1:41931",
    ] {
        assert!(!has_number(line, "1931"), "{line}");
    }
}

/// What is logged while a notary asks one département, whose staff reads the letter and tries the other one's.
async fn asked_of_the_rhone_alone(app: &TestApp, log: &Log) -> Result<String> {
    let before = log.text().len();
    let browser = app.notary(COLLEAGUE).await?;
    let answer = app.ask(&browser, &["rhone"], &DECEDENTS[0], "").await?;
    app.work().await?;
    let answer = browser.get(&answer.url).await?;
    let letter = answer.attribute("a[href$='/courrier']", "href").unwrap();
    assert_eq!(browser.get(app.at(&letter)).await?.status, 200);
    let agent = app.agent(ADMIN_RHONE).await?;
    agent.get(app.at("/departements/rhone")).await?;
    assert_eq!(agent.get(app.at("/departements/isere")).await?.status, 404);
    Ok(log.text()[before..].to_owned())
}

fn line_with(text: &str, part: &str) -> String {
    text.lines()
        .find(|line| line.contains(part))
        .unwrap_or_default()
        .to_owned()
}
