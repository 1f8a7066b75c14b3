//! The only door to our database.
