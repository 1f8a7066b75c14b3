//! What all départements share: one repository a file, tables of the schema `platform`.

pub(crate) mod claims;
pub(crate) mod departments;
pub(crate) mod index;
pub(crate) mod notaries;
pub(crate) mod offices;
pub(crate) mod reads;
pub(crate) mod sessions;
pub(crate) mod staff;
pub(crate) mod terms;
