//! HTTP only: routes, extractors, sessions, login, pages.
