//! Stylesheet, scripts, font and icon: embedded, addressed by their content, to be cached for ever.

use std::borrow::Cow;
use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// A file the pages need.
#[derive(Debug, Clone)]
pub struct StaticFile {
    /// `style.css`.
    pub name: &'static str,
    /// First 16 hexadecimal digits of its SHA-256.
    pub hash: String,
    /// Media type.
    pub mime: &'static str,
    /// What is in it.
    pub bytes: Cow<'static, [u8]>,
}

impl StaticFile {
    fn new(name: &'static str, mime: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)[..8]);
        Self {
            name,
            hash,
            mime,
            bytes,
        }
    }

    /// `/statique/{hash}/{name}`.
    pub fn url(&self) -> String {
        format!("/statique/{}/{}", self.hash, self.name)
    }
}

/// One stylesheet, written in parts.
pub(crate) const STYLE: &str = concat!(
    include_str!("../../../templates/static/style/1-colours.css"),
    include_str!("../../../templates/static/style/2-ground.css"),
    include_str!("../../../templates/static/style/3-frame.css"),
    include_str!("../../../templates/static/style/4-pieces.css"),
    include_str!("../../../templates/static/style/5-outcomes.css"),
    include_str!("../../../templates/static/style/6-forms.css"),
    include_str!("../../../templates/static/style/7-tables.css"),
    include_str!("../../../templates/static/style/8-media.css"),
);

static FILES: LazyLock<Vec<StaticFile>> = LazyLock::new(|| {
    let font = StaticFile::new(
        "source-sans-3.woff2",
        "font/woff2",
        Cow::Borrowed(include_bytes!(
            "../../../templates/static/fonts/source-sans-3.woff2"
        )),
    );
    let css = STYLE.replace(
        "fonts/source-sans-3.woff2",
        &format!("../{}/{}", font.hash, font.name),
    );
    let script = |name, source: &'static str| {
        StaticFile::new(
            name,
            "text/javascript; charset=utf-8",
            Cow::Borrowed(source.as_bytes()),
        )
    };
    vec![
        StaticFile::new(
            "style.css",
            "text/css; charset=utf-8",
            Cow::Owned(css.into_bytes()),
        ),
        script(
            "departements.js",
            include_str!("../../../templates/static/departements.js"),
        ),
        script(
            "reponses.js",
            include_str!("../../../templates/static/reponses.js"),
        ),
        script("envoi.js", include_str!("../../../templates/static/envoi.js")),
        StaticFile::new(
            "icone.svg",
            "image/svg+xml",
            Cow::Borrowed(include_bytes!("../../../templates/static/icone.svg")),
        ),
        font,
    ]
});

/// Every file, to be served at its [`StaticFile::url`] as immutable.
pub fn static_files() -> &'static [StaticFile] {
    &FILES
}

/// The file at `/statique/{hash}/{name}`; none when either differs.
pub fn static_file(hash: &str, name: &str) -> Option<&'static StaticFile> {
    FILES.iter().find(|file| file.hash == hash && file.name == name)
}

/// Address of a file by its name.
pub fn static_url(name: &str) -> Option<String> {
    FILES.iter().find(|file| file.name == name).map(StaticFile::url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_points_at_the_font() {
        let css = FILES.iter().find(|file| file.name == "style.css").unwrap();
        let font = FILES.iter().find(|file| file.mime == "font/woff2").unwrap();
        let text = std::str::from_utf8(&css.bytes).unwrap();
        assert!(text.contains(&format!("../{}/{}", font.hash, font.name)));
        assert!(!text.contains("url(\"fonts/"));
        assert!(static_file(&css.hash, "style.css").is_some());
        assert!(static_file("0000000000000000", "style.css").is_none());
    }
}
