//! Who may do what in a département.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A capacity of a member of a département's staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Agent instructeur: decides what the machine may not.
    Officer,
    /// Administrateur du département: branding, letters, policy, connectors, staff.
    Administrator,
    /// Auditeur, DPO: reads logs and statistics, changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Officer, Self::Administrator, Self::Auditor];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// As shown on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Officer => "agent instructeur",
            Self::Administrator => "administrateur du département",
            Self::Auditor => "auditeur",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The roles one person holds in one département.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleSet(Vec<Role>);

impl RoleSet {
    /// A set of roles, sorted, each once.
    pub fn new(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().collect();
        roles.sort_unstable();
        roles.dedup();
        Self(roles)
    }

    /// Whether the role is held.
    pub fn holds(&self, role: Role) -> bool {
        self.0.contains(&role)
    }

    /// The roles, sorted.
    pub fn iter(&self) -> impl Iterator<Item = Role> + '_ {
        self.0.iter().copied()
    }

    /// Whether no role is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
