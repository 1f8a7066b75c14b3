//! A database of its own for each test, with two départements in it.

use std::fmt::Display;

use chrono::{DateTime, Utc};
use db::{DatabaseSettings, Db, DepartmentIdentity, MigrateSettings, migrate, provision};
use domain::{
    Asker, Decedent, Decision, DecisionId, DepartmentId, DepartmentSlug, InquiryId, NotaryId, OfficeId,
    Outcome, SubmissionId,
};
use sandbox::Postgres;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const OWNER: &str = "dn_db_owner";
const APP: &str = "dn_db_app";

/// One test's database.
pub(crate) struct World {
    pub(crate) postgres: &'static Postgres,
    pub(crate) database: String,
    pub(crate) owner: MigrateSettings,
    pub(crate) db: Db,
}

impl World {
    /// A database with the départements `rhone` and `isere`.
    pub(crate) async fn new() -> Self {
        let postgres = server().await;
        let template = format!("dn_db_{}", fingerprint());
        postgres
            .template(&template, OWNER, async |_| {
                let owner = settings(postgres, &template);
                migrate::migrate(&owner, |_| ()).await?;
                for identity in [identity("rhone", "69"), identity("isere", "38")] {
                    provision::create(&owner, DepartmentId(Uuid::now_v7()), &identity).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
        let database = database_name();
        postgres.copy_database(&database, &template).await.unwrap();
        let db = Db::connect(&app_settings(postgres, &database)).await.unwrap();
        Self {
            owner: settings(postgres, &database),
            postgres,
            database,
            db,
        }
    }

    /// Runs SQL as superuser, which is nobody of the house.
    pub(crate) async fn superuser(&self, sql: &str) -> String {
        self.postgres
            .run(&self.database, sql)
            .await
            .unwrap()
            .trim()
            .to_owned()
    }

    /// A connection with the application's login, outside the pool.
    pub(crate) async fn app_connection(&self) -> PgConnection {
        PgConnection::connect(&self.postgres.url_as(APP, &self.database))
            .await
            .unwrap()
    }

    /// The application's settings for this database.
    pub(crate) fn app_settings(&self) -> DatabaseSettings {
        app_settings(self.postgres, &self.database)
    }
}

impl Drop for World {
    /// A thread of its own, because this one may be inside a runtime.
    fn drop(&mut self) {
        let (postgres, database) = (self.postgres, self.database.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new()?;
            runtime.block_on(postgres.drop_database(&database))
        });
        // A database left behind goes with the server.
        let _ = dropping.join();
    }
}

/// An empty database and how to migrate it.
pub(crate) async fn empty_database() -> (&'static Postgres, String, MigrateSettings) {
    let postgres = server().await;
    let database = database_name();
    postgres.create_database(&database, OWNER).await.unwrap();
    (postgres, database.clone(), settings(postgres, &database))
}

async fn server() -> &'static Postgres {
    let postgres = Postgres::shared_for_tests().await.unwrap();
    postgres.create_role(OWNER, "createrole").await.unwrap();
    postgres.create_role(APP, "noinherit").await.unwrap();
    postgres
}

/// How to reach this database as owner.
pub(crate) fn settings(postgres: &Postgres, database: &str) -> MigrateSettings {
    MigrateSettings::new(postgres.url_as(OWNER, database), postgres.url_as(APP, database))
}

fn app_settings(postgres: &Postgres, database: &str) -> DatabaseSettings {
    DatabaseSettings {
        max_connections: 6,
        ..DatabaseSettings::new(postgres.url_as(APP, database))
    }
}

fn database_name() -> String {
    format!("dn_db_test_{}", Uuid::new_v4().simple())
}

/// Changes when a migration does.
fn fingerprint() -> String {
    let mut hash = Sha256::new();
    let root = format!("{}/../../migrations", env!("CARGO_MANIFEST_DIR"));
    for folder in ["platform", "tenant"] {
        let mut files: Vec<_> = std::fs::read_dir(format!("{root}/{folder}"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
            .iter()
            .for_each(|file| hash.update(std::fs::read(file).unwrap()));
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..8])
}

pub(crate) fn slug(text: &str) -> DepartmentSlug {
    text.parse().unwrap()
}

pub(crate) fn identity(slug: &str, insee: &str) -> DepartmentIdentity {
    DepartmentIdentity {
        slug: slug.parse().unwrap(),
        insee_code: insee.parse().unwrap(),
        name: slug.to_owned(),
        official_name: format!("Département {slug}"),
        sirets: vec!["13002526500013".parse().unwrap()],
    }
}

/// An instant that PostgreSQL keeps to the last digit.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn decedent() -> Decedent {
    Decedent {
        birth_name: Some(domain::FamilyName::parse("DE LA TOUR").unwrap()),
        usage_name: Some(domain::FamilyName::parse("O'Neill").unwrap()),
        given_names: domain::GivenNames::parse("Marie-Ève Jeanne").unwrap(),
        sex: Some(domain::Sex::Female),
        birth_date: domain::PartialDate::parse("00/11/1931").unwrap(),
        birth_place: Some(domain::Place::parse("Alger (Algérie)").unwrap()),
        death_date: "2026-03-02".parse().unwrap(),
        death_place: Some(domain::Place::parse("Lyon 3e").unwrap()),
        death_certificate_date: Some("2026-03-04".parse().unwrap()),
    }
}

pub(crate) fn asker() -> Asker {
    Asker {
        notary: NotaryId(Uuid::now_v7()),
        office: OfficeId(Uuid::now_v7()),
        name: "Claire Lemoine".to_owned(),
        email: "claire@office.example".to_owned(),
        office_name: "Étude Lemoine".to_owned(),
        crpcen: "69001".parse().unwrap(),
        office_address: vec!["1 rue de la Paix".to_owned(), "69001 Lyon".to_owned()],
    }
}

pub(crate) fn new_inquiry() -> db::NewInquiry {
    db::NewInquiry {
        id: InquiryId(Uuid::now_v7()),
        submission: SubmissionId(Uuid::now_v7()),
        series: "69-2026".to_owned(),
        asker: asker(),
        decedent: decedent(),
        file_reference: Some(domain::FileReference::parse("2026/0042 – LT").unwrap()),
        asked_at: at("2026-11-23T10:20:30.123456Z"),
    }
}

pub(crate) fn decision(outcome: Outcome, at: DateTime<Utc>) -> Decision {
    Decision {
        id: DecisionId(Uuid::now_v7()),
        outcome,
        reasons: vec!["aucun bénéficiaire de ce nom".to_owned()],
        candidates: vec![],
        finding: None,
        engine_version: "1".to_owned(),
        register: None,
        decided_at: at,
    }
}

/// Runs one statement; what PostgreSQL answered.
pub(crate) async fn execute(connection: &mut PgConnection, sql: impl Display) -> Result<u64, sqlx::Error> {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_string()))
        .execute(connection)
        .await?;
    Ok(done.rows_affected())
}

/// SQLSTATE of a refusal.
pub(crate) fn code(result: Result<u64, sqlx::Error>) -> String {
    match result {
        Err(sqlx::Error::Database(error)) => error.code().unwrap_or_default().into_owned(),
        other => format!("{other:?}"),
    }
}
