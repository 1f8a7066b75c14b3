//! Names of objects: whose, and which; nothing else.

use std::fmt;

use domain::{DepartmentId, LetterId};

/// Where an object lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ObjectKey {
    department: DepartmentId,
    name: String,
}

impl ObjectKey {
    /// `t/<department>/<letter>`.
    pub fn letter(department: DepartmentId, letter: LetterId) -> Self {
        Self {
            department,
            name: format!("t/{department}/{letter}"),
        }
    }

    /// What every object of a département begins with.
    pub(crate) fn prefix(department: DepartmentId) -> String {
        format!("t/{department}/")
    }

    /// Whose it is.
    pub fn department(&self) -> DepartmentId {
        self.department
    }

    /// As the store knows it.
    pub fn as_str(&self) -> &str {
        &self.name
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
