//! Everything that reads what comes from outside, given what nobody meant to send: good input, broken at random.
//! Nothing may panic, and each property says what must hold besides. `PROPTEST_CASES` sets how many times each is
//! tried; a failure is printed in its smallest form with the seed that repeats it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod http;
mod kit;
mod letter;
mod queries;
mod register;
mod settings;
mod words;
