//! The settings of the shipped départements can be taken.

use std::path::PathBuf;

use dn_domain::{Catalogue, TenantSettings};

#[test]
fn the_shipped_settings_can_be_taken() {
    let tenants = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tenants");
    let mut codes = vec![];
    for directory in std::fs::read_dir(tenants).unwrap() {
        let directory = directory.unwrap().path();
        let file = directory.join("tenant.toml");
        if !file.exists() {
            continue;
        }
        let text = std::fs::read_to_string(&file).unwrap();
        let settings =
            TenantSettings::from_toml(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let kit = [
            Some(settings.letterhead.logo.clone()),
            settings.letterhead.signatory.signature.clone(),
        ];
        for name in kit.into_iter().flatten() {
            assert!(directory.join("letterhead").join(&name).is_file(), "{name}");
        }
        assert!(settings.letterhead.specimen, "a shipped département is fictional");
        assert!(!settings.administrators.is_empty());
        for email in settings
            .administrators
            .iter()
            .map(|one| &one.email)
            .chain([&settings.contact.email])
        {
            assert!(email.ends_with(".example"), "{email}");
        }
        assert_ne!(settings.catalogue(), Catalogue::default());
        codes.push(settings.identity.insee_code.as_str().to_owned());
    }
    codes.sort();
    assert_eq!(codes, ["38", "59", "69"]);
}
