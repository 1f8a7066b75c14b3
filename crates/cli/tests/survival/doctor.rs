//! What `dn doctor` finds while something is wrong.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::ground::Ground;

impl Ground {
    /// Fails unless `dn doctor` says this of this check: `failed`, `warning` or `ok`, with these words.
    pub(crate) async fn doctor(&self, check: &str, status: &str, words: &[&str]) -> Result<()> {
        let ran = self.run(&["doctor", "--json"]).await?;
        let told: Value =
            serde_json::from_str(&ran.out).with_context(|| format!("{} {}", ran.out, ran.err))?;
        let checks = told["checks"].as_array().context("checks")?;
        let found = checks.iter().find(|found| found["name"] == check);
        let found = found.with_context(|| format!("no {check} in {told}"))?;
        ensure!(found["status"] == status, "{found}");
        let text = format!("{} {}", found["found"], found["mend"]);
        for word in words {
            ensure!(text.contains(word), "{word} is not in {text}");
        }
        ensure!((ran.code == Some(1)) == (told["status"] == "failed"), "{told}");
        Ok(())
    }
}
