//! From claims as a provider names them to claims as we understand them.

use app::{LoginClaims, OfficeClaims};
use serde_json::{Map, Value};

use super::settings::ClaimNames;

/// Claims of a person: the ID token's, and over them those of `userinfo`.
pub(super) type Claims = Map<String, Value>;

impl ClaimNames {
    /// Reads what we need.
    pub(super) fn read(&self, provider: &str, subject: &str, claims: &Claims) -> LoginClaims {
        let text = |name: &str| find(claims, name).and_then(text_of);
        LoginClaims {
            provider: provider.to_owned(),
            subject: subject.to_owned(),
            given_name: text(&self.given_name),
            family_name: text(&self.family_name),
            email: text(&self.email),
            email_verified: text(&self.email_verified).is_some_and(|value| value == "true"),
            office: OfficeClaims {
                crpcen: text(&self.crpcen),
                name: text(&self.office_name),
                address: find(claims, &self.office_address)
                    .map(lines_of)
                    .unwrap_or_default(),
            },
            siret: text(&self.siret),
            roles: find(claims, &self.roles).map(words_of).unwrap_or_default(),
        }
    }

    /// The authentication context class.
    pub(super) fn acr(&self, id_token: &Claims) -> Option<String> {
        find(id_token, &self.acr).and_then(text_of)
    }
}

/// Finds a claim by its name, or inside others by a path with dots.
fn find<'a>(claims: &'a Claims, path: &str) -> Option<&'a Value> {
    if let Some(value) = claims.get(path) {
        return Some(value);
    }
    path.match_indices('.')
        .find_map(|(dot, _)| inside(claims.get(&path[..dot])?, &path[dot + 1..]))
}

fn inside<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => find(map, path),
        Value::Array(items) => {
            let (index, rest) = path.split_once('.').map_or((path, None), |(i, r)| (i, Some(r)));
            let item = items.get(index.parse::<usize>().ok()?)?;
            rest.map_or(Some(item), |rest| inside(item, rest))
        }
        _ => None,
    }
}

/// A claim as one text; blank counts as absent.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(yes) => yes.to_string(),
        Value::Array(items) if items.len() == 1 => return text_of(&items[0]),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A claim as a list: an array, or words separated by commas or spaces.
fn words_of(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        Value::String(text) => text
            .split(|c: char| c == ',' || c.is_whitespace())
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// A claim as the lines of a postal address (OpenID Connect Core, 5.1.1, or a plain text or list).
fn lines_of(value: &Value) -> Vec<String> {
    let split = |text: &str| -> Vec<String> {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
            .collect()
    };
    match value {
        Value::String(text) => split(text),
        Value::Array(items) => items.iter().filter_map(text_of).collect(),
        Value::Object(parts) => {
            let part = |name: &str| parts.get(name).and_then(text_of).unwrap_or_default();
            let formatted = part("formatted");
            if !formatted.is_empty() {
                return split(&formatted);
            }
            let town = format!("{} {}", part("postal_code"), part("locality"));
            split(&format!("{}\n{}", part("street_address"), town.trim()))
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn finds_claims_by_name_first_then_by_path() {
        let claims = claims(json!({
            "a.b": "flat", "a": {"b": "nested", "c.d": {"e": 5}}, "offices": [{"crpcen": "69001"}], "https://x.fr/role": "r"
        }));
        let text = |path: &str| find(&claims, path).and_then(text_of);
        assert_eq!(text("a.b").as_deref(), Some("flat"));
        assert_eq!(text("a.c.d.e").as_deref(), Some("5"));
        assert_eq!(text("offices.0.crpcen").as_deref(), Some("69001"));
        assert_eq!(text("offices.1.crpcen"), None);
        assert_eq!(text("offices.crpcen"), None);
        assert_eq!(text("https://x.fr/role").as_deref(), Some("r"));
        assert_eq!(text(""), None);
        assert_eq!(text("...."), None);
    }

    #[test]
    fn reads_a_keycloak_and_a_plain_provider() {
        let names = ClaimNames {
            roles: "realm_access.roles".into(),
            ..ClaimNames::default()
        };
        let read = names.read(
            "kc",
            "s1",
            &claims(json!({
                "given_name": " Zoë ", "family_name": "", "email": "z@example.org", "email_verified": "true",
                "realm_access": {"roles": ["agent", 7]}, "siret": 13002526500013_u64,
                "office_address": {"street_address": "1 rue A\nBât. B", "postal_code": "69002", "locality": "Lyon"}
            })),
        );
        assert_eq!(read.given_name.as_deref(), Some("Zoë"));
        assert_eq!(read.family_name, None);
        assert!(read.email_verified);
        assert_eq!(read.roles, ["agent", "7"]);
        assert_eq!(read.siret.as_deref(), Some("13002526500013"));
        assert_eq!(read.office.address, ["1 rue A", "Bât. B", "69002 Lyon"]);
    }

    #[test]
    fn only_true_is_verified() {
        for value in [json!(false), json!("yes"), json!(1), json!(null)] {
            let read = ClaimNames::default().read("p", "s", &claims(json!({"email_verified": value})));
            assert!(!read.email_verified);
        }
    }
}
