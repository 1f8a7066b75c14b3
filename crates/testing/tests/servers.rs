//! The servers and the browser of the tests are themselves real.

use std::collections::HashMap;

use anyhow::Context;
use dn_testing::servers::{Chromium, OidcProvider, SeaweedFs};
use fantoccini::Locator;
use sandbox::{
    Browser, Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings, MailCatcher, Notary,
    Person, RsaKey,
};
use serde_json::Value;
use url::Url;

const CALLBACK: &str = "http://localhost:9/retour";
/// PKCE pair of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn camille() -> Person {
    Person::notary(&Notary {
        subject: "notaire-1",
        given_name: "Camille",
        family_name: "d’Été",
        capacity: "notaire",
        email: "camille@etude.exemple.fr",
        crpcen: Some("69001"),
        office_name: "Étude des Quais",
        office_address: ["1 quai Fictif", "69002", "Lyon"],
    })
}

fn client(authentication: ClientAuthentication, signed_userinfo: bool) -> Client {
    let redirect_uris = vec![CALLBACK.to_owned()];
    Client {
        id: "dn".to_owned(),
        authentication,
        redirect_uris,
        post_logout_redirect_uris: vec![],
        signed_userinfo,
    }
}

fn authorization(endpoint: &str) -> anyhow::Result<Url> {
    let acr = camille().acr;
    let parameters = [
        ("acr_values", acr.as_str()),
        ("response_type", "code"),
        ("client_id", "dn"),
        ("redirect_uri", CALLBACK),
        ("scope", "openid profile email"),
        ("state", "0123456789abcdef0123456789abcdef"),
        ("nonce", "0123456789abcdef0123456789abcdef"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    Ok(Url::parse_with_params(endpoint, parameters)?)
}

#[tokio::test]
async fn seaweedfs_answers_and_wants_a_signature() -> anyhow::Result<()> {
    rustls::crypto::ring::default_provider().install_default().ok();
    let s3 = SeaweedFs::shared().await?;
    let list = reqwest::get(format!("{}/some-bucket", s3.endpoint())).await?;
    assert_eq!(list.status(), 403, "{}", list.text().await?);
    assert!(!s3.access_key().is_empty() && !s3.secret_key().is_empty());
    Ok(())
}

/// Logs in at npm's provider as far as the code.
async fn code(provider: &OidcProvider, fields: &[(&str, &str)]) -> anyhow::Result<HashMap<String, String>> {
    let browser = Browser::stopping_at_redirects()?;
    let mut page = browser
        .get(authorization(&format!("{}/auth", provider.issuer()))?)
        .await?;
    loop {
        page = match page
            .header("location")
            .map(|target| page.url.join(target))
            .transpose()?
        {
            Some(target) if target.as_str().starts_with(CALLBACK) => {
                return Ok(target.query_pairs().into_owned().collect());
            }
            Some(target) => browser.get(target).await?,
            None => browser.submit(&page, "form", fields).await?,
        };
    }
}

#[tokio::test]
async fn npms_provider_knows_our_people_and_clients() -> anyhow::Result<()> {
    let secret = ClientAuthentication::SecretPost("secret".to_owned());
    let provider = OidcProvider::start(&[client(secret, true)], &[camille()]).await?;
    let cancelled = code(&provider, &[("cancel", "1")]).await?;
    assert_eq!(cancelled["error"], "access_denied");
    let back = code(&provider, &[("login", "notaire-1")]).await?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", &back["code"]),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "dn"),
        ("client_secret", "secret"),
    ];
    let http = reqwest::Client::new();
    let answer = http
        .post(format!("{}/token", provider.issuer()))
        .form(&form)
        .send()
        .await?;
    let tokens: Value = answer.error_for_status()?.json().await?;
    assert!(tokens["id_token"].is_string());
    let token = tokens["access_token"].as_str().unwrap();
    let userinfo = http
        .get(format!("{}/me", provider.issuer()))
        .bearer_auth(token)
        .send()
        .await?;
    assert!(
        userinfo.headers()["content-type"]
            .to_str()?
            .starts_with("application/jwt")
    );
    let claims = payload(&userinfo.text().await?)?;
    assert_eq!(
        (&claims["crpcen"], &claims["sub"]),
        (&"69001".into(), &"notaire-1".into())
    );
    assert_eq!(
        payload(tokens["id_token"].as_str().unwrap())?["acr"],
        camille().acr.as_str()
    );
    Ok(())
}

#[tokio::test]
async fn npms_provider_takes_clients_that_sign() -> anyhow::Result<()> {
    let public_key = RsaKey::draw().await?.public_pem().to_owned();
    let algorithm = sandbox::AssertionAlgorithm::RS256;
    let signing = ClientAuthentication::PrivateKeyJwt {
        public_key,
        algorithm,
    };
    let provider = OidcProvider::start(&[client(signing, false)], &[camille()]).await?;
    assert!(
        code(&provider, &[("login", "notaire-1")])
            .await?
            .contains_key("code")
    );
    Ok(())
}

fn payload(token: &str) -> anyhow::Result<Value> {
    let middle = token.split('.').nth(1).context("not a JWT")?;
    Ok(serde_json::from_slice(
        &data_encoding::BASE64URL_NOPAD.decode(middle.as_bytes())?,
    )?)
}

#[tokio::test]
async fn the_pages_of_the_sandbox_are_accessible_in_a_real_browser() -> anyhow::Result<()> {
    let people = (1..=3)
        .map(|n| Person {
            subject: format!("notaire-{n}"),
            ..camille()
        })
        .collect();
    let dn = client(ClientAuthentication::SecretBasic("secret".to_owned()), false);
    let settings = IdentityProviderSettings::for_notaries(people, vec![dn]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let provider = IdentityProvider::serve(listener, RsaKey::draw().await?, settings)?;
    let mails = MailCatcher::start(None).await?;
    send_one(&mails).await?;
    let browser = Chromium::start().await?;

    browser
        .page
        .goto(authorization(&format!("{}/authorize", provider.base()))?.as_str())
        .await?;
    browser.check_accessibility().await?;
    browser.screenshot("demo-identity-provider").await?;
    browser
        .page
        .find(Locator::Css("button[value=notaire-2]"))
        .await?
        .click()
        .await?;
    // Nobody listens there: what counts is that the browser was let go.
    let back = browser.page.current_url().await?;
    assert!(
        back.as_str().starts_with(CALLBACK) && back.query().unwrap().contains("code="),
        "{back}"
    );

    browser.page.goto(&mails.web_url()).await?;
    browser.check_accessibility().await?;
    browser.screenshot("demo-mails").await?;
    browser.page.find(Locator::Css("td a")).await?.click().await?;
    browser.check_accessibility().await?;
    browser.screenshot("demo-mail").await?;
    browser.close().await
}

async fn send_one(mails: &MailCatcher) -> anyhow::Result<()> {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut smtp = tokio::net::TcpStream::connect(("127.0.0.1", mails.smtp_port())).await?;
    let message = "Subject: Votre =?utf-8?q?r=C3=A9ponse?= est =?utf-8?q?pr=C3=AAte?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: text/html; charset=utf-8\r\n\r\n<p>Maître, votre réponse est prête.</p>";
    let talk = format!(
        "EHLO x\r\nMAIL FROM:<dn@exemple.fr>\r\nRCPT TO:<camille@etude.exemple.fr>\r\nDATA\r\n{message}\r\n.\r\nQUIT\r\n"
    );
    smtp.write_all(talk.as_bytes()).await?;
    smtp.read_to_string(&mut String::new()).await?;
    let caught = mails.mails().remove(0);
    assert!(caught.text.is_none() && caught.html.is_some(), "{caught:?}");
    Ok(())
}

#[tokio::test]
async fn axe_finds_what_is_wrong() -> anyhow::Result<()> {
    let browser = Chromium::start().await?;
    browser
        .page
        .goto("data:text/html,<title>x</title><img src=x><a href=y></a>")
        .await?;
    let rules: Vec<String> = browser
        .violations()
        .await?
        .into_iter()
        .map(|found| found.rule)
        .collect();
    assert_eq!(rules, ["html-has-lang", "image-alt", "link-name"]);
    let refusal = browser.check_accessibility().await.unwrap_err().to_string();
    assert!(refusal.contains("image-alt: "), "{refusal}");
    browser.close().await
}
