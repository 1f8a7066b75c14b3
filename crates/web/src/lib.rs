//! HTTP only: routes, extractors, sessions, login, pages.
//!
//! A handler names what it needs in its signature: who may call it (`users`), how it answers (`reply::View`),
//! the form last. What every request passes, whatever its page, is in `layers`; [`router`](router()) puts them in order.

mod choices;
mod connections;
mod kept;
mod layers;
pub mod oidc;
mod pages;
mod problem;
mod reply;
mod return_to;
mod router;
mod serve;
mod session;
mod settings;
mod state;
mod users;
mod visit;

pub use router::{extended, router, routes};
pub use serve::serve;
pub use settings::WebSettings;
pub use state::{WebError, WebParts, WebState};
