//! The code flow: begin, and finish.

use std::sync::Arc;

use app::LoginClaims;
use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier,
    CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthUrl, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse, TokenUrl,
};
use secrecy::ExposeSecret;
use url::Url;

use super::assertion::ASSERTION_TYPE;
use super::claims::Claims;
use super::directory::Known;
use super::failure::LoginFailure;
use super::http;
use super::keys::ID_TOKEN_ALGORITHMS;
use super::pending::{CallbackQuery, PendingLogin};
use super::provider::Provider;
use super::settings::{AcrRequest, AssertionAudience, ClientAuthentication};

/// Random bytes of `state` and `nonce`: 43 characters, of which ProConnect asks 32.
const RANDOM_BYTES: u32 = 32;

/// A person whom a provider vouches for.
pub struct LoggedIn {
    /// What the provider says of the person.
    pub claims: LoginClaims,
    /// The ID token, for logout: it stays on our side.
    pub id_token: String,
}

type Client =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet, EndpointNotSet>;

impl Provider {
    /// Begins a login: where to send the browser, and what to keep in its session.
    ///
    /// # Errors
    /// When the provider cannot be reached.
    pub async fn begin(
        &self,
        return_to: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<(Url, PendingLogin), LoginFailure> {
        let settings = self.settings();
        let known = self.inner.directory.get().await?;
        let client = self.client(&known)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new_random_len(RANDOM_BYTES),
                || Nonce::new_random_len(RANDOM_BYTES),
            )
            .set_pkce_challenge(challenge)
            // openidconnect adds `openid` itself.
            .add_scopes(
                settings
                    .scopes
                    .iter()
                    .filter(|s| *s != "openid")
                    .cloned()
                    .map(Scope::new),
            );
        for (name, value) in &settings.extra_parameters {
            request = request.add_extra_param(name, value);
        }
        let acr = &settings.acr;
        request = match acr.request {
            AcrRequest::None => request,
            AcrRequest::AcrValues => request.add_extra_param("acr_values", acr.required.join(" ")),
            AcrRequest::Claims => request.add_extra_param("claims", acr_claims(&acr.required)),
        };
        let (url, state, nonce) = request.url();
        let pending = PendingLogin {
            state: state.secret().clone(),
            provider: self.id().to_owned(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            return_to,
            started_at: now,
        };
        Ok((url, pending))
    }

    /// Finishes a login. `pending` was taken out of the session by the answer's `state`.
    ///
    /// # Errors
    /// Whatever is not as it must be.
    pub async fn finish(
        &self,
        pending: PendingLogin,
        answer: CallbackQuery,
        now: DateTime<Utc>,
    ) -> Result<LoggedIn, LoginFailure> {
        let known = self.inner.directory.get().await?;
        self.check_issuer(&known, answer.iss.as_deref())?;
        match answer.error.as_deref() {
            Some("access_denied") => return Err(LoginFailure::Cancelled),
            Some("server_error" | "temporarily_unavailable") => {
                return Err(LoginFailure::ProviderDown("provider_error"));
            }
            Some(_) => return Err(LoginFailure::Refused("authorization_refused")),
            None => {}
        }
        let code = answer
            .code
            .filter(|code| !code.is_empty())
            .ok_or(LoginFailure::Refused("code_missing"))?;
        let tokens = self.exchange(&known, code, pending.verifier, now).await?;
        let id_token = tokens
            .id_token()
            .ok_or(LoginFailure::Refused("id_token_missing"))?;
        let (known, verified) = self
            .verify(known, id_token, &tokens, &Nonce::new(pending.nonce))
            .await?;
        let subject = verified.subject().as_str().to_owned();
        let id_token = id_token.to_string();
        let mut claims = payload(&id_token).ok_or(LoginFailure::Refused("id_token_form"))?;
        self.check_acr(&claims)?;
        claims.extend(
            self.userinfo(&known, tokens.access_token().secret(), &subject)
                .await?,
        );
        let settings = self.settings();
        Ok(LoggedIn {
            claims: settings.claims.read(&settings.id, &subject, &claims),
            id_token,
        })
    }

    /// RFC 9207: the answer says whose it is. Wrong is refused, missing only where it was promised.
    fn check_issuer(&self, known: &Known, iss: Option<&str>) -> Result<(), LoginFailure> {
        match iss {
            Some(iss) if iss == self.settings().issuer => Ok(()),
            None if !known.iss_promised => Ok(()),
            _ => Err(LoginFailure::Refused("answer_issuer")),
        }
    }

    async fn exchange(
        &self,
        known: &Known,
        code: String,
        verifier: String,
        now: DateTime<Utc>,
    ) -> Result<CoreTokenResponse, LoginFailure> {
        let client = self.client(known)?;
        let mut request = client
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier));
        if let Some(signer) = &self.inner.signer {
            let audience = match self.settings().assertion_audience {
                AssertionAudience::TokenEndpoint => known.endpoints.token.as_str(),
                AssertionAudience::Issuer => &self.settings().issuer,
            };
            let assertion = signer
                .sign(audience, now)
                .map_err(|_| LoginFailure::Refused("client_assertion"))?;
            request = request
                .add_extra_param("client_assertion_type", ASSERTION_TYPE)
                .add_extra_param("client_assertion", assertion);
        }
        let call = |request: HttpRequest| http::call(self.inner.client.clone(), request);
        request.request_async(&call).await.map_err(|error| match error {
            RequestTokenError::Request(_) => LoginFailure::ProviderDown("token_endpoint_down"),
            RequestTokenError::ServerResponse(_) => LoginFailure::Refused("token_endpoint_refused"),
            _ => LoginFailure::Refused("token_response_form"),
        })
    }

    /// Verifies the ID token; when it is signed by a key we do not know, asks for the keys once more.
    async fn verify<'t>(
        &self,
        mut known: Arc<Known>,
        id_token: &'t CoreIdToken,
        tokens: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<(Arc<Known>, &'t CoreIdTokenClaims), LoginFailure> {
        let mut verifier = self.verifier(&known)?;
        let mut claims = id_token.claims(&verifier, nonce);
        if claims.as_ref().err().is_some_and(may_be_new_key) {
            known = self.inner.directory.renew(&known).await?;
            verifier = self.verifier(&known)?;
            claims = id_token.claims(&verifier, nonce);
        }
        let claims = claims.map_err(|error| refused(&error))?;
        let other = claims
            .authorized_party()
            .is_some_and(|party| party.as_str() != self.settings().client_id);
        if other {
            return Err(LoginFailure::Refused("id_token_authorized_party"));
        }
        if let Some(expected) = claims.access_token_hash() {
            let hash = id_token
                .signing_alg()
                .and_then(|algorithm| Ok((algorithm, id_token.signing_key(&verifier)?)))
                .ok()
                .and_then(|(algorithm, key)| {
                    AccessTokenHash::from_token(tokens.access_token(), algorithm, key).ok()
                });
            if hash.as_ref() != Some(expected) {
                return Err(LoginFailure::Refused("access_token_hash"));
            }
        }
        Ok((known, claims))
    }

    fn verifier(&self, known: &Known) -> Result<CoreIdTokenVerifier<'static>, LoginFailure> {
        // Without the client secret, deliberately: nothing signed with it can be taken.
        Ok(CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.settings().client_id.clone()),
            self.issuer()?,
            known.keys.typed.clone(),
        )
        .set_allowed_algs(ID_TOKEN_ALGORITHMS))
    }

    fn check_acr(&self, id_token: &Claims) -> Result<(), LoginFailure> {
        let required = &self.settings().acr.required;
        let acr = self.settings().claims.acr(id_token);
        let enough = required.is_empty() || acr.is_some_and(|acr| required.contains(&acr));
        if enough {
            Ok(())
        } else {
            Err(LoginFailure::AcrTooLow)
        }
    }

    fn issuer(&self) -> Result<IssuerUrl, LoginFailure> {
        IssuerUrl::new(self.settings().issuer.clone())
            .map_err(|_| LoginFailure::ProviderDown("provider_issuer"))
    }

    fn client(&self, known: &Known) -> Result<Client, LoginFailure> {
        let settings = self.settings();
        let client = CoreClient::new(
            ClientId::new(settings.client_id.clone()),
            self.issuer()?,
            known.keys.typed.clone(),
        )
        .set_auth_uri(AuthUrl::from_url(known.endpoints.authorization.clone()))
        .set_token_uri(TokenUrl::from_url(known.endpoints.token.clone()))
        .set_redirect_uri(RedirectUrl::from_url(self.inner.redirect_uri.clone()));
        let secret = || {
            settings
                .client_secret
                .as_ref()
                .map(|s| ClientSecret::new(s.expose_secret().to_owned()))
        };
        Ok(match (settings.client_authentication, secret()) {
            (ClientAuthentication::ClientSecretBasic, Some(secret)) => client
                .set_client_secret(secret)
                .set_auth_type(AuthType::BasicAuth),
            (ClientAuthentication::ClientSecretPost, Some(secret)) => client
                .set_client_secret(secret)
                .set_auth_type(AuthType::RequestBody),
            _ => client.set_auth_type(AuthType::RequestBody),
        })
    }
}

/// `claims` parameter that asks for one of these classes (OpenID Connect Core, 5.5.1.1).
fn acr_claims(values: &[String]) -> String {
    serde_json::json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
}

/// The claims of a token that was verified, as the provider wrote them.
fn payload(id_token: &str) -> Option<Claims> {
    let payload = id_token.split('.').nth(1)?;
    let payload = data_encoding::BASE64URL_NOPAD
        .decode(payload.trim_end_matches('=').as_bytes())
        .ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Whether the provider may have changed its keys. A changed key may keep its name, so a bad signature counts as well.
fn may_be_new_key(error: &ClaimsVerificationError) -> bool {
    matches!(
        error,
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey | SignatureVerificationError::CryptoError(_)
        )
    )
}

fn refused(error: &ClaimsVerificationError) -> LoginFailure {
    LoginFailure::Refused(match error {
        ClaimsVerificationError::Expired(_) => "id_token_expired",
        ClaimsVerificationError::InvalidAudience(_) => "id_token_audience",
        ClaimsVerificationError::InvalidIssuer(_) => "id_token_issuer",
        ClaimsVerificationError::InvalidNonce(_) => "id_token_nonce",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            "id_token_key"
        }
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_)
            | SignatureVerificationError::NoSignature,
        ) => "id_token_algorithm",
        ClaimsVerificationError::SignatureVerification(_) => "id_token_signature",
        _ => "id_token_invalid",
    })
}
