//! The matching engine in service: the département's policy, and registers indexed anew.

use anyhow::{Context, Result, ensure};
use app::{AppError, Department, IndexedAnew, NotaryIdentity};
use chrono::Utc;
use domain::{Outcome, Quota};
use matching::Policy;
use testing::TestApp;
use testing::people::DECEDENTS;
use tokio::task::JoinHandle;

use crate::actors::{ask, notary, slug, submission};

/// Nobody is told to come back in an hour.
pub(crate) async fn unlimited() -> Result<TestApp> {
    let quota = Quota {
        inquiries_per_hour: 1_000,
        inquiries_per_day: 1_000,
    };
    TestApp::builder()
        .app(move |settings| settings.quota = quota)
        .start()
        .await
}

pub(crate) async fn department(test: &TestApp, name: &str) -> Result<Department> {
    test.app.department(&slug(name)).await?.context("no département")
}

const STRICT: &str = "[definite]\nrequire = ['birth_place']";

/// People besides those of the tests, so that indexing takes more than a moment.
const OTHERS: u32 = 3_500;

/// Both registers as a former version of the program left them, and a note of each person who is numbered.
async fn grow_old(test: &TestApp) -> Result<()> {
    test.sql(
        "create table public.numbered (departement text, identifier text);
         create function public.note() returns trigger language plpgsql security definer as
         $$ begin insert into public.numbered values (tg_table_schema, new.identifier); return new; end $$",
    )
    .await?;
    for schema in ["tenant_rhone", "tenant_isere"] {
        test.sql(&format!(
            "insert into {schema}.individual
                 (register_id, identifier, sex, birth_name, given_names, birth_date, aids, keys)
             select id, 'Z' || n, 'F', 'Q' || translate(n::text, '0123456789', 'ABELMNORST'), 'Zulma', '1901-01-01', '[]', '{{}}'
             from {schema}.register_version, generate_series(1, {OTHERS}) as n where state = 'active';
             delete from {schema}.register_frequencies;
             delete from {schema}.register_keys;
             update {schema}.individual set number = null, keys = '{{old}}', blocks = '{{7}}';
             update {schema}.register_version set keys_version = keys_version - 1, page_bits = null;
             create trigger note after update of number on {schema}.individual
                 for each row execute function public.note()"
        ))
        .await?;
    }
    Ok(())
}

/// What the two départements answer about somebody they know, and about somebody they do not.
async fn answers(test: &TestApp, notary: &NotaryIdentity) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for decedent in [&DECEDENTS[0], &DECEDENTS[3]] {
        for slug in ["rhone", "isere"] {
            outcomes.push(ask(test, notary, decedent, slug).await?.1.outcome);
        }
    }
    Ok(outcomes)
}

const DOUBT: [Outcome; 4] = [Outcome::Ambiguous; 4];
const RIGHT: [Outcome; 4] = [
    Outcome::Recoverable,
    Outcome::Recoverable,
    Outcome::Unknown,
    Outcome::Unknown,
];

/// Begins to index, in a process of its own, and returns once it is at the Isère, which comes first.
async fn begun(test: &TestApp) -> Result<JoinHandle<Result<IndexedAnew, AppError>>> {
    let app = test.another_process().await?;
    let indexing = tokio::spawn(async move { app.index_registers_anew().await });
    // It has locked the row that says so.
    let taken = "select count(*) from pg_locks
                 where relation = 'tenant_isere.register_indexing'::regclass and mode = 'RowShareLock'";
    while test.sql(taken).await? == "0" {
        ensure!(!indexing.is_finished(), "nothing was to be done");
    }
    Ok(indexing)
}

#[tokio::test]
async fn registers_of_a_former_version_are_indexed_anew_while_the_service_goes_on() -> Result<()> {
    let test = unlimited().await?;
    let notary = notary(&test, "camille", "69001").await?;
    grow_old(&test).await?;
    assert_eq!(answers(&test, &notary).await?, DOUBT);

    // Killed half way.
    let indexing = begun(&test).await?;
    indexing.abort();
    assert!(
        indexing.await.is_err_and(|error| error.is_cancelled()),
        "not killed"
    );
    let half = "select count(*) + (select count(*) from tenant_isere.register_keys) from public.numbered";
    assert_eq!(test.sql(half).await?, "0", "half an index stays");
    assert_eq!(answers(&test, &notary).await?, DOUBT);

    // Two processes at once.
    let processes = [test.another_process().await?, test.another_process().await?];
    let mut done = 0;
    loop {
        let (one, other, meanwhile) = tokio::join!(
            processes[0].index_registers_anew(),
            processes[1].index_registers_anew(),
            answers(&test, &notary),
        );
        for (given, right) in meanwhile?.into_iter().zip(RIGHT) {
            assert!(
                given == Outcome::Ambiguous || given == right,
                "{given:?} for {right:?}"
            );
        }
        let (one, other) = (one?, other?);
        done += one.done + other.done;
        if one.left + other.left == 0 {
            break;
        }
    }
    assert_eq!(done, 2);
    assert_eq!(answers(&test, &notary).await?, RIGHT);
    let each = "select count(*) || ' ' || count(distinct (departement, identifier)) from public.numbered";
    let people = test
        .sql("select count(*) * 2 from tenant_rhone.individual")
        .await?;
    assert_eq!(test.sql(each).await?, format!("{people} {people}"), "each once");
    let kept = "select bool_and(keys = '{old}' and blocks = '{7}')
                from tenant_isere.individual";
    assert_eq!(
        test.sql(kept).await?,
        "t",
        "a former version that still runs finds everybody"
    );
    assert_eq!(
        test.app.index_registers_anew().await?,
        IndexedAnew::default(),
        "once is enough"
    );

    // What a newer version indexed is left alone, and not relied on.
    test.sql("update tenant_rhone.register_version set keys_version = keys_version + 1")
        .await?;
    assert_eq!(test.app.index_registers_anew().await?, IndexedAnew::default());
    let (_, newer) = ask(&test, &notary, &DECEDENTS[3], "rhone").await?;
    assert_eq!(newer.outcome, Outcome::Ambiguous);
    Ok(())
}

#[tokio::test]
async fn an_import_comes_before_indexing_anew() -> Result<()> {
    let test = unlimited().await?;
    let notary = notary(&test, "camille", "69001").await?;
    grow_old(&test).await?;
    let indexing = begun(&test).await?;
    let isere = department(&test, "isere").await?;
    let file = test.dir.path().join("registre.csv");
    std::fs::write(
        &file,
        "identifiant;nom_naissance;prenoms;date_naissance;aide\nN1;LEFÈVRE;Odette Marie;02/01/1931;ASH-PA\n",
    )?;
    let imported = test
        .app
        .import_register(&isere, &file, false, Utc::now(), |_| ())
        .await?;
    assert!(imported.imported);
    assert_eq!(
        ask(&test, &notary, &DECEDENTS[0], "isere").await?.1.outcome,
        RIGHT[0]
    );
    // The Rhône is done all the same.
    assert_eq!(indexing.await??, IndexedAnew { done: 1, left: 1 });
    assert_eq!(answers(&test, &notary).await?, RIGHT);
    let old = "select keys_version < (select max(keys_version) from tenant_isere.register_version)
               from tenant_isere.register_version where state = 'previous'";
    assert_eq!(
        test.sql(old).await?,
        "t",
        "half a register does not pass for a whole one"
    );
    assert_eq!(test.app.index_registers_anew().await?, IndexedAnew::default());
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
