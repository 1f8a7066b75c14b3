//! The configuration in force, for eyes: never a secret.

use serde_json::Value;

/// What stands in the place of a secret.
const HIDDEN: &str = "(hidden)";

/// Replaces every secret: by the name of its key, and the password inside an address.
pub(crate) fn without_secrets(value: Value) -> Value {
    mask("", value)
}

fn mask(key: &str, value: Value) -> Value {
    match value {
        Value::Object(table) => {
            let all = key == "master_keys";
            let table = table.into_iter().map(|(name, value)| {
                let masked = if all || is_secret(&name) {
                    hide(value)
                } else {
                    mask(&name, value)
                };
                (name, masked)
            });
            Value::Object(table.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| mask(key, item)).collect()),
        Value::String(text) => Value::String(without_password(&text)),
        other => other,
    }
}

fn hide(value: Value) -> Value {
    match value {
        // `private_key = { … }` and the like: hidden whole.
        Value::Null => Value::Null,
        _ => Value::String(HIDDEN.to_owned()),
    }
}

fn is_secret(key: &str) -> bool {
    const PUBLIC: [&str; 2] = ["key_id", "private_key_id"];
    let key = key.to_lowercase();
    let words = [
        "secret",
        "password",
        "private",
        "token",
        "credential",
        "passphrase",
    ];
    let named = words.iter().any(|word| key.contains(word)) || key == "key" || key.ends_with("_key");
    // `token_endpoint` and the like are addresses.
    let address = key.ends_with("_endpoint") || key.ends_with("_url") || key.ends_with("_auth_method");
    named && !address && !PUBLIC.contains(&key.as_str())
}

fn without_password(text: &str) -> String {
    match url::Url::parse(text) {
        Ok(mut url) if url.password().is_some() => {
            // Cannot fail: an address with a password has a host.
            let _ = url.set_password(Some("hidden"));
            url.into()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_secret_is_left() {
        let shown = without_secrets(json!({
            "database": { "url": "postgres://dn:s3cr3t@db/dn", "pool": 10 },
            "storage": { "secret_key": "s3cr3t", "access_key": "s3cr3t", "master_keys": { "2026": "s3cr3t" }, "current_master": "2026" },
            "providers": [{ "client_secret": "s3cr3t", "private_key": {"pem": "s3cr3t"}, "token_endpoint": "https://x/token" }],
            "privacy": { "index_key": "s3cr3t" },
        }));
        let text = shown.to_string();
        assert!(!text.contains("s3cr3t"), "{text}");
        assert!(text.contains("https://x/token") && text.contains("\"current_master\":\"2026\""));
    }
}
