//! Measuring: the figures are consistent, and the database is left as it was found.

use anyhow::{Context, Result, ensure};
use sandbox::Postgres;
use serde_json::Value;
use testing::{APP_ROLE, OWNER_ROLE};
use uuid::Uuid;

use crate::program::{Program, Ran};

/// A database that is somebody's.
struct Given {
    program: Program,
    postgres: &'static Postgres,
    database: String,
}

impl Given {
    async fn new() -> Result<Self> {
        let postgres = Postgres::shared_for_tests().await?;
        postgres.create_role(OWNER_ROLE, "createrole").await?;
        postgres.create_role(APP_ROLE, "noinherit").await?;
        let database = format!("dn_bench_{}", Uuid::new_v4().simple());
        postgres.create_database(&database, OWNER_ROLE).await?;
        Ok(Self {
            program: Program::with(""),
            postgres,
            database,
        })
    }

    async fn bench(&self, arguments: &[&str]) -> Result<Ran> {
        let (url, owner) = (
            self.postgres.url_as(APP_ROLE, &self.database),
            self.postgres.url_as(OWNER_ROLE, &self.database),
        );
        let mut command = self.program.command(&["bench"]);
        command.args(arguments);
        command.args(["--database-url", &url, "--migrate-url", &owner]);
        Ok(tokio::task::spawn_blocking(move || command.output())
            .await??
            .into())
    }

    async fn sql(&self, statement: &str) -> Result<String> {
        let printed = self.postgres.run(&self.database, statement).await?;
        Ok(printed.trim().to_owned())
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        let (postgres, database) = (self.postgres, self.database.clone());
        // The runtime of the test may be ending: a thread of its own cleans up.
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(postgres.drop_database(&database))
        });
        drop(cleaned.join());
    }
}

/// What is in the database.
const SCHEMAS: &str =
    "select string_agg(nspname, ' ' order by nspname) from pg_namespace where nspname !~ '^pg_'";

/// The series of a report, each with percentiles in order.
fn checked_series(report: &Value) -> Result<usize> {
    let series = report["series"].as_array().context("series")?;
    let stages = report["stages"].as_array().context("stages")?;
    for one in series.iter().chain(stages) {
        let figure = |name: &str| one[name].as_f64().with_context(|| format!("{name} of {one}"));
        let (p50, p95, p99) = (figure("p50_ms")?, figure("p95_ms")?, figure("p99_ms")?);
        ensure!(p50 <= p95 && p95 <= p99 && p99 <= figure("max_ms")?, "{one}");
        ensure!(one["count"].as_u64() > Some(0), "{one}");
    }
    Ok(series.len())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn inquiries_are_measured_and_a_bare_database_is_bare_again() -> Result<()> {
    let given = Given::new().await?;
    let before = given.sql(SCHEMAS).await?;
    let sizes = [
        "--individuals",
        "200",
        "--tenants",
        "2",
        "--clients",
        "2",
        "--seconds",
        "1",
    ];
    let arguments = [&["inquiries", "--quick", "--json"][..], &sizes].concat();
    let ran = given.bench(&arguments).await?;
    ensure!(ran.code == 0, "{} {}", ran.out, ran.err);
    let report: Value = serde_json::from_str(&ran.out)?;
    assert_eq!(
        (&report["bench"], &report["quick"]),
        (&"inquiries".into(), &true.into())
    );
    assert_eq!(checked_series(&report)?, 5);
    let first = &report["series"][0];
    assert_eq!(report["p50_ms"], first["p50_ms"]);
    for figure in ["p50_ms", "p95_ms", "p99_ms", "per_second", "rss_mb"] {
        assert!(
            report[figure].as_f64() > Some(0.0),
            "{figure}: {}",
            report[figure]
        );
    }
    let decided = first["p50_ms"].as_f64();
    assert!(
        decided < report["series"][1]["p50_ms"].as_f64(),
        "a letter follows its decision"
    );
    // Every inquiry of the first phase told its stages, and each got its letter.
    let stages = report["stages"].as_array().context("stages")?;
    assert!(
        stages.len() > 10
            && stages
                .iter()
                .take(11)
                .all(|stage| stage["count"] == first["count"])
    );
    assert!(
        report["measured"]
            .as_str()
            .is_some_and(|text| text.contains("200 people among 2"))
    );
    assert_eq!(report["machine"]["database"], "given");
    assert_eq!(given.sql(SCHEMAS).await?, before);
    assert!(!given.program.path().join(".local/bench").exists());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_at_work_is_refused_and_left_alone() -> Result<()> {
    let given = Given::new().await?;
    let owner = db::MigrateSettings::new(
        given.postgres.url_as(OWNER_ROLE, &given.database),
        given.postgres.url_as(APP_ROLE, &given.database),
    );
    db::migrate::migrate(&owner, |_| ()).await?;
    let real = db::DepartmentIdentity {
        slug: "rhone".parse()?,
        insee_code: "69".parse()?,
        name: "Rhône".to_owned(),
        official_name: "Département du Rhône".to_owned(),
        sirets: vec![],
    };
    db::provision::create(&owner, domain::DepartmentId(Uuid::now_v7()), &real).await?;
    let before = given.sql(SCHEMAS).await?;
    let refused = given.bench(&["tenants", "--quick", "--tenants", "2"]).await?;
    assert_eq!(refused.code, 1, "{}", refused.out);
    assert!(
        refused.err.contains("rhone") && refused.err.contains("--beside-real-departments"),
        "{}",
        refused.err
    );
    assert_eq!(given.sql(SCHEMAS).await?, before);

    let arguments = [
        "tenants",
        "--quick",
        "--json",
        "--tenants",
        "2",
        "--beside-real-departments",
    ];
    let ran = given.bench(&arguments).await?;
    ensure!(ran.code == 0, "{} {}", ran.out, ran.err);
    let report: Value = serde_json::from_str(&ran.out)?;
    assert_eq!(checked_series(&report)?, 3);
    assert!(
        report["series"]
            .as_array()
            .context("series")?
            .iter()
            .all(|one| one["count"] == 2)
    );
    assert_eq!(given.sql(SCHEMAS).await?, before);
    assert_eq!(
        given
            .sql("select string_agg(slug, ' ') from platform.department")
            .await?,
        "rhone"
    );
    Ok(())
}
