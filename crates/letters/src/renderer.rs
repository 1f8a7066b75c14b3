//! Letters through the pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Deserialize;

use crate::data::LetterData;
use crate::letterhead::Letterhead;
use crate::pool::{Pool, RenderStats};
use crate::render::{RenderError, Rendered, render};

/// Renderings after which Typst forgets what it has used in none of them nor in as many before: keeps fonts and template,
/// drops the letters. After each, looking through all it remembers would cost a hundredth of a letter.
const MEMORY_AGE: usize = 8;

/// `[letters]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RenderSettings {
    /// Threads that render.
    pub threads: usize,
    /// Letters that may wait; one more is refused with [`RenderError::Busy`].
    pub queue: usize,
    /// Seconds, waiting included, after which a caller is let go and the thread replaced.
    pub timeout_seconds: u64,
}

impl Default for RenderSettings {
    fn default() -> Self {
        Self {
            threads: 2,
            queue: 64,
            timeout_seconds: 30,
        }
    }
}

/// Renders letters on threads of its own. Cheap to clone.
#[derive(Clone)]
pub struct Renderer {
    pool: Pool,
    begun: Arc<AtomicUsize>,
}

impl Renderer {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn new(settings: &RenderSettings) -> Result<Self, RenderError> {
        let limit = Duration::from_secs(settings.timeout_seconds.max(1));
        Ok(Self {
            pool: Pool::new(settings.threads, settings.queue, limit)?,
            begun: Arc::default(),
        })
    }

    /// Renders one letter. The same data and letterhead give the same bytes, as long as [`crate::template_version`]
    /// stays what it is.
    ///
    /// # Errors
    /// A [`RenderError`]; [`RenderError::is_transient`] tells whether to try again.
    pub async fn render(
        &self,
        data: LetterData,
        letterhead: Arc<Letterhead>,
    ) -> Result<Rendered, RenderError> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        self.pool
            .run(move || {
                let rendered = render(&data, &letterhead);
                if number.is_multiple_of(MEMORY_AGE) {
                    comemo::evict(1);
                }
                rendered
            })
            .await
    }

    /// What the pool has done.
    pub fn stats(&self) -> RenderStats {
        self.pool.stats()
    }
}
