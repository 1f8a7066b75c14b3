//! The one table of every page and mail.
