//! SMTP.

use std::time::Duration;

use domain::MailId;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use views::RenderedMail;

const TIMEOUT: Duration = Duration::from_secs(20);

/// How mails leave (`[mail]` of the configuration).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// Host of the relay.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: TlsMode,
    /// Account at the relay, when it asks for one.
    #[serde(default)]
    pub user: Option<String>,
    /// Its password.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// `"Départements & Notaires" <ne-pas-repondre@exemple.fr>`.
    pub from: String,
    /// Right-hand side of our Message-IDs.
    pub message_id_domain: String,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TlsMode {
    /// Not at all: only to a relay on the same machine.
    None,
    /// Plain at first, then STARTTLS, required.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// The settings of the mailer cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// `mail.from` is no address.
    #[error("mail.from is not a sender: write \"Name\" <address@host>")]
    From(#[source] lettre::address::AddressError),
    /// `mail.message_id_domain` is no host name.
    #[error("mail.message_id_domain must be a host name, for example dn.exemple.fr")]
    Domain,
    /// An account without password, or a password without account.
    #[error("mail.user and mail.password go together")]
    Credentials,
    /// TLS cannot be set up.
    #[error("TLS towards the mail relay cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// A mail did not leave. Says nothing of its recipient or contents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The relay refuses this mail for good, or its recipient is no address.
    #[error("{0}")]
    Permanent(String),
    /// The relay puts this mail off: later it may pass.
    #[error("{0}")]
    Temporary(String),
    /// The relay takes no mail for the time being, whoever it is for.
    #[error("{0}")]
    Away(String),
}

/// Sends mails through one relay. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

impl Mailer {
    /// A mailer from its settings. Nothing is connected yet.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub fn new(settings: &MailSettings) -> Result<Self, MailSettingsError> {
        let from = settings.from.parse().map_err(MailSettingsError::From)?;
        let domain = settings.message_id_domain.clone();
        if domain.is_empty()
            || !domain
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-".contains(c))
        {
            return Err(MailSettingsError::Domain);
        }
        let parameters = || TlsParameters::new(settings.host.clone()).map_err(MailSettingsError::Tls);
        let tls = match settings.tls {
            TlsMode::None => Tls::None,
            TlsMode::StartTls => Tls::Required(parameters()?),
            TlsMode::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.host)
            .port(settings.port)
            .timeout(Some(TIMEOUT))
            .tls(tls);
        builder = match (&settings.user, &settings.password) {
            (Some(user), Some(password)) => builder.credentials(Credentials::new(
                user.clone(),
                password.expose_secret().to_owned(),
            )),
            (None, None) => builder,
            _ => return Err(MailSettingsError::Credentials),
        };
        Ok(Self {
            transport: builder.build(),
            from,
            domain,
        })
    }

    /// The Message-ID a mail always has, however often it is tried: a relay or reader can tell a repetition.
    pub fn message_id(&self, mail: MailId) -> String {
        format!("<{mail}@{}>", self.domain)
    }

    /// Hands a mail to the relay.
    ///
    /// # Errors
    /// A [`SendError`], which says whether trying again makes sense.
    pub async fn send(&self, mail: MailId, to: &str, contents: &RenderedMail) -> Result<(), SendError> {
        let message = self.message(mail, to, contents)?;
        self.transport
            .send(message)
            .await
            .map(drop)
            .map_err(|error| classify(&error))
    }

    /// Connects to the relay, greets it, logs in if an account is set, and asks for a NOOP.
    ///
    /// # Errors
    /// When one of it fails.
    pub async fn probe(&self) -> Result<(), SendError> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(SendError::Away("the relay does not answer NOOP".to_owned())),
            Err(error) => Err(classify(&error)),
        }
    }

    fn message(&self, mail: MailId, to: &str, contents: &RenderedMail) -> Result<Message, SendError> {
        let to: Mailbox = to
            .parse()
            .map_err(|_| SendError::Permanent("the recipient is not a mail address".to_owned()))?;
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(contents.subject.clone())
            .message_id(Some(self.message_id(mail)))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(
                contents.text.clone(),
                contents.html.clone(),
            ))
            .map_err(|_| SendError::Permanent("the mail cannot be built".to_owned()))
    }
}

/// What an error of the relay means for the mail. The relay's own words may repeat the recipient: only the code is kept.
fn classify(error: &lettre::transport::smtp::Error) -> SendError {
    let code = error.status().map(|code| code.to_string());
    // 421, 454: the relay, or its TLS, is out of service. The others are of RFC 4954: refused credentials say something of
    // our configuration. None of them says anything of the mail.
    let relay = matches!(
        code.as_deref(),
        Some("421" | "454" | "530" | "534" | "535" | "538")
    );
    match code {
        Some(code) if relay => SendError::Away(format!("the relay takes no mail (SMTP {code})")),
        Some(code) if error.is_permanent() => {
            SendError::Permanent(format!("the relay refuses the mail (SMTP {code})"))
        }
        Some(code) => SendError::Temporary(format!("the relay does not take the mail now (SMTP {code})")),
        None if error.is_timeout() => SendError::Away("the relay does not answer in time".to_owned()),
        None if error.is_tls() => SendError::Away("TLS with the relay fails".to_owned()),
        None => SendError::Away("the relay cannot be reached".to_owned()),
    }
}

/// `Auto-Submitted: auto-generated` (RFC 3834): no vacation notice comes back.
#[derive(Clone, Copy)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> MailSettings {
        MailSettings {
            host: "127.0.0.1".into(),
            port: 25,
            tls: TlsMode::None,
            user: None,
            password: None,
            from: "\"Départements & Notaires\" <ne-pas-repondre@exemple.fr>".into(),
            message_id_domain: "dn.exemple.fr".into(),
        }
    }

    #[tokio::test]
    async fn a_mail_is_built_the_same_each_time() {
        let mailer = Mailer::new(&settings()).unwrap();
        let id = MailId(uuid::Uuid::from_u128(7));
        let contents = RenderedMail {
            subject: "Réponse à votre demande 69-2026-000042".into(),
            text: "Maître,".into(),
            html: "<p>Maître,</p>".into(),
        };
        let message = mailer.message(id, "claire@etude.exemple", &contents).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("Message-ID: <00000000-0000-0000-0000-000000000007@dn.exemple.fr>"));
        assert!(text.contains("Auto-Submitted: auto-generated"));
        assert!(text.contains("multipart/alternative"));
        assert!(matches!(
            mailer.message(id, "no address", &contents),
            Err(SendError::Permanent(_))
        ));
    }

    #[tokio::test]
    async fn settings_that_cannot_work_are_refused() {
        let refused = |change: fn(&mut MailSettings)| {
            let mut settings = settings();
            change(&mut settings);
            Mailer::new(&settings).err().map(|error| error.to_string())
        };
        assert!(
            refused(|s| s.from = "nobody".into())
                .unwrap()
                .contains("mail.from")
        );
        assert!(
            refused(|s| s.user = Some("dn".into()))
                .unwrap()
                .contains("mail.user")
        );
        assert!(
            refused(|s| s.message_id_domain = "a b".into())
                .unwrap()
                .contains("message_id_domain")
        );
    }
}
