//! The program as its users run it.

mod configuration;
mod department;
mod infra;
mod program;
mod service;
