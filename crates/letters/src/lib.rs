//! Formal letters: frozen data, a département's letterhead and our template become a PDF, always the same one.
//!
//! Typst is a library here. Its world holds our template, our fonts and one letter, and nothing else can be read.
//! Template source is ours alone; what a département provides is data and checked images.

mod data;
mod letterhead;
mod pool;

pub use data::{Addressee, AidLine, LetterData, LetterDataError, LetterParts, Person, Verification};
pub use letterhead::{KitFile, Letterhead, LetterheadError};
pub use pool::{RenderError, RenderSettings, RenderStats, Rendered, Renderer, template_version};
