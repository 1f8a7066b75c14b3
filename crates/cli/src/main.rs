//! The program dn: wiring, configuration, lifecycle, commands.
fn main() {}
