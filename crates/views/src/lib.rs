//! Pages and mails: one table of templates with typed contexts and samples.
