//! Rendering in a few named threads of its own, with a bounded queue.

use std::sync::Arc;

use serde::Deserialize;

use crate::{LetterData, Letterhead};

/// `[letters]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RenderSettings {
    /// Threads that render.
    pub threads: usize,
    /// Letters that may wait; one more is refused with [`RenderError::Busy`].
    pub queue: usize,
    /// Seconds after which a caller is let go and the thread replaced.
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

/// A letter as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// PDF/A and PDF/UA-1.
    pub pdf: Vec<u8>,
    /// Of `pdf`.
    pub sha256: [u8; 32],
    /// Pages.
    pub pages: usize,
}

/// A letter could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// Too many letters wait. Try again later.
    #[error("too many letters wait to be rendered")]
    Busy,
    /// It took too long. Try again later.
    #[error("rendering a letter took too long")]
    Timeout,
    /// The renderer panicked on it.
    #[error("the renderer failed on a letter")]
    Panicked,
    /// The data exceed what a letter may hold.
    #[error("the data of a letter cannot be rendered: {0}")]
    Data(&'static str),
    /// The template refuses the data: our fault.
    #[error("the letter template failed: {0}")]
    Template(String),
}

impl RenderError {
    /// Whether the same letter may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Timeout)
    }
}

/// What the pool has done since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RenderStats {
    /// Letters rendered.
    pub rendered: u64,
    /// Renderings that panicked.
    pub panicked: u64,
    /// Renderings given up, each with its thread.
    pub timed_out: u64,
}

/// The pool. Cheap to clone.
#[derive(Clone)]
pub struct Renderer {
    _private: Arc<()>,
}

impl Renderer {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the operating system gives no thread, or the embedded fonts cannot be read.
    pub fn new(settings: &RenderSettings) -> Result<Self, RenderError> {
        let _ = settings;
        todo!()
    }

    /// Renders one letter.
    ///
    /// # Errors
    /// A [`RenderError`]; [`RenderError::is_transient`] tells whether to try again.
    pub async fn render(
        &self,
        data: LetterData,
        letterhead: Arc<Letterhead>,
    ) -> Result<Rendered, RenderError> {
        let _ = (data, letterhead);
        todo!()
    }

    /// What the pool has done.
    pub fn stats(&self) -> RenderStats {
        todo!()
    }
}

/// Short hash over the template, the fonts and Typst's version: changes whenever the bytes of a letter may.
pub fn template_version() -> &'static str {
    todo!()
}
