//! Pages and mails: one table of templates with typed contexts and samples.
//!
//! A page is a struct that implements [`Page`]; what surrounds it (who is signed in, whose colours) is a
//! [`Layout`]. Forms come in as strings ([`forms`]) and leave as domain types or as errors at their fields.
//! Texts are French; ordinary spaces in templates and messages become no-break ones by [`typography`].

pub mod assets;
pub mod colour;
mod filters;
pub mod forms;
mod layout;
pub mod mails;
pub mod pages;
mod render;
pub(crate) mod samples;
mod sources;
pub mod table;
mod trail_words;
pub mod typography;

pub use assets::{StaticFile, static_file, static_files, static_url};
pub use colour::{ColourError, department_css};
pub use layout::{Brand, Layout, PlatformIdentity, UserKind, UserMenu};
pub use render::{Mail, Page, RenderedMail, Sample, ViewError, Views};
