//! What the demo stands on: real servers of our own, on this machine only.

use anyhow::{Context, Result};
use sandbox::{
    Client, ClientAuthentication, IdentityProvider, IdentityProviderSettings, MailCatcher, Person, Postgres,
    PostgresOptions, S3Endpoint, steady_listener,
};
use tokio::net::TcpListener;

use super::folder::Folder;
use crate::output::timed;

/// Login that owns the database.
const OWNER: &str = "dn_owner";
/// Login of the application.
const APPLICATION: &str = "dn_app";
/// The database.
const DATABASE: &str = "dn";
/// Our name at both identity providers.
pub(in crate::commands) const CLIENT: &str = "dn";

/// The database, as both logins reach it.
#[derive(Debug, Clone)]
pub(in crate::commands) struct Database {
    /// With the application's login.
    pub(in crate::commands) url: String,
    /// With the owner's.
    pub(in crate::commands) owner_url: String,
}

/// Who can log in.
pub(in crate::commands) struct Who {
    /// At the provider of notaries.
    pub(in crate::commands) notaries: Vec<Person>,
    /// At the provider of agents.
    pub(in crate::commands) agents: Vec<Person>,
}

/// The servers, running.
pub(in crate::commands) struct Servers {
    /// `None`: the database is somebody else's.
    pub(in crate::commands) postgres: Option<Postgres>,
    pub(in crate::commands) database: Database,
    pub(in crate::commands) s3: S3Endpoint,
    pub(in crate::commands) notaries: IdentityProvider,
    pub(in crate::commands) agents: IdentityProvider,
    pub(in crate::commands) mail: MailCatcher,
    /// Address of the service.
    pub(in crate::commands) public_url: String,
}

impl Servers {
    /// Starts them, PostgreSQL only where no database is given, and listens for the service itself.
    pub(in crate::commands) async fn start(
        folder: &Folder,
        port: Option<u16>,
        given: Option<Database>,
        who: Who,
    ) -> Result<(Self, TcpListener)> {
        let listener = match port {
            Some(port) => TcpListener::bind(("127.0.0.1", port))
                .await
                .with_context(|| format!("port {port} is taken\n  next: choose another with --port"))?,
            None => steady_listener(&folder.sub("web")?, "web").await?,
        };
        let public_url = format!("http://localhost:{}", listener.local_addr()?.port());
        let (postgres, database) = match given {
            Some(database) => (None, database),
            None => {
                let (postgres, database) = timed("PostgreSQL", postgres(folder)).await?;
                (Some(postgres), database)
            }
        };
        let s3 = timed("object storage", S3Endpoint::start(&folder.sub("s3")?)).await?;
        let mail = timed("mail catcher", MailCatcher::start(Some(&folder.sub("mail")?))).await?;
        let (_, secret) = folder.secret("provider-notaires")?;
        let known = client("notaires", ClientAuthentication::SecretBasic(secret), &public_url);
        let settings = IdentityProviderSettings::for_notaries(who.notaries, vec![known]);
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
        let settings = IdentityProviderSettings::for_agents(who.agents, vec![known]);
        let dir = folder.sub("identity-agents")?;
        let agents = timed(
            "identity provider of agents",
            IdentityProvider::start(&dir, settings),
        )
        .await?;
        let servers = Self {
            postgres,
            database,
            s3,
            notaries,
            agents,
            mail,
            public_url,
        };
        Ok((servers, listener))
    }

    /// Stops them, the database last.
    pub(in crate::commands) async fn stop(self) -> Result<()> {
        self.notaries.stop().await;
        self.agents.stop().await;
        self.mail.stop().await;
        self.s3.stop().await;
        match self.postgres {
            Some(postgres) => postgres.stop().await,
            None => Ok(()),
        }
    }
}

async fn postgres(folder: &Folder) -> Result<(Postgres, Database)> {
    let postgres = Postgres::start(&folder.path("postgres"), PostgresOptions { durable: true }).await?;
    postgres.create_role(OWNER, "createrole").await?;
    postgres.create_role(APPLICATION, "noinherit").await?;
    postgres.create_database(DATABASE, OWNER).await?;
    let database = Database {
        url: postgres.url_as(APPLICATION, DATABASE),
        owner_url: postgres.url_as(OWNER, DATABASE),
    };
    Ok((postgres, database))
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
