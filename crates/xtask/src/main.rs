//! Tasks of the house: demo, test, prepare, tidy. Standard library only, so that it builds in seconds.
fn main() {}
