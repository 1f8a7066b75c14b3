//! Reading `tenant.toml` with the line and column of what is wrong.

use super::TenantSettings;

/// `tenant.toml` cannot be taken. The caller knows the file's name; this says where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct SettingsError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what is allowed, in English.
    pub message: String,
}

impl TenantSettings {
    /// Reads the text of a `tenant.toml`.
    ///
    /// # Errors
    /// For the first thing wrong in it: syntax, an unknown or missing key, a value that cannot be.
    pub fn from_toml(text: &str) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or(text);
            let line_start = before.rfind('\n').map_or(0, |end| end + 1);
            SettingsError {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                message: error.message().trim_end().to_owned(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r##"
[identity]
name = "Rhône"
official_name = "Département du Rhône"
insee_code = "69"

[contact]
service = ["Direction de l’autonomie"]
address = ["1 place Fictive", "69999 Lyon"]
telephone = "04 65 71 00 69"
email = "Autonomie@rhone.example"

[recovery]
mailbox = "recuperation@rhone.example"
officer = "Service des récupérations"

[letterhead]
logo = "logo.svg"
accent = "#0B5FA5"
place = "Lyon"
footer = "Hôtel du Département"

[letterhead.signatory]
name = "Claire Exemple"
capacity = ["Pour le Président et par délégation"]

[[administrators]]
email = "admin@rhone.example"
name = "Anne Exemple"

[[aids]]
code = "AIDE-X"
label = "Aide X"
recoverable = [{ from = 2010-01-01, to = "2015-12-31" }]
"##;

    /// The good file with one change.
    fn changed(from: &str, to: &str) -> Result<TenantSettings, SettingsError> {
        assert!(GOOD.contains(from), "{from}");
        TenantSettings::from_toml(&GOOD.replacen(from, to, 1))
    }

    #[test]
    fn takes_a_right_file_and_fills_in_defaults() {
        let settings = TenantSettings::from_toml(GOOD).unwrap();
        assert_eq!(settings.identity.time_zone.to_string(), "Europe/Paris");
        assert_eq!(settings.retention.letters_years, 5);
        assert_eq!(settings.contact.email, "autonomie@rhone.example");
        assert_eq!(settings.letterhead.accent, "#0b5fa5");
        assert!(!settings.letterhead.specimen);
    }

    #[test]
    fn goes_through_the_database_as_json() {
        let settings = TenantSettings::from_toml(GOOD).unwrap();
        let json = serde_json::to_value(&settings).unwrap();
        assert_eq!(serde_json::from_value::<TenantSettings>(json).unwrap(), settings);
    }

    #[test]
    fn says_where_and_what_is_allowed() {
        for (from, to, at, says) in [
            (
                "place =",
                "plaec =",
                "plaec",
                "unknown field `plaec`, expected one of `logo`",
            ),
            (
                "\"04 65 71 00 69\"",
                "4",
                "telephone",
                "invalid type: integer `4`, expected a string",
            ),
            (
                "#0B5FA5",
                "blue",
                "accent",
                "`blue` is not a colour (expected `#rrggbb`",
            ),
            (
                "admin@rhone.example",
                "admin",
                "email = \"admin",
                "`admin` is not an e-mail address",
            ),
            (
                "\"1 place Fictive\", \"69999 Lyon\"",
                "",
                "address",
                "needs 1 to 6 lines, has 0",
            ),
            ("\"69999 Lyon\"", "\" \"", "address", "must not be empty"),
            (
                "logo.svg",
                "../logo.svg",
                "logo",
                "is not the name of a file in `letterhead/`",
            ),
            ("\"69\"", "\"2C\"", "insee_code", "`2C` is not the INSEE code"),
            (
                "\"69\"",
                "\"69\"\ntime_zone = \"Lyon\"",
                "time_zone",
                "unknown time zone `Lyon`",
            ),
            (
                "\"69\"",
                "\"69\"\nsirets = [\"1\"]",
                "sirets",
                "`1` is not a SIRET number",
            ),
            ("2010-01-01", "2016-01-01", "[[aids]]", "`to` comes before `from`"),
            (
                "\"2015-12-31\"",
                "\"31/12/2015\"",
                "2010-01-01",
                "`31/12/2015` is not a date",
            ),
            ("AIDE-X", "RSA", "[[aids]]", "would hide the legal aid `RSA`"),
            (
                "[letterhead]\n",
                "[limits]\ninquiries_per_hour = 0\n\n[letterhead]\n",
                "inquiries_per_hour",
                "0: expected 1 or more",
            ),
            (
                "[letterhead]\n",
                "[lookups]\nanswered = 5\ntaken = 4\n\n[letterhead]\n",
                "[lookups]",
                "taken = 4: expected 5 (answered) to 1000",
            ),
            ("name = \"Rhône\"", "name = ", "name = ", ""),
        ] {
            let text = GOOD.replacen(from, to, 1);
            let line = 1 + text.lines().position(|line| line.contains(at)).unwrap();
            let error = changed(from, to).unwrap_err();
            assert!(error.message.contains(says), "{to}: {error}");
            assert_eq!(error.line, line, "{to}: {error}");
            assert!(error.column >= 1);
        }
    }

    #[test]
    fn says_which_key_is_missing_and_in_which_table() {
        let error = changed("place = \"Lyon\"\n", "").unwrap_err();
        assert_eq!(
            (error.line, error.message.as_str()),
            (17, "missing field `place`")
        );
        let error = TenantSettings::from_toml("").unwrap_err();
        assert_eq!(error.to_string(), "line 1, column 1: missing field `identity`");
    }

    #[test]
    fn refuses_what_is_there_twice() {
        let twice = format!("{GOOD}\n[[aids]]\ncode = \"AIDE-X\"\nlabel = \"Autre\"\n");
        assert!(
            TenantSettings::from_toml(&twice)
                .unwrap_err()
                .message
                .contains("`AIDE-X` is there twice")
        );
        let twice =
            format!("{GOOD}\n[[administrators]]\nemail = \"ADMIN@rhone.example\"\nname = \"Autre\"\n");
        assert!(
            TenantSettings::from_toml(&twice)
                .unwrap_err()
                .message
                .contains("is there twice")
        );
    }
}
