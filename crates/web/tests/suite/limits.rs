//! Limits as a browser meets them: a clear page, nothing asked, nothing lost.

use std::time::Duration;

use anyhow::{Context, Result};
use domain::Quota;
use http::Method;
use sandbox::{Browser, Page};
use testing::TestApp;
use testing::people::{DECEDENTS, NOTARY, OTHER_NOTARY, TestDecedent};

fn quota(per_hour: u32) -> Quota {
    Quota {
        inquiries_per_hour: per_hour,
        ..Quota::default()
    }
}

/// An hour goes by for whoever made inquiries.
async fn an_hour_later(app: &TestApp) -> Result<()> {
    app.sql("update platform.inquiry_claim set claimed_at = claimed_at - interval '1 hour'")
        .await?;
    Ok(())
}

fn name_in(page: &Page) -> Option<String> {
    page.attribute("#nom_naissance", "value")
}

#[tokio::test]
async fn beyond_the_limit_nothing_is_asked_and_the_form_is_kept() -> Result<()> {
    let app = TestApp::builder()
        .app(|settings| settings.quota = quota(1))
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    app.ask(&browser, &["rhone"], &DECEDENTS[0], "").await?;
    let page = app.ask(&browser, &["rhone"], &DECEDENTS[1], "DOS-9").await?;
    assert_eq!(page.status, 429);
    let wait: u32 = page.header("retry-after").context("no Retry-After")?.parse()?;
    assert!((3000..=3601).contains(&wait), "{wait}");
    let said = page.text("main").context("no page")?;
    for words in [
        "1 demande en une heure",
        "tous départements réunis",
        "Quand recommencer",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "1");
    let sessions = "select string_agg(encode(data, 'escape'), ' ') from platform.session";
    assert!(!app.sql(sessions).await?.contains("Garnier"));

    // As often as one looks, until it passes.
    for _ in 0..2 {
        let form = browser.follow(&page, "main a.bouton").await?;
        assert_eq!(form.url.path(), "/demandes/nouvelle");
        assert_eq!(name_in(&form).as_deref(), Some("Garnier"));
        assert_eq!(form.attribute("#reference", "value").as_deref(), Some("DOS-9"));
    }
    an_hour_later(&app).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    let answer = browser.submit(&form, "main form", &[]).await?;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .text("article.reponse")
            .is_some_and(|text| text.contains("indu"))
    );
    let fresh = browser.get(app.at("/demandes/nouvelle")).await?;
    assert_eq!(name_in(&fresh).as_deref(), Some(""));
    Ok(())
}

#[tokio::test]
async fn the_form_outlives_the_login_and_is_given_to_nobody_else() -> Result<()> {
    let app = TestApp::builder()
        .app(|settings| settings.quota = quota(1))
        .web(|web| web.session_idle_seconds = 2)
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    app.ask(&browser, &["rhone"], &DECEDENTS[0], "").await?;
    let page = app.ask(&browser, &["rhone"], &DECEDENTS[1], "").await?;
    assert_eq!(page.status, 429);
    tokio::time::sleep(Duration::from_millis(2500)).await;
    let ended = browser.get(app.at("/demandes")).await?;
    assert_eq!(ended.url.path(), "/connexion");
    // Kept for half a day past the hour: the store must not forget it with the login.
    let hours = "select max(extract(epoch from expires_at - now()) / 3600)::int from platform.session";
    assert_eq!(app.sql(hours).await?, "13");
    assert!(!ended.html().contains("Garnier"));

    app.log_in(&browser, "idnot", OTHER_NOTARY).await?;
    let terms = browser.get(app.at("/conditions")).await?;
    browser
        .submit(&terms, "main form", &[("acceptation", "oui")])
        .await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    assert_eq!(name_in(&form).as_deref(), Some(""), "another person");

    tokio::time::sleep(Duration::from_millis(2500)).await;
    browser.get(app.at("/demandes")).await?;
    app.log_in(&browser, "idnot", NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    assert_eq!(name_in(&form).as_deref(), Some("Garnier"));
    // Who logs out takes everything along.
    let out = browser.submit(&form, "form[action='/deconnexion']", &[]).await;
    drop(out);
    app.log_in(&browser, "idnot", NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    assert_eq!(name_in(&form).as_deref(), Some(""));
    Ok(())
}

#[tokio::test]
async fn more_departements_than_the_limit_are_an_error_of_the_form() -> Result<()> {
    let app = TestApp::builder()
        .app(|settings| settings.quota = quota(1))
        .start()
        .await?;
    let browser = app.notary(NOTARY).await?;
    let page = app.ask(&browser, &["isere", "rhone"], &DECEDENTS[0], "").await?;
    assert_eq!(page.status, 422);
    assert!(
        page.html().contains("Cochez au plus 1 département à la fois"),
        "{}",
        page.html()
    );
    assert_eq!(name_in(&page).as_deref(), Some("Lefèvre"));
    Ok(())
}

#[tokio::test]
async fn a_series_too_long_is_refused_with_a_page() -> Result<()> {
    let app = TestApp::start().await?;
    app.sql(
        r#"update tenant_rhone.settings
           set content = content || '{"lookups": {"answered": 2, "taken": 2, "days": 30}}'"#,
    )
    .await?;
    let browser = app.notary(NOTARY).await?;
    let born = |birth_date| TestDecedent {
        birth_date,
        ..DECEDENTS[0]
    };
    for day in ["03/01/1931", "04/01/1931"] {
        assert_eq!(app.ask(&browser, &["rhone"], &born(day), "").await?.status, 200);
    }
    let page = app.ask(&browser, &["rhone"], &born("02/01/1931"), "").await?;
    assert_eq!(page.status, 429);
    let said = page.text("article.reponse").context("no article")?;
    assert!(
        said.contains("Demande non enregistrée") && said.contains("recuperations@rhone.example"),
        "{said}"
    );
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "2");
    Ok(())
}

/// One address may come so often; routes that cost nothing are not counted.
#[tokio::test]
async fn every_page_that_gives_a_stranger_a_session_is_counted() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| {
            web.visits_per_minute = 1;
            web.client_address_header = Some(http::HeaderName::from_static("x-real-ip"));
        })
        .start()
        .await?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let mut counted = Vec::new();
    for (number, (method, route)) in dn_web::routes().into_iter().enumerate() {
        let path = route
            .replace("{code}", "69-00000-00000-00000-00000")
            .replace("{provider}", "idnot")
            .replace("{slug}", "rhone");
        let visit = async || {
            let request = client.request(method.clone(), app.at(&path));
            request
                .header("x-real-ip", format!("192.0.2.{number}"))
                .send()
                .await
        };
        let first = visit().await?;
        assert_ne!(first.status(), 429, "{route}");
        let gives_session = first.headers().contains_key("set-cookie");
        let second = visit().await?;
        let refused = second.status() == 429;
        assert!(refused || !gives_session, "{method} {route}");
        if refused {
            let wait: u32 = second.headers()["retry-after"].to_str()?.parse()?;
            assert!((1..=60).contains(&wait));
            assert!(second.text().await?.contains("Trop de demandes à la fois"));
            counted.push(route);
        }
    }
    for route in ["/connexion/{provider}", "/v/{code}", "/verification"] {
        assert!(counted.contains(&route), "{route}: {counted:?}");
    }
    for route in ["/", "/sante/vivant", "/statique/{hash}/{name}", "/demandes"] {
        assert!(!counted.contains(&route), "{route}");
    }
    assert!(dn_web::routes().iter().any(|(method, _)| method == Method::POST));
    Ok(())
}

#[tokio::test]
async fn a_header_nobody_named_is_not_believed() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| web.visits_per_minute = 1)
        .start()
        .await?;
    // All from this machine, as through a proxy: nobody is shut out for the sake of another.
    for _ in 0..3 {
        assert_eq!(Browser::new()?.get(app.at("/verification")).await?.status, 200);
    }
    Ok(())
}
