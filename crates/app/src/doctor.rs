//! Is everything there that the service needs, and how is each mended?

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use chrono::Utc;
use db::jobs::QueueCounts;
use db::{Standing, migrate};
use objects::{Capabilities, ObjectError};
use serde::Serialize;

use crate::departments::Department;
use crate::error::chain;
use crate::jobs::LATE;
use crate::{App, AppError};

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// A job that is due for longer than this has no worker.
const LATE_SECONDS: u64 = 300;

/// An answer that takes longer is slow.
const SLOW: Duration = Duration::from_secs(1);
/// Requests a probe of the store makes, about.
const PROBE_REQUESTS: u32 = 8;
/// Seconds by which clocks may differ, and beyond which nothing signed or dated is believed any more.
const OFF: i64 = 10;
const FAR_OFF: i64 = 300;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it must be.
    Ok,
    /// Works, but somebody should look.
    Warning,
    /// Does not work.
    Failed,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What: `database`, `tenant rhone`.
    pub name: String,
    /// How it is.
    pub status: Status,
    /// What was found.
    pub found: String,
    /// What to do, unless all is well.
    pub mend: Option<String>,
}

impl Check {
    /// All is well.
    pub fn ok(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            status: Status::Ok,
            found: found.into(),
            mend: None,
        }
    }

    /// Somebody should look.
    pub fn warning(name: impl Into<String>, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            status: Status::Warning,
            mend: Some(mend.into()),
            ..Self::ok(name, found)
        }
    }

    /// Does not work.
    pub fn failed(name: impl Into<String>, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            status: Status::Failed,
            mend: Some(mend.into()),
            ..Self::ok(name, found)
        }
    }
}

impl App {
    /// Checks database, migrations, job queue, storage, mail, and every département. Identity providers and the
    /// configuration itself are for the caller.
    pub async fn doctor(&self) -> Vec<Check> {
        let mut checks = vec![within("database", self.check_database()).await];
        if checks[0].status != Status::Failed {
            checks.push(within("clock", self.check_clock()).await);
            checks.push(within("jobs", self.check_jobs()).await);
            checks.extend(self.check_tenants().await);
        }
        checks.extend(self.doctor_of_servers().await);
        checks
    }

    /// Checks the servers that can be asked without the database: storage and mail.
    pub async fn doctor_of_servers(&self) -> Vec<Check> {
        vec![
            within("storage", self.check_storage()).await,
            within("mail", self.check_mail()).await,
        ]
    }

    /// Clocks that disagree: the store refuses what we sign, providers' tokens seem expired, letters bear wrong dates.
    async fn check_clock(&self) -> Check {
        let theirs = match self.db().clock().await {
            Ok(theirs) => theirs,
            Err(error) => return Check::failed("clock", chain(&error), "check the database"),
        };
        clock((Utc::now() - theirs).num_seconds())
    }

    async fn check_database(&self) -> Check {
        let asked = async {
            let version = self.db().server_version().await?;
            let has = self.db().schema_version().await?;
            Ok::<_, AppError>((version, has, self.db().standing().await?))
        };
        let (version, has, standing) = match asked.await {
            Ok(found) => found,
            Err(error) => {
                let mend = "check database.url, that PostgreSQL runs, and that it lets this machine in";
                return Check::failed("database", chain(&error), mend);
            }
        };
        let wants = migrate::platform_version();
        let found = format!("PostgreSQL {version}, shared schema at version {has} of {wants}");
        match has.cmp(&wants) {
            Ordering::Equal if !standing.is_sound() => too_mighty(&standing),
            Ordering::Equal => Check::ok("database", found),
            Ordering::Less => Check::failed("database", found, "run `dn migrate`"),
            Ordering::Greater => {
                Check::failed("database", found, "install the newer version of this program")
            }
        }
    }

    async fn check_jobs(&self) -> Check {
        let counts = async { Ok::<_, AppError>(self.db().platform().await?.jobs().counts().await?) };
        match counts.await {
            Ok(counts) => jobs(counts),
            Err(error) => Check::failed("jobs", chain(&error), "run `dn migrate`"),
        }
    }

    async fn check_storage(&self) -> Check {
        let begun = Instant::now();
        match self.inner.edges.objects.probe().await {
            Ok(does) => slow(storage(does), begun.elapsed() / PROBE_REQUESTS),
            Err(error) => Check::failed("storage", chain(&error), mend_storage(&error)),
        }
    }

    async fn check_mail(&self) -> Check {
        let begun = Instant::now();
        match self.inner.edges.mailer.probe().await {
            Ok(()) => slow(Check::ok("mail", "the relay answers"), begun.elapsed()),
            Err(error) => Check::failed(
                "mail",
                error.to_string(),
                "check mail.host, mail.port, mail.tls and the account; mails wait until the relay takes them",
            ),
        }
    }

    async fn check_tenants(&self) -> Vec<Check> {
        let list = match self.departments().await {
            Ok(list) => list,
            Err(error) => return vec![Check::failed("tenants", chain(&error), "run `dn migrate`")],
        };
        if list.is_empty() {
            let mend = "run `dn tenant create tenants/<slug>` for each département";
            return vec![Check::warning("tenants", "no département is served", mend)];
        }
        let mut checks = Vec::new();
        for department in list.iter() {
            let name = format!("tenant {}", department.slug);
            checks.push(within(&name, self.check_tenant(&name, department)).await);
        }
        checks
    }

    async fn check_tenant(&self, name: &str, department: &Department) -> Check {
        let slug = &department.slug;
        if department.suspended {
            return Check::warning(
                name,
                "suspended",
                format!("`dn tenant resume {slug}` puts it back into service"),
            );
        }
        let wants = migrate::tenant_version();
        if department.schema_version != wants {
            let found = format!(
                "its schema is at version {} of {wants}",
                department.schema_version
            );
            return Check::failed(name, found, "run `dn migrate`; it names what is in the way");
        }
        match self.tenant_state(department).await {
            Ok(check) => Check {
                name: name.to_owned(),
                ..check
            },
            Err(error) => Check::failed(
                name,
                chain(&error),
                "see the message; `dn migrate` and `dn tenant apply` are safe to run",
            ),
        }
    }

    async fn tenant_state(&self, department: &Department) -> Result<Check, AppError> {
        let slug = &department.slug;
        if self.kit(slug).await?.is_none() {
            let mend = format!("run `dn tenant apply tenants/{slug}`");
            return Ok(Check::failed("", "no settings and no letterhead", mend));
        }
        let mut tx = self.db().tenant(slug).await?;
        let register = tx.register().active().await?;
        let keys = tx.keys().all().await?;
        let late = tx.letters().unissued_since(Utc::now() - LATE).await?.len();
        drop(tx);
        for key in &keys {
            if let Err(error) = self.open_key(department, key) {
                let mend = format!(
                    "put the master key `{}` back into storage.master_keys",
                    key.master_key_id
                );
                return Ok(Check::failed("", chain(&error), mend));
            }
        }
        if late > 0 {
            let found = format!("{late} letter(s) not issued after {} minutes", LATE.num_minutes());
            let mend = "`dn jobs list` says why; they are tried again by themselves once that is mended";
            return Ok(Check::warning("", found, mend));
        }
        let import =
            format!("run `dn register import {slug} FILE`: until then every inquiry goes to an officer");
        Ok(match register {
            None => Check::warning("", "no register", import),
            Some(version) if version.keys_version < matching::KEYS_VERSION => Check::warning(
                "",
                "its register was indexed by a former version of this program",
                "`dn work` and `dn serve` are indexing it anew, or will: until then every inquiry goes to an officer",
            ),
            Some(version) if version.keys_version > matching::KEYS_VERSION => Check::warning(
                "",
                "its register was indexed by a newer version of this program",
                "run that version everywhere: by this one every inquiry goes to an officer",
            ),
            Some(version) => Check::ok(
                "",
                format!(
                    "register of {} with {} people; {} key(s) open",
                    version.imported_at.format("%Y-%m-%d"),
                    version.individuals,
                    keys.len()
                ),
            ),
        })
    }
}

/// Départements are kept apart by roles: a login that could do without them keeps nothing apart.
fn too_mighty(standing: &Standing) -> Check {
    let Standing {
        login,
        role,
        search_path,
        excessive,
    } = standing;
    let found = if excessive.is_empty() {
        format!("connections of {login} start in role {role} with search_path {search_path}")
    } else {
        format!("the login {login} can do too much: {}", excessive.join(", "))
    };
    let mend = format!(
        "`dn migrate` takes back what the database gives everybody; for the rest: alter role \"{login}\" noinherit \
         nosuperuser nobypassrls nocreaterole nocreatedb noreplication, alter role \"{login}\" reset all, and revoke \
         roles other than dn_tenant_…"
    );
    Check::failed("database", found, mend)
}

async fn within(name: &str, check: impl Future<Output = Check>) -> Check {
    let late = || {
        Check::failed(
            name,
            "no answer in 30 seconds",
            "check the network between this machine and the server",
        )
    };
    tokio::time::timeout(PATIENCE, check)
        .await
        .unwrap_or_else(|_| late())
}

fn jobs(counts: QueueCounts) -> Check {
    let found = format!(
        "{} waiting, {} running, {} to be tried again, {} failed for good",
        counts.waiting, counts.running, counts.retrying, counts.failed
    );
    if counts.failed > 0 {
        Check::warning(
            "jobs",
            found,
            "`dn jobs list --failed` says why; `dn jobs retry` tries again",
        )
    } else if counts.oldest_due_seconds.is_some_and(|late| late > LATE_SECONDS) {
        Check::warning(
            "jobs",
            found,
            "no worker takes them: start `dn work`, or `dn serve` without --no-worker",
        )
    } else if counts.retrying > 0 {
        Check::warning(
            "jobs",
            found,
            "`dn jobs list` says what they wait for; they are tried again by themselves",
        )
    } else {
        Check::ok("jobs", found)
    }
}

/// `ahead`: seconds by which this machine is ahead of the database server.
fn clock(ahead: i64) -> Check {
    if ahead.abs() <= OFF {
        return Check::ok("clock", "agrees with the database server's");
    }
    let which = if ahead < 0 { "behind" } else { "ahead of" };
    let found = format!("this machine is {} s {which} the database server", ahead.abs());
    let mend = "set both by NTP (chrony, systemd-timesyncd): the store and identity providers refuse what comes from another time";
    if ahead.abs() > FAR_OFF {
        Check::failed("clock", found, mend)
    } else {
        Check::warning("clock", found, mend)
    }
}

/// A server that works, but takes its time.
fn slow(check: Check, took: Duration) -> Check {
    if took < SLOW || check.status == Status::Failed {
        return check;
    }
    let found = format!("{}; slow: {} ms for one answer", check.found, took.as_millis());
    Check::warning(
        check.name,
        found,
        "look at its load and at the network: letters and mails go out late",
    )
}

fn mend_storage(error: &ObjectError) -> &'static str {
    match error {
        ObjectError::Unavailable(told) if told.contains("HTTP 5") => {
            "the store answers, but cannot work: look at its free disk space and at its log; letters wait until it can"
        }
        ObjectError::Unavailable(_) => {
            "check storage.endpoint, that the store runs, and the network; letters wait until it answers"
        }
        ObjectError::Denied(told) if told.contains("Skewed") => {
            "the clocks of this machine and of the store differ: set both by NTP"
        }
        _ => "check storage.endpoint, the bucket, and the keys' right to read and write in it",
    }
}

fn storage(does: Capabilities) -> Check {
    let says = |yes: bool| if yes { "yes" } else { "no" };
    let found = format!(
        "reads and writes; keeps versions: {}; locks objects: {}; refuses to overwrite: {}",
        says(does.versioning),
        says(does.object_lock),
        says(does.conditional_writes)
    );
    if does.object_lock {
        Check::ok("storage", found)
    } else {
        let mend = "letters are stored but not locked for their retention: use a bucket with object lock where the law asks for it";
        Check::warning("storage", found, mend)
    }
}
