//! `dn bench`: how fast this program is on this machine. It makes what it measures and removes it again.

mod figures;
mod folders;
mod ground;
mod import;
mod inquiries;
mod letters;
mod load;
mod machine;
mod people;
mod processor;
mod questions;
mod register;
mod service;
mod stages;
mod tenancy;
mod tenants;
mod visitor;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::ValueEnum as _;
use secrecy::ExposeSecret as _;

use super::demo::folder::Folder;
use super::demo::servers::Database;
use crate::config::Config;
use crate::lifecycle::stop_token;
use crate::output;
use figures::Report;
use ground::{Ground, Place};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// From the form to the letter, in one large département among many; complete inquiries a second; memory.
    Inquiries,
    /// Rendering letters, cold and warm; with encryption and storage.
    Letters,
    /// Creating and migrating départements.
    Tenants,
    /// A large register coming into force while notaries ask.
    Import,
    /// The same load on one département and spread over all.
    Tenancy,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// What to measure.
    kind: Kind,
    /// Smaller and shorter: done within a minute.
    #[arg(long)]
    quick: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// People in the large register.
    #[arg(long, value_name = "N")]
    individuals: Option<u64>,
    /// Départements.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=120))]
    tenants: Option<u8>,
    /// Notaries who ask at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    clients: u8,
    /// Seconds that each part of a measurement lasts.
    #[arg(long, value_name = "S")]
    seconds: Option<u16>,
    /// Measure on this database instead of a private one: address with the application's login.
    #[arg(
        long,
        value_name = "URL",
        requires = "migrate_url",
        conflicts_with = "configured"
    )]
    database_url: Option<String>,
    /// The same database with its owner's login.
    #[arg(long, value_name = "URL", requires = "database_url")]
    migrate_url: Option<String>,
    /// Measure on the database of the configuration. Storage, mail and logins are private ones all the same.
    #[arg(long)]
    configured: bool,
    /// Measure even where real départements are served. Theirs is not touched, but they feel it.
    #[arg(long)]
    beside_real_departments: bool,
    /// Where a private database and other files are kept meanwhile: on the disk that is to be measured.
    #[arg(long, default_value = ".local/bench", value_name = "DIR")]
    dir: PathBuf,
    /// Leave everything there, for a next measurement of the same size to begin sooner.
    #[arg(long)]
    keep: bool,
    #[arg(long, hide = true)]
    first_letter: bool,
}

/// How much of everything.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    /// Départements.
    tenants: usize,
    /// People in the register of the first.
    individuals: u64,
    /// People in the registers of the others.
    others: u64,
    /// Notaries who ask at once.
    clients: usize,
    /// How long each part lasts.
    phase: Duration,
}

impl Arguments {
    fn sizes(&self) -> Sizes {
        let (individuals, tenants, seconds) = match (self.kind, self.quick) {
            (Kind::Inquiries | Kind::Import, false) => (1_000_000, 101, 30),
            (Kind::Inquiries | Kind::Import, true) => (10_000, 11, 6),
            (Kind::Tenancy, false) => (5_000, 101, 60),
            (Kind::Tenancy, true) => (500, 21, 9),
            (Kind::Tenants, false) => (0, 101, 0),
            (Kind::Tenants, true) => (0, 31, 0),
            (Kind::Letters, false) => (0, 0, 10),
            (Kind::Letters, true) => (0, 0, 4),
        };
        let individuals = self.individuals.unwrap_or(individuals);
        Sizes {
            tenants: self.tenants.map_or(tenants, usize::from),
            individuals,
            others: match self.kind {
                Kind::Tenancy => individuals,
                Kind::Inquiries => individuals.min(1000),
                _ => 0,
            },
            clients: self.clients.into(),
            phase: Duration::from_secs(self.seconds.unwrap_or(seconds).into()),
        }
    }

    fn place(&self, load: impl Fn() -> Result<Config>) -> Result<Place> {
        let given = match (&self.database_url, &self.migrate_url) {
            (Some(url), Some(owner_url)) => Some(Database {
                url: url.clone(),
                owner_url: owner_url.clone(),
            }),
            _ if self.configured => Some(configured(&load()?)?),
            _ => None,
        };
        Ok(Place {
            dir: self.dir.clone(),
            given,
            beside_real: self.beside_real_departments,
            keep: self.keep,
        })
    }
}

fn configured(config: &Config) -> Result<Database> {
    let owner_url = config.database.migrate_url.as_ref();
    let owner_url = owner_url.context(
        "measuring needs the owner’s login\n  next: set database.migrate_url (DN__DATABASE__MIGRATE_URL)",
    )?;
    Ok(Database {
        url: config.database.url.expose_secret().to_owned(),
        owner_url: owner_url.expose_secret().to_owned(),
    })
}

pub(crate) async fn run(load: impl Fn() -> Result<Config>, arguments: Arguments) -> Result<ExitCode> {
    if arguments.first_letter {
        letters::first_letter().await?;
        return Ok(ExitCode::SUCCESS);
    }
    let stop = stop_token()?;
    let load_before = machine::load_average();
    let sizes = arguments.sizes();
    let (report, postgresql, database) = if arguments.kind == Kind::Letters {
        let folder = Folder::open(&arguments.dir, true)?;
        let report = tokio::select! {
            report = Box::pin(letters::measure(&folder, &sizes)) => report,
            () = stop.cancelled() => bail!("stopped"),
        };
        folder.remove()?;
        (report?, None, "none")
    } else {
        let place = arguments.place(load)?;
        let database = match place.given {
            Some(_) => "given",
            None => "private, durable",
        };
        let ground = Box::pin(Ground::new(place, sizes.clients)).await?;
        let measured = tokio::select! {
            report = Box::pin(measure(arguments.kind, &ground, &sizes)) => report,
            () = stop.cancelled() => Err(anyhow::anyhow!("stopped")),
        };
        let version = ground.server_version().await;
        Box::pin(ground.clear()).await?;
        (measured?, Some(version?), database)
    };
    let machine = machine::describe(postgresql.as_deref(), database, &load_before);
    if arguments.json {
        let kind = arguments.kind.to_possible_value();
        let kind = kind.as_ref().map_or("", |kind| kind.get_name());
        output::json(&report.as_json(kind, arguments.quick, &machine))?;
    } else {
        report.show(&machine);
    }
    Ok(ExitCode::SUCCESS)
}

async fn measure(kind: Kind, ground: &Ground, sizes: &Sizes) -> Result<Report> {
    match kind {
        Kind::Inquiries => Box::pin(inquiries::measure(ground, sizes)).await,
        Kind::Tenants => Box::pin(tenants::measure(ground, sizes)).await,
        Kind::Import => Box::pin(import::measure(ground, sizes)).await,
        Kind::Tenancy => Box::pin(tenancy::measure(ground, sizes)).await,
        Kind::Letters => bail!("letters need no database"),
    }
}
