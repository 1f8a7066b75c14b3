//! A trail as a file that spreadsheets open: UTF-8 with its mark, semicolons, a header in French.
//!
//! It holds the very values the fingerprints are taken of, beside those for reading: with an unfiltered export, the
//! chain can be computed again by whoever holds the file.

use std::borrow::Cow;

use chrono::SecondsFormat;
use domain::{Action, ActorKind, Purpose, TimeZone};

use super::TrailEntry;

const HEADER: &str = "numero;date_heure_paris;action;auteur;nom;role;objet;motif;details;\
                      horodatage_utc;code_action;code_auteur;identifiant_auteur;code_motif;empreinte_precedente;empreinte";

/// Lines for these entries; the mark and the header before, for the first.
pub(super) fn lines(first: bool, entries: &[TrailEntry]) -> Vec<u8> {
    let mut text = String::new();
    if first {
        text.push('\u{feff}');
        text.push_str(HEADER);
        text.push_str("\r\n");
    }
    for entry in entries {
        line(&mut text, entry);
    }
    text.into_bytes()
}

fn line(text: &mut String, TrailEntry { row, name }: &TrailEntry) {
    let label =
        |label: Option<&'static str>, code: &str| label.map_or_else(|| code.to_owned(), str::to_owned);
    let purpose = row.purpose.as_deref().unwrap_or_default();
    let details = if row.details == "null" {
        ""
    } else {
        row.details.as_str()
    };
    let local = row.at.with_timezone(&TimeZone::default().tz());
    let cells = [
        row.number.to_string(),
        local.format("%Y-%m-%d %H:%M:%S").to_string(),
        label(Action::from_code(&row.action).map(Action::label), &row.action),
        label(ActorKind::from_code(&row.actor).map(ActorKind::label), &row.actor),
        name.clone().unwrap_or_default(),
        row.role.clone(),
        row.object.clone().unwrap_or_default(),
        label(Purpose::from_code(purpose).map(Purpose::label), purpose),
        details.to_owned(),
        row.at.to_rfc3339_opts(SecondsFormat::Micros, true),
        row.action.clone(),
        row.actor.clone(),
        row.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        purpose.to_owned(),
        row.previous.to_string(),
        row.hash.to_string(),
    ];
    for (place, value) in cells.iter().enumerate() {
        if place > 0 {
            text.push(';');
        }
        text.push_str(&cell(value));
    }
    text.push_str("\r\n");
}

/// A cell that no spreadsheet takes for a formula, whatever somebody is called.
fn cell(value: &str) -> Cow<'_, str> {
    let formula = value.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let quoted = formula || value.contains([';', '"', '\n', '\r', ',']) || value.trim() != value;
    if !quoted {
        return Cow::Borrowed(value);
    }
    let apostrophe = if formula { "'" } else { "" };
    Cow::Owned(format!("\"{apostrophe}{}\"", value.replace('"', "\"\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_nor_two_cells() {
        for (value, written) in [
            ("Camille Fontanel", "Camille Fontanel"),
            ("=1+1", "\"'=1+1\""),
            ("+33 4", "\"'+33 4\""),
            ("-1", "\"'-1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("\t=1", "\"'\t=1\""),
            ("a;b", "\"a;b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\r\n=b", "\"a\r\n=b\""),
            (" =b", "\" =b\""),
            ("{\"a\": 1}", "\"{\"\"a\"\": 1}\""),
            ("", ""),
        ] {
            assert_eq!(cell(value), written, "{value:?}");
        }
    }
}
