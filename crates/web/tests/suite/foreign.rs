//! Login with npm's oidc-provider, which is certified and not ours, in each way it can be configured.

use anyhow::Result;
use dn_web::oidc::ProviderSettings;
use sandbox::{AssertionAlgorithm, Browser, Client, ClientAuthentication, Page, RsaKey};
use serde_json::{Value, json};
use testing::TestApp;
use testing::people::{NOTARY, notaries};
use testing::servers::OidcProvider;

const SECRET: &str = "a secret that only tests know, and long enough";

/// The application with its usual providers, and `etranger` besides.
struct Foreign {
    app: TestApp,
    provider: OidcProvider,
}

/// The provider must know our address before we start, and we must know its: our port is chosen first.
async fn start(authentication: ClientAuthentication, signed_userinfo: bool, ours: Value) -> Result<Foreign> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let url: url::Url = format!("http://{}/", listener.local_addr()?).parse()?;
    let client = Client {
        id: "dn".to_owned(),
        authentication,
        redirect_uris: vec![url.join("/connexion/etranger/retour")?.into()],
        post_logout_redirect_uris: vec![url.join("/deconnexion/retour")?.into()],
        signed_userinfo,
    };
    let provider = OidcProvider::start(&[client], &notaries()).await?;
    let mut settings = json!({
        "id": "etranger", "label": "Étranger", "audience": "notary", "issuer": provider.issuer(),
        "client_id": "dn", "logout": true,
        "scopes": ["openid", "profile", "email", "crpcen", "office_name"],
    });
    for (name, value) in ours.as_object().unwrap() {
        settings[name] = value.clone();
    }
    let settings: ProviderSettings = testing::provider_settings(settings)?;
    let builder = TestApp::builder()
        .listener(listener)
        .providers(|providers| providers.push(settings));
    Ok(Foreign {
        app: builder.start().await?,
        provider,
    })
}

impl Foreign {
    /// The provider's own login page, filled.
    async fn log_in(&self, browser: &Browser) -> Result<Page> {
        let page = browser.get(self.app.at("/connexion/etranger")).await?;
        browser.submit(&page, "form", &[("login", NOTARY)]).await
    }

    /// In and out again.
    async fn in_and_out(&self) -> Result<()> {
        let browser = Browser::new()?;
        let page = self.log_in(&browser).await?;
        assert_eq!(
            (page.status.as_u16(), page.url.path()),
            (200, "/conditions"),
            "{}",
            page.html()
        );
        assert!(page.html().contains("Camille Fontanel"));
        let out = browser.submit(&page, "form[action='/deconnexion']", &[]).await?;
        // Its page asks whether to end the session there as well.
        assert!(
            out.url.as_str().starts_with(self.provider.issuer()),
            "{}",
            out.url
        );
        let back = browser.submit(&out, "form", &[("logout", "yes")]).await?;
        assert_eq!(back.url.path(), "/deconnexion/retour");
        Ok(())
    }
}

#[tokio::test]
async fn discovery_with_client_secret_basic() -> Result<()> {
    let ours = json!({ "client_authentication": "client_secret_basic", "client_secret": SECRET });
    start(ClientAuthentication::SecretBasic(SECRET.into()), false, ours)
        .await?
        .in_and_out()
        .await
}

#[tokio::test]
async fn client_secret_post_and_signed_userinfo() -> Result<()> {
    let ours = json!({
        "client_authentication": "client_secret_post", "client_secret": SECRET, "userinfo": "jwt",
    });
    start(ClientAuthentication::SecretPost(SECRET.into()), true, ours)
        .await?
        .in_and_out()
        .await
}

#[tokio::test]
async fn private_key_jwt() -> Result<()> {
    let key = RsaKey::draw().await?;
    let ours = json!({ "client_authentication": "private_key_jwt", "private_key": key.private_pem() });
    let public_key = key.public_pem().to_owned();
    let theirs = ClientAuthentication::PrivateKeyJwt {
        public_key,
        algorithm: AssertionAlgorithm::RS256,
    };
    start(theirs, false, ours).await?.in_and_out().await
}

#[tokio::test]
async fn a_cancelled_login_is_told() -> Result<()> {
    let ours = json!({ "client_authentication": "client_secret_basic", "client_secret": SECRET });
    let foreign = start(ClientAuthentication::SecretBasic(SECRET.into()), false, ours).await?;
    let browser = Browser::new()?;
    let page = browser.get(foreign.app.at("/connexion/etranger")).await?;
    let page = browser.submit(&page, "form", &[("cancel", "yes")]).await?;
    assert_eq!(page.status, 200);
    assert!(
        page.text("h1").unwrap().contains("interrompu"),
        "{:?}",
        page.text("h1")
    );
    Ok(())
}
