//! Objects in two real stores: the embedded endpoint, and SeaweedFS with versions and locks.

mod embedded;
mod seaweedfs;
mod support;
