//! The matching engine in service: stored keys and frequencies, the département's policy, registers indexed anew.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use chrono::Utc;
use domain::{Decedent, FamilyName, GivenNames, Individual, Outcome, PartialDate, Place, Quota, Sex};
use evaluation::bench::Exam;
use evaluation::files;
use evaluation::questions::Question;
use evaluation::recipes;
use evaluation::world::World;
use matching::Policy;
use testing::TestApp;
use testing::people::DECEDENTS;
use views::forms::ParsedInquiry;

use crate::actors::{ask, notary, slug, submission};

const STRICT: &str = "[definite]\nrequire = ['birth_place']";

#[tokio::test]
async fn a_register_of_another_version_is_indexed_anew_while_the_service_goes_on() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    test.sql("delete from tenant_rhone.register_frequencies").await?;
    test.sql("update tenant_rhone.individual set keys = '{old}'")
        .await?;
    test.sql("update tenant_rhone.register_version set keys_version = keys_version - 1")
        .await?;
    let (_, meanwhile) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    assert_eq!(meanwhile.outcome, Outcome::Ambiguous);
    assert_eq!(test.app.index_registers_anew().await?, 1);
    let (_, again) = ask(&test, &notary, &DECEDENTS[0], "rhone").await?;
    assert_eq!(again.outcome, DECEDENTS[0].outcome);
    let (_, unknown) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    assert_eq!(unknown.outcome, Outcome::Unknown);
    let kept = test
        .sql("select bool_and(keys @> '{old}' and array_length(keys, 1) > 5) from tenant_rhone.individual")
        .await?;
    assert_eq!(kept, "t", "who looks people up by the old keys still finds them");
    assert_eq!(test.app.index_registers_anew().await?, 0, "once is enough");
    Ok(())
}

#[tokio::test]
async fn a_policy_is_tried_on_past_inquiries_before_it_is_in_force() -> Result<()> {
    let test = TestApp::start().await?;
    let notary = notary(&test, "camille", "69001").await?;
    for decedent in [&DECEDENTS[0], &DECEDENTS[3]] {
        ask(&test, &notary, decedent, "rhone").await?;
    }
    let policy = Policy::from_toml(STRICT)?;
    let simulated = test
        .app
        .simulate(&slug("rhone"), &policy, 100, Utc::now())
        .await?;
    let simulated = simulated.context("no register")?;
    assert_eq!(simulated.inquiries, 2);
    let [change] = &simulated.changes[..] else {
        panic!("{simulated:?}");
    };
    assert_eq!(
        (change.before, change.after),
        (app::Simulated::Definite, app::Simulated::Ambiguous)
    );
    let same = test
        .app
        .simulate(&slug("rhone"), &Policy::default(), 100, Utc::now())
        .await?;
    assert!(same.context("no register")?.changes.is_empty());

    test.sql(r#"update tenant_rhone.settings set content = content || '{"matching": {"definite": {"require": ["birth_place"]}}}', revision = revision + 1"#)
        .await?;
    let strict = test.another(|_| ()).await?;
    let question = crate::actors::question(&DECEDENTS[0], &["rhone"]);
    let answers = strict
        .inquire(&notary, &question, submission(), Utc::now())
        .await?;
    let answer = answers.first().context("no answer")?;
    assert_eq!(crate::actors::decided(answer)?.outcome, Outcome::Ambiguous);
    Ok(())
}

#[tokio::test]
async fn files_and_the_service_are_answered_alike() -> Result<()> {
    let quota = Quota {
        inquiries_per_hour: 1_000,
        inquiries_per_day: 1_000,
    };
    let test = TestApp::builder()
        .app(move |settings| settings.quota = quota)
        .start()
        .await?;
    let rhone = test
        .app
        .department(&slug("rhone"))
        .await?
        .context("no département")?;
    let notary = notary(&test, "camille", "69001").await?;
    let exam = Exam::draw(&World::new(recipes::CARELESS), 3_000, 90, 11);
    let register = test.dir.path().join("registre.csv");
    std::fs::write(&register, rows(&exam.register))?;
    test.app
        .import_register(&rhone, &register, false, Utc::now(), |_| ())
        .await?;
    let asked: Vec<(&Question, Decedent)> = exam
        .trials
        .iter()
        .filter_map(|trial| Some((&trial.question, decedent(&trial.question)?)))
        .collect();
    let (queries, out) = (test.dir.path().join("q.csv"), test.dir.path().join("o.csv"));
    std::fs::write(&queries, lines(asked.iter().map(|(question, _)| *question)))?;
    files::evaluate(&register, &queries, &out, &Policy::default(), |_| ())?;
    let answers = std::fs::read_to_string(&out)?;
    let mut definite = 0;
    for ((question, decedent), line) in asked.iter().zip(answers.lines().skip(1)) {
        let inquiry = ParsedInquiry {
            departments: vec![slug("rhone")],
            decedent: decedent.clone(),
            file_reference: None,
        };
        test.app
            .inquire(&notary, &inquiry, submission(), Utc::now())
            .await?;
        let served = test
            .sql("select case outcome when 'unknown' then 'inconnu' when 'ambiguous' then 'ambigu' else 'connu' end || ';' || array_to_string(candidates, '|') from tenant_rhone.decision order by decided_at desc, id desc limit 1")
            .await?;
        let of_file: Vec<&str> = line.split(';').collect();
        assert_eq!(of_file[0], question.id);
        assert_eq!(served, format!("{};{}", of_file[1], of_file[2]), "{question:?}");
        definite += usize::from(of_file[1] == "connu");
    }
    assert!(asked.len() > 80 && definite > 20, "{} {definite}", asked.len());
    Ok(())
}

fn rows(people: &[Individual]) -> String {
    let mut text = String::from(
        "identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;commune_naissance;date_deces;aide\n",
    );
    for person in people {
        let _ = writeln!(
            text,
            "{};{};{};{};{};{};{};{};ASH-PA",
            person.identifier,
            person.sex.map_or("", Sex::code),
            person.birth_name.as_ref().map_or("", |name| name.as_str()),
            person.usage_name.as_ref().map_or("", |name| name.as_str()),
            person.given_names,
            person.birth_date,
            person.birth_place.as_ref().map_or("", |place| place.as_str()),
            person
                .death_date
                .map_or_else(String::new, |date| date.to_string()),
        );
    }
    text
}

fn lines<'q>(questions: impl Iterator<Item = &'q Question>) -> String {
    let mut text =
        String::from("id;nom_naissance;nom_usage;prenoms;date_naissance;sexe;date_deces;commune_naissance\n");
    for q in questions {
        let _ = writeln!(
            text,
            "{};{};{};{};{};{};{};{}",
            q.id,
            q.nom_naissance,
            q.nom_usage,
            q.prenoms,
            q.date_naissance,
            q.sexe,
            q.date_deces,
            q.commune_naissance
        );
    }
    text
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
