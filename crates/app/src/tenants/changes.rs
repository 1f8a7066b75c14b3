//! What an `apply` changed, as the audit trail tells it: which keys, and from what to what unless that tells of a person.

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::HEXLOWER;
use db::{KitFile, StoredSettings};
use domain::TenantSettings;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Sections whose texts name no person and may stand in the trail. Numbers and switches always may.
const TELLING: [&str; 5] = ["identity.", "contact.", "letterhead.", "retention.", "aids"];
/// Keys in them that do, or may.
const PERSONAL: [&str; 1] = ["letterhead.signatory"];

/// The details of the entry: `revision`, `changed` (`key`, `from`, `to`) and `files` (`name`, SHA-256 `from`, `to`).
pub(super) fn of(
    before: Option<&StoredSettings>,
    settings: &TenantSettings,
    kit: &[KitFile],
    revision: i64,
) -> Value {
    let Some(before) = before else {
        return json!({ "revision": revision });
    };
    json!({
        "revision": revision,
        "changed": keys(&leaves(&before.settings), &leaves(settings)),
        "files": files(&before.kit, kit),
    })
}

fn keys(old: &BTreeMap<String, Value>, new: &BTreeMap<String, Value>) -> Vec<Value> {
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let changed = all.into_iter().filter(|key| old.get(*key) != new.get(*key));
    changed
        .map(|key| {
            let (from, to) = (old.get(key), new.get(key));
            if [from, to]
                .into_iter()
                .flatten()
                .all(|value| may_be_told(key, value))
            {
                json!({ "key": key, "from": from, "to": to })
            } else {
                json!({ "key": key })
            }
        })
        .collect()
}

fn may_be_told(key: &str, value: &Value) -> bool {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| key.starts_with(prefix));
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
        _ => starts(&TELLING) && !starts(&PERSONAL),
    }
}

/// Every value that is no table, by its key as `tenant.toml` would write it.
fn leaves(settings: &TenantSettings) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let whole = serde_json::to_value(settings).unwrap_or_default();
    gather(String::new(), whole, &mut found);
    found
}

fn gather(key: String, value: Value, found: &mut BTreeMap<String, Value>) {
    let Value::Object(table) = value else {
        found.insert(key, value);
        return;
    };
    for (name, value) in table {
        let inner = if key.is_empty() {
            name
        } else {
            format!("{key}.{name}")
        };
        gather(inner, value, found);
    }
}

fn files(old: &[KitFile], new: &[KitFile]) -> Vec<Value> {
    let prints = |files: &[KitFile]| -> BTreeMap<String, String> {
        let print = |file: &KitFile| (file.name.clone(), HEXLOWER.encode(&Sha256::digest(&file.bytes)));
        files.iter().map(print).collect()
    };
    let (old, new) = (prints(old), prints(new));
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    all.into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| json!({ "name": name, "from": old.get(name), "to": new.get(name) }))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::TenantFolder;
    use super::*;

    fn stored() -> StoredSettings {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants/rhone");
        let folder = TenantFolder::read(&folder).unwrap();
        StoredSettings {
            kit: folder.kit(),
            settings: folder.settings,
            revision: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_changed_is_told_and_persons_are_not() {
        let before = stored();
        let mut after = before.clone();
        after.settings.retention.letters_years = 7;
        after.settings.contact.telephone = "04 00 00 00 00".to_owned();
        after.settings.recovery.officer = "M. Nouveau Venu".to_owned();
        after.settings.letterhead.signatory.name = "Mme Autre".to_owned();
        after.settings.administrators.clear();
        after.kit[0].bytes.push(0);
        let told = of(Some(&before), &after.settings, &after.kit, 2);
        let changed = told["changed"].as_array().unwrap();
        let keys: Vec<_> = changed
            .iter()
            .map(|change| change["key"].as_str().unwrap())
            .collect();
        assert_eq!(
            keys,
            [
                "administrators",
                "contact.telephone",
                "letterhead.signatory.name",
                "recovery.officer",
                "retention.letters_years"
            ]
        );
        assert_eq!(changed[4]["from"], before.settings.retention.letters_years);
        assert_eq!(changed[4]["to"], 7);
        assert_eq!(changed[1]["to"], "04 00 00 00 00");
        assert_eq!(told["files"][0]["name"], before.kit[0].name.as_str());
        let text = told.to_string();
        for secret in [
            "Venu",
            "Autre",
            &before.settings.recovery.officer,
            &before.settings.administrators[0].email,
        ] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }

    #[test]
    fn the_first_settings_are_told_as_a_whole() {
        let new = stored();
        assert_eq!(of(None, &new.settings, &new.kit, 1), json!({ "revision": 1 }));
    }
}
