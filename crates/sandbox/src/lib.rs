//! The embedded default behind the demo and the tests.
