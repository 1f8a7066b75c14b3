use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use db::jobs::{Attempt, Job, JobError, JobFilter, JobHandler, JobState, WorkerSettings, drain, run};
use domain::{LetterId, MailId};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::world::{World, slug};

type Answer = dyn Fn(&Job, Attempt) -> Result<(), JobError> + Send + Sync;

/// Answers as told and writes down what it was given.
struct Hands {
    answer: Box<Answer>,
    done: Mutex<Vec<(Job, Attempt)>>,
    told: mpsc::UnboundedSender<Job>,
    pause: Duration,
}

#[async_trait]
impl JobHandler for Hands {
    async fn handle(&self, job: Job, attempt: Attempt) -> Result<(), JobError> {
        self.told.send(job.clone()).ok();
        tokio::time::sleep(self.pause).await;
        let answer = (self.answer)(&job, attempt);
        self.done.lock().unwrap().push((job, attempt));
        answer
    }
}

fn hands(
    pause: Duration,
    answer: impl Fn(&Job, Attempt) -> Result<(), JobError> + Send + Sync + 'static,
) -> (Arc<Hands>, mpsc::UnboundedReceiver<Job>) {
    let (told, hears) = mpsc::unbounded_channel();
    let hands = Hands {
        answer: Box::new(answer),
        done: Mutex::default(),
        told,
        pause,
    };
    (Arc::new(hands), hears)
}

fn letter(department: &str) -> Job {
    Job::IssueLetter {
        department: slug(department),
        letter: LetterId(Uuid::now_v7()),
    }
}

async fn enqueue(world: &World, jobs: &[Job]) {
    for job in jobs {
        let mut tx = world.db.tenant(job.department().unwrap()).await.unwrap();
        tx.enqueue(job).await.unwrap();
        tx.save().await.unwrap();
    }
}

/// Looks at the queue so rarely that only a notification explains a job done soon.
fn patient() -> WorkerSettings {
    WorkerSettings {
        poll_milliseconds: 60_000,
        ..WorkerSettings::default()
    }
}

#[tokio::test]
async fn a_job_is_done_at_once_when_its_transaction_is_saved() {
    let world = World::new().await;
    let (hands, mut hears) = hands(Duration::ZERO, |_, _| Ok(()));
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        tokio::spawn(async move { run(&db, &patient(), hands, stop).await })
    };
    tokio::time::sleep(Duration::from_millis(500)).await;

    let job = letter("rhone");
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    tx.enqueue(&letter("rhone")).await.unwrap();
    drop(tx);
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    tx.enqueue(&job).await.unwrap();
    tx.enqueue(&job).await.unwrap();
    assert!(hears.try_recv().is_err(), "not before it is saved");
    let saved = Instant::now();
    tx.save().await.unwrap();
    assert_eq!(hears.recv().await.unwrap(), job);
    let latency = saved.elapsed();
    assert!(latency < Duration::from_millis(300), "{latency:?}");
    println!("begun {latency:?} after the transaction");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(
        hears.try_recv().is_err(),
        "once, and nothing of what was not saved"
    );

    stop.cancel();
    worker.await.unwrap().unwrap();
    let mut tx = world.db.platform().await.unwrap();
    assert_eq!(tx.jobs().list(&JobFilter::default()).await.unwrap(), []);
}

#[tokio::test]
async fn a_worker_with_nothing_to_do_rests() {
    let world = World::new().await;
    let (hands, _hears) = hands(Duration::ZERO, |_, _| Ok(()));
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        tokio::spawn(async move { run(&db, &WorkerSettings::default(), hands, stop).await })
    };
    let transactions = async || {
        // PostgreSQL counts with a second's delay.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        let counted =
            "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";
        world.superuser(counted).await.parse::<u32>().unwrap()
    };
    let before = transactions().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let looked = transactions().await - before;
    stop.cancel();
    worker.await.unwrap().unwrap();
    // Ten to twenty looks a second, of one or two transactions each; without a rest there are hundreds.
    assert!(looked < 200, "{looked} transactions in three seconds");
}

#[tokio::test]
async fn a_burst_is_done_without_waiting_for_the_next_look() {
    let world = World::new().await;
    let (hands, mut hears) = hands(Duration::from_millis(2), |_, _| Ok(()));
    let stop = CancellationToken::new();
    let jobs: Vec<Job> = (0..60).map(|_| letter("rhone")).collect();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        tokio::spawn(async move { run(&db, &patient(), hands, stop).await })
    };
    enqueue(&world, &jobs).await;
    let mut heard = Vec::new();
    for _ in &jobs {
        heard.push(
            tokio::time::timeout(Duration::from_secs(10), hears.recv())
                .await
                .unwrap()
                .unwrap(),
        );
    }
    assert!(jobs.iter().all(|job| heard.contains(job)));
    stop.cancel();
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_may_succeed_later_is_tried_again() {
    let world = World::new().await;
    let (hands, _hears) = hands(Duration::ZERO, |_, _| {
        Err(JobError::Retry("S3 is « away »".to_owned()))
    });
    enqueue(&world, &[letter("rhone")]).await;
    drain(&world.db, hands).await.unwrap();
    let mut tx = world.db.platform().await.unwrap();
    let rows = tx.jobs().list(&JobFilter::default()).await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!(
        (row.state, row.attempts, row.max_attempts),
        (JobState::Retrying, 1, 25)
    );
    assert_eq!(row.last_error.as_deref(), Some("S3 is « away »"));
    assert!(row.run_at > row.created_at);
    assert_eq!(tx.jobs().counts().await.unwrap().retrying, 1);
    assert!(
        tx.jobs()
            .list(&JobFilter {
                failed_only: true,
                ..JobFilter::default()
            })
            .await
            .unwrap()
            .is_empty()
    );
    // An operator who knows that it is back need not wait.
    assert!(tx.jobs().retry(row.number).await.unwrap());
    tx.save().await.unwrap();
    let (hands, mut hears) = self::hands(Duration::ZERO, |_, _| Ok(()));
    drain(&world.db, hands).await.unwrap();
    assert!(hears.try_recv().is_ok());
}

#[tokio::test]
async fn what_fails_for_good_is_kept_and_can_be_retried() {
    let world = World::new().await;
    let (failing, _hears) = hands(Duration::ZERO, |_, _| {
        Err(JobError::Fail("no such letter".to_owned()))
    });
    let jobs = [letter("rhone"), letter("isere")];
    enqueue(&world, &jobs).await;
    drain(&world.db, failing.clone()).await.unwrap();
    drain(&world.db, failing.clone()).await.unwrap();
    assert_eq!(failing.done.lock().unwrap().len(), 2, "each once");
    let mut tx = world.db.platform().await.unwrap();
    let failed = JobFilter {
        failed_only: true,
        department: Some(slug("isere")),
        limit: 5,
    };
    let rows = tx.jobs().list(&failed).await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.state, row.job.as_ref()), (JobState::Failed, Some(&jobs[1])));
    assert_eq!(row.last_error.as_deref(), Some("no such letter"));
    assert_eq!(tx.jobs().counts().await.unwrap().failed, 2);
    assert!(!tx.jobs().retry(row.number + 1000).await.unwrap());
    assert_eq!(tx.jobs().retry_failed().await.unwrap(), 2);
    tx.save().await.unwrap();
    let (hands, _hears) = hands(Duration::ZERO, |_, _| Ok(()));
    drain(&world.db, hands.clone()).await.unwrap();
    assert_eq!(hands.done.lock().unwrap().len(), 2);
    assert_eq!(
        world.db.platform().await.unwrap().jobs().counts().await.unwrap(),
        db::jobs::QueueCounts::default()
    );
}

#[tokio::test]
async fn a_panic_is_caught_and_says_nothing_of_what_it_saw() {
    let world = World::new().await;
    let (hands, _hears) = hands(Duration::ZERO, |_, _| panic!("Marie DURAND"));
    enqueue(&world, &[letter("rhone")]).await;
    drain(&world.db, hands).await.unwrap();
    let kept = world
        .superuser("select attempts, last_error, payload from graphile_worker._private_jobs")
        .await;
    assert!(
        kept.starts_with("1|") && kept.contains("panicked") && !kept.contains("DURAND"),
        "{kept}"
    );
}

#[tokio::test]
async fn stopping_ends_what_was_begun() {
    let world = World::new().await;
    let (hands, mut hears) = hands(Duration::from_millis(600), |_, _| Ok(()));
    enqueue(&world, &[letter("rhone")]).await;
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop, hands) = (world.db.clone(), stop.clone(), hands.clone());
        tokio::spawn(async move { run(&db, &patient(), hands, stop).await })
    };
    hears.recv().await.unwrap();
    stop.cancel();
    worker.await.unwrap().unwrap();
    assert_eq!(hands.done.lock().unwrap().len(), 1);
    assert_eq!(
        world
            .superuser("select count(*) from graphile_worker._private_jobs")
            .await,
        "0"
    );
    assert_eq!(
        world
            .superuser("select count(*) from graphile_worker._private_workers")
            .await,
        "0"
    );
}

#[tokio::test]
async fn the_jobs_of_a_killed_worker_are_taken_over() {
    let world = World::new().await;
    let (stuck, mut hears) = hands(Duration::from_secs(600), |_, _| Ok(()));
    enqueue(&world, &[letter("rhone")]).await;
    // A runtime of its own: shut down, nothing of it goes on, as after SIGKILL.
    let settings = world.app_settings();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.spawn(async move {
        let db = db::Db::connect(&settings).await.unwrap();
        run(&db, &WorkerSettings::default(), stuck, CancellationToken::new()).await
    });
    let job = hears.recv().await.unwrap();
    runtime.shutdown_background();

    let (hands, mut hears) = hands(Duration::ZERO, |_, _| Ok(()));
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        let settings = WorkerSettings {
            stale_seconds: 1,
            poll_milliseconds: 100,
            ..WorkerSettings::default()
        };
        tokio::spawn(async move { run(&db, &settings, hands, stop).await })
    };
    let again = tokio::time::timeout(Duration::from_secs(8), hears.recv())
        .await
        .unwrap();
    assert_eq!(again, Some(job));
    stop.cancel();
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_worker_finds_the_queue_again() {
    let world = World::new().await;
    let (hands, mut hears) = hands(Duration::ZERO, |_, _| Ok(()));
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        tokio::spawn(async move { run(&db, &WorkerSettings::default(), hands, stop).await })
    };
    tokio::time::sleep(Duration::from_millis(300)).await;
    for _ in 0..5 {
        world
            .superuser(
                "select pg_terminate_backend(pid) from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()",
            )
            .await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let job = Job::SendMail {
        department: slug("isere"),
        mail: MailId(Uuid::now_v7()),
    };
    let mut tx = loop {
        match world.db.tenant(&slug("isere")).await {
            Ok(tx) => break tx,
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    };
    tx.enqueue(&job).await.unwrap();
    tx.save().await.unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(8), hears.recv())
        .await
        .unwrap();
    assert_eq!(heard, Some(job));
    stop.cancel();
    worker.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_departement_adds_no_job_of_another() {
    let world = World::new().await;
    let mut tx = world.db.tenant(&slug("rhone")).await.unwrap();
    assert!(matches!(
        tx.enqueue(&letter("isere")).await,
        Err(db::DbError::ForeignJob)
    ));
    assert!(matches!(
        tx.enqueue(&Job::PurgeSessions).await,
        Err(db::DbError::ForeignJob)
    ));
    let mut tx = world.db.platform().await.unwrap();
    tx.jobs().enqueue(&Job::PurgeSessions).await.unwrap();
    tx.jobs().enqueue(&letter("rhone")).await.unwrap();
    tx.save().await.unwrap();
    let (hands, _hears) = hands(Duration::ZERO, |_, _| Ok(()));
    drain(&world.db, hands.clone()).await.unwrap();
    assert_eq!(hands.done.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn what_the_clock_adds_is_done() {
    let world = World::new().await;
    // As the queue's clockwork writes it.
    world
        .superuser("select graphile_worker.add_job('purge_sessions', payload => null)")
        .await;
    let (hands, mut hears) = hands(Duration::ZERO, |_, _| Ok(()));
    drain(&world.db, hands).await.unwrap();
    assert_eq!(hears.try_recv(), Ok(Job::PurgeSessions));
    assert_eq!(
        world.db.platform().await.unwrap().jobs().counts().await.unwrap(),
        db::jobs::QueueCounts::default()
    );
}

#[tokio::test]
async fn a_job_whose_server_is_away_is_never_given_up_and_never_put_off_for_long() {
    let world = World::new().await;
    let (hands, _hears) = hands(Duration::ZERO, |_, _| {
        Err(JobError::Away("S3 is away".to_owned()))
    });
    enqueue(&world, &[letter("rhone")]).await;
    for _ in 0..40 {
        world
            .superuser("update graphile_worker._private_jobs set run_at = now()")
            .await;
        drain(&world.db, hands.clone()).await.unwrap();
    }
    assert_eq!(hands.done.lock().unwrap().len(), 40);
    let mut tx = world.db.platform().await.unwrap();
    let rows = tx.jobs().list(&JobFilter::default()).await.unwrap();
    let [row] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((row.state, row.attempts), (JobState::Retrying, 4));
    let put_off = world
        .superuser("select run_at - now() < interval '1 minute' from graphile_worker._private_jobs")
        .await;
    assert_eq!(put_off, "t");
}

#[tokio::test]
async fn a_relay_that_hangs_holds_up_no_letter() {
    let world = World::new().await;
    let (told, mut hears) = mpsc::unbounded_channel();
    let hands = Arc::new(Hanging { told });
    let mails = (0..10).map(|_| Job::SendMail {
        department: slug("rhone"),
        mail: MailId(Uuid::now_v7()),
    });
    let jobs: Vec<Job> = mails.chain([letter("rhone")]).collect();
    enqueue(&world, &jobs).await;
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        let settings = WorkerSettings {
            grace_seconds: 0,
            ..patient()
        };
        tokio::spawn(async move { run(&db, &settings, hands, stop).await })
    };
    let issued = tokio::time::timeout(Duration::from_secs(20), hears.recv()).await;
    assert_eq!(issued.unwrap().as_ref(), jobs.last());
    stop.cancel();
    worker.await.unwrap().unwrap();
}

/// Does letters, and never comes back from a mail.
struct Hanging {
    told: mpsc::UnboundedSender<Job>,
}

#[async_trait]
impl JobHandler for Hanging {
    async fn handle(&self, job: Job, _: Attempt) -> Result<(), JobError> {
        if matches!(job, Job::SendMail { .. }) {
            std::future::pending::<()>().await;
        }
        self.told.send(job).ok();
        Ok(())
    }
}

#[tokio::test]
async fn what_was_left_lying_is_taken_up_again() {
    let world = World::new().await;
    let jobs: Vec<Job> = (0..3).map(|_| letter("rhone")).collect();
    enqueue(&world, &jobs).await;
    // One is due in an hour, because the clock was set back; one is held by a worker that lives and does not know of
    // it; one was held from a time that is still to come.
    world
        .superuser(
            "insert into graphile_worker._private_workers (id, last_heartbeat_at) values ('alive', now() + interval '1 hour');
             with numbered as (select id, row_number() over (order by id) as place from graphile_worker._private_jobs)
             update graphile_worker._private_jobs j set
                 run_at = case place when 1 then now() + interval '1 hour' else j.run_at end,
                 locked_at = case place when 2 then now() - interval '6 minutes'
                                        when 3 then now() + interval '1 hour' end,
                 locked_by = case place when 1 then null else 'alive' end
             from numbered n where n.id = j.id",
        )
        .await;
    let (hands, mut hears) = hands(Duration::ZERO, |_, _| Ok(()));
    let stop = CancellationToken::new();
    let worker = {
        let (db, stop) = (world.db.clone(), stop.clone());
        tokio::spawn(async move { run(&db, &WorkerSettings::default(), hands, stop).await })
    };
    let mut done = Vec::new();
    for _ in 0..2 {
        let job = tokio::time::timeout(Duration::from_secs(20), hears.recv()).await;
        done.push(job.unwrap().unwrap());
    }
    stop.cancel();
    worker.await.unwrap().unwrap();
    assert!(done.contains(&jobs[0]) && done.contains(&jobs[1]), "{done:?}");
    let third = world
        .superuser("select locked_by || ' ' || (locked_at <= now()) from graphile_worker._private_jobs")
        .await;
    assert_eq!(third, "alive true", "it is let go five minutes from now");
    let alive = world
        .superuser(
            "select last_heartbeat_at <= now() from graphile_worker._private_workers where id = 'alive'",
        )
        .await;
    assert_eq!(alive, "t");
}
