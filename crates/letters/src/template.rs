//! The template and the fonts, embedded, and the hash that names them.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// Virtual path and source of each file of the template. The first is the one compiled.
pub(crate) const SOURCES: [(&str, &str); 5] = [
    (
        "/letter.typ",
        include_str!("../../../templates/letters/letter.typ"),
    ),
    (
        "/letterhead.typ",
        include_str!("../../../templates/letters/letterhead.typ"),
    ),
    (
        "/bodies.typ",
        include_str!("../../../templates/letters/bodies.typ"),
    ),
    ("/law.typ", include_str!("../../../templates/letters/law.typ")),
    (
        "/closing.typ",
        include_str!("../../../templates/letters/closing.typ"),
    ),
];

/// Virtual path and content of each image of the template.
pub(crate) const IMAGES: [(&str, &str); 1] = [(
    "/specimen.svg",
    include_str!("../../../templates/letters/specimen.svg"),
)];

/// What turns data into words: it decides the bytes as much as the template does.
const WORDING: [&str; 6] = [
    include_str!("view.rs"),
    include_str!("window.rs"),
    include_str!("wording.rs"),
    include_str!("qr.rs"),
    include_str!("render.rs"),
    include_str!("../../domain/src/french.rs"),
];

/// Families of the fonts embedded: the letter's own, and one of wide coverage for a sign it lacks.
pub(crate) const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

/// The font files of [`FAMILIES`].
pub(crate) fn font_files() -> impl Iterator<Item = &'static [u8]> {
    typst_assets::fonts()
        .filter(|data| typst::text::FontInfo::iter(data).any(|info| FAMILIES.contains(&info.family.as_str())))
}

/// Short hash over the template, what words it, its fonts and Typst’s version: changes whenever the bytes of a letter
/// may. Worked out once, at first use.
pub fn template_version() -> &'static str {
    static VERSION: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| {
            hash.update(bytes.len().to_le_bytes());
            hash.update(bytes);
        };
        for (path, source) in SOURCES.into_iter().chain(IMAGES) {
            add(path.as_bytes());
            add(source.as_bytes());
        }
        for source in WORDING {
            add(source.as_bytes());
        }
        font_files().for_each(&mut add);
        add(typst::utils::version().raw().as_bytes());
        hash.finalize()
            .iter()
            .take(6)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    });
    &VERSION
}
