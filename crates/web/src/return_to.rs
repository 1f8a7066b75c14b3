//! Where a person may be sent after login: to a page of ours, and to none that does something.

use domain::DepartmentSlug;
use uuid::Uuid;

/// A path of ours to come back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReturnTo(String);

impl ReturnTo {
    /// Takes a path that is on the list, and drops its query. Everything else is `None`: other hosts, other schemes,
    /// `//host`, backslashes, escapes, control characters.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let path = path.split(['?', '#']).next()?;
        let segments: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        let known = match segments.as_slice() {
            ["demandes" | "conditions"] | ["demandes", "nouvelle"] => true,
            ["demandes", submission] => is_id(submission),
            ["demandes", submission, inquiry, "courrier"] => is_id(submission) && is_id(inquiry),
            ["departements", slug] => is_slug(slug),
            ["departements", slug, "demandes", inquiry, "courrier"] => is_slug(slug) && is_id(inquiry),
            _ => false,
        };
        known.then(|| Self(path.to_owned()))
    }

    /// The path.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a page of a département's staff.
    pub(crate) fn is_of_staff(&self) -> bool {
        self.0.starts_with("/departements/")
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

fn is_slug(text: &str) -> bool {
    text.parse::<DepartmentSlug>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_ours() {
        let id = "0192f3c4-0000-7000-8000-000000000000";
        for good in [
            "/demandes".to_owned(),
            "/demandes/nouvelle".to_owned(),
            format!("/demandes/{id}"),
            format!("/demandes/{id}/{id}/courrier"),
            "/departements/rhone".to_owned(),
            format!("/departements/seine-saint-denis/demandes/{id}/courrier"),
        ] {
            assert_eq!(ReturnTo::parse(&good).unwrap().as_str(), good);
        }
        assert_eq!(
            ReturnTo::parse("/demandes?texte=durand").unwrap().as_str(),
            "/demandes"
        );
        for bad in [
            "",
            "/",
            "demandes",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/demandes",
            "/demandes/",
            "/demandes/..",
            "/demandes/%2e%2e",
            "/demandes/nouvelle\r\nSet-Cookie: a=b",
            "/deconnexion",
            "/%64emandes",
            "/departements//evil.example",
            "/departements/Rhone",
            "javascript:alert(1)",
            "/demandes\t",
            "/connexion/x",
        ] {
            assert_eq!(ReturnTo::parse(bad), None, "{bad}");
        }
    }
}
