//! How the terminal reads: colour only where there is a terminal.

use std::io::{IsTerminal, stdout};
use std::time::Duration;

/// Whether a person looks at it.
pub(crate) fn is_terminal() -> bool {
    stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// A heading.
pub(crate) fn heading(text: &str) {
    println!("\n{}", paint("1", &format!("── {text} ──")));
}

/// A line of progress.
pub(crate) fn say(text: &str) {
    println!("   {text}");
}

/// Text that something went well.
pub(crate) fn good(text: &str) -> String {
    paint("32", text)
}

/// Text that something went wrong.
pub(crate) fn bad(text: &str) -> String {
    paint("31", text)
}

/// `4.2 s`, `3 min 07 s`.
pub(crate) fn duration(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => format!("{seconds}.{} s", time.subsec_millis() / 100),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

fn paint(code: &str, text: &str) -> String {
    if is_terminal() {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(duration(Duration::from_millis(4_250)), "4.2 s");
        assert_eq!(duration(Duration::from_secs(187)), "3 min 07 s");
    }
}
