//! The identity provider, asked by an independent client library and by hand.

mod flow;
mod logout;
mod refusals;
mod relying_party;
