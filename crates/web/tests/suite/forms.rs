//! No form from elsewhere, none too long, none of another kind.

use anyhow::Result;
use http::Method;
use reqwest::{Client, Response};
use sandbox::{Browser, Upload};
use testing::TestApp;
use testing::people::{DECEDENTS, NOTARY};

/// A client with the session of nobody, and its token.
struct Visitor {
    client: Client,
    token: String,
}

async fn visitor(app: &TestApp) -> Result<Visitor> {
    let client = Client::builder()
        .cookie_store(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let page = client.get(app.at("/verification")).send().await?.text().await?;
    let token = page
        .split("name=\"csrf\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    Ok(Visitor { client, token })
}

async fn is_page(response: Response, status: u16) -> Result<()> {
    assert_eq!(response.status(), status);
    assert!(
        response.headers()["content-type"]
            .to_str()?
            .starts_with("text/html")
    );
    assert!(response.text().await?.contains("<h1"));
    Ok(())
}

#[tokio::test]
async fn every_post_needs_the_token_of_its_session() -> Result<()> {
    let app = TestApp::start().await?;
    let visitor = visitor(&app).await?;
    let foreign = self::visitor(&app).await?.token;
    let posts: Vec<&str> = dn_web::routes()
        .into_iter()
        .filter(|(method, _)| method == Method::POST)
        .map(|(_, path)| path)
        .collect();
    assert!(posts.contains(&"/demandes") && posts.contains(&"/deconnexion"));
    for path in posts {
        let post = || visitor.client.post(app.at(path));
        for form in [
            vec![],
            vec![("csrf", "")],
            vec![("csrf", foreign.as_str())],
            vec![("csrf2", &visitor.token)],
        ] {
            is_page(post().form(&form).send().await?, 403).await?;
        }
        let twice = [("csrf", foreign.as_str()), ("csrf", &visitor.token)];
        is_page(post().form(&twice).send().await?, 403).await?;
        // Without a session at all.
        let stranger = Client::new().post(app.at(path)).form(&[("csrf", &visitor.token)]);
        is_page(stranger.send().await?, 403).await?;
        // With the token, but from another site.
        let right = [("csrf", visitor.token.as_str())];
        for (header, value) in [
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
            ("origin", "https://evil.example"),
            ("origin", "null"),
        ] {
            is_page(post().form(&right).header(header, value).send().await?, 403).await?;
        }
        // Of a kind that no form of ours has.
        let json = post().header("content-type", "application/json").body("{}");
        is_page(json.send().await?, 403).await?;
        let plain = post()
            .header("content-type", "text/plain")
            .body(format!("csrf={}", visitor.token));
        is_page(plain.send().await?, 403).await?;
    }
    Ok(())
}

#[tokio::test]
async fn with_the_token_from_our_own_page_it_passes() -> Result<()> {
    let app = TestApp::start().await?;
    let visitor = visitor(&app).await?;
    let origin = app.url.origin().ascii_serialization();
    let post = visitor
        .client
        .post(app.at("/deconnexion"))
        .form(&[("csrf", &visitor.token)]);
    let response = post
        .header("sec-fetch-site", "same-origin")
        .header("origin", origin)
        .send()
        .await?;
    assert_eq!(response.status(), 303);
    Ok(())
}

#[tokio::test]
async fn a_refused_inquiry_asks_nothing() -> Result<()> {
    let app = TestApp::start().await?;
    let browser = app.notary(NOTARY).await?;
    let form = browser.get(app.at("/demandes/nouvelle")).await?;
    let mut fields = vec![("departements", "rhone"), ("csrf", "wrong")];
    fields.extend(DECEDENTS[0].fields());
    let page = browser.submit(&form, "main form", &fields).await?;
    assert_eq!(page.status, 403);
    assert!(
        page.text("h1").unwrap().contains("formulaire"),
        "{:?}",
        page.text("h1")
    );
    assert_eq!(app.sql("select count(*) from tenant_rhone.inquiry").await?, "0");
    Ok(())
}

#[tokio::test]
async fn what_is_too_long_is_refused_early() -> Result<()> {
    let app = TestApp::start().await?;
    let visitor = visitor(&app).await?;
    let long = "x".repeat(70_000);
    let fields = [("csrf", visitor.token.as_str()), ("prenoms", &long)];
    is_page(
        visitor
            .client
            .post(app.at("/demandes"))
            .form(&fields)
            .send()
            .await?,
        413,
    )
    .await?;
    let address = app.at(&format!("/demandes?{}", "x".repeat(5000)));
    is_page(visitor.client.get(address).send().await?, 414).await?;
    let browser = Browser::new()?;
    let page = browser.get(app.at("/verification")).await?;
    let file = Upload {
        field: "copie".into(),
        name: "a.pdf".into(),
        bytes: vec![0; 3 * 1024 * 1024],
    };
    let fields = [("code", "69-00000-00000-00000-00000")];
    let page = browser.upload(&page, "main form", &fields, file).await?;
    assert_eq!(page.status, 413);
    assert!(page.html().contains("trop lourd"));
    Ok(())
}

#[tokio::test]
async fn a_letter_is_verified_by_anybody() -> Result<()> {
    let app = TestApp::start().await?;
    let notary = app.notary(NOTARY).await?;
    let answer = app.ask(&notary, &["rhone"], &DECEDENTS[3], "").await?;
    app.work().await?;
    let answer = notary.get(&answer.url).await?;
    let letter = notary
        .get(app.at(&answer.attribute("a[href$='/courrier']", "href").unwrap()))
        .await?;
    let secret = app
        .sql("select verification_secret from tenant_rhone.letter")
        .await?;
    let code = format!("69-{secret}");

    let anybody = Browser::new()?;
    let page = anybody.get(app.at(&format!("/v/{code}"))).await?;
    assert_eq!(page.status, 200);
    assert!(page.html().contains("Département Rhône") && page.html().contains("authentique"));
    for personal in ["Inconnu", "Personne", "Quais", "Camille", "69001"] {
        assert!(!page.text("main").unwrap().contains(personal), "{personal}");
    }
    let check = async |bytes: Vec<u8>| {
        let form = anybody.get(app.at("/verification")).await?;
        let file = Upload {
            field: "copie".into(),
            name: "courrier.pdf".into(),
            bytes,
        };
        anybody.upload(&form, "main form", &[("code", &code)], file).await
    };
    assert!(
        check(letter.body.clone())
            .await?
            .text("h1")
            .unwrap()
            .contains("Votre copie est authentique")
    );
    let mut forged = letter.body.clone();
    *forged.last_mut().unwrap() ^= 1;
    assert!(
        check(forged)
            .await?
            .text("h1")
            .unwrap()
            .contains("n’est pas le courrier d’origine")
    );
    // Unknown codes, of a département that is here and of one that is not, are told the same way.
    let unknown = async |code: &str| -> Result<String> {
        let page = anybody.get(app.at(&format!("/v/{code}"))).await?;
        assert_eq!(page.status, 200);
        Ok(page.text("main").unwrap().replace(code, ""))
    };
    let here = unknown("69-00000-00000-00000-00000").await?;
    assert_eq!(here, unknown("13-00000-00000-00000-00000").await?);
    assert_eq!(anybody.get(app.at("/v/nonsense")).await?.status, 422);
    Ok(())
}
