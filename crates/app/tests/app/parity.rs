//! One engine: what files are answered by `dn match evaluate`, notaries are answered through PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::Utc;
use domain::{Decedent, FamilyName, GivenNames, PartialDate, Place, Sex};
use evaluation::bench::{Class, Exam, Trial};
use evaluation::questions::Question;
use evaluation::recipes;
use evaluation::world::World;
use evaluation::{exchange, files};
use matching::{Frequencies, Paging, Policy, Query, Verdict};
use testing::TestApp;
use views::forms::ParsedInquiry;

use crate::actors::{notary, slug, submission};
use crate::matching::{department, unlimited};

/// Queries of each kind of error, of resemblance, of copies and of strangers.
const OF_EACH: usize = 6;
/// Kinds there are: 35 errors, 16 resemblances, copies and strangers.
const KINDS: usize = 53;

struct Asked<'e> {
    trial: &'e Trial,
    decedent: Decedent,
    /// The first of its kind.
    first: bool,
}

#[tokio::test]
async fn files_and_the_service_are_answered_alike() -> Result<()> {
    let test = unlimited().await?;
    let exam = Exam::draw(&World::new(recipes::CARELESS), 3_000, 6_000, 11);
    let asked = chosen(&exam);
    let trials = asked.iter().map(|asked| asked.trial.clone()).collect();
    let chosen = Exam {
        register: exam.register.clone(),
        trials,
    };
    let folder = test.dir.path();
    exchange::write(&chosen, folder)?;
    let [register, queries, out] =
        [exchange::REGISTER, exchange::QUERIES, "o.csv"].map(|name| folder.join(name));
    let rhone = department(&test, "rhone").await?;
    test.app
        .import_register(&rhone, &register, false, Utc::now(), |_| ())
        .await?;
    let today = chrono::Utc::now().date_naive();
    files::evaluate(&register, &queries, &out, &Policy::default(), today, |_| ())?;
    let answers = std::fs::read_to_string(&out)?;
    let answers: Vec<[&str; 3]> = answers
        .lines()
        .skip(1)
        .map(|line| {
            let mut fields = line.split(';');
            [(); 3].map(|()| fields.next().unwrap_or_default())
        })
        .collect();
    assert_eq!(answers.len(), asked.len());
    through_the_database(&test, &asked, &answers, &register).await?;
    through_the_service(&test, &asked, &answers).await?;
    for outcome in ["connu", "ambigu", "inconnu"] {
        let given = answers.iter().filter(|answer| answer[1] == outcome).count();
        assert!(given > 30, "{given} {outcome}");
    }
    Ok(())
}

/// The same people come by the stored keys as by those in memory; and with the stored frequencies the same decision.
async fn through_the_database(
    test: &TestApp,
    asked: &[Asked<'_>],
    answers: &[[&str; 3]],
    register: &Path,
) -> Result<()> {
    let (in_memory, _) = files::load(File::open(register)?, &mut |_| ())?;
    let mut tx = test.db.tenant(&slug("rhone")).await?;
    let version = tx.register().active().await?.context("no register")?;
    let counts = tx
        .register()
        .frequencies(version.id)
        .await?
        .context("not counted")?;
    let paging = version
        .page_bits
        .and_then(Paging::from_bits)
        .context("not indexed")?;
    let frequencies: Frequencies = serde_json::from_slice(&counts)?;
    for (Asked { trial, decedent, .. }, answer) in asked.iter().zip(answers) {
        let keys = matching::query_keys(decedent, &frequencies);
        let pages = tx.indexing().pages(version.id, &paging.pages_of(&keys)).await?;
        let numbers = matching::holders(pages.iter().map(|page| &**page), &keys);
        let people = tx.register().by_numbers(version.id, &numbers).await?;
        let found: BTreeSet<&str> = people.iter().map(|person| person.identifier.as_str()).collect();
        let near = in_memory.candidates(&Query::from(decedent)).into_iter();
        let near = near.filter_map(|who| Some(in_memory.person(who)?.0));
        assert_eq!(found, near.collect(), "{:?}", trial.question);
        let verdict = matching::decide_with(decedent, &people, &Policy::default(), &frequencies);
        let (outcome, identifiers) = match verdict {
            Verdict::Definite { identifier, .. } => ("connu", identifier),
            Verdict::Ambiguous { identifiers, .. } => ("ambigu", identifiers.join("|")),
            Verdict::Unknown { .. } => ("inconnu", String::new()),
        };
        assert_eq!(
            [&trial.question.id, outcome, &identifiers],
            *answer,
            "{:?}",
            trial.question
        );
    }
    Ok(())
}

/// One of each kind, as a notary asks.
async fn through_the_service(test: &TestApp, asked: &[Asked<'_>], answers: &[[&str; 3]]) -> Result<()> {
    let notary = notary(test, "camille", "69001").await?;
    for (Asked { trial, decedent, .. }, answer) in asked.iter().zip(answers).filter(|(asked, _)| asked.first)
    {
        let inquiry = ParsedInquiry {
            departments: vec![slug("rhone")],
            decedent: decedent.clone(),
            file_reference: None,
        };
        test.app
            .inquire(&notary, &inquiry, submission(), Utc::now())
            .await?;
        let served = test
            .sql(
                "select case outcome when 'unknown' then 'inconnu' when 'ambiguous' then 'ambigu' else 'connu' end
                        || ';' || array_to_string(candidates, '|')
                 from tenant_rhone.decision order by decided_at desc, id desc limit 1",
            )
            .await?;
        assert_eq!(served, answer[1..].join(";"), "{:?}", trial.question);
    }
    Ok(())
}

/// So many queries of each kind that a form would take.
fn chosen(exam: &Exam) -> Vec<Asked<'_>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen = Vec::new();
    for trial in &exam.trials {
        let Some(decedent) = decedent(&trial.question) else {
            continue;
        };
        let kinds = match &trial.class {
            Class::One(kind) => vec![format!("{kind:?}")],
            Class::Two(one, other) => vec![format!("{one:?}"), format!("{other:?}")],
            class => vec![format!("{class:?}")],
        };
        let has = |least: usize| {
            kinds
                .iter()
                .all(|kind| counts.get(kind).is_some_and(|count| *count >= least))
        };
        if has(OF_EACH) {
            continue;
        }
        chosen.push(Asked {
            trial,
            decedent,
            first: !has(1),
        });
        for kind in kinds {
            *counts.entry(kind).or_default() += 1;
        }
    }
    assert!(
        counts.len() >= KINDS && chosen.len() > 250,
        "{} {counts:?}",
        chosen.len()
    );
    chosen
}

/// As the form of a notary would hold it; `None` when a form would refuse it.
fn decedent(q: &Question) -> Option<Decedent> {
    let name = |text: &str| match text {
        "" => Some(None),
        text => FamilyName::parse(text).ok().map(Some),
    };
    Some(Decedent {
        birth_name: name(&q.nom_naissance)?,
        usage_name: name(&q.nom_usage)?,
        given_names: GivenNames::parse(&q.prenoms).ok()?,
        sex: Sex::parse(&q.sexe),
        birth_date: PartialDate::parse(&q.date_naissance).ok()?,
        birth_place: Place::parse(&q.commune_naissance).ok(),
        death_date: q.date_deces.parse().ok()?,
        death_place: None,
        death_certificate_date: None,
    })
}
