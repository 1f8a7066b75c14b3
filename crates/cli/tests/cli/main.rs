//! The program as its users run it.

mod configuration;
mod department;
mod program;
mod service;
