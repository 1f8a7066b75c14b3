//! Folders of départements that exist while something is measured.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use app::tenants::TenantFolder;
use domain::DepartmentSlug;

const SETTINGS: &str = include_str!("tenant.toml");
const LOGO: &str = include_str!("logo.svg");

/// Whether a département is one of ours: `banc-001`. No real one is called so.
pub(super) fn is_ours(slug: &DepartmentSlug) -> bool {
    let number = slug.as_str().strip_prefix("banc-");
    number.is_some_and(|number| number.len() == 3 && number.bytes().all(|digit| digit.is_ascii_digit()))
}

/// Writes so many folders and reads them; INSEE codes that are taken are left out.
pub(super) fn write(root: &Path, count: usize, taken: &BTreeSet<String>) -> Result<Vec<TenantFolder>> {
    let free: Vec<String> = codes().filter(|code| !taken.contains(code)).collect();
    if free.len() < count {
        bail!(
            "at most {} départements can be made: there are no more INSEE codes",
            free.len()
        );
    }
    let numbered = (1..=count).zip(free);
    numbered.map(|(number, code)| one(root, number, &code)).collect()
}

fn codes() -> impl Iterator<Item = String> {
    let metropolitan = (0..100).map(|number| format!("{number:02}"));
    let overseas = (970..990).map(|number| number.to_string());
    metropolitan
        .chain(["2A".to_owned(), "2B".to_owned()])
        .chain(overseas)
}

fn one(root: &Path, number: usize, code: &str) -> Result<TenantFolder> {
    let number = format!("{number:03}");
    let folder = root.join(format!("banc-{number}"));
    let letterhead = folder.join("letterhead");
    fs::create_dir_all(&letterhead).with_context(|| format!("{} cannot be made", letterhead.display()))?;
    fs::write(letterhead.join("logo.svg"), LOGO)?;
    let settings = SETTINGS.replace("NUMBER", &number).replace("INSEE", code);
    fs::write(folder.join("tenant.toml"), settings)?;
    TenantFolder::read(&folder).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{}", problems.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_told_from_real_ones() {
        let is_ours = |slug: &str| is_ours(&slug.parse().unwrap());
        assert!(is_ours("banc-001") && is_ours("banc-101"));
        assert!(!is_ours("rhone") && !is_ours("banc-1") && !is_ours("banc-0012") && !is_ours("banc-abc"));
    }

    #[test]
    fn the_settings_are_in_order_and_codes_that_are_taken_are_left_out() {
        let root = tempfile::tempdir().unwrap();
        let taken = BTreeSet::from(["00".to_owned(), "02".to_owned()]);
        let folders = write(root.path(), 2, &taken).unwrap();
        let codes: Vec<&str> = folders
            .iter()
            .map(|folder| folder.settings.identity.insee_code.as_str())
            .collect();
        assert_eq!(codes, ["01", "03"]);
        assert!(folders.iter().all(|folder| is_ours(&folder.slug)));
        assert!(write(root.path(), 200, &taken).is_err());
    }
}
