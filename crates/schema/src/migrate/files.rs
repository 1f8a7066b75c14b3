//! The migrations, embedded in the program.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// One migration.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// From 1, without gaps.
    pub version: i32,
    /// `0002_register`.
    pub name: &'static str,
    /// What it does.
    pub sql: &'static str,
}

/// Every migration of a version of this program.
#[derive(Debug, Clone, Copy)]
pub struct Migrations {
    /// Of the schema `platform`.
    pub platform: &'static [Migration],
    /// Of every département's schema.
    pub tenant: &'static [Migration],
}

/// Those of this version.
pub const MIGRATIONS: Migrations = Migrations {
    platform: PLATFORM,
    tenant: TENANT,
};

impl Migrations {
    /// How many there are for a département's schema.
    pub(crate) fn tenant_version(&self) -> i32 {
        self.tenant.last().map_or(0, |migration| migration.version)
    }
}

impl Migration {
    /// SHA-256 of its text: a migration that has been applied may not change.
    pub(crate) fn checksum(&self) -> String {
        checksum(self.sql)
    }
}

/// SHA-256 of a text, in hexadecimal.
pub(crate) fn checksum(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

macro_rules! migrations {
    ($folder:literal: $($version:literal $name:literal),+ $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../../../../migrations/", $folder, "/", $name, ".sql")),
        }),+]
    };
}

/// Of the schema `platform`.
const PLATFORM: &[Migration] = migrations!("platform":
    1 "0001_shared_tables",
    2 "0002_what_departments_may_do",
    3 "0003_limits",
    4 "0004_audit_chain",
    5 "0005_fewer_steps",
    6 "0006_notices_name_their_task",
);

/// Of every département's schema.
const TENANT: &[Migration] = migrations!("tenant":
    1 "0001_inquiries_and_letters",
    2 "0002_register",
    3 "0003_forms_of_each_office",
    4 "0004_limits",
    5 "0005_audit_chain",
    6 "0006_letters_keep_their_letterhead",
    7 "0007_frequencies_of_names",
    8 "0008_indexing_anew",
    9 "0009_keys_as_numbers",
    10 "0010_pages_of_keys",
);

/// What the application's login may do.
pub(crate) const PLATFORM_GRANTS: &str = include_str!("../../../../migrations/platform/grants.sql");

/// What a département's role may do.
pub(crate) const TENANT_GRANTS: &str = include_str!("../../../../migrations/tenant/grants.sql");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_in_order() {
        for (folder, listed) in [("platform", PLATFORM), ("tenant", TENANT)] {
            let directory = format!("{}/../../migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
            let mut files: Vec<String> = std::fs::read_dir(directory)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .filter(|name| name != "grants.sql")
                .collect();
            files.sort();
            let names: Vec<String> = listed.iter().map(|m| format!("{}.sql", m.name)).collect();
            assert_eq!(names, files, "{folder}");
            for (place, migration) in listed.iter().enumerate() {
                assert_eq!(migration.version, i32::try_from(place).unwrap() + 1);
                assert!(migration.name.starts_with(&format!("{:04}_", migration.version)));
            }
        }
    }

    #[test]
    fn both_trails_are_chained_alike() {
        let chain = |migrations: &[Migration]| {
            let found = migrations
                .iter()
                .find(|m| m.name.ends_with("_audit_chain"))
                .unwrap();
            let from = found.sql.find("-- Who did what").unwrap();
            let rest = &found.sql[from..];
            rest[..rest.find("execute function audit_refuse();").unwrap()].to_owned()
        };
        assert_eq!(chain(PLATFORM), chain(TENANT));
    }

    #[test]
    fn tenant_tables_keep_to_the_house_rules() {
        for migration in TENANT {
            let sql = migration.sql.to_lowercase();
            assert!(
                !sql.contains("create type"),
                "enums break pooled connections: {}",
                migration.name
            );
            assert!(
                !sql.contains("platform."),
                "no reference between schemas: {}",
                migration.name
            );
        }
    }
}
