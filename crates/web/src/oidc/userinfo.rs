//! More claims, from the userinfo endpoint.

use http::StatusCode;
use http::header::{ACCEPT, CONTENT_TYPE};
use openidconnect::HttpResponse;

use super::claims::Claims;
use super::directory::Known;
use super::failure::LoginFailure;
use super::keys::SignedError;
use super::provider::Provider;
use super::settings::UserInfo;

const DOWN: LoginFailure = LoginFailure::ProviderDown("userinfo_down");
const FORM: LoginFailure = LoginFailure::Refused("userinfo_form");

impl Provider {
    /// What the userinfo endpoint says of `subject`; nothing where it is not used.
    pub(super) async fn userinfo(
        &self,
        known: &std::sync::Arc<Known>,
        access_token: &str,
        subject: &str,
    ) -> Result<Claims, LoginFailure> {
        let mode = self.settings().userinfo;
        let accept = match mode {
            UserInfo::None => return Ok(Claims::new()),
            UserInfo::Json => "application/json",
            UserInfo::Jwt => "application/jwt",
        };
        let endpoint = known
            .endpoints
            .userinfo
            .as_ref()
            .ok_or(LoginFailure::ProviderDown("userinfo_missing"))?;
        let request = http::Request::get(endpoint.as_str())
            .header(ACCEPT, accept)
            .header(http::header::AUTHORIZATION, format!("Bearer {access_token}"))
            .body(Vec::new())
            .map_err(|_| DOWN)?;
        let response = super::http::call(self.inner.client.clone(), request)
            .await
            .map_err(|_| DOWN)?;
        if response.status() != StatusCode::OK {
            return Err(LoginFailure::Refused("userinfo_refused"));
        }
        let claims = match mode {
            UserInfo::Jwt => self.signed(known, &response).await?,
            _ if is(&response, "application/json") => {
                serde_json::from_slice(response.body()).map_err(|_| FORM)?
            }
            _ => return Err(FORM),
        };
        // OpenID Connect Core, 5.3.4: otherwise one person could be given another's claims.
        if claims.get("sub").and_then(|sub| sub.as_str()) != Some(subject) {
            return Err(LoginFailure::Refused("userinfo_subject"));
        }
        Ok(claims)
    }

    async fn signed(
        &self,
        known: &std::sync::Arc<Known>,
        response: &HttpResponse,
    ) -> Result<Claims, LoginFailure> {
        if !is(response, "application/jwt") {
            return Err(LoginFailure::Refused("userinfo_unsigned"));
        }
        let document = std::str::from_utf8(response.body()).map_err(|_| FORM)?.trim();
        let settings = self.settings();
        let opened = match known.keys.open(document, &settings.issuer, &settings.client_id) {
            Err(SignedError::UnknownKey) => {
                let known = self.inner.directory.renew(known).await?;
                known.keys.open(document, &settings.issuer, &settings.client_id)
            }
            opened => opened,
        };
        opened.map_err(|_| LoginFailure::Refused("userinfo_signature"))
    }
}

fn is(response: &HttpResponse, essence: &str) -> bool {
    let stated = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    stated
        .split(';')
        .next()
        .is_some_and(|stated| stated.trim().eq_ignore_ascii_case(essence))
}
