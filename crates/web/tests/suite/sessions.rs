//! Sessions: how they begin, what protects them, how they end.

use std::time::Duration;

use anyhow::Result;
use sandbox::{Browser, Page};
use testing::TestApp;
use testing::people::{DECEDENTS, NOTARY, OTHER_NOTARY};

/// Name, value and attributes of the session's cookie, if the page sets it.
fn cookie(page: &Page) -> Option<String> {
    let all = page.headers.get_all("set-cookie").iter();
    all.filter_map(|value| value.to_str().ok())
        .find(|value| value.starts_with("__Host-dn="))
        .map(str::to_owned)
}

fn value(cookie: &str) -> &str {
    cookie.split(';').next().unwrap().trim_start_matches("__Host-dn=")
}

/// Goes through a login step by step; returns the cookie before and after.
async fn log_in(app: &TestApp, browser: &Browser) -> Result<(String, String)> {
    let start = browser.get(app.at("/connexion/idnot")).await?;
    let before = cookie(&start).unwrap();
    let choice = browser.get(start.header("location").unwrap()).await?;
    let back = app.pick(browser, &choice, NOTARY).await?;
    let arrived = browser.get(back.header("location").unwrap()).await?;
    assert_eq!(arrived.status, 303, "{}", arrived.html());
    Ok((before, cookie(&arrived).unwrap()))
}

/// What the server answers to somebody who shows this session.
async fn with(app: &TestApp, session: &str) -> Result<u16> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let request = client
        .get(app.at("/conditions"))
        .header("cookie", format!("__Host-dn={session}"));
    Ok(request.send().await?.status().as_u16())
}

#[tokio::test]
async fn the_id_changes_at_login_and_the_one_before_is_worth_nothing() -> Result<()> {
    let app = TestApp::start().await?;
    let browser = Browser::stopping_at_redirects()?;
    let (before, after) = log_in(&app, &browser).await?;
    assert_ne!(value(&before), value(&after));
    assert_eq!(with(&app, value(&before)).await?, 303);
    assert_eq!(with(&app, value(&after)).await?, 200);
    Ok(())
}

#[tokio::test]
async fn the_cookie_has_every_attribute_and_the_database_not_its_value() -> Result<()> {
    let app = TestApp::start().await?;
    let (_, cookie) = log_in(&app, &Browser::stopping_at_redirects()?).await?;
    let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
    for attribute in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(attributes.contains(&attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Domain"));
    let rows = app.sql("select s::text from platform.session s").await?;
    assert!(!rows.is_empty() && !rows.contains(value(&cookie)));
    Ok(())
}

#[tokio::test]
async fn reading_writes_no_session_and_what_is_written_lasts_as_long_as_the_login() -> Result<()> {
    let app = TestApp::start().await?;
    let notary = app.notary(NOTARY).await?;
    let row = "select xmin, expires_at from platform.session where expires_at > now() + interval '2 hours'";
    let written = app.sql(row).await?;
    assert!(
        !written.is_empty() && !written.contains('\n'),
        "one session, of hours: {written}"
    );
    notary.get(app.at("/demandes/nouvelle")).await?;
    app.ask(&notary, &["rhone"], &DECEDENTS[0], "D-1").await?;
    notary.get(app.at("/demandes")).await?;
    assert_eq!(app.sql(row).await?, written, "reading a page waits for no disk");
    // A search is kept in the session: written, and for as long as before.
    let list = notary.get(app.at("/demandes")).await?;
    notary
        .submit(
            &list,
            r#"form[action="/demandes/recherche"]"#,
            &[("nom", "Durand")],
        )
        .await?;
    let changed = app.sql(row).await?;
    assert_ne!(changed, written);
    // To the second: the time left is computed anew at each writing.
    let expiry = |row: &str| row.split(['|', '.']).nth(1).map(str::to_owned);
    assert_eq!(expiry(&changed), expiry(&written));
    Ok(())
}

#[tokio::test]
async fn a_stranger_who_only_reads_gets_no_session() -> Result<()> {
    let app = TestApp::start().await?;
    for path in [
        "/",
        "/connexion",
        "/mentions-legales",
        "/accessibilite",
        "/sante/vivant",
    ] {
        assert_eq!(cookie(&Browser::new()?.get(app.at(path)).await?), None, "{path}");
    }
    assert_eq!(app.sql("select count(*) from platform.session").await?, "0");
    Ok(())
}

#[tokio::test]
async fn logout_destroys_the_session_here_and_there() -> Result<()> {
    let app = TestApp::start().await?;
    let browser = Browser::stopping_at_redirects()?;
    let (_, session) = log_in(&app, &browser).await?;
    let page = browser.get(app.at("/conditions")).await?;
    let out = browser.submit(&page, "form[action='/deconnexion']", &[]).await?;
    assert_eq!(out.status, 303);
    let target: url::Url = out.header("location").unwrap().parse()?;
    assert!(target.as_str().starts_with(app.notaries.issuer()));
    let asked: std::collections::HashMap<_, _> = target.query_pairs().into_owned().collect();
    assert!(asked["id_token_hint"].split('.').count() == 3 && asked["state"].len() >= 32);
    assert_eq!(asked["post_logout_redirect_uri"], app.at("/deconnexion/retour"));
    assert_eq!(asked.len(), 3);
    assert_eq!(with(&app, value(&session)).await?, 303);
    assert_eq!(app.sql("select count(*) from platform.session").await?, "0");
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains(&format!(
            "form-action 'self' {}",
            app.agents.issuer().min(app.notaries.issuer())
        )),
        "{policy}"
    );
    Ok(())
}

#[tokio::test]
async fn after_login_one_comes_back_to_where_one_was_and_nowhere_else() -> Result<()> {
    let app = TestApp::start().await?;
    app.notary(NOTARY).await?;
    let arrive = async |suite: &str| -> Result<String> {
        let browser = Browser::new()?;
        browser.get(app.at(&format!("/connexion?suite={suite}"))).await?;
        Ok(app.log_in(&browser, "idnot", NOTARY).await?.url.to_string())
    };
    assert_eq!(arrive("/demandes").await?, app.at("/demandes"));
    for suite in [
        "https://evil.example/",
        "//evil.example",
        "/%2Fevil.example",
        "/\\evil.example",
        "https:evil.example",
        "/connexion/../../evil",
        "/deconnexion",
        "%0d%0aLocation:%20https://evil.example",
        "/departements/rhone",
        "",
    ] {
        assert_eq!(arrive(suite).await?, app.at("/demandes/nouvelle"), "{suite}");
    }
    Ok(())
}

#[tokio::test]
async fn without_activity_the_session_ends_and_what_was_typed_is_given_back() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| web.session_idle_seconds = 3)
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(
            browser.get(app.at("/demandes")).await?.url.path(),
            "/demandes",
            "activity keeps it"
        );
    }
    tokio::time::sleep(Duration::from_millis(3500)).await;
    let mut fields = vec![("departements", "rhone")];
    fields.extend(DECEDENTS[0].fields());
    let page = browser.submit(&form, "main form", &fields).await?;
    assert_eq!(page.url.path(), "/connexion");
    assert!(page.html().contains("sans activité"), "{}", page.html());
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "0");
    let kept = app
        .sql("select string_agg(encode(data, 'escape'), ' ') from platform.session")
        .await?;
    assert!(
        !kept.contains("Lef") && !kept.contains("Odette"),
        "no name of a deceased person in platform"
    );

    let page = app.log_in(&browser, "idnot", NOTARY).await?;
    assert_eq!(page.url.path(), "/demandes/nouvelle");
    assert_eq!(
        page.attribute("#nom_naissance", "value").as_deref(),
        Some("Lefèvre")
    );
    let answer = browser.submit(&page, "main form", &[]).await?;
    assert_eq!(answer.texts("article.reponse").len(), 1);
    let fresh = browser.get(app.at("/demandes/nouvelle")).await?;
    assert_eq!(
        fresh.attribute("#nom_naissance", "value").as_deref(),
        Some(""),
        "given back once"
    );
    Ok(())
}

#[tokio::test]
async fn what_one_person_typed_is_not_given_to_another() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| web.session_idle_seconds = 1)
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let mut fields = vec![("departements", "rhone")];
    fields.extend(DECEDENTS[0].fields());
    browser.submit(&form, "main form", &fields).await?;
    let mut page = app.log_in(&browser, "idnot", OTHER_NOTARY).await?;
    if page.url.path() == "/conditions" {
        page = browser
            .submit(&page, "main form", &[("acceptation", "oui")])
            .await?;
    }
    assert_eq!(page.url.path(), "/demandes/nouvelle");
    assert!(!page.html().contains("Lefèvre"));
    Ok(())
}

#[tokio::test]
async fn in_any_case_the_session_ends() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| web.session_absolute_seconds = 3)
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    let mut last = browser.get(app.at("/demandes")).await?;
    for _ in 0..8 {
        if last.url.path() == "/connexion" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        last = browser.get(app.at("/demandes")).await?;
    }
    assert_eq!(last.url.path(), "/connexion");
    assert!(last.html().contains("durée maximale"), "{}", last.html());
    Ok(())
}

#[tokio::test]
async fn several_tabs_may_log_in_at_once() -> Result<()> {
    let app = TestApp::start().await?;
    let browser = Browser::stopping_at_redirects()?;
    let mut choices = vec![];
    for _ in 0..3 {
        let start = browser.get(app.at("/connexion/idnot")).await?;
        choices.push(browser.get(start.header("location").unwrap()).await?);
    }
    for choice in &choices {
        let back = app.pick(&browser, choice, NOTARY).await?;
        let arrived = browser.get(back.header("location").unwrap()).await?;
        assert_eq!(arrived.status, 303, "{}", arrived.html());
    }
    Ok(())
}

#[tokio::test]
async fn the_terms_come_first_once() -> Result<()> {
    let app = TestApp::start().await?;
    let browser = Browser::new()?;
    let page = browser.get(app.at("/demandes")).await?;
    assert_eq!(page.url.path(), "/connexion");
    let page = app.log_in(&browser, "idnot", NOTARY).await?;
    assert_eq!(page.url.path(), "/conditions");
    assert_eq!(
        browser.get(app.at("/demandes/nouvelle")).await?.url.path(),
        "/conditions"
    );
    let page = browser.get(app.at("/demandes")).await?;
    let unticked = browser.submit(&page, "main form", &[]).await?;
    assert_eq!(unticked.status, 422);
    let page = browser
        .submit(&unticked, "main form", &[("acceptation", "oui")])
        .await?;
    assert_eq!(page.url.path(), "/demandes");
    assert_eq!(
        app.log_in(&Browser::new()?, "idnot", NOTARY).await?.url.path(),
        "/demandes/nouvelle"
    );
    assert_eq!(
        app.sql("select count(*) from platform.terms_acceptance").await?,
        "1"
    );
    Ok(())
}
