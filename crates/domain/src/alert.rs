//! What the administrators of a département are told of.

use serde::{Deserialize, Serialize};

/// What was noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A notary reached the platform's limit per hour.
    PlatformHour,
    /// A notary reached the platform's limit per day.
    PlatformDay,
    /// A notary reached the département's own limit per hour.
    DepartmentHour,
    /// A notary reached the département's own limit per day.
    DepartmentDay,
    /// An office tried so many close civil statuses that an officer looks at them.
    SeriesExamined,
    /// An office tried so many close civil statuses that they are no longer taken.
    SeriesRefused,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::PlatformHour,
        Self::PlatformDay,
        Self::DepartmentHour,
        Self::DepartmentDay,
        Self::SeriesExamined,
        Self::SeriesRefused,
    ];

    /// As stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::PlatformHour => "platform_hour",
            Self::PlatformDay => "platform_day",
            Self::DepartmentHour => "department_hour",
            Self::DepartmentDay => "department_day",
            Self::SeriesExamined => "series_examined",
            Self::SeriesRefused => "series_refused",
        }
    }

    /// From what is stored.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
