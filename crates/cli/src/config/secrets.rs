//! Secrets come from elsewhere: `x_env = "NAME"` or `x_file = "path"` stands for `x`, at any depth.

use std::fmt;
use std::sync::Arc;

use config::{ConfigError, Map, Source, Value, ValueKind};

/// Reads an environment variable.
pub(crate) type Environment = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// A source in which every `x_env` and `x_file` has been replaced by `x`.
#[derive(Clone)]
pub(crate) struct WithSecrets<S> {
    pub(crate) source: S,
    pub(crate) environment: Environment,
}

impl<S: fmt::Debug> fmt::Debug for WithSecrets<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WithSecrets").finish_non_exhaustive()
    }
}

impl<S: Source + Clone + Send + Sync + 'static> Source for WithSecrets<S> {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, Value>, ConfigError> {
        // A source may give flat keys (`storage.secret_key_env`): collected into one tree first.
        let mut tree = Value::new(None, ValueKind::Table(Map::new()));
        self.source.collect_to(&mut tree)?;
        let mut faults = Vec::new();
        let resolved = resolve(tree.into_table()?, "", &self.environment, &mut faults);
        faults.sort();
        if faults.is_empty() {
            Ok(resolved)
        } else {
            Err(ConfigError::Message(faults.join("\n  - ")))
        }
    }
}

fn resolve(
    table: Map<String, Value>,
    path: &str,
    environment: &Environment,
    faults: &mut Vec<String>,
) -> Map<String, Value> {
    let mut resolved = Map::new();
    let mut elsewhere = Vec::new();
    for (key, value) in table {
        let origin = value.origin().map(str::to_owned);
        match (Elsewhere::of(&key), value.kind) {
            (_, ValueKind::Table(inner)) => {
                let inner = resolve(inner, &join(path, &key), environment, faults);
                resolved.insert(key, Value::new(origin.as_ref(), ValueKind::Table(inner)));
            }
            (Some(found), ValueKind::String(text)) => elsewhere.push((found, text, origin)),
            (_, kind) => {
                resolved.insert(key, Value::new(origin.as_ref(), kind));
            }
        }
    }
    for (found, text, origin) in elsewhere {
        let full = join(path, &found.base);
        if resolved.contains_key(&found.base) {
            faults.push(format!(
                "`{full}` is given twice: keep one of {0}, {0}_env and {0}_file",
                found.base
            ));
            continue;
        }
        match found.read(&full, &text, environment) {
            Ok(secret) => {
                resolved.insert(found.base, Value::new(origin.as_ref(), ValueKind::String(secret)));
            }
            Err(fault) => faults.push(fault),
        }
    }
    resolved
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

struct Elsewhere {
    base: String,
    is_file: bool,
}

impl Elsewhere {
    fn of(key: &str) -> Option<Self> {
        let (base, is_file) = match (key.strip_suffix("_env"), key.strip_suffix("_file")) {
            (Some(base), _) => (base, false),
            (None, Some(base)) => (base, true),
            (None, None) => return None,
        };
        Some(Self {
            base: base.to_owned(),
            is_file,
        })
    }

    fn read(&self, full: &str, text: &str, environment: &Environment) -> Result<String, String> {
        if self.is_file {
            std::fs::read_to_string(text)
                .map(|secret| secret.trim_end_matches(['\r', '\n']).to_owned())
                .map_err(|error| format!("`{full}_file`: {text} cannot be read: {error}"))
        } else {
            environment(text).ok_or_else(|| format!("`{full}_env`: the environment has no {text}"))
        }
    }
}
