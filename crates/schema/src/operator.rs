//! Who runs a command, and what the owner's commands leave in the audit trails.

use domain::{Action, ActorKind, DepartmentSlug};
use serde_json::{Map, Value};
use sqlx::{AssertSqlSafe, PgConnection};

use crate::error::Result;
use crate::names::{quoted, schema};

/// Who runs a command of the program, and why, as far as is known. It ends in the audit trails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operator {
    /// Login on the machine the command was given on.
    pub name: Option<String>,
    /// What was said with `--reason`.
    pub reason: Option<String>,
}

impl Operator {
    /// Adds who and why to the details of an entry: `by` and `reason`. Details that are no object stay alone.
    pub fn sign(&self, details: Value) -> Value {
        let mut signed = match details {
            Value::Null => Map::new(),
            Value::Object(map) => map,
            other => return other,
        };
        for (key, value) in [("by", &self.name), ("reason", &self.reason)] {
            if let Some(value) = value {
                signed.insert(key.to_owned(), Value::from(value.as_str()));
            }
        }
        if signed.is_empty() {
            Value::Null
        } else {
            Value::Object(signed)
        }
    }
}

/// Which trail.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trail<'a> {
    Platform,
    Tenant(&'a DepartmentSlug),
}

/// An entry by the operator, in the owner's own transaction: what is done is recorded, or neither.
pub(crate) async fn note(
    tx: &mut PgConnection,
    trail: Trail<'_>,
    operator: &Operator,
    action: Action,
    object: &str,
    details: Value,
) -> Result<()> {
    let schema = match trail {
        Trail::Platform => "platform".to_owned(),
        Trail::Tenant(slug) => schema(slug),
    };
    let sql = format!(
        "insert into {}.audit (at, actor, role, action, object, purpose, details) \
         values (clock_timestamp(), $1, $1, $2, $3, $4, $5)",
        quoted(&schema)
    );
    sqlx::query(AssertSqlSafe(sql))
        .bind(ActorKind::Operator.code())
        .bind(action.code())
        .bind(object)
        .bind(action.purpose().code())
        .bind(operator.sign(details))
        .execute(tx)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn details_are_signed_with_what_is_known() {
        let nobody = Operator::default();
        assert_eq!(nobody.sign(Value::Null), Value::Null);
        let somebody = Operator {
            name: Some("alice".to_owned()),
            reason: Some("ticket 12".to_owned()),
        };
        assert_eq!(
            somebody.sign(json!({ "rows": 3 })),
            json!({ "rows": 3, "by": "alice", "reason": "ticket 12" })
        );
    }
}
