//! The window of the envelope, which an addressee must fit.
//!
//! To measure a text, Typst lays out the whole letter twice (what is measured might depend on where it stands). An
//! address that plainly fits is therefore told before; only of the others the template tries sizes.

use crate::world::width;

/// Width of the window over the size of its largest type, both of `templates/letters/letterhead.typ`: 85 mm and 11 pt.
const WIDTH: f64 = 85.0 / 25.4 * 72.0 / 11.0;
/// How much of it is counted with: a font moves some pairs of signs apart.
const COUNTED: f64 = 0.95;
/// Lines of that type that fit with much room, whatever the fonts.
const LINES: usize = 7;

/// Whether each of these lines is one line in the window, in its largest type.
pub(crate) fn surely_fits(lines: &[String]) -> bool {
    lines.len() <= LINES && lines.iter().all(|line| width(line) <= WIDTH * COUNTED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::SOURCES;

    #[test]
    fn short_lines_fit_and_long_or_many_do_not() {
        let fits =
            |lines: &[&str]| surely_fits(&lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>());
        assert!(fits(&["SCP Lefèvre-Nuñez et Martin", "12 bis rue de l’Église"]));
        assert!(fits(&["99100 Saint-Aubin"; 7]));
        assert!(!fits(&["99100 Saint-Aubin"; 8]));
        assert!(!fits(&[
            "99100 Saint-Aubin",
            "À l’attention de Jeanne-Marie de Lefèvre-Nuñez Martin"
        ]));
        // Signs are counted by their own width, those of the second font by theirs.
        assert!(fits(&[&"i".repeat(60)]));
        assert!(!fits(&[&"W".repeat(30)]));
        assert!(width("i") < width("W") && width("W") < width("⅛⅛"));
    }

    #[test]
    fn the_window_is_the_templates() {
        let (_, letterhead) = SOURCES[1];
        assert!(letterhead.contains("#let addressee-width = 85mm\n"));
        assert!(letterhead.contains("let sizes = (11pt, "));
    }
}
