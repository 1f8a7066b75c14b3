//! The persons of a version of the register.

use domain::{FamilyName, Individual, Place, RegisterId, Sex};
use schema::{DbError, Result};

use super::Register;
use crate::read::{parsed, parsed_option, unreadable};

const TABLE: &str = "individual";

/// A person and their number in the version, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedIndividual {
    /// What `matching::Indexer` gave.
    pub number: u32,
    /// The person.
    pub individual: Individual,
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

impl Register<'_> {
    /// Adds persons; some thousands at once are quickest.
    ///
    /// # Errors
    /// When the query fails, or an identifier stands twice in the version (constraint `individual_pkey`).
    pub async fn add(&mut self, register: RegisterId, batch: &[NumberedIndividual]) -> Result<()> {
        let columns = Columns::of(batch)?;
        sqlx::query!(
            "insert into individual (register_id, number, identifier, sex, birth_name, usage_name, given_names,
                                      birth_date, birth_place, death_date, aids)
              select $1, r.number, r.identifier, r.sex, r.birth_name, r.usage_name, r.given_names, r.birth_date,
                     r.birth_place, r.death_date, r.aids::jsonb
              from unnest($2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::text[], $10::text[], $11::text[])
                   as r (number, identifier, sex, birth_name, usage_name, given_names, birth_date, birth_place,
                         death_date, aids)",
            register.0,
            &columns.numbers,
            &columns.identifiers as &[&str],
            &columns.sexes as &[Option<&str>],
            &columns.birth_names as &[Option<&str>],
            &columns.usage_names as &[Option<&str>],
            &columns.given_names,
            &columns.birth_dates,
            &columns.birth_places as &[Option<&str>],
            &columns.death_dates as &[Option<String>],
            &columns.aids,
        )
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    /// The persons of this version with these numbers.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn by_numbers(&mut self, register: RegisterId, numbers: &[u32]) -> Result<Vec<Individual>> {
        let numbers = numbers.iter().copied().map(signed);
        let numbers = numbers.collect::<Result<Vec<_>>>()?;
        // In a select of its own: so that PostgreSQL goes by the index whatever it believes of a table that was just
        // filled, it must not see how many are asked for.
        let rows = select_individuals!(
            "where register_id = $1 and number = any((select $2::integer[])::integer[])",
            register.0,
            &numbers
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

    /// Some persons of this version in the order of their numbers, from this one on.
    ///
    /// # Errors
    /// When the query fails.
    pub async fn page(&mut self, register: RegisterId, first: u32, limit: u32) -> Result<Vec<Individual>> {
        let rows = select_individuals!(
            "where register_id = $1 and number >= $2 order by number limit $3",
            register.0,
            signed(first)?,
            i64::from(limit)
        )
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Individual::try_from).collect()
    }
}

fn signed(number: u32) -> Result<i32> {
    i32::try_from(number).map_err(unreadable(TABLE))
}

/// A batch turned into one array a column: one statement inserts it all.
struct Columns<'b> {
    numbers: Vec<i32>,
    identifiers: Vec<&'b str>,
    sexes: Vec<Option<&'b str>>,
    birth_names: Vec<Option<&'b str>>,
    usage_names: Vec<Option<&'b str>>,
    given_names: Vec<String>,
    birth_dates: Vec<String>,
    birth_places: Vec<Option<&'b str>>,
    death_dates: Vec<Option<String>>,
    aids: Vec<String>,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b [NumberedIndividual]) -> Result<Self> {
        let persons = || batch.iter().map(|row| &row.individual);
        let numbers = batch.iter().map(|row| signed(row.number));
        let aids = persons().map(|person| serde_json::to_string(&person.aids));
        Ok(Self {
            numbers: numbers.collect::<Result<_>>()?,
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
        })
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
