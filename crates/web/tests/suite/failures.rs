//! Each failure has a plain page of its own.

use anyhow::Result;
use sandbox::Browser;
use testing::TestApp;
use testing::people::{NO_OFFICE, STRANGER};

use crate::hostile::Hostile;

#[tokio::test]
async fn a_notary_without_office_and_an_unknown_officer_are_told_so() -> Result<()> {
    let app = TestApp::start().await?;
    let page = app.log_in(&Browser::new()?, "idnot", NO_OFFICE).await?;
    assert_eq!(page.status, 403);
    assert!(
        page.text("h1").unwrap().contains("office"),
        "{:?}",
        page.text("h1")
    );
    let page = app.log_in(&Browser::new()?, "proconnect", STRANGER).await?;
    assert_eq!(page.status, 403);
    assert!(
        page.text("h1").unwrap().contains("département"),
        "{:?}",
        page.text("h1")
    );
    assert!(page.html().contains("personne@rhone.example"));
    Ok(())
}

#[tokio::test]
async fn a_provider_that_is_down_is_told_and_tried_again() -> Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let issuer = format!("http://{}", listener.local_addr()?);
    drop(listener);
    let settings = testing::provider_settings(serde_json::json!({
        "id": "absent", "label": "Absent", "audience": "notary", "issuer": issuer,
        "client_id": "dn", "client_authentication": "client_secret_basic", "client_secret": "s",
    }))?;
    // The program starts all the same.
    let app = TestApp::builder()
        .providers(|providers| providers.push(settings))
        .start()
        .await?;
    let page = Browser::new()?.get(app.at("/connexion/absent")).await?;
    assert_eq!(page.status, 502);
    assert!(page.html().contains("Absent"));
    Ok(())
}

#[tokio::test]
async fn a_token_endpoint_in_trouble_is_told() -> Result<()> {
    let hostile = Hostile::start().await?;
    let settings = hostile.settings("essai");
    let app = TestApp::builder()
        .providers(|providers| providers.push(settings))
        .start()
        .await?;
    hostile.behave().token_status = axum::http::StatusCode::SERVICE_UNAVAILABLE;
    let page = Browser::new()?.get(app.at("/connexion/essai")).await?;
    assert_eq!(page.status, 502, "{}", page.html());
    Ok(())
}

#[tokio::test]
async fn an_unknown_provider_does_not_exist() -> Result<()> {
    let app = TestApp::start().await?;
    for path in [
        "/connexion/nulle-part",
        "/connexion/nulle-part/retour?state=a&code=b",
    ] {
        assert_eq!(Browser::new()?.get(app.at(path)).await?.status, 404);
    }
    Ok(())
}
