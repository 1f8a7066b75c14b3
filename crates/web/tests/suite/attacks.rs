//! Every attack ends on a plain page, logs nobody in, and says in the log what it was.

use anyhow::Result;
use dn_web::oidc::UserInfo;
use jsonwebtoken::jwk::Jwk;
use sandbox::{Browser, Page};
use serde_json::json;
use testing::TestApp;
use url::Url;

use crate::hostile::{Behaviour, Hostile, Signature, draw};

const COOKIE: &str = "__Host-dn";

async fn app(hostile: &Hostile) -> Result<TestApp> {
    let settings = hostile.settings("essai");
    TestApp::builder()
        .providers(|providers| providers.push(settings))
        .start()
        .await
}

/// Where the provider sends the browser, without going there.
async fn answer(app: &TestApp, browser: &Browser, provider: &str) -> Result<Url> {
    let to_provider = browser.get(app.at(&format!("/connexion/{provider}"))).await?;
    assert_eq!(to_provider.status, 303, "{}", to_provider.html());
    let back = browser.get(to_provider.header("location").unwrap()).await?;
    Ok(back.header("location").unwrap().parse()?)
}

async fn is_logged_in(app: &TestApp, browser: &Browser) -> Result<bool> {
    let page = browser.get(app.at("/demandes")).await?;
    Ok(page.status == 200 || page.header("location") == Some("/conditions"))
}

/// Refused: a page of ours that repeats nothing of what it was sent, and nobody is logged in.
pub(crate) async fn refused(app: &TestApp, browser: &Browser, page: &Page, status: u16) -> Result<()> {
    assert_eq!(page.status, status, "{}", page.html());
    assert!(page.text("h1").is_some_and(|title| !title.is_empty()));
    for (_, value) in page.url.query_pairs().filter(|(_, value)| value.len() > 8) {
        assert!(!page.html().contains(&*value), "{value} is repeated");
    }
    assert!(!is_logged_in(app, browser).await?);
    Ok(())
}

/// Of nobody whom the provider spoke of anything is known afterwards.
pub(crate) async fn nothing_is_kept(app: &TestApp, why: &str) -> Result<()> {
    let people = "select (select count(*) from platform.notary) + (select count(*) from platform.office)
                  + (select count(*) from platform.staff where subject is not null)";
    assert_eq!(app.sql(people).await?, "0", "{why}");
    Ok(())
}

#[tokio::test]
async fn without_a_lie_the_login_succeeds() -> Result<()> {
    let hostile = Hostile::start().await?;
    let app = app(&hostile).await?;
    let browser = Browser::stopping_at_redirects()?;
    let back = answer(&app, &browser, "essai").await?;
    let page = browser.get(back).await?;
    assert_eq!(
        (page.status.as_u16(), page.header("location")),
        (303, Some("/conditions"))
    );
    assert!(is_logged_in(&app, &browser).await?);
    Ok(())
}

#[tokio::test]
async fn what_the_provider_says_must_be_true() -> Result<()> {
    type Lie = Box<dyn Fn(&mut Behaviour)>;
    let (foreign, foreign_jwk, _) = draw("k1").await?;
    let embedded: Jwk = serde_json::from_value(foreign_jwk)?;
    let forged = foreign.clone();
    let past = || json!({ "iat": 1_600_000_000, "exp": 1_600_000_300 });
    let lies: Vec<(&str, u16, Lie)> = vec![
        (
            "nonce",
            400,
            Box::new(|b| b.id_token = json!({ "nonce": "another-one" })),
        ),
        (
            "no nonce",
            400,
            Box::new(|b| b.id_token = json!({ "nonce": null })),
        ),
        (
            "issuer",
            400,
            Box::new(|b| b.id_token = json!({ "iss": "https://evil.example" })),
        ),
        (
            "audience",
            400,
            Box::new(|b| b.id_token = json!({ "aud": "somebody-else" })),
        ),
        (
            "two audiences",
            400,
            Box::new(|b| b.id_token = json!({ "aud": ["dn", "somebody-else"] })),
        ),
        (
            "authorized party",
            400,
            Box::new(|b| b.id_token = json!({ "azp": "somebody-else" })),
        ),
        ("expired", 400, Box::new(move |b| b.id_token = past())),
        (
            "no expiry",
            400,
            Box::new(|b| b.id_token = json!({ "exp": null })),
        ),
        ("nobody", 400, Box::new(|b| b.id_token = json!({ "sub": null }))),
        (
            "no issuer",
            400,
            Box::new(|b| b.id_token = json!({ "iss": null })),
        ),
        (
            "no audience",
            400,
            Box::new(|b| b.id_token = json!({ "aud": null })),
        ),
        (
            "access token hash",
            400,
            Box::new(|b| b.id_token = json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
        ),
        (
            "acr too low",
            403,
            Box::new(|b| b.id_token = json!({ "acr": "weak" })),
        ),
        ("no acr", 403, Box::new(|b| b.id_token = json!({ "acr": null }))),
        ("alg none", 400, Box::new(|b| b.signature = Signature::None)),
        (
            "HS256 with the public key's modulus",
            400,
            Box::new(|b| b.signature = Signature::Symmetric(b.public_key()[0].clone())),
        ),
        (
            "HS256 with the public key as JWK",
            400,
            Box::new(|b| b.signature = Signature::Symmetric(b.public_key()[1].clone())),
        ),
        (
            "HS256 with the public key as PEM",
            400,
            Box::new(|b| b.signature = Signature::Symmetric(b.public_key()[2].clone())),
        ),
        (
            "HS256 with our secret",
            400,
            Box::new(|b| b.signature = Signature::Symmetric(b"s3cr3t".to_vec())),
        ),
        (
            "forged",
            400,
            Box::new(move |b| b.signature = Signature::Forged(forged.clone())),
        ),
        (
            "a key of its own in the header",
            400,
            Box::new(move |b| b.signature = Signature::Embedded(foreign.clone(), Box::new(embedded.clone()))),
        ),
        (
            "a key that is not published",
            400,
            Box::new(|b| b.signature = Signature::Unnamed),
        ),
        (
            "userinfo of another",
            400,
            Box::new(|b| b.userinfo = json!({ "sub": "s-2" })),
        ),
        (
            "userinfo of nobody",
            400,
            Box::new(|b| b.userinfo = json!({ "sub": null })),
        ),
        (
            "answer of another issuer",
            400,
            Box::new(|b| b.answer_issuer = Some("https://evil.example".into())),
        ),
        (
            "answer without its promised issuer",
            400,
            Box::new(|b| b.answer_issuer = None),
        ),
        (
            "another error",
            400,
            Box::new(|b| b.error = Some("invalid_scope")),
        ),
        (
            "provider in trouble",
            502,
            Box::new(|b| b.error = Some("server_error")),
        ),
        ("given up", 200, Box::new(|b| b.error = Some("access_denied"))),
    ];
    let hostile = Hostile::start().await?;
    let app = app(&hostile).await?;
    for (name, status, lie) in lies {
        {
            let mut behaviour = hostile.behave();
            behaviour.id_token = json!({});
            behaviour.userinfo = json!({});
            behaviour.signature = Signature::Proper;
            behaviour.answer_issuer = Some(hostile.issuer.clone());
            behaviour.error = None;
            lie(&mut behaviour);
        }
        let browser = Browser::stopping_at_redirects()?;
        let back = answer(&app, &browser, "essai").await?;
        let page = browser.get(back).await?;
        println!("{name}: {} {:?}", page.status, page.text("h1"));
        refused(&app, &browser, &page, status).await?;
        nothing_is_kept(&app, name).await?;
    }
    Ok(())
}

#[tokio::test]
async fn signed_userinfo_must_be_signed_by_the_provider_for_us() -> Result<()> {
    let hostile = Hostile::start().await?;
    let mut settings = hostile.settings("essai");
    settings.userinfo = UserInfo::Jwt;
    let app = TestApp::builder()
        .providers(|providers| providers.push(settings))
        .start()
        .await?;
    let attempt = async |signed: bool, userinfo| -> Result<(Browser, Page)> {
        hostile.behave().signed_userinfo = signed;
        hostile.behave().userinfo = userinfo;
        let browser = Browser::stopping_at_redirects()?;
        let back = answer(&app, &browser, "essai").await?;
        let page = browser.get(back).await?;
        Ok((browser, page))
    };
    assert_eq!(attempt(true, json!({})).await?.1.status, 303);
    for (signed, claims) in [
        (false, json!({})),
        (true, json!({ "aud": "somebody-else" })),
        (true, json!({ "iss": "https://evil.example" })),
        (true, json!({ "iss": null })),
        (true, json!({ "aud": null })),
        (true, json!({ "sub": "s-2" })),
        (true, json!({ "exp": 1_600_000_000 })),
    ] {
        app.sql("delete from platform.notary; delete from platform.office")
            .await?;
        let (browser, page) = attempt(signed, claims).await?;
        refused(&app, &browser, &page, 400).await?;
        nothing_is_kept(&app, "signed userinfo").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_state_is_good_once_in_its_own_browser_with_its_own_provider() -> Result<()> {
    let hostile = Hostile::start().await?;
    let (first, second) = (hostile.settings("essai"), hostile.settings("autre"));
    let app = TestApp::builder()
        .providers(|providers| providers.extend([first, second]))
        .start()
        .await?;
    let browser = Browser::stopping_at_redirects()?;

    // Without any login begun, and with a state nobody drew.
    for query in [
        "",
        "?code=c",
        "?state=",
        "?state=abc&code=c",
        "?error=access_denied",
        "?error=%3Cscript%3Ealert(1)%3C/script%3E&error_description=%3Cb%3Ebonjour%3C/b%3E",
        "?state=a&state=b&code=c&code=d",
    ] {
        let page = browser
            .get(app.at(&format!("/connexion/essai/retour{query}")))
            .await?;
        refused(&app, &browser, &page, 400).await?;
    }
    // In another browser: the person would be logged in as somebody else (login CSRF).
    let back = answer(&app, &browser, "essai").await?;
    let victim = Browser::stopping_at_redirects()?;
    let page = victim.get(&back).await?;
    refused(&app, &victim, &page, 400).await?;
    // At the other provider's address: mix-up. It also spends the state.
    let mut mixed = back.clone();
    mixed.set_path("/connexion/autre/retour");
    let page = browser.get(&mixed).await?;
    refused(&app, &browser, &page, 400).await?;
    let page = browser.get(&back).await?;
    refused(&app, &browser, &page, 400).await?;
    assert!(
        hostile.behave().exchanges.is_empty(),
        "no code ever left for the provider"
    );
    nothing_is_kept(&app, "state").await?;
    // Twice, in its own browser.
    let back = answer(&app, &browser, "essai").await?;
    assert_eq!(browser.get(&back).await?.status, 303);
    assert_eq!(browser.get(&back).await?.status, 400);
    assert_eq!(hostile.behave().exchanges.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_replayed_code_is_refused_by_the_provider_and_by_us() -> Result<()> {
    let hostile = Hostile::start().await?;
    let app = app(&hostile).await?;
    let thief = Browser::stopping_at_redirects()?;
    let victim = Browser::stopping_at_redirects()?;
    let stolen = answer(&app, &victim, "essai").await?;
    assert_eq!(victim.get(&stolen).await?.status, 303);
    let code = stolen
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    // The thief begins a login and puts the victim's code into the answer.
    let own = answer(&app, &thief, "essai").await?;
    let mut forged = own.clone();
    forged
        .query_pairs_mut()
        .clear()
        .extend_pairs(own.query_pairs().map(|(name, value)| match &*name {
            "code" => ("code".to_owned(), code.clone()),
            _ => (name.into_owned(), value.into_owned()),
        }));
    let page = thief.get(&forged).await?;
    refused(&app, &thief, &page, 400).await
}

#[tokio::test]
async fn keys_may_change_between_two_logins_and_in_the_middle_of_one() -> Result<()> {
    let hostile = Hostile::start().await?;
    let app = app(&hostile).await?;
    let log_in = async || -> Result<u16> {
        let browser = Browser::stopping_at_redirects()?;
        let back = answer(&app, &browser, "essai").await?;
        Ok(browser.get(back).await?.status.as_u16())
    };
    assert_eq!(log_in().await?, 303);
    hostile.rotate("k2").await?;
    assert_eq!(log_in().await?, 303, "another key, another name");
    hostile.rotate("k2").await?;
    assert_eq!(log_in().await?, 303, "another key, the same name");
    let browser = Browser::stopping_at_redirects()?;
    let back = answer(&app, &browser, "essai").await?;
    hostile.rotate("k3").await?;
    assert_eq!(browser.get(back).await?.status, 303);
    Ok(())
}

#[tokio::test]
async fn the_request_is_what_the_standards_ask() -> Result<()> {
    let hostile = Hostile::start().await?;
    let app = app(&hostile).await?;
    let browser = Browser::stopping_at_redirects()?;
    let page = browser.get(app.at("/connexion/essai")).await?;
    let cookie = page.header("set-cookie").unwrap();
    assert!(cookie.starts_with(COOKIE), "{cookie}");
    let address: Url = page.header("location").unwrap().parse()?;
    let asked: std::collections::HashMap<_, _> = address.query_pairs().into_owned().collect();
    assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43);
    assert_ne!(asked["state"], asked["nonce"]);
    assert_eq!(asked["code_challenge_method"], "S256");
    assert_eq!(asked["response_type"], "code");
    assert_eq!(asked["redirect_uri"], app.at("/connexion/essai/retour"));
    assert_eq!(asked["acr_values"], "strong");
    assert_eq!(asked["scope"], "openid profile email");
    assert!(!asked.contains_key("max_age") && !asked.contains_key("prompt"));
    Ok(())
}
