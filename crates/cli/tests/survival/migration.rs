//! The migration of 101 départements is cut off half way, while the version before goes on serving.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use sandbox::Browser;
use testing::people::{COLLEAGUE, DECEDENTS, NOTARY};
use testing::{APP_ROLE, Cut, OWNER_ROLE, Proxy, Site, Speech};

use crate::ground::{Ground, PATIENCE, Store, is_answer};
use crate::process::{Running, command};
use crate::steps::fields;

/// Metropolitan France and overseas, with the two that have registers.
const DEPARTMENTS: usize = 101;
const BOTH: &[&str] = &["rhone", "isere"];

/// Four départements are migrated at a time: when one that has so many before it begins, some of these may not have come
/// to their end, and some behind it may have.
fn about(before: usize) -> std::ops::RangeInclusive<usize> {
    before - 3..=before + 3
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cut_off_half_way_a_migration_ends_well_the_next_time() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let ground = Ground::own(Store::Folder(folder.path().to_owned())).await?;
    ground.list_the_others().await?;

    // Killed at the schema of one département, then its connection cut at that of another.
    ground
        .web_db
        .cut("create schema \"tenant_d_030\"", 0, Cut::BeforeAnswer);
    let migrating = Running::start(
        command(&ground.config("web"), &["migrate"]),
        ground.log("migrate"),
    )?;
    ground.web_db.wait_for_cut(PATIENCE).await?;
    migrating.kill()?;
    ground.web_db.reset();
    assert!(about(29).contains(&(ground.schemas().await? - BOTH.len())));
    ground
        .web_db
        .cut("create schema \"tenant_d_060\"", 0, Cut::BeforeServer);
    let mut migrating = Running::start(
        command(&ground.config("web"), &["migrate"]),
        ground.log("migrate"),
    )?;
    ground.web_db.wait_for_cut(PATIENCE).await?;
    ground.web_db.reset();
    assert_eq!(migrating.end(PATIENCE).await?, Some(1), "{}", migrating.said()?);
    assert!(
        migrating.said()?.contains("cannot be reached"),
        "{}",
        migrating.said()?
    );

    let done = ground.run(&["migrate"]).await?;
    ensure!(done.code == Some(0), "{} {}", done.out, done.err);
    let again = ground.run(&["migrate"]).await?;
    let unchanged = format!("0 migrated, {} already up to date, 0 failed", DEPARTMENTS + 1);
    assert_eq!(again.out.trim(), unchanged);
    ground.are_all_alike(db::migrate::tenant_version()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_version_before_goes_on_serving_while_the_next_one_migrates() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let ground = Ground::own(Store::Folder(folder.path().to_owned())).await?;
    ground.list_the_others().await?;
    let done = ground.run(&["migrate"]).await?;
    ensure!(done.code == Some(0), "{} {}", done.out, done.err);
    let mut service = ground.serve(&[]).await?;
    let load = Arc::new(Load::default());
    let mut people = Vec::new();
    for subject in [NOTARY, COLLEAGUE] {
        let (load, site) = (Arc::clone(&load), ground.site.clone());
        let browser = site.notary(subject).await?;
        people.push(tokio::spawn(async move { load.work(&site, &browser).await }));
    }
    load.until_answered(2).await?;

    // Half of them have what is to come, and then all but the last: everybody is answered, there and here.
    let owner = Proxy::start(Speech::Postgres, ground.postgres.get().port()).await?;
    let next = || -> Result<Running> { Running::start(ground.next_version(&owner)?, ground.log("next")) };
    for (at, migrated) in [("\"tenant_d_050\"", 49), ("\"tenant_rhone\"", DEPARTMENTS - 1)] {
        owner.cut(at, 0, Cut::BeforeAnswer);
        let migrating = next()?;
        owner.wait_for_cut(PATIENCE).await?;
        // Killed at once: until then nobody can ask the one at which it stands.
        migrating.kill()?;
        owner.reset();
        let found = ground.migrated(db::migrate::tenant_version() + 1).await?;
        assert!(about(migrated).contains(&found), "{found}");
        load.until_answered(4).await?;
    }

    let mut migrating = next()?;
    assert_eq!(migrating.end(PATIENCE).await?, Some(0), "{}", migrating.said()?);
    load.until_answered(4).await?;
    load.over.store(true, Ordering::SeqCst);
    let mut forms = Vec::new();
    for person in people {
        forms.extend(person.await??.into_iter().map(|id| (id, BOTH)));
    }
    ground.are_all_alike(db::migrate::tenant_version() + 1).await?;
    let notary = ground.notary().await?;
    let truth = ground.check(&notary, &forms).await?;
    assert_eq!((truth.letters, truth.repeated), (2 * forms.len(), 0), "{truth:?}");
    assert!(service.runs()?, "{}", service.said()?);

    // The version before does not take the schema back, and says why.
    let back = ground.run(&["migrate"]).await?;
    assert_eq!(back.code, Some(1), "{}", back.out);
    assert!(
        back.err.contains("was migrated by a newer program"),
        "{}",
        back.err
    );
    ground
        .doctor("database", "failed", &["install the newer version"])
        .await
}

impl Ground {
    /// Writes 99 more départements into the list. `dn migrate` makes their schemas and roles.
    async fn list_the_others(&self) -> Result<()> {
        let others = format!(
            "insert into platform.department (id, slug, insee_code, name, official_name, sirets)
             select gen_random_uuid(), 'd-' || to_char(n, 'FM000'), (array['01','02','03','04','05','06','07','08','09']
                 || array(select c::text from generate_series(10, 95) c where c not in (20, 38, 69))
                 || array['2A','2B','971','972','973','974','976'])[n], 'D' || n, 'Département ' || n, '{{}}'
             from generate_series(1, {}) n",
            DEPARTMENTS - 2
        );
        self.sql(&others).await?;
        let listed = self.sql("select count(*) from platform.department").await?;
        ensure!(listed == DEPARTMENTS.to_string(), "{listed}");
        Ok(())
    }

    /// Schemas of départements.
    async fn schemas(&self) -> Result<usize> {
        let count = "select count(*) from pg_namespace where nspname like 'tenant\\_%'";
        Ok(self.sql(count).await?.parse()?)
    }

    /// Départements that are at this version.
    async fn migrated(&self, version: i32) -> Result<usize> {
        let count = format!("select count(*) from platform.department where schema_version = {version}");
        Ok(self.sql(&count).await?.parse()?)
    }

    /// Every département has the same tables, columns, indexes, constraints and grants as the first, and says so.
    async fn are_all_alike(&self, version: i32) -> Result<()> {
        assert_eq!(self.migrated(version).await?, DEPARTMENTS);
        assert_eq!(self.schemas().await?, DEPARTMENTS);
        let kinds = self
            .sql(
                "with schemas as (select oid, nspname, regexp_replace(nspname, '^tenant_', '') as slug from pg_namespace
                                  where nspname like 'tenant\\_%'),
                 parts as (
                     select s.oid, c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) as part
                         from schemas s join pg_class c on c.relnamespace = s.oid
                         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                     union all select s.oid, c.relname || ' ' || replace(coalesce(c.relacl, '{}')::text, s.slug, '')
                         from schemas s join pg_class c on c.relnamespace = s.oid
                     union all select s.oid, k.conname || ' ' || replace(pg_get_constraintdef(k.oid), s.nspname, '')
                         from schemas s join pg_constraint k on k.connamespace = s.oid)
                 select count(distinct whole) from (
                     select oid, string_agg(part, ' ' order by part) as whole from parts group by oid) wholes",
            )
            .await?;
        ensure!(kinds == "1", "schemas of {kinds} kinds");
        Ok(())
    }

    /// `dn migrate` of a version to come.
    fn next_version(&self, owner: &Proxy) -> Result<Command> {
        let url = |role| -> Result<String> {
            let mut url = url::Url::parse(&self.postgres.get().url_as(role, &self.database))?;
            url.set_port(Some(owner.port())).ok().context("a host")?;
            Ok(url.into())
        };
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_dn")).with_file_name("examples/next_version");
        let mut command = Command::new(program);
        command.arg(url(OWNER_ROLE)?).arg(url(APP_ROLE)?);
        Ok(command)
    }
}

/// People at work, to whom nothing may happen.
#[derive(Default)]
struct Load {
    over: AtomicBool,
    answered: AtomicUsize,
}

impl Load {
    async fn work(&self, site: &Site, browser: &Browser) -> Result<Vec<String>> {
        let mut forms = Vec::new();
        while !self.over.load(Ordering::SeqCst) {
            let form = browser.get(site.at("/demandes/nouvelle")).await?;
            let page = browser
                .submit(&form, "main form", &fields(&DECEDENTS[3], BOTH))
                .await?;
            ensure!(is_answer(&page), "{} {}: {}", page.status, page.url, page.html());
            forms.push(page.url.path().trim_start_matches("/demandes/").to_owned());
            self.answered.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(forms)
    }

    async fn until_answered(&self, more: usize) -> Result<()> {
        let (wanted, deadline) = (
            self.answered.load(Ordering::SeqCst) + more,
            Instant::now() + PATIENCE,
        );
        while self.answered.load(Ordering::SeqCst) < wanted {
            ensure!(Instant::now() < deadline, "nobody is answered any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}
