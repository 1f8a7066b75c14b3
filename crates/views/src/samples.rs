//! Made-up people, offices and départements for the samples of pages and mails.
