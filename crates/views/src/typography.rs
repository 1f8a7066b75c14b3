//! French typography: no-break spaces and apostrophes, so that templates and messages can be written with an
//! ordinary keyboard.

use std::borrow::Cow;

use domain::french::{NARROW, NBSP};

/// Sets a text: `«␣`, `␣»`, `␣:` with a no-break space; `␣;`, `␣!`, `␣?` with a narrow one; `n°`, `%`, `€` bound
/// to their number; `'` becomes `’`.
pub fn set(text: &str) -> Cow<'_, str> {
    if !text.contains([' ', '\'']) {
        return Cow::Borrowed(text);
    }
    let characters: Vec<char> = text.chars().collect();
    let set = characters.iter().enumerate().map(|(place, &c)| match c {
        '\'' => '’',
        ' ' => space(&characters[..place], characters.get(place + 1)),
        c => c,
    });
    Cow::Owned(set.collect())
}

/// The space between what stands before and the next sign.
fn space(before: &[char], next: Option<&char>) -> char {
    match (before.last(), next) {
        (_, Some(':' | '»' | '€' | '%')) | (Some('«'), _) => NBSP,
        (_, Some(';' | '!' | '?')) => NARROW,
        (Some('°'), Some(c)) if c.is_numeric() && before.ends_with(&['n', '°']) => NBSP,
        (Some(a), Some(b)) if a.is_ascii_digit() && b.is_ascii_digit() => NARROW,
        _ => ' ',
    }
}

/// Sets the text of a template and leaves tags, expressions and comments as they are.
pub fn set_template(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + source.len() / 50);
    let mut rest = source;
    while let Some((start, end)) = next_markup(rest) {
        out.push_str(&set(&rest[..start]));
        out.push_str(&rest[start..end]);
        rest = &rest[end..];
    }
    out.push_str(&set(rest));
    out
}

/// Where the next tag, expression, statement or comment begins and ends.
fn next_markup(text: &str) -> Option<(usize, usize)> {
    let start = text.find(['<', '{'])?;
    let close = [
        ("{{", "}}"),
        ("{%", "%}"),
        ("{#", "#}"),
        ("<!--", "-->"),
        ("<", ">"),
    ]
    .into_iter()
    .find(|(open, _)| text[start..].starts_with(open))
    .map_or("{", |(_, close)| close);
    let length = if close == ">" {
        tag_length(&text[start..])
    } else {
        text[start..].find(close).map(|at| at + close.len())
    };
    Some((start, length.map_or(text.len(), |length| start + length)))
}

/// Length of a tag, whose attributes may hold expressions with `>` in them.
fn tag_length(tag: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        let next = at + tag[at..].find(['>', '{'])?;
        if tag[next..].starts_with('>') {
            return Some(next + 1);
        }
        let close = if tag[next..].starts_with("{%") { "%}" } else { "}}" };
        at = next + tag[next..].find(close)? + 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn binds_what_must_not_part() {
        assert_eq!(
            set("Qui ? L'étude « X » : n° 12, 46 000 €"),
            "Qui\u{202f}? L’étude «\u{a0}X\u{a0}»\u{a0}: n°\u{a0}12, 46\u{202f}000\u{a0}€"
        );
    }

    #[test]
    fn leaves_code_alone() {
        let source = r#"<a href="{{ 'x' if a > b else 'y : z' }}" title='a'>L'{{ "d'a" }} :</a>{# l'a #}"#;
        let set = r#"<a href="{{ 'x' if a > b else 'y : z' }}" title='a'>L’{{ "d'a" }}"#.to_owned()
            + "\u{a0}:</a>{# l'a #}";
        assert_eq!(set_template(source), set);
    }

    proptest! {
        #[test]
        fn loses_nothing(text in "[a-z<>{}%#\"' :é»]{0,60}") {
            let plain = |text: &str| text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
            prop_assert_eq!(plain(&set_template(&text)), text);
        }
    }
}
