//! Reading PDFs as others do: with poppler and qpdf, which `cargo xtask test` installs.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use dn_letters::{LetterData, Letterhead, RenderSettings, Rendered, Renderer};

/// A renderer for tests: patient, as machines of continuous integration are slow.
pub(crate) fn renderer() -> Renderer {
    Renderer::new(&RenderSettings {
        threads: 2,
        queue: 200,
        timeout_seconds: 120,
    })
    .unwrap()
}

/// One letter under the sample letterhead.
pub(crate) async fn render(data: LetterData) -> Rendered {
    renderer()
        .render(data, Arc::new(Letterhead::sample()))
        .await
        .unwrap()
}

/// Runs a tool on a PDF and returns what it prints.
pub(crate) fn tool(program: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new_in(scratch()).unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let (before, after) = arguments.split_at(
        arguments
            .iter()
            .position(|a| *a == "-")
            .unwrap_or(arguments.len()),
    );
    let output = Command::new(program)
        .args(before)
        .arg(file.path())
        .args(after)
        .output()
        .unwrap_or_else(|fault| panic!("{program}: {fault} (install poppler-utils and qpdf)"));
    assert!(
        output.status.success(),
        "{program}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The text of a letter, spaces of every width as one.
pub(crate) fn text(pdf: &[u8]) -> String {
    let text = tool("pdftotext", &["-"], pdf);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn scratch() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}
