//! The départements served.

use domain::{DepartmentId, DepartmentSlug, InseeCode, Siret};
use schema::provision::DepartmentIdentity;
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::changes::announce;
use crate::read::parsed;

/// One département, as every other may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentRow {
    /// Ours; stands for the département in object keys.
    pub id: DepartmentId,
    /// Short name.
    pub slug: DepartmentSlug,
    /// INSEE code.
    pub insee_code: InseeCode,
    /// `Rhône`.
    pub name: String,
    /// `Département du Rhône`.
    pub official_name: String,
    /// Establishments whose agents may log in.
    pub sirets: Vec<Siret>,
    /// Suspended: PostgreSQL refuses its role to the application until it is resumed.
    pub suspended: bool,
    /// Migrations its schema has seen; [`crate::migrate::tenant_version`] is what this program wants.
    pub schema_version: i32,
    /// Counts the changes of this row.
    pub revision: i64,
}

macro_rules! select_departments {
    ($rest:tt $(, $argument:expr)*) => {
        sqlx::query_as!(
            Record,
            "select id, slug, insee_code, name, official_name, sirets, suspended, schema_version, revision
             from platform.department " + $rest
            $(, $argument)*
        )
    };
}

/// Repository of départements.
#[derive(Debug)]
pub struct Departments<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Departments<'_> {
    /// Every département, suspended ones too, by INSEE code.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn list(&mut self) -> Result<Vec<DepartmentRow>> {
        let rows = select_departments!("order by insee_code")
            .fetch_all(&mut *self.tx)
            .await?;
        rows.into_iter().map(DepartmentRow::try_from).collect()
    }

    /// The département of this slug.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_slug(&mut self, slug: &DepartmentSlug) -> Result<Option<DepartmentRow>> {
        let row = select_departments!("where slug = $1", slug.as_str())
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(DepartmentRow::try_from).transpose()
    }

    /// The département of this INSEE code.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_insee(&mut self, code: &InseeCode) -> Result<Option<DepartmentRow>> {
        let row = select_departments!("where insee_code = $1", code.as_str())
            .fetch_optional(&mut *self.tx)
            .await?;
        row.map(DepartmentRow::try_from).transpose()
    }

    /// Takes over what `tenant.toml` says. Tells whether anything differed; unchanged, nothing is written.
    /// The change is announced to every process.
    ///
    /// # Errors
    /// When the query fails, or another département has this INSEE code (constraint `department_insee_code_key`).
    pub async fn apply(&mut self, identity: &DepartmentIdentity) -> Result<bool> {
        let sirets: Vec<String> = identity.sirets.iter().map(Siret::to_string).collect();
        let updated = sqlx::query!(
            "update platform.department
             set insee_code = $2, name = $3, official_name = $4, sirets = $5, revision = revision + 1
             where slug = $1 and (insee_code, name, official_name, sirets) is distinct from ($2, $3, $4, $5)",
            identity.slug.as_str(),
            identity.insee_code.as_str(),
            identity.name,
            identity.official_name,
            &sirets,
        )
        .execute(&mut *self.tx)
        .await?;
        let changed = updated.rows_affected() == 1;
        if changed {
            announce(self.tx, &identity.slug).await?;
        }
        Ok(changed)
    }
}

struct Record {
    id: Uuid,
    slug: String,
    insee_code: String,
    name: String,
    official_name: String,
    sirets: Vec<String>,
    suspended: bool,
    schema_version: i32,
    revision: i64,
}

const TABLE: &str = "platform.department";

impl TryFrom<Record> for DepartmentRow {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            id: DepartmentId(row.id),
            slug: parsed(row.slug, TABLE)?,
            insee_code: parsed(row.insee_code, TABLE)?,
            name: row.name,
            official_name: row.official_name,
            sirets: row
                .sirets
                .into_iter()
                .map(|siret| parsed(siret, TABLE))
                .collect::<Result<_>>()?,
            suspended: row.suspended,
            schema_version: row.schema_version,
            revision: row.revision,
        })
    }
}
