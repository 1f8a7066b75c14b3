//! What the commands print: lines and tables for eyes, JSON for machines. Results go to standard output, progress
//! to standard error.

use std::error::Error;
use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{ContentArrangement, Table, TableComponent};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// One line on standard output. A closed pipe (`dn … | head`) is not our fault.
pub(crate) fn line(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stdout().lock(), "{}", text.as_ref());
}

/// A value as JSON on standard output.
pub(crate) fn json(value: &impl Serialize) -> Result<()> {
    line(serde_json::to_string_pretty(value)?);
    Ok(())
}

/// A table with these headers.
pub(crate) fn table(headers: &[&str], rows: impl IntoIterator<Item = Vec<String>>) {
    let mut table = Table::new();
    table
        .load_preset(UTF8_HORIZONTAL_ONLY)
        .remove_style(TableComponent::HorizontalLines)
        .remove_style(TableComponent::MiddleIntersections)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(headers.iter().copied());
    table.add_rows(rows);
    line(table.to_string());
}

/// A bar for a long step; nothing where standard error is no terminal.
pub(crate) fn bar(what: &str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(what.to_owned());
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

/// A sign of life for a step of unknown length.
pub(crate) fn spinner(what: impl Into<String>) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(what.into());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A line above a bar, also where the bar is not shown.
pub(crate) fn step(bar: &ProgressBar, text: impl AsRef<str>) {
    if bar.is_hidden() {
        let _ = writeln!(std::io::stderr().lock(), "{}", text.as_ref());
    } else {
        bar.println(text);
    }
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// One line of progress on standard error.
pub(crate) fn said(text: impl AsRef<str>) {
    let _ = writeln!(std::io::stderr().lock(), "  {}", text.as_ref());
}

/// Does a step that may take long: a sign of life while it lasts, a line with its time when it is done.
pub(crate) async fn timed<T>(what: &str, step: impl Future<Output = Result<T>>) -> Result<T> {
    let bar = spinner(what);
    let begun = Instant::now();
    let done = step.await;
    bar.finish_and_clear();
    let done = done.with_context(|| format!("{what} cannot be started"))?;
    said(format!("{what}: {} ms", begun.elapsed().as_millis()));
    Ok(done)
}
