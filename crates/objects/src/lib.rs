//! Object storage: typed keys, encryption before upload, and what the store really can do.
//!
//! Every object is encrypted with a data key of one département; data keys are wrapped by a master key of the
//! configuration. The store sees random-looking bytes under names that tell nothing.

mod bucket;
mod client;
mod crypto;
mod envelope;
mod error;
mod key;
mod keyring;
mod probe;
mod settings;
mod store;

pub use bucket::Purged;
pub use error::ObjectError;
pub use key::ObjectKey;
pub use keyring::{DataKey, Keyring, KeyringError, WrappedKey};
pub use probe::Capabilities;
pub use settings::StorageSettings;
pub use store::{ObjectStore, Stored};
