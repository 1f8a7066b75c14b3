//! Letters as their readers see them, and kits as administrators get them wrong.

#[cfg(test)]
mod draw;
#[cfg(test)]
mod kit;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod support;
