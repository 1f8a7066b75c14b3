//! The program dn: wiring, configuration, lifecycle, commands.

mod cli;
mod commands;
mod config;
mod lifecycle;
mod output;
mod telemetry;
mod wiring;

use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    // One TLS provider for every client in the process. Already set: somebody linked us as a library.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return cli::report(&anyhow::Error::new(error).context("the runtime cannot start")),
    };
    // The future of a command is large; on the heap it does not weigh on the main thread's stack.
    match runtime.block_on(Box::pin(arguments.run())) {
        Ok(code) => code,
        Err(error) => cli::report(&error),
    }
}
