//! Two instances of npm's oidc-provider at once, configured as differently as can be, and what somebody could do with the
//! answers of the one at the other.
//!
//! `notaires`: discovery, `client_secret_basic`, userinfo as JSON. `agents`: explicit endpoints, `private_key_jwt`, signed
//! userinfo, a class of authentication asked for as an essential claim. Both end the session there as well.

use anyhow::{Context, Result};
use dn_web::oidc::ProviderSettings;
use sandbox::{AssertionAlgorithm, Browser, Client, ClientAuthentication, Page, Person, RsaKey};
use serde_json::json;
use testing::TestApp;
use testing::people::{ADMIN_RHONE, COLLEAGUE, NOTARY, OTHER_NOTARY, agents, notaries};
use testing::servers::OidcProvider;
use url::Url;

use crate::attacks::{nothing_is_kept, refused};

const SECRET: &str = "a secret that only tests know, and long enough";
const STRONG: &str = "https://proconnect.gouv.fr/assurance/consistency-checked-2fa";

struct Two {
    app: TestApp,
    notaries: OidcProvider,
    agents: OidcProvider,
}

async fn start() -> Result<Two> {
    start_asking("claims").await
}

/// With the class of authentication asked of the agents in this way.
async fn start_asking(acr: &str) -> Result<Two> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let url: Url = format!("http://{}/", listener.local_addr()?).parse()?;
    let key = RsaKey::draw().await?;
    let client = |id: &str, authentication, signed_userinfo| -> Result<Client> {
        Ok(Client {
            id: "dn".to_owned(),
            authentication,
            redirect_uris: vec![url.join(&format!("/connexion/{id}/retour"))?.into()],
            post_logout_redirect_uris: vec![url.join("/deconnexion/retour")?.into()],
            signed_userinfo,
        })
    };
    let secret = ClientAuthentication::SecretBasic(SECRET.to_owned());
    let signing = ClientAuthentication::PrivateKeyJwt {
        public_key: key.public_pem().to_owned(),
        algorithm: AssertionAlgorithm::RS256,
    };
    // One of the agents was authenticated by a password alone.
    let mut staff = agents();
    weaken(&mut staff, WEAK);
    let at_notaries = OidcProvider::start(&[client("notaires", secret, false)?], &notaries()).await?;
    let at_agents = OidcProvider::start(&[client("agents", signing, true)?], &staff).await?;
    let theirs = [of_notaries(&at_notaries)?, of_agents(&at_agents, &key, acr)?];
    let builder = TestApp::builder().listener(listener).providers(|all| {
        all.clear();
        all.extend(theirs);
    });
    Ok(Two {
        app: builder.start().await?,
        notaries: at_notaries,
        agents: at_agents,
    })
}

/// Subject of an agent whose authentication is too weak.
const WEAK: &str = testing::people::ADMIN_ISERE;

fn weaken(people: &mut [Person], subject: &str) {
    for person in people.iter_mut().filter(|person| person.subject == subject) {
        person.acr = "https://proconnect.gouv.fr/assurance/consistency-checked".to_owned();
    }
}

fn of_notaries(provider: &OidcProvider) -> Result<ProviderSettings> {
    testing::provider_settings(json!({
        "id": "notaires", "label": "Notaires", "audience": "notary", "issuer": provider.issuer(), "client_id": "dn",
        "client_authentication": "client_secret_basic", "client_secret": SECRET, "logout": true,
        "scopes": ["openid", "profile", "email", "crpcen", "office_name"],
    }))
}

fn of_agents(provider: &OidcProvider, key: &RsaKey, acr: &str) -> Result<ProviderSettings> {
    let issuer = provider.issuer();
    testing::provider_settings(json!({
        "id": "agents", "label": "Agents", "audience": "officer", "issuer": issuer, "client_id": "dn",
        "endpoints": {
            "authorization": format!("{issuer}/auth"), "token": format!("{issuer}/token"), "jwks": format!("{issuer}/jwks"),
            "userinfo": format!("{issuer}/me"), "end_session": format!("{issuer}/session/end"),
        },
        "client_authentication": "private_key_jwt", "private_key": key.private_pem(),
        "scopes": ["openid", "profile", "email", "siret", "roles"], "userinfo": "jwt", "logout": true,
        "claims": { "family_name": "usual_name" },
        "acr": { "request": acr, "required": [STRONG] },
        "staff": { "link": "siret_and_role", "roles": ["agent_public_territorial"] }, "departments": "all",
    }))
}

impl Two {
    /// Goes through a login as far as the provider's answer, without handing it in.
    async fn answer(&self, browser: &Browser, provider: &str, subject: &str) -> Result<Url> {
        let mut page = browser
            .get(self.app.at(&format!("/connexion/{provider}")))
            .await?;
        loop {
            page = match page
                .header("location")
                .map(|target| page.url.join(target))
                .transpose()?
            {
                Some(target) if target.as_str().starts_with(self.app.url.as_str()) => return Ok(target),
                Some(target) => browser.get(target).await?,
                None => browser.submit(&page, "form", &[("login", subject)]).await?,
            };
        }
    }

    /// Logs in; returns the page of ours that the answer leads to, and the session before and after.
    async fn log_in(&self, provider: &str, subject: &str) -> Result<(Browser, Page, [String; 2])> {
        let browser = Browser::stopping_at_redirects()?;
        let before = cookie(
            &browser
                .get(self.app.at(&format!("/connexion/{provider}")))
                .await?,
        )?;
        let answer = self.answer(&browser, provider, subject).await?;
        let arrived = browser.get(answer).await?;
        let after = cookie(&arrived)?;
        Ok((browser, arrived, [before, after]))
    }

    async fn refused(&self, browser: &Browser, address: &Url, status: u16) -> Result<()> {
        let page = browser.get(address).await?;
        refused(&self.app, browser, &page, status).await
    }
}

fn cookie(page: &Page) -> Result<String> {
    let cookie = page.header("set-cookie").context("no session")?;
    Ok(cookie.split(['=', ';']).nth(1).unwrap_or_default().to_owned())
}

fn query(address: &Url, name: &str) -> String {
    let found = address.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The address with one value in the place of another.
fn with(address: &Url, name: &str, value: &str) -> Url {
    let pairs: Vec<_> = address.query_pairs().into_owned().collect();
    let mut changed = address.clone();
    changed.query_pairs_mut().clear().extend_pairs(
        pairs
            .iter()
            .map(|(key, old)| (key.as_str(), if key == name { value } else { old.as_str() })),
    );
    changed
}

#[tokio::test]
async fn both_let_in_and_out_whom_they_know() -> Result<()> {
    let two = start().await?;
    for (provider, subject, arrives) in [
        ("notaires", NOTARY, "/conditions"),
        ("agents", ADMIN_RHONE, "/departements/rhone"),
    ] {
        let (browser, arrived, [before, after]) = two.log_in(provider, subject).await?;
        assert_eq!(
            (arrived.status.as_u16(), arrived.header("location")),
            (303, Some(arrives))
        );
        assert_ne!(
            before, after,
            "a session that was planted before the login is worth nothing"
        );
        let page = browser.get(two.app.at(arrives)).await?;
        assert_eq!(page.status, 200);
        // Out here, and then there: who comes back is asked who they are.
        let out = browser.submit(&page, "form[action='/deconnexion']", &[]).await?;
        let ending = browser.get(out.header("location").unwrap()).await?;
        assert_eq!(ending.status, 200, "{}", ending.html());
        let mut ended = browser.submit(&ending, "form", &[("logout", "yes")]).await?;
        while !ended
            .header("location")
            .context("no way back")?
            .starts_with(two.app.url.as_str())
        {
            ended = browser
                .get(ended.url.join(ended.header("location").unwrap())?)
                .await?;
        }
        assert!(
            ended
                .header("location")
                .unwrap()
                .starts_with(&two.app.at("/deconnexion/retour"))
        );
        let again = browser.get(two.app.at(&format!("/connexion/{provider}"))).await?;
        let asked = browser.get(again.header("location").unwrap()).await?;
        assert!(
            asked
                .header("location")
                .is_some_and(|to| to.contains("/interaction/")),
            "{:?}",
            asked.headers
        );
    }
    assert_eq!(two.notaries.discoveries().await?, 1);
    assert_eq!(two.agents.discoveries().await?, 0, "its endpoints are configured");
    Ok(())
}

#[tokio::test]
async fn an_answer_is_good_once_with_its_own_provider_in_its_own_browser() -> Result<()> {
    let two = start().await?;
    let (browser, victim) = (
        Browser::stopping_at_redirects()?,
        Browser::stopping_at_redirects()?,
    );
    let first = two.answer(&browser, "notaires", NOTARY).await?;
    let second = two.answer(&browser, "agents", ADMIN_RHONE).await?;
    // Mix-up: the answer of the one, or its code alone, handed in as the other's.
    let mut mixed = first.clone();
    mixed.set_path("/connexion/agents/retour");
    two.refused(&browser, &mixed, 400).await?;
    let second = with(&second, "code", &query(&first, "code"));
    two.refused(&browser, &second, 400).await?;
    // Their word on whose answer it is must be right (RFC 9207).
    let third = two.answer(&browser, "notaires", NOTARY).await?;
    assert_eq!(query(&third, "iss"), two.notaries.issuer());
    two.refused(&browser, &with(&third, "iss", two.agents.issuer()), 400)
        .await?;
    // A state of somebody else's, and one that nobody drew.
    let fourth = two.answer(&browser, "notaires", NOTARY).await?;
    two.refused(&victim, &fourth, 400).await?;
    let wrong = with(&fourth, "state", &"A".repeat(43));
    two.refused(&browser, &wrong, 400).await?;
    nothing_is_kept(&two.app, "mixed up").await?;
    // None of this spoilt the login that was begun; handed in twice, the second finds nothing to answer.
    assert_eq!(browser.get(&fourth).await?.status, 303);
    let again = browser.get(&fourth).await?;
    assert_eq!(again.status, 400, "a state is spent");
    Ok(())
}

#[tokio::test]
async fn a_code_that_was_used_logs_nobody_else_in() -> Result<()> {
    let two = start().await?;
    let (victim, thief) = (
        Browser::stopping_at_redirects()?,
        Browser::stopping_at_redirects()?,
    );
    let stolen = two.answer(&victim, "notaires", NOTARY).await?;
    assert_eq!(victim.get(&stolen).await?.status, 303);
    let own = two.answer(&thief, "notaires", OTHER_NOTARY).await?;
    two.refused(&thief, &with(&own, "code", &query(&stolen, "code")), 400)
        .await?;
    // Nor one that was not used: it was asked for with another challenge (PKCE).
    let fresh = two.answer(&victim, "notaires", COLLEAGUE).await?;
    let own = two.answer(&thief, "notaires", OTHER_NOTARY).await?;
    two.refused(&thief, &with(&own, "code", &query(&fresh, "code")), 400)
        .await?;
    let known = "select string_agg(subject, ' ') from platform.notary";
    assert_eq!(two.app.sql(known).await?, NOTARY);
    Ok(())
}

#[tokio::test]
async fn keys_that_change_in_the_middle_of_a_login_are_fetched() -> Result<()> {
    let two = start().await?;
    two.log_in("notaires", NOTARY).await?;
    for (provider, subject, server) in [
        ("notaires", NOTARY, &two.notaries),
        ("agents", ADMIN_RHONE, &two.agents),
    ] {
        let browser = Browser::stopping_at_redirects()?;
        let answer = two.answer(&browser, provider, subject).await?;
        server.rotate().await?;
        let arrived = browser.get(answer).await?;
        assert_eq!(arrived.status, 303, "{provider}: {}", arrived.html());
    }
    Ok(())
}

#[tokio::test]
async fn a_weak_authentication_is_not_enough() -> Result<()> {
    // Asked for as a wish: the provider says what it did.
    let two = start_asking("acr_values").await?;
    let browser = Browser::stopping_at_redirects()?;
    let answer = two.answer(&browser, "agents", WEAK).await?;
    two.refused(&browser, &answer, 403).await?;
    nothing_is_kept(&two.app, "too weak").await?;
    let (_, strong, _) = two.log_in("agents", ADMIN_RHONE).await?;
    assert_eq!(strong.status, 303, "{}", strong.html());
    Ok(())
}
