//! Headers of every answer, route by route.

use anyhow::Result;
use http::Method;
use reqwest::{Client, Response};
use testing::TestApp;
use testing::people::NOTARY;

/// A path of this route: ids that are nobody's.
fn example(path: &str) -> String {
    let id = "0192f3c4-0000-7000-8000-000000000000";
    path.replace("{submission}", id)
        .replace("{inquiry}", id)
        .replace("{slug}", "rhone")
        .replace("{provider}", "idnot")
        .replace("{code}", "69-00000-00000-00000-00000")
        .replace("{asset}", "logo-1")
        .replace(
            "{hash}/{name}",
            views::static_url("style.css")
                .unwrap()
                .trim_start_matches("/statique/"),
        )
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

fn check(path: &str, response: &Response) {
    let policy = header(response, "content-security-policy");
    assert!(policy.starts_with("default-src 'none'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe-eval"), "{path}");
    assert!(
        !policy.contains("unsafe-inline") || path.contains("logo"),
        "{path}: {policy}"
    );
    assert_eq!(header(response, "x-content-type-options"), "nosniff", "{path}");
    assert_eq!(header(response, "x-frame-options"), "DENY", "{path}");
    assert_eq!(header(response, "referrer-policy"), "same-origin", "{path}");
    assert_eq!(
        header(response, "cross-origin-opener-policy"),
        "same-origin",
        "{path}"
    );
    assert!(
        header(response, "permissions-policy").contains("camera=()"),
        "{path}"
    );
    assert_eq!(header(response, "x-request-id").len(), 36, "{path}");
    let public = path.starts_with("/statique/") || path.contains("/logo-");
    let cache = header(response, "cache-control");
    assert_eq!(cache == "no-store", !public, "{path}: {cache}");
    // Nothing with a token or personal data in it is compressed.
    assert!(
        public || header(response, "content-encoding").is_empty(),
        "{path}"
    );
}

#[tokio::test]
async fn every_route_bears_them() -> Result<()> {
    let app = TestApp::start().await?;
    let client = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    for (method, path) in dn_web::routes() {
        let path = example(path);
        assert!(!path.contains('{'), "{path} needs an example");
        let response = client
            .request(method.clone(), app.at(&path))
            .header("accept-encoding", "gzip")
            .send()
            .await?;
        assert!(
            response.status() != 404 || path.contains("/logo-"),
            "{method} {path}"
        );
        check(&path, &response);
    }
    for path in ["/nulle-part", "/statique/x/y", "/demandes/pas-un-id"] {
        let response = client.get(app.at(path)).send().await?;
        assert!(response.status() == 404 || response.status() == 303);
        assert_eq!(header(&response, "cache-control"), "no-store");
    }
    let wrong_method = client.request(Method::DELETE, app.at("/demandes")).send().await?;
    assert!(wrong_method.status().is_client_error());
    check("/demandes", &wrong_method);
    Ok(())
}

#[tokio::test]
async fn pages_have_nothing_inline_and_ask_nothing_of_others() -> Result<()> {
    let app = TestApp::start().await?;
    let notary = app.notary(NOTARY).await?;
    for (method, path) in dn_web::routes() {
        if method != Method::GET || path.contains("{provider}") {
            continue;
        }
        let page = notary.get(app.at(&example(path))).await?;
        if !page
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
        {
            continue;
        }
        let html = page.html();
        for inline in [
            "<style",
            " style=",
            " onclick=",
            " onload=",
            " onsubmit=",
            "javascript:",
        ] {
            assert!(!html.contains(inline), "{path}: {inline}");
        }
        assert!(
            page.texts("script").iter().all(|script| script.trim().is_empty()),
            "{path}"
        );
        let assets = [
            ("script", "src"),
            ("link[rel=stylesheet]", "href"),
            ("img", "src"),
        ];
        for address in assets
            .iter()
            .flat_map(|(selector, name)| page.attributes(selector, name))
        {
            assert!(
                address.starts_with('/') && !address.starts_with("//"),
                "{path}: {address}"
            );
            let asset = notary.get(app.at(&address)).await?;
            assert_eq!(asset.status, 200, "{path}: {address}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn stylesheets_are_compressed_and_kept_for_ever() -> Result<()> {
    let app = TestApp::start().await?;
    let address = app.at(&views::static_url("style.css").unwrap());
    let response = Client::new()
        .get(address)
        .header("accept-encoding", "gzip")
        .send()
        .await?;
    assert_eq!(header(&response, "content-encoding"), "gzip");
    assert_eq!(
        header(&response, "cache-control"),
        "public, max-age=31536000, immutable"
    );
    assert_eq!(header(&response, "content-type"), "text/css; charset=utf-8");
    Ok(())
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() -> Result<()> {
    let app = TestApp::builder()
        .web(|web| web.public_url = "https://notaires.example/".parse().unwrap())
        .start()
        .await?;
    let response = Client::new().get(app.at("/")).send().await?;
    assert_eq!(header(&response, "strict-transport-security"), "max-age=31536000");
    Ok(())
}

#[tokio::test]
async fn readiness_tells_whether_the_database_answers() -> Result<()> {
    let app = TestApp::start().await?;
    let ask =
        async |path: &str| Ok::<_, anyhow::Error>(Client::new().get(app.at(path)).send().await?.status());
    assert_eq!(ask("/sante/vivant").await?, 200);
    assert_eq!(ask("/sante/pret").await?, 200);
    app.db.close().await;
    assert_eq!(ask("/sante/vivant").await?, 200);
    assert_eq!(ask("/sante/pret").await?, 503);
    let page = Client::new().get(app.at("/")).send().await?;
    assert_eq!(page.status(), 503);
    assert!(page.text().await?.contains("indisponible"));
    Ok(())
}
