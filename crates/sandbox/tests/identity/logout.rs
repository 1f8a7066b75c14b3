//! Logout started by the client.

use dn_sandbox::Browser;
use openidconnect::{AuthorizationCode, TokenResponse};
use url::Url;

use crate::relying_party::{GOODBYE, attempt, choose, discover, http, provider};

#[tokio::test]
async fn the_browser_comes_back_where_the_client_said_and_nowhere_else() -> anyhow::Result<()> {
    let provider = provider().await?;
    let oidc = discover(provider.issuer()).await?;
    let attempt = attempt(&oidc);
    let back = choose(&attempt.url, ("person", "notaire-1")).await?;
    let code = AuthorizationCode::new(back["code"].clone());
    let tokens = oidc
        .exchange_code(code)?
        .set_pkce_verifier(attempt.verifier)
        .request_async(&http)
        .await?;
    let hint = tokens.id_token().unwrap().to_string();
    let browser = Browser::stopping_at_redirects()?;
    let leave = async |parameters: &[(&str, &str)]| {
        let url = Url::parse_with_params(&format!("{}/logout", provider.base()), parameters).unwrap();
        browser.get(url).await
    };

    let good = leave(&[
        ("id_token_hint", &hint),
        ("post_logout_redirect_uri", GOODBYE),
        ("state", "s"),
    ])
    .await?;
    assert_eq!(
        good.header("location"),
        Some(format!("{GOODBYE}?state=s").as_str())
    );
    let stateless = leave(&[("client_id", "dn"), ("post_logout_redirect_uri", GOODBYE)]).await?;
    assert_eq!(stateless.header("location"), Some(GOODBYE));
    let bare = leave(&[]).await?;
    assert_eq!(
        (bare.status.as_u16(), bare.text("h1").as_deref()),
        (200, Some("Vous êtes déconnecté"))
    );

    let elsewhere = "http://localhost:9/elsewhere";
    // The same header and claims, another signature.
    let (unsigned, _) = hint.rsplit_once('.').unwrap();
    let forged = format!("{unsigned}.{}", "A".repeat(342));
    for bad in [
        [
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", elsewhere),
        ],
        [
            ("id_token_hint", forged.as_str()),
            ("post_logout_redirect_uri", GOODBYE),
        ],
        [("client_id", "unknown"), ("post_logout_redirect_uri", GOODBYE)],
        [("id_token_hint", hint.as_str()), ("client_id", "other")],
    ] {
        let answer = leave(&bad).await?;
        assert_eq!(
            (answer.status.as_u16(), answer.header("location")),
            (400, None),
            "{bad:?}"
        );
    }
    Ok(())
}
