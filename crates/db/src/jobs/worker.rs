//! The worker.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::{AlertId, DepartmentSlug, LetterId, MailId};
use futures::FutureExt;
use graphile_worker::{
    IntoTaskHandlerResult, LocalQueueConfig, RefetchDelayConfig, TaskHandler, Worker, WorkerContext,
    WorkerOptions, WorkerRecoveryConfig, WorkerShutdownConfig,
};
use schema::{DbError, QueryError, Result};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::lane::Lane;
use super::tend::tend;
use super::{Attempt, Job, JobError, JobHandler};
use crate::pool::{Db, live};

/// How jobs are done (`[worker]`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkerSettings {
    /// Letters issued at once by one process, and beside them half as many mails and other jobs. Most of them wait, for the
    /// object store or the mail relay; letters are rendered by as many threads as `[letters]` says.
    pub concurrency: usize,
    /// Milliseconds between two looks at the queue; new jobs are told at once besides, this is for those to be tried again.
    pub poll_milliseconds: u64,
    /// Seconds that running jobs get to end when the process stops; afterwards they are handed back to the queue.
    pub grace_seconds: u64,
    /// Seconds without a sign of life after which another worker takes over the jobs of one that was killed.
    pub stale_seconds: u64,
}

impl Default for WorkerSettings {
    fn default() -> Self {
        Self {
            concurrency: 12,
            poll_milliseconds: 1000,
            grace_seconds: 20,
            stale_seconds: 20,
        }
    }
}

/// Longest pause before a worker that lost the database tries again.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How long a job fetched ahead may wait for hands before it is given back. Now and then the worker believes that such
/// jobs wait where none do (the last was taken while it noted that some had come) and looks for no others until this time
/// is over.
const AHEAD: Duration = Duration::from_millis(500);

/// Longest pause between two looks at a queue that was found empty. A job added just while it was being looked at is
/// seen this much later; without a pause at all the worker looks again at once, for ever.
const EMPTY_PAUSE: Duration = Duration::from_millis(100);

/// Attempts that count at most while a server is away: pauses grow to e⁴ seconds, 55, and no further.
const PATIENT_ATTEMPTS: i16 = 4;

/// Does jobs until told to stop, then ends those begun.
///
/// # Errors
/// When the queue cannot be reached at the start; afterwards the worker waits for it to come back.
pub async fn run(
    db: &Db,
    settings: &WorkerSettings,
    handler: Arc<dyn JobHandler>,
    stop: CancellationToken,
) -> Result<()> {
    let lane = |lane| run_lane(db, settings, &handler, &stop, lane);
    let done = async {
        let done = tokio::try_join!(Box::pin(lane(Lane::Letters)), Box::pin(lane(Lane::Others)));
        done.map(drop)
    };
    tokio::select! {
        done = done => done,
        never = tend(&db.pool) => match never {},
    }
}

async fn run_lane(
    db: &Db,
    settings: &WorkerSettings,
    handler: &Arc<dyn JobHandler>,
    stop: &CancellationToken,
    lane: Lane,
) -> Result<()> {
    let mut worker = Some(continuous(db, settings, handler, stop, lane).await?);
    let mut pause = Duration::from_millis(250);
    while !stop.is_cancelled() {
        match worker.take() {
            Some(running) => {
                if let Err(error) = running.run().await {
                    tracing::warn!(?lane, error = %broken(&error), "the worker lost the queue and will look for it again");
                } else {
                    pause = Duration::from_millis(250);
                    continue;
                }
            }
            None => match continuous(db, settings, handler, stop, lane).await {
                Ok(found) => {
                    worker = Some(found);
                    continue;
                }
                Err(error) => tracing::warn!(?lane, error = %error, "the queue cannot be reached"),
            },
        }
        tokio::select! {
            () = stop.cancelled() => break,
            () = tokio::time::sleep(pause) => pause = (pause * 2).min(LONGEST_PAUSE),
        }
    }
    Ok(())
}

/// Does the jobs that are due, and those they cause, then returns.
///
/// # Errors
/// When the queue cannot be reached.
pub async fn drain(db: &Db, handler: Arc<dyn JobHandler>) -> Result<()> {
    loop {
        let shutdown = WorkerShutdownConfig::default().listen_os_shutdown_signals(false);
        let worker = define(define(options(db, &handler), Lane::Letters), Lane::Others)
            .concurrency(WorkerSettings::default().concurrency)
            .worker_shutdown(shutdown)
            .init()
            .await
            .map_err(queue_error)?;
        worker.run_once().await.map_err(queue_error)?;
        let due = sqlx::query_scalar!(
            r#"select exists (select from graphile_worker._private_jobs where is_available and run_at <= now())
               as "due!""#
        );
        if !due.fetch_one(&mut *live(&db.pool).await?).await? {
            return Ok(());
        }
    }
}

async fn continuous(
    db: &Db,
    settings: &WorkerSettings,
    handler: &Arc<dyn JobHandler>,
    stop: &CancellationToken,
    lane: Lane,
) -> Result<Worker> {
    let beat = Duration::from_secs(settings.stale_seconds) / 4;
    let recovery = WorkerRecoveryConfig::default()
        .heartbeat_interval(beat)
        .sweep_interval(beat)
        .sweep_threshold(beat * 4)
        .recovery_delay(Duration::ZERO);
    let shutdown = WorkerShutdownConfig::default()
        .listen_os_shutdown_signals(false)
        .grace_period(Duration::from_secs(settings.grace_seconds))
        .interrupted_job_retry_delay(Duration::ZERO)
        .shutdown_signal(stop.clone().cancelled_owned());
    let concurrency = settings.concurrency.max(1);
    let concurrency = match lane {
        Lane::Letters => concurrency,
        Lane::Others => concurrency.div_ceil(2),
    };
    let poll = Duration::from_millis(settings.poll_milliseconds.max(50));
    // A signal ends the pause.
    let pause = RefetchDelayConfig::default()
        .with_duration(poll.min(EMPTY_PAUSE))
        .with_max_abort_threshold(1);
    // Without a local queue a worker does one job per signal, and a burst is left to the polls.
    let ahead = LocalQueueConfig::default()
        .with_size(concurrency * 2)
        .with_ttl(AHEAD)
        .with_refetch_delay(pause);
    let worker = define(options(db, handler), lane)
        .database(lane.queue(db.queue_pool().into()))
        .concurrency(concurrency)
        .poll_interval(poll)
        .local_queue(ahead)
        .worker_recovery(recovery)
        .worker_shutdown(shutdown);
    let worker = match lane {
        Lane::Letters => worker,
        Lane::Others => worker
            .with_cron("*/10 * * * * purge_sessions")
            .map_err(queue_error)?
            .with_cron("20 3 * * * note_trails")
            .map_err(queue_error)?,
    };
    worker.init().await.map_err(queue_error)
}

fn options(db: &Db, handler: &Arc<dyn JobHandler>) -> WorkerOptions {
    Worker::options()
        .pg_pool(db.pool.clone())
        .schema("graphile_worker")
        .add_extension(Hands {
            handler: Arc::clone(handler),
            pool: db.pool.clone(),
        })
}

/// The tasks of a lane.
fn define(worker: WorkerOptions, lane: Lane) -> WorkerOptions {
    match lane {
        Lane::Letters => worker.define_job::<IssueLetter>(),
        Lane::Others => worker
            .define_job::<SendMail>()
            .define_job::<TellAlert>()
            .define_job::<PurgeSessions>()
            .define_job::<NoteTrails>(),
    }
}

/// The queue's own statements carry no data of ours: what it says of them may be told.
fn queue_error(error: impl fmt::Display) -> DbError {
    DbError::Queue(QueryError::plain(error.to_string()))
}

/// The kind of error, without the words of PostgreSQL.
fn broken(error: &graphile_worker::runner::WorkerRuntimeError) -> &'static str {
    use graphile_worker::runner::WorkerRuntimeError as E;
    match error {
        E::ProcessJob(_) => "a job could not be fetched or released",
        E::WorkerTask(_) => "a task of the worker failed",
        E::PgListen(_) => "the notifications were lost",
        E::Crontab(_) => "a scheduled job could not be added",
    }
}

/// What the tasks work with.
#[derive(Clone)]
struct Hands {
    handler: Arc<dyn JobHandler>,
    pool: PgPool,
}

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hands")
    }
}

macro_rules! task {
    ($name:ident $identifier:literal { $($field:ident: $type:ty),* } => |$task:pat_param| $job:expr) => {
        #[derive(Serialize, Deserialize)]
        struct $name { $($field: $type),* }

        impl TaskHandler for $name {
            const IDENTIFIER: &'static str = $identifier;

            async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
                let $task = self;
                perform($job, context).await
            }
        }
    };
}

task!(IssueLetter "issue_letter" { department: DepartmentSlug, id: LetterId }
    => |Self { department, id }| Job::IssueLetter { department, letter: id });
task!(SendMail "send_mail" { department: DepartmentSlug, id: MailId }
    => |Self { department, id }| Job::SendMail { department, mail: id });
task!(TellAlert "tell_alert" { department: DepartmentSlug, id: AlertId }
    => |Self { department, id }| Job::TellAlert { department, alert: id });

macro_rules! timed_task {
    ($name:ident $identifier:literal) => {
        /// Takes nothing, whatever it is given: the queue's clock gives `null`.
        #[derive(Serialize)]
        struct $name {}

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
                IgnoredAny::deserialize(deserializer).map(|_| Self {})
            }
        }

        impl TaskHandler for $name {
            const IDENTIFIER: &'static str = $identifier;

            async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
                perform(Job::$name, context).await
            }
        }
    };
}

timed_task!(PurgeSessions "purge_sessions");
timed_task!(NoteTrails "note_trails");

/// What the queue keeps of a failure: it writes down the `Debug` form.
struct Failure(String);

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

async fn perform(job: Job, context: WorkerContext) -> std::result::Result<(), Failure> {
    let Some(hands) = context.get_ext::<Hands>() else {
        return Err(Failure("the worker has no hands".to_owned()));
    };
    let row = context.job();
    let attempt = Attempt {
        number: u32::from(row.attempts().unsigned_abs()),
        of: u32::from(row.max_attempts().unsigned_abs()),
    };
    // What a panic says may quote data: it goes to the panic hook, not into the queue.
    let done = AssertUnwindSafe(hands.handler.handle(job, attempt))
        .catch_unwind()
        .await;
    match done.unwrap_or_else(|_| Err(JobError::Retry("the job panicked".to_owned()))) {
        Ok(()) => Ok(()),
        Err(JobError::Retry(message)) => Err(Failure(message)),
        Err(JobError::Away(message)) => {
            be_patient(&hands.pool, *row.id(), context.worker_id()).await;
            Err(Failure(message))
        }
        Err(JobError::Fail(message)) => {
            give_up(&hands.pool, *row.id(), context.worker_id()).await;
            Err(Failure(message))
        }
    }
}

/// Does not count this attempt against the job. Should that fail, the database is away itself, and it counts.
async fn be_patient(pool: &PgPool, number: i64, worker: &str) {
    let patient = sqlx::query!(
        "update graphile_worker._private_jobs set attempts = least(attempts, $3)
         where id = $1 and locked_by = $2",
        number,
        worker,
        PATIENT_ATTEMPTS,
    );
    let noted = async { patient.execute(&mut *live(pool).await?).await };
    if let Err(error) = noted.await {
        tracing::warn!(job = number, error = %DbError::from(error), "an attempt counts that should not");
    }
}

/// Makes this attempt the last. Should that fail, the job is tried again and says the same.
async fn give_up(pool: &PgPool, number: i64, worker: &str) {
    let last = sqlx::query!(
        "update graphile_worker._private_jobs set max_attempts = attempts where id = $1 and locked_by = $2",
        number,
        worker,
    );
    let noted = async { last.execute(&mut *live(pool).await?).await };
    if let Err(error) = noted.await {
        tracing::warn!(job = number, error = %DbError::from(error), "a job that failed for good will be tried again");
    }
}
