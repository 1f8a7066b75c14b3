//! A fault in a page is answered and logged, and takes nobody else's page with it.

use anyhow::Result;
use axum::Router;
use axum::routing::get;
use dn_web::{WebParts, WebSettings, WebState};
use sandbox::Browser;
use testing::TestApp;
use tokio::net::TcpListener;

async fn broken() -> &'static str {
    panic!("Odette LEFÈVRE, née le 2 janvier 1931")
}

#[tokio::test]
async fn a_panic_in_a_page_is_answered_and_tells_nothing() -> Result<()> {
    let app = TestApp::start().await?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url: url::Url = format!("http://{}/", listener.local_addr()?).parse()?;
    let state = WebState::new(WebParts {
        app: app.app.clone(),
        sessions: app.db.sessions(),
        settings: WebSettings::new(url.clone()),
        providers: Vec::new(),
    })?;
    let router = dn_web::extended(state, Router::new().route("/panne", get(broken)));
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });

    let browser = Browser::new()?;
    for _ in 0..3 {
        let page = browser.get(url.join("panne")?).await?;
        assert_eq!(page.status, 500);
        assert!(page.html().contains("<h1"), "{}", page.html());
        let id = page.header("x-request-id").unwrap();
        assert!(page.html().contains(id), "the page names the line of the log");
        assert!(!page.html().contains("Odette") && !page.html().contains("janvier 1931"));
        assert_eq!(browser.get(url.join("verification")?).await?.status, 200);
    }
    serving.abort();
    Ok(())
}
