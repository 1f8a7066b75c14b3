//! The details of an entry of the audit trail, in French as far as they are known.

use domain::Outcome;
use domain::french::NBSP;
use serde::Serialize;
use serde_json::Value;

/// One thing more that an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// « Réponse ».
    pub label: String,
    /// « Connu, créance récupérable ».
    pub value: String,
}

/// What the details say, in their order; what cannot be read is shown as it is.
pub(crate) fn details(json: &str) -> Vec<Detail> {
    match serde_json::from_str(json) {
        Ok(Value::Null) => Vec::new(),
        Ok(Value::Object(fields)) => fields
            .iter()
            .filter(|(_, value)| !is_nothing(value))
            .map(|(key, value)| Detail {
                label: label(key).to_owned(),
                value: text(value),
            })
            .collect(),
        _ => vec![Detail {
            label: "Précisions".to_owned(),
            value: json.to_owned(),
        }],
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn label(key: &str) -> &str {
    match key {
        "active" => "Garde un accès",
        "actor" => "Type d’auteur",
        "actor_id" => "Auteur",
        "alert" => "Alerte",
        "allowed" => "Demandes permises",
        "again" => "Déjà rattaché avant",
        "aids" => "Aides",
        "applied" => "Mises à jour",
        "by" => "Par",
        "changed" => "Paramètres changés",
        "copy" => "Copie présentée",
        "engine" => "Moteur de recherche",
        "files" => "Fichiers changés",
        "from" => "Depuis",
        "individuals" => "Personnes",
        "inquiries" => "Demandes montrées",
        "jobs" => "Tâches",
        "object" => "Objet",
        "office" => "Office",
        "outcome" => "Réponse",
        "provider" => "Fournisseur d’identité",
        "reason" => "Motif indiqué",
        "reference" => "Référence",
        "refused" => "Lignes refusées",
        "register" => "Registre",
        "revision" => "Révision",
        "rows" => "Lignes lues",
        "sha256" => "Empreinte du fichier",
        "source" => "Provenance",
        "template" => "Modèle",
        "to" => "Vers",
        "until" => "Jusqu’au",
        "version" => "Version",
        other => other,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "rien".to_owned(),
        Value::Bool(true) => "oui".to_owned(),
        Value::Bool(false) => "non".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(code) => word(code).unwrap_or(code).to_owned(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => change(fields),
    }
}

/// A changed key or file: `contact.telephone : 04… → 05…`.
fn change(fields: &serde_json::Map<String, Value>) -> String {
    let name = fields
        .get("key")
        .or_else(|| fields.get("name"))
        .and_then(Value::as_str);
    match (name, fields.get("from"), fields.get("to")) {
        (Some(name), Some(from), Some(to)) => format!("{name}{NBSP}: {} → {}", text(from), text(to)),
        (Some(name), None, None) => name.to_owned(),
        _ => Value::Object(fields.clone()).to_string(),
    }
}

fn word(code: &str) -> Option<&'static str> {
    if let Some(outcome) = Outcome::from_code(code) {
        return Some(outcome.label());
    }
    Some(match code {
        "not_asked" => "aucune",
        "genuine" => "authentique",
        "different" => "différente de l’original",
        "office_missing" => "aucun office indiqué",
        "email_missing" => "aucune adresse électronique",
        "not_vouched_for" => "adresse non garantie par le fournisseur",
        "linked_elsewhere" => "rattaché à un autre compte",
        "suspended" => "département suspendu",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(json: &str) -> Vec<(String, String)> {
        details(json)
            .into_iter()
            .map(|detail| (detail.label, detail.value))
            .collect()
    }

    #[test]
    fn details_are_told_in_words() {
        assert_eq!(told("null"), []);
        let found =
            told(r#"{"outcome": "recoverable", "register": null, "inquiries": ["a", "b"], "new": 3}"#);
        let expected = [
            ("Demandes montrées", "a, b"),
            ("Réponse", Outcome::Recoverable.label()),
            ("new", "3"),
        ];
        let mut found: Vec<_> = found
            .iter()
            .map(|(label, value)| (label.as_str(), value.as_str()))
            .collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        let changed = told(r#"{"changed": [{"key": "a.b", "from": 5, "to": null}, {"key": "c"}]}"#);
        assert_eq!(changed[0].1, "a.b\u{a0}: 5 → rien, c");
    }

    #[test]
    fn what_nobody_foresaw_is_shown_as_it_is() {
        assert_eq!(told("[1, 2]"), [("Précisions".to_owned(), "[1, 2]".to_owned())]);
        assert_eq!(told("{"), [("Précisions".to_owned(), "{".to_owned())]);
    }
}
