//! One line of text as a person types it.

/// A text cannot be taken as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("ce champ est vide")]
    Empty,
    /// More characters than allowed.
    #[error("ce texte dépasse {0} caractères")]
    TooLong(usize),
    /// Control or formatting characters (they are invisible, and some change the reading direction).
    #[error("ce texte contient un caractère invisible ou de commande : retapez-le au clavier")]
    Control,
}

/// Trims, folds every run of white space to one space and checks length (in characters) and characters.
///
/// # Errors
/// When nothing is left, when it is longer than `max`, or when it holds a control character.
pub fn clean_line(text: &str, max: usize) -> Result<String, TextError> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(TextError::Empty);
    }
    if line.chars().count() > max {
        return Err(TextError::TooLong(max));
    }
    if line.chars().any(is_hidden) {
        return Err(TextError::Control);
    }
    Ok(line)
}

/// Letters and digits only, in lower case, without the accents French uses: how codes and headings are compared.
/// `Aide ménagère`, `AIDE-MENAGERE` and `aide_menagere` are one. Names of people are compared by the matching engine.
pub fn fold(text: &str) -> String {
    text.chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'à' | 'â' | 'ä' => Some('a'),
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'î' | 'ï' => Some('i'),
            'ô' | 'ö' => Some('o'),
            'ù' | 'û' | 'ü' => Some('u'),
            'ç' => Some('c'),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// Control characters, zero-width signs and direction overrides (Unicode general categories Cc and Cf as met in names).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_headings() {
        for text in ["Prénoms", "PRENOMS", " pre\u{301}noms ", "\u{feff}Prénoms"] {
            assert_eq!(fold(text), "prenoms", "{text}");
        }
    }

    #[test]
    fn folds_white_space_and_refuses_what_cannot_be_seen() {
        assert_eq!(
            clean_line("  DE \t LA\u{a0}TOUR ", 20),
            Ok("DE LA TOUR".to_owned())
        );
        assert_eq!(clean_line("   ", 20), Err(TextError::Empty));
        assert_eq!(clean_line("abc", 2), Err(TextError::TooLong(2)));
        assert_eq!(clean_line("a\u{202E}b", 9), Err(TextError::Control));
        assert_eq!(clean_line("a\0b", 9), Err(TextError::Control));
    }
}
