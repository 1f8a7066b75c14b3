//! What the demo stands on: real servers of our own, on this machine only.

use anyhow::{Context, Result};
use app::tenants::TenantFolder;
use sandbox::{
    Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings, MailCatcher, Postgres,
    PostgresOptions, S3Endpoint, steady_listener,
};
use tokio::net::TcpListener;

use super::folder::Folder;
use super::people;
use crate::output::timed;

/// Login that owns the database.
pub(super) const OWNER: &str = "dn_owner";
/// Login of the application.
pub(super) const APPLICATION: &str = "dn_app";
/// The database.
pub(super) const DATABASE: &str = "dn";
/// Our name at both identity providers.
pub(super) const CLIENT: &str = "dn";

/// The servers, running.
pub(super) struct Servers {
    pub(super) postgres: Postgres,
    pub(super) s3: S3Endpoint,
    pub(super) notaries: IdentityProvider,
    pub(super) agents: IdentityProvider,
    pub(super) mail: MailCatcher,
    /// Address of the service.
    pub(super) public_url: String,
}

impl Servers {
    /// Starts them, and listens for the service itself.
    pub(super) async fn start(
        folder: &Folder,
        port: Option<u16>,
        tenants: &[TenantFolder],
    ) -> Result<(Self, TcpListener)> {
        let listener = match port {
            Some(port) => TcpListener::bind(("127.0.0.1", port))
                .await
                .with_context(|| format!("port {port} is taken\n  next: choose another with --port"))?,
            None => steady_listener(&folder.sub("web")?, "web").await?,
        };
        let public_url = format!("http://localhost:{}", listener.local_addr()?.port());
        let postgres = timed("PostgreSQL", postgres(folder)).await?;
        let s3 = timed("object storage", S3Endpoint::start(&folder.sub("s3")?)).await?;
        let mail = timed("mail catcher", MailCatcher::start(Some(&folder.sub("mail")?))).await?;
        let (_, secret) = folder.secret("provider-notaires")?;
        let known = client("notaires", ClientAuthentication::SecretBasic(secret), &public_url);
        let settings = IdentityProviderSettings::for_notaries(people::notaries(), vec![known]);
        let dir = folder.sub("identity-notaires")?;
        let notaries = timed(
            "identity provider of notaries",
            IdentityProvider::start(&dir, settings),
        )
        .await?;
        let (_, secret) = folder.secret("provider-agents")?;
        let known = Client {
            signed_userinfo: true,
            ..client("agents", ClientAuthentication::SecretPost(secret), &public_url)
        };
        let settings = IdentityProviderSettings::for_agents(people::agents(tenants), vec![known]);
        let dir = folder.sub("identity-agents")?;
        let agents = timed(
            "identity provider of agents",
            IdentityProvider::start(&dir, settings),
        )
        .await?;
        let servers = Self {
            postgres,
            s3,
            notaries,
            agents,
            mail,
            public_url,
        };
        Ok((servers, listener))
    }

    /// Stops them, the database last.
    pub(super) async fn stop(self) -> Result<()> {
        self.notaries.stop().await;
        self.agents.stop().await;
        self.mail.stop().await;
        self.s3.stop().await;
        self.postgres.stop().await
    }
}

async fn postgres(folder: &Folder) -> Result<Postgres> {
    let postgres = Postgres::start(&folder.path("postgres"), PostgresOptions { durable: true }).await?;
    postgres.create_role(OWNER, "createrole").await?;
    postgres.create_role(APPLICATION, "noinherit").await?;
    postgres.create_database(DATABASE, OWNER).await?;
    Ok(postgres)
}

fn client(provider: &str, authentication: ClientAuthentication, public_url: &str) -> Client {
    Client {
        id: CLIENT.to_owned(),
        authentication,
        redirect_uris: vec![format!("{public_url}/connexion/{provider}/retour")],
        post_logout_redirect_uris: vec![format!("{public_url}/deconnexion/retour")],
        signed_userinfo: false,
    }
}
