//! Formal letters: frozen data, a département's letterhead and our template become a PDF, always the same one.
//!
//! Typst is a library here. Its world holds our template, our fonts and one letter, and nothing else can be read.
//! Template source is ours alone; what a département provides is data and checked images.
//!
//! [`LetterData`] says what, [`Letterhead`] says in whose name, [`Renderer`] makes the PDF, [`template_version`] names
//! what made it.

mod colour;
mod data;
mod draw;
mod images;
mod letterhead;
mod limits;
mod pool;
mod qr;
mod render;
mod renderer;
mod samples;
mod svg;
mod template;
mod view;
mod window;
mod wording;
mod world;

pub use data::{Addressee, AidLine, LetterData, LetterDataError, LetterParts, Person, Verification};
pub use letterhead::{KitFile, Letterhead, LetterheadError};
pub use pool::RenderStats;
pub use render::{RenderError, Rendered};
pub use renderer::{RenderSettings, Renderer};
pub use template::template_version;
