//! One letter to one PDF, on the thread that calls.

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use sha2::{Digest as _, Sha256};
use typst::diag::SourceDiagnostic;
use typst::foundations::{Bytes, Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::data::LetterData;
use crate::letterhead::Letterhead;
use crate::view::View;
use crate::world::{LetterWorld, Slot};
use crate::{limits, qr};

/// A letter as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// PDF/A-2a and PDF/UA-1.
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
    /// The operating system gives no thread.
    #[error("no thread to render letters")]
    Threads,
    /// The data are not what [`LetterData::new`] draws.
    #[error("the data of a letter cannot be rendered: {0}")]
    Data(&'static str),
    /// The template refuses the data: our fault. What Typst says of it, without what it quotes.
    #[error("the letter template failed: {0}")]
    Template(String),
}

impl RenderError {
    /// Whether the same letter may succeed later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy | Self::Timeout | Self::Threads)
    }
}

/// Renders one letter: the same data and letterhead give the same bytes.
pub(crate) fn render(data: &LetterData, head: &Letterhead) -> Result<Rendered, RenderError> {
    limits::check(data)?;
    let mut view = View::new(data, head);
    let mut document = lay_out(&view, data, head)?;
    // Header and foot have room of their own: another number in them changes nothing of the others.
    if document.pages().len() != view.pages {
        view.pages = document.pages().len();
        document = lay_out(&view, data, head)?;
    }
    if document.pages().len() != view.pages {
        return Err(RenderError::Template(
            "the number of pages depends on itself".to_owned(),
        ));
    }
    document.info_mut().title = Some(view.title().into());
    let pdf = typst_pdf::pdf(&document, &options(data)?).map_err(|faults| template_error(&faults))?;
    Ok(Rendered {
        sha256: Sha256::digest(&pdf).into(),
        pages: document.pages().len(),
        pdf,
    })
}

fn lay_out(view: &View, data: &LetterData, head: &Letterhead) -> Result<PagedDocument, RenderError> {
    let compiled = typst::compile::<PagedDocument>(&world(view, data, head)?);
    compiled.output.map_err(|faults| template_error(&faults))
}

fn world(view: &View, data: &LetterData, head: &Letterhead) -> Result<LetterWorld, RenderError> {
    let json = serde_json::to_vec(view).map_err(|_| RenderError::Data("not JSON"))?;
    let qr =
        qr::svg(&data.verification.url).ok_or(RenderError::Data("the address is too long for a QR code"))?;
    let mut files = vec![
        (Slot::Data, Bytes::new(json)),
        (Slot::Qr, Bytes::new(qr.into_bytes())),
        (Slot::Logo(head.logo.format), head.logo.bytes.clone()),
    ];
    if let Some(signature) = &head.signature {
        files.push((Slot::Signature(signature.format), signature.bytes.clone()));
    }
    LetterWorld::new(files).ok_or(RenderError::Data("a path"))
}

fn options(data: &LetterData) -> Result<PdfOptions, RenderError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|fault| RenderError::Template(fault.message().to_string()))?;
    Ok(PdfOptions {
        ident: Smart::Custom(data.id.to_string()),
        timestamp: instant(data.decided_at).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    })
}

fn instant(at: DateTime<Utc>) -> Option<Datetime> {
    let part = |number: u32| u8::try_from(number).ok();
    Datetime::from_ymd_hms(
        at.year(),
        part(at.month())?,
        part(at.day())?,
        part(at.hour())?,
        part(at.minute())?,
        part(at.second())?,
    )
}

fn template_error(faults: &[SourceDiagnostic]) -> RenderError {
    // What stands in quotes may be a name: errors go to logs.
    let unquoted = |fault: &SourceDiagnostic| {
        fault
            .message
            .split(['`', '"'])
            .next()
            .unwrap_or("")
            .trim()
            .to_owned()
    };
    let text: Vec<String> = faults.iter().take(3).map(unquoted).collect();
    RenderError::Template(text.join("; "))
}
