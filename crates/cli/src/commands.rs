//! Commands, one a file.

pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod config;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod jobs;
pub(crate) mod keys;
pub(crate) mod matching;
pub(crate) mod migrate;
pub(crate) mod register;
pub(crate) mod serve;
pub(crate) mod tenant;
pub(crate) mod work;
