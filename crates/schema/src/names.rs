//! Names in PostgreSQL that follow from a département's slug.

use domain::DepartmentSlug;

/// Schema of a département: `tenant_seine_saint_denis`. A slug holds nothing that would need quoting.
pub fn schema(slug: &DepartmentSlug) -> String {
    format!("tenant_{}", slug.as_str().replace('-', "_"))
}

/// Role of a département: `dn_tenant_seine_saint_denis`.
pub fn role(slug: &DepartmentSlug) -> String {
    format!("dn_tenant_{}", slug.as_str().replace('-', "_"))
}

/// Role that every département's role is a member of. No slug makes this name.
pub const DEPARTMENTS: &str = "dn_tenants";

/// An identifier of PostgreSQL, quoted.
pub(crate) fn quoted(identifier: &str) -> String {
    format!("\"{}\"", identifier.replace('"', "\"\""))
}

/// A literal of PostgreSQL, quoted.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
