//! Typst’s world: our template, our fonts, one letter. No file, no package, no network, no clock.

use std::collections::HashMap;
use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, PackageError};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::layout::{Abs, Em};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook, FontInstance, FontVariant, FontVariations};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World};

use crate::template::{FAMILIES, IMAGES, SOURCES, font_files};

/// Virtual paths of what varies. Fixed: Typst keeps every path it ever saw, and at most 65 535 of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// `/data.json`.
    Data,
    /// `/qr.svg`.
    Qr,
    /// `/logo.svg`, `/logo.png` or `/logo.jpg`.
    Logo(Format),
    /// `/signature.svg`, `/signature.png` or `/signature.jpg`.
    Signature(Format),
}

/// Format of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Vectors.
    Svg,
    /// Pixels without loss.
    Png,
    /// Pixels.
    Jpeg,
}

impl Slot {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Data => "/data.json",
            Self::Qr => "/qr.svg",
            Self::Logo(Format::Svg) => "/logo.svg",
            Self::Logo(Format::Png) => "/logo.png",
            Self::Logo(Format::Jpeg) => "/logo.jpg",
            Self::Signature(Format::Svg) => "/signature.svg",
            Self::Signature(Format::Png) => "/signature.png",
            Self::Signature(Format::Jpeg) => "/signature.jpg",
        }
    }
}

/// What every letter shares.
struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    /// Of each family the face of running text.
    regular: Vec<FontInstance>,
    sources: HashMap<FileId, Source>,
    images: HashMap<FileId, Bytes>,
}

static SHARED: LazyLock<Shared> = LazyLock::new(|| {
    let fonts: Vec<Font> = font_files()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .collect();
    let book = FontBook::from_fonts(&fonts);
    Shared {
        library: LazyHash::new(Library::builder().build()),
        regular: FAMILIES
            .iter()
            .filter_map(|family| book.select(&family.to_lowercase(), FontVariant::default()))
            .filter_map(|face| fonts.get(face).cloned())
            .map(|font| font.instantiate(FontVariant::default(), Abs::zero(), &FontVariations::default()))
            .collect(),
        book: LazyHash::new(book),
        fonts,
        sources: SOURCES
            .iter()
            .filter_map(|(path, text)| file_id(path).map(|id| (id, Source::new(id, (*text).to_owned()))))
            .collect(),
        images: IMAGES
            .iter()
            .filter_map(|(path, text)| Some((file_id(path)?, Bytes::new(text.as_bytes()))))
            .collect(),
    }
});

/// Whether the embedded fonts have a sign: one without a glyph would make the PDF invalid.
pub(crate) fn has_glyph(sign: char) -> bool {
    SHARED
        .fonts
        .iter()
        .any(|font| font.info().coverage.contains(u32::from(sign)))
}

/// How wide a text is, in ems, before pairs of signs are moved together or apart. A sign that no face of running text
/// has counts as one.
pub(crate) fn width(text: &str) -> f64 {
    let advance = |sign: char| {
        let faces = SHARED.regular.iter();
        let mut found = faces.filter_map(|font| font.x_advance(font.ttf().glyph_index(sign)?.0));
        found.next().map_or(1.0, Em::get)
    };
    text.chars().map(advance).sum()
}

fn file_id(path: &str) -> Option<FileId> {
    let path = VirtualPath::new(path).ok()?;
    Some(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// The world of one letter.
pub(crate) struct LetterWorld {
    main: FileId,
    files: Vec<(FileId, Bytes)>,
}

impl LetterWorld {
    /// A world with these files beside the template; `None` if Typst refuses a path, which it does not.
    pub(crate) fn new(files: impl IntoIterator<Item = (Slot, Bytes)>) -> Option<Self> {
        let files = files
            .into_iter()
            .map(|(slot, bytes)| Some((file_id(slot.path())?, bytes)))
            .collect::<Option<_>>()?;
        Some(Self {
            main: file_id(SOURCES[0].0)?,
            files,
        })
    }
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &SHARED.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &SHARED.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        SHARED.sources.get(&id).cloned().ok_or_else(|| not_found(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if let VirtualRoot::Package(package) = id.root() {
            return Err(PackageError::NotFound(package.clone()).into());
        }
        self.files
            .iter()
            .find(|(file, _)| *file == id)
            .map(|(_, bytes)| bytes)
            .or_else(|| SHARED.images.get(&id))
            .cloned()
            .ok_or_else(|| not_found(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        SHARED.fonts.get(index).cloned()
    }

    /// None: a letter’s date is data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn not_found(id: FileId) -> FileError {
    FileError::NotFound(id.vpath().get_with_slash().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `main` reads or imports, compiled in the world of a letter.
    fn compile(source: &str) -> Result<(), String> {
        struct Other(LetterWorld, Source);
        impl World for Other {
            fn library(&self) -> &LazyHash<Library> {
                self.0.library()
            }
            fn book(&self) -> &LazyHash<FontBook> {
                self.0.book()
            }
            fn main(&self) -> FileId {
                self.1.id()
            }
            fn source(&self, id: FileId) -> FileResult<Source> {
                if id == self.1.id() {
                    Ok(self.1.clone())
                } else {
                    self.0.source(id)
                }
            }
            fn file(&self, id: FileId) -> FileResult<Bytes> {
                self.0.file(id)
            }
            fn font(&self, index: usize) -> Option<Font> {
                self.0.font(index)
            }
            fn today(&self, offset: Option<Duration>) -> Option<Datetime> {
                self.0.today(offset)
            }
        }
        let data = (Slot::Data, Bytes::new(b"{}".as_slice()));
        let main = Source::new(file_id("/other.typ").unwrap(), source.to_owned());
        let world = Other(LetterWorld::new([data]).unwrap(), main);
        let compiled = typst::compile::<typst_layout::PagedDocument>(&world).output;
        compiled.map(drop).map_err(|faults| faults[0].message.to_string())
    }

    #[test]
    fn nothing_outside_the_letter_can_be_read() {
        assert_eq!(compile("#json(\"/data.json\")"), Ok(()));
        for outside in [
            "#read(\"/etc/passwd\")",
            "#read(\"../../../../etc/passwd\")",
            "#image(\"/signature.png\")",
            "#import \"@preview/cetz:0.3.4\"",
            "#import \"@local/kit:1.0.0\"",
            "#datetime.today()",
        ] {
            assert!(compile(outside).is_err(), "{outside}");
        }
        assert_eq!(compile("#assert(sys.inputs.len() == 0)"), Ok(()));
    }
}
