//! Letters as their readers see them, and kits as administrators get them wrong.

mod draw;
mod kit;
mod letters;
mod support;
