//! The register of social aid and its versions.

use chrono::{DateTime, Utc};
use domain::{FamilyName, Individual, Place, RegisterId, Sex};
use schema::{DbError, Result};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::read::{parsed, parsed_option, unreadable};

/// A version of the register that is, or was, in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterVersion {
    /// Ours.
    pub id: RegisterId,
    /// Where it came from: a file name.
    pub source: String,
    /// Version of the blocking keys it was indexed with.
    pub keys_version: i32,
    /// When it came into force.
    pub imported_at: DateTime<Utc>,
    /// Persons in it.
    pub individuals: u64,
    /// Aids in it.
    pub aids: u64,
    /// In force.
    pub active: bool,
}

/// An import about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegister {
    /// Ours.
    pub id: RegisterId,
    /// Where it comes from: a file name.
    pub source: String,
    /// Version of the blocking keys.
    pub keys_version: i32,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// A person and the blocking keys they are found by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedIndividual {
    /// The person.
    pub individual: Individual,
    /// `matching::register_keys` of the person.
    pub keys: Vec<i64>,
}

macro_rules! select_individuals {
    ($rest:tt, $($argument:expr),+) => {
        sqlx::query_as!(
            Record,
            r#"select identifier, sex, birth_name, usage_name, given_names, birth_date, birth_place, death_date,
                      aids::text as "aids!"
               from individual "# + $rest,
            $($argument),+
        )
    };
}

/// Repository of the register. An import is one transaction: `begin`, `add` in batches, `activate`, `save()`.
#[derive(Debug)]
pub struct Register<'t> {
    pub(crate) tx: &'t mut PgConnection,
}

impl Register<'_> {
    /// The version in force.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn active(&mut self) -> Result<Option<RegisterVersion>> {
        Ok(self.versions().await?.into_iter().find(|version| version.active))
    }

    /// The versions kept, newest first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn versions(&mut self) -> Result<Vec<RegisterVersion>> {
        let rows = sqlx::query!(
            r#"select id, source, keys_version, imported_at as "imported_at!", individuals, aids,
                      state = 'active' as "active!"
               from register_version where state <> 'loading' order by imported_at desc, id desc"#
        )
        .fetch_all(&mut *self.tx)
        .await?;
        Ok(rows
            .into_iter()
            .map(|row| RegisterVersion {
                id: RegisterId(row.id),
                source: row.source,
                keys_version: row.keys_version,
                imported_at: row.imported_at,
                individuals: row.individuals.unsigned_abs(),
                aids: row.aids.unsigned_abs(),
                active: row.active,
            })
            .collect())
    }

    /// Begins an import. A second one at the same time waits for the first.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn begin(&mut self, register: &NewRegister) -> Result<()> {
        let abandoned =
            sqlx::query_scalar!("delete from register_version where state = 'loading' returning id")
                .fetch_all(&mut *self.tx)
                .await?;
        self.forget(&abandoned).await?;
        sqlx::query!(
            "insert into register_version (id, source, keys_version, state, started_at)
             values ($1, $2, $3, 'loading', $4)",
            register.id.0,
            register.source,
            register.keys_version,
            register.started_at,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Adds persons; some thousands at once are quickest.
    ///
    /// # Errors
    /// When the query fails, or an identifier stands twice in the version (constraint `individual_pkey`).
    pub async fn add(&mut self, register: RegisterId, batch: &[KeyedIndividual]) -> Result<()> {
        let columns = Columns::of(batch)?;
        sqlx::query!(
            "insert into individual (register_id, identifier, sex, birth_name, usage_name, given_names, birth_date,
                                      birth_place, death_date, aids, keys, blocks)
              select $1, r.identifier, r.sex, r.birth_name, r.usage_name, r.given_names, r.birth_date, r.birth_place,
                     r.death_date, r.aids::jsonb, '{}', ($13::bigint[])[r.first_key:r.last_key]
              from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::text[], $10::text[], $11::integer[], $12::integer[])
                   as r (identifier, sex, birth_name, usage_name, given_names, birth_date, birth_place, death_date,
                         aids, first_key, last_key)",
            register.0,
            &columns.identifiers as &[&str],
            &columns.sexes as &[Option<&str>],
            &columns.birth_names as &[Option<&str>],
            &columns.usage_names as &[Option<&str>],
            &columns.given_names,
            &columns.birth_dates,
            &columns.birth_places as &[Option<&str>],
            &columns.death_dates as &[Option<String>],
            &columns.aids,
            &columns.keys.first,
            &columns.keys.last,
            &columns.keys.all,
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!(
            "update register_version set individuals = individuals + $2, aids = aids + $3 where id = $1",
            register.0,
            i64::try_from(batch.len()).map_err(unreadable(TABLE))?,
            columns.aids_count,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// Puts the version in force, keeps the one before it and deletes the others.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn activate(&mut self, register: RegisterId, at: DateTime<Utc>) -> Result<RegisterVersion> {
        let old = sqlx::query_scalar!("delete from register_version where state = 'previous' returning id")
            .fetch_all(&mut *self.tx)
            .await?;
        self.forget(&old).await?;
        sqlx::query!("update register_version set state = 'previous' where state = 'active'")
            .execute(&mut *self.tx)
            .await?;
        sqlx::query!(
            "update register_version set state = 'active', imported_at = $2 where id = $1 and state = 'loading'",
            register.0,
            at,
        )
        .execute(&mut *self.tx)
        .await?;
        let active = self.active().await?.filter(|version| version.id == register);
        active.ok_or(DbError::UnknownRegister)
    }

    /// The persons of this version who share a key with these.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn candidates(&mut self, register: RegisterId, keys: &[i64]) -> Result<Vec<Individual>> {
        // Written so that PostgreSQL goes by the index of the keys whatever it believes of the table: it must neither see how
        // many keys are asked for (it thinks each of them dear, and comparing a hundred with every row for nothing) nor
        // be able to go by the version (of a register that was just imported it knows nothing yet).
        let rows = select_individuals!(
            "where blocks && (select $2::bigint[]) and register_id is not distinct from $1",
            register.0,
            keys
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Individual::try_from).collect()
    }

    /// The persons of this version with these identifiers.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_identifiers(
        &mut self,
        register: RegisterId,
        identifiers: &[String],
    ) -> Result<Vec<Individual>> {
        let rows = select_individuals!(
            "where register_id = $1 and identifier = any($2)",
            register.0,
            identifiers
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Individual::try_from).collect()
    }

    /// Some persons of this version, by identifier, from the one after `after`.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn page(&mut self, register: RegisterId, after: &str, limit: u32) -> Result<Vec<Individual>> {
        let rows = select_individuals!(
            "where register_id = $1 and identifier > $2 order by identifier limit $3",
            register.0,
            after,
            i64::from(limit)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Individual::try_from).collect()
    }

    /// Keeps how frequent the names of this version are, as the matching engine writes it.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn keep_frequencies(&mut self, register: RegisterId, counts: &[u8]) -> Result<()> {
        sqlx::query!(
            "insert into register_frequencies (register_id, counts) values ($1, $2)
             on conflict (register_id) do update set counts = excluded.counts",
            register.0,
            counts,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// What [`Register::keep_frequencies`] kept of this version.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn frequencies(&mut self, register: RegisterId) -> Result<Option<Vec<u8>>> {
        let counts = sqlx::query_scalar!(
            "select counts from register_frequencies where register_id = $1",
            register.0
        );
        Ok(counts.fetch_optional(&mut *self.tx).await?)
    }

    /// Whether [`Register::keep_frequencies`] kept any of this version.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn has_frequencies(&mut self, register: RegisterId) -> Result<bool> {
        let kept = sqlx::query_scalar!(
            r#"select exists (select from register_frequencies where register_id = $1) as "kept!""#,
            register.0
        );
        Ok(kept.fetch_one(&mut *self.tx).await?)
    }

    /// Deletes the persons of versions that are gone.
    async fn forget(&mut self, registers: &[Uuid]) -> Result<()> {
        if registers.is_empty() {
            return Ok(());
        }
        sqlx::query!(
            "delete from register_frequencies where register_id = any($1)",
            registers
        )
        .execute(&mut *self.tx)
        .await?;
        sqlx::query!("delete from individual where register_id = any($1)", registers)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }
}

/// A batch turned into one array a column: one statement inserts it all.
struct Columns<'b> {
    identifiers: Vec<&'b str>,
    sexes: Vec<Option<&'b str>>,
    birth_names: Vec<Option<&'b str>>,
    usage_names: Vec<Option<&'b str>>,
    given_names: Vec<String>,
    birth_dates: Vec<String>,
    birth_places: Vec<Option<&'b str>>,
    death_dates: Vec<Option<String>>,
    aids: Vec<String>,
    keys: FlatKeys,
    aids_count: i64,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b [KeyedIndividual]) -> Result<Self> {
        let persons = || batch.iter().map(|row| &row.individual);
        let aids = persons().map(|person| serde_json::to_string(&person.aids));
        let aids_count: usize = persons().map(|person| person.aids.len()).sum();
        Ok(Self {
            identifiers: persons().map(|person| person.identifier.as_str()).collect(),
            sexes: persons().map(|person| person.sex.map(Sex::code)).collect(),
            birth_names: persons()
                .map(|person| person.birth_name.as_ref().map(FamilyName::as_str))
                .collect(),
            usage_names: persons()
                .map(|person| person.usage_name.as_ref().map(FamilyName::as_str))
                .collect(),
            given_names: persons().map(|person| person.given_names.to_string()).collect(),
            birth_dates: persons().map(|person| person.birth_date.to_string()).collect(),
            birth_places: persons()
                .map(|person| person.birth_place.as_ref().map(Place::as_str))
                .collect(),
            death_dates: persons()
                .map(|person| person.death_date.map(|date| date.to_string()))
                .collect(),
            aids: aids.collect::<Result<_, _>>().map_err(unreadable(TABLE))?,
            keys: FlatKeys::of(batch.iter().map(|row| &*row.keys))?,
            aids_count: i64::try_from(aids_count).map_err(unreadable(TABLE))?,
        })
    }
}

/// Keys of many people one after the other, because PostgreSQL has no arrays of arrays of different lengths. Of numbers
/// it cuts a person's own out of the whole without going through it.
#[derive(Default)]
pub(super) struct FlatKeys {
    pub(super) all: Vec<i64>,
    /// Where each person's begin, the first of all being number 1.
    pub(super) first: Vec<i32>,
    /// Where each person's end, that one included: before `first` for somebody without.
    pub(super) last: Vec<i32>,
}

impl FlatKeys {
    pub(super) fn of<'k>(people: impl Iterator<Item = &'k [i64]>) -> Result<Self> {
        let mut flat = Self::default();
        let number = |place: usize| i32::try_from(place).map_err(unreadable(TABLE));
        for keys in people {
            flat.first.push(number(flat.all.len() + 1)?);
            flat.all.extend(keys);
            flat.last.push(number(flat.all.len())?);
        }
        Ok(flat)
    }
}

struct Record {
    identifier: String,
    sex: Option<String>,
    birth_name: Option<String>,
    usage_name: Option<String>,
    given_names: String,
    birth_date: String,
    birth_place: Option<String>,
    death_date: Option<String>,
    /// JSON, read straight into what it says.
    aids: String,
}

const TABLE: &str = "individual";

impl TryFrom<Record> for Individual {
    type Error = DbError;

    fn try_from(row: Record) -> Result<Self> {
        Ok(Self {
            identifier: row.identifier,
            sex: row.sex.as_deref().and_then(Sex::parse),
            birth_name: parsed_option(row.birth_name, TABLE)?,
            usage_name: parsed_option(row.usage_name, TABLE)?,
            given_names: parsed(row.given_names, TABLE)?,
            birth_date: parsed(row.birth_date, TABLE)?,
            birth_place: parsed_option(row.birth_place, TABLE)?,
            death_date: parsed_option(row.death_date, TABLE)?,
            aids: serde_json::from_str(&row.aids).map_err(unreadable(TABLE))?,
        })
    }
}
