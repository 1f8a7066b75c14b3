//! Objects in two real stores: the embedded endpoint, and SeaweedFS with versions and locks.

#[cfg(test)]
mod embedded;
#[cfg(test)]
mod seaweedfs;
#[cfg(test)]
mod support;
