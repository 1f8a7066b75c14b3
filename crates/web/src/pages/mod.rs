//! One file a page: its handlers, and nothing else.

pub(crate) mod answer;
pub(crate) mod assets;
pub(crate) mod department_assets;
pub(crate) mod departments;
pub(crate) mod health;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod inquiry;
pub(crate) mod journal;
pub(crate) mod legal;
pub(crate) mod letter;
pub(crate) mod limit;
pub(crate) mod login;
pub(crate) mod login_callback;
pub(crate) mod login_start;
pub(crate) mod logout;
pub(crate) mod staff;
pub(crate) mod terms;
pub(crate) mod verification;
