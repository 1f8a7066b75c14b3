//! A few named threads of its own for work that cannot be interrupted, with a bounded queue.
//!
//! A thread cannot be killed. A caller who has waited too long is let go; the thread that still works for it is
//! given up and another takes its place, until so many have been given up that something is plainly wrong: then
//! nothing more is taken until one comes back.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::oneshot;

use crate::render::RenderError;

/// Typst lays out by recursion: more than the two megabytes a thread has by default.
const STACK_BYTES: usize = 16 * 1024 * 1024;
/// Threads given up at one time, beyond which no work is taken.
const MAX_GIVEN_UP: usize = 8;

/// What the pool has done since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct RenderStats {
    /// Letters rendered.
    pub rendered: u64,
    /// Renderings that panicked.
    pub panicked: u64,
    /// Callers let go after the time limit.
    pub timed_out: u64,
    /// Threads given up that have not come back.
    pub given_up: usize,
}

/// Where a job stands; moved by whoever gets there first.
mod state {
    pub(super) const WAITING: u8 = 0;
    pub(super) const RUNNING: u8 = 1;
    pub(super) const DONE: u8 = 2;
    pub(super) const GIVEN_UP: u8 = 3;
}

/// Does the work, counts it, answers; says whether it panicked.
type Work = Box<dyn FnOnce(&Shared) -> bool + Send>;

struct Job {
    state: Arc<AtomicU8>,
    work: Work,
}

struct Shared {
    jobs: Mutex<Receiver<Job>>,
    rendered: AtomicU64,
    panicked: AtomicU64,
    timed_out: AtomicU64,
    given_up: AtomicUsize,
}

/// The threads. Cheap to clone; they end when the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Pool {
    sender: SyncSender<Job>,
    shared: Arc<Shared>,
    limit: Duration,
}

impl Pool {
    /// Starts `threads` threads, before which `queue` jobs may wait.
    pub(crate) fn new(threads: usize, queue: usize, limit: Duration) -> Result<Self, RenderError> {
        let (sender, receiver) = sync_channel(queue.max(1));
        let shared = Arc::new(Shared {
            jobs: Mutex::new(receiver),
            rendered: AtomicU64::new(0),
            panicked: AtomicU64::new(0),
            timed_out: AtomicU64::new(0),
            given_up: AtomicUsize::new(0),
        });
        for _ in 0..threads.max(1) {
            spawn(&shared)?;
        }
        Ok(Self {
            sender,
            shared,
            limit,
        })
    }

    /// Runs `work` on a thread of the pool. Dropping the future does not stop it, nor the watch over it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, RenderError> + Send + 'static,
    ) -> Result<T, RenderError> {
        if self.shared.given_up.load(Ordering::Acquire) >= MAX_GIVEN_UP {
            return Err(RenderError::Busy);
        }
        let (answer, answered) = oneshot::channel();
        let state = Arc::new(AtomicU8::new(state::WAITING));
        let job = Job {
            state: Arc::clone(&state),
            work: Box::new(move |shared| {
                let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(RenderError::Panicked));
                let panicked = matches!(result, Err(RenderError::Panicked));
                let counter = if panicked {
                    &shared.panicked
                } else {
                    &shared.rendered
                };
                counter.fetch_add(1, Ordering::Relaxed);
                // The caller may be gone; then nobody wants the answer.
                let _ = answer.send(result);
                panicked
            }),
        };
        self.sender.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => RenderError::Busy,
            TrySendError::Disconnected(_) => RenderError::Threads,
        })?;
        let (shared, limit) = (Arc::clone(&self.shared), self.limit);
        let watch = tokio::spawn(async move {
            match tokio::time::timeout(limit, answered).await {
                Ok(Ok(result)) => result,
                // The job was dropped unanswered: the threads are gone.
                Ok(Err(_)) => Err(RenderError::Threads),
                Err(_) => {
                    give_up(&shared, &state);
                    Err(RenderError::Timeout)
                }
            }
        });
        watch.await.unwrap_or(Err(RenderError::Panicked))
    }

    /// What the pool has done.
    pub(crate) fn stats(&self) -> RenderStats {
        RenderStats {
            rendered: self.shared.rendered.load(Ordering::Relaxed),
            panicked: self.shared.panicked.load(Ordering::Relaxed),
            timed_out: self.shared.timed_out.load(Ordering::Relaxed),
            given_up: self.shared.given_up.load(Ordering::Relaxed),
        }
    }
}

/// Takes a job from its thread, if it has one, and gives the pool another thread in exchange.
fn give_up(shared: &Arc<Shared>, state: &AtomicU8) {
    shared.timed_out.fetch_add(1, Ordering::Relaxed);
    // Counted first: the thread that comes back takes itself off.
    let given_up = shared.given_up.fetch_add(1, Ordering::AcqRel) + 1;
    if state.swap(state::GIVEN_UP, Ordering::AcqRel) == state::RUNNING {
        tracing::error!(
            given_up,
            "a letter renders beyond the time limit: its thread is replaced"
        );
        if spawn(shared).is_err() {
            tracing::error!("no thread to replace it");
        }
    } else {
        shared.given_up.fetch_sub(1, Ordering::AcqRel);
    }
}

fn spawn(shared: &Arc<Shared>) -> Result<(), RenderError> {
    let shared = Arc::clone(shared);
    std::thread::Builder::new()
        .name("letters".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || work(&shared))
        .map(drop)
        .map_err(|_| RenderError::Threads)
}

/// A thread’s life: until the pool is dropped, its job is given up, or its work panics.
fn work(shared: &Arc<Shared>) {
    loop {
        let next = shared.jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else {
            return;
        };
        let taken = job.state.compare_exchange(
            state::WAITING,
            state::RUNNING,
            Ordering::AcqRel,
            Ordering::Acquire,
        );
        if taken.is_err() {
            continue;
        }
        let panicked = (job.work)(shared);
        if job.state.swap(state::DONE, Ordering::AcqRel) == state::GIVEN_UP {
            shared.given_up.fetch_sub(1, Ordering::AcqRel);
            return;
        }
        if panicked {
            tracing::error!("rendering a letter panicked: its thread is replaced");
            // What the panic left in this thread is unknown: a fresh one goes on.
            if spawn(shared).is_ok() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    fn pool(threads: usize, queue: usize, milliseconds: u64) -> Pool {
        Pool::new(threads, queue, Duration::from_millis(milliseconds)).unwrap()
    }

    /// Whether the pool works again, be the machine ever so busy.
    async fn works_again(pool: &Pool) -> bool {
        for _ in 0..200 {
            if pool.run(|| Ok(7)).await == Ok(7) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_pool_goes_on() {
        let pool = pool(1, 4, 60_000);
        for _ in 0..3 {
            let result = pool.run::<()>(|| panic!("on purpose")).await;
            assert_eq!(result, Err(RenderError::Panicked));
        }
        assert_eq!(pool.run(|| Ok(7)).await, Ok(7));
        assert_eq!((pool.stats().panicked, pool.stats().rendered), (3, 1));
    }

    /// Wedges a thread until the sender is dropped. On a busy machine it may take more than one attempt: what is still
    /// waiting when its time is up is never begun.
    async fn wedge(pool: &Pool) -> Vec<mpsc::Sender<()>> {
        let before = pool.stats().given_up;
        let mut releases = Vec::new();
        while pool.stats().given_up == before {
            let (release, released) = mpsc::channel::<()>();
            releases.push(release);
            let wedged = pool.run(move || Ok(released.recv().is_ok())).await;
            assert_eq!(wedged, Err(RenderError::Timeout));
        }
        releases
    }

    #[tokio::test]
    async fn a_wedged_thread_is_given_up_and_replaced() {
        let pool = pool(1, 4, 100);
        let release = wedge(&pool).await;
        assert!(works_again(&pool).await);
        assert_eq!(pool.stats().given_up, 1);
        drop(release);
        for _ in 0..500 {
            if pool.stats().given_up == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the thread came back but is still counted");
    }

    #[tokio::test]
    async fn the_queue_is_bounded_and_what_waited_too_long_is_never_begun() {
        let pool = pool(1, 1, 60_000);
        let (release, released) = mpsc::channel::<()>();
        let (begun, begins) = mpsc::channel::<()>();
        let first = pool.clone();
        let first = tokio::spawn(async move {
            first
                .run(move || {
                    begun.send(()).unwrap();
                    let _ = released.recv();
                    Ok(())
                })
                .await
        });
        tokio::task::spawn_blocking(move || begins.recv().unwrap())
            .await
            .unwrap();
        let second = pool.clone();
        let second = tokio::spawn(async move { second.run(|| Ok(())).await });
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(pool.run(|| Ok(())).await, Err(RenderError::Busy));
        release.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Ok(()));
        assert_eq!(second.await.unwrap(), Ok(()));
    }

    #[tokio::test]
    async fn too_many_given_up_threads_stop_the_pool_until_they_return() {
        let pool = pool(1, 2, 100);
        let mut releases = Vec::new();
        for _ in 0..MAX_GIVEN_UP {
            releases.push(wedge(&pool).await);
        }
        assert_eq!(pool.run(|| Ok(())).await, Err(RenderError::Busy));
        drop(releases);
        assert!(works_again(&pool).await);
    }
}
