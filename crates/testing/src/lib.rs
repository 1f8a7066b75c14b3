//! What tests share: the whole application on real servers.
