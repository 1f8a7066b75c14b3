//! Where registers come from.
