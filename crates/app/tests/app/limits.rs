//! How many inquiries a notary may make: the same for every process, told once, and nothing lost.

use anyhow::Result;
use app::{Answer, App, InquireError, LimitReached, LimitScope, NotaryIdentity};
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use domain::{PartialDate, Quota, Span, SubmissionId};
use testing::TestApp;
use testing::people::{DECEDENTS, TestDecedent};
use views::forms::ParsedInquiry;

use crate::actors::{decided, notary, question, submission};

async fn limited(per_hour: u32, per_day: u32) -> Result<TestApp> {
    let quota = Quota {
        inquiries_per_hour: per_hour,
        inquiries_per_day: per_day,
    };
    TestApp::builder()
        .app(move |settings| settings.quota = quota)
        .start()
        .await
}

/// Now, as exactly as PostgreSQL keeps it.
fn moment() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}

/// The question about a person who is like no other: `number` people of this kind are no series of tries.
fn about(number: u32, departments: &[&str]) -> ParsedInquiry {
    const NAMES: [&str; 6] = [
        "Aubertin",
        "Blanchard",
        "Charpentier",
        "Delmas",
        "Escoffier",
        "Fontenay",
    ];
    const GIVEN: [&str; 5] = ["Georges", "Henriette", "Ignace", "Joséphine", "Léopold"];
    let decedent = TestDecedent {
        birth_name: NAMES[number as usize % NAMES.len()],
        given_names: GIVEN[number as usize % GIVEN.len()],
        birth_date: "01/01/1930",
        outcome: domain::Outcome::Unknown,
    };
    let mut question = question(&decedent, departments);
    question.decedent.birth_date = PartialDate::new(1900 + number.cast_signed(), Some(7), Some(14)).unwrap();
    question
}

async fn ask(
    app: &App,
    asker: &NotaryIdentity,
    question: &ParsedInquiry,
    now: DateTime<Utc>,
) -> Result<Vec<Answer>, InquireError> {
    app.inquire(asker, question, submission(), now).await
}

fn reached(result: Result<Vec<Answer>, InquireError>) -> Vec<LimitReached> {
    match result {
        Err(InquireError::LimitReached(limits)) => limits,
        other => panic!("not limited: {other:?}"),
    }
}

async fn count(test: &TestApp, table: &str) -> Result<String> {
    test.sql(&format!("select count(*) from {table}")).await
}

#[tokio::test]
async fn two_processes_let_exactly_so_many_through() -> Result<()> {
    let test = limited(10, 300).await?;
    let processes = [test.another_process().await?, test.another_process().await?];
    let camille = notary(&test, "camille", "69001").await?;
    let diane = notary(&test, "diane", "38002").await?;
    let now = moment();
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..24 {
        let (app, camille) = (processes[number as usize % 2].clone(), camille.clone());
        tries.spawn(async move { ask(&app, &camille, &about(number, &["rhone"]), now).await });
    }
    let (mut answered, mut refused) = (0, 0);
    while let Some(result) = tries.join_next().await {
        match result? {
            Ok(answers) => {
                decided(&answers[0])?;
                answered += 1;
            }
            Err(InquireError::LimitReached(_)) => refused += 1,
            Err(error) => return Err(error.into()),
        }
    }
    assert_eq!((answered, refused), (10, 14));
    assert_eq!(count(&test, "tenant_rhone.inquiry").await?, "10");
    assert_eq!(count(&test, "platform.inquiry_claim").await?, "10");
    // Another notary has a limit of her own.
    assert!(ask(&test.app, &diane, &about(30, &["rhone"]), now).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_form_sent_again_counts_once_and_shows_its_answer() -> Result<()> {
    let test = limited(3, 300).await?;
    let camille = notary(&test, "camille", "69001").await?;
    let (asked, id, now) = (about(1, &["rhone"]), submission(), moment());
    let send = async |question: &ParsedInquiry, id: SubmissionId| {
        test.app.inquire(&camille, question, id, now).await
    };
    let first = send(&asked, id).await?;
    for _ in 0..5 {
        assert_eq!(
            decided(&send(&asked, id).await?[0])?.inquiry,
            decided(&first[0])?.inquiry
        );
    }
    // One that fails half way is counted, and sending it again needs no more room.
    test.sql("alter table tenant_isere.decision rename to away")
        .await?;
    let (both, both_id) = (about(2, &["isere", "rhone"]), submission());
    let half = send(&both, both_id).await?;
    assert_eq!(half[0].state, app::AnswerState::Failed);
    assert_eq!(
        reached(send(&about(3, &["rhone"]), submission()).await)[0].limit,
        3
    );
    test.sql("alter table tenant_isere.away rename to decision")
        .await?;
    let whole = send(&both, both_id).await?;
    assert!(whole.iter().all(|answer| decided(answer).is_ok()));
    // Full, and what was answered is still shown.
    assert!(send(&asked, id).await.is_ok());
    assert_eq!(count(&test, "platform.inquiry_claim").await?, "3");
    Ok(())
}

#[tokio::test]
async fn a_form_is_asked_as_a_whole_or_not_at_all() -> Result<()> {
    let test = limited(3, 300).await?;
    let camille = notary(&test, "camille", "69001").await?;
    let now = moment();
    let both = |number| about(number, &["isere", "rhone"]);
    ask(&test.app, &camille, &both(1), now).await?;
    let limits = reached(ask(&test.app, &camille, &both(2), now).await);
    assert_eq!(
        limits,
        [LimitReached {
            scope: LimitScope::Platform,
            span: Span::Hour,
            limit: 3,
            opens_at: now + TimeDelta::hours(1),
        }]
    );
    assert_eq!(count(&test, "platform.inquiry_index").await?, "2");
    ask(&test.app, &camille, &about(2, &["isere"]), now).await?;

    let narrow = limited(1, 300).await?;
    let camille = notary(&narrow, "camille", "69001").await?;
    let never = ask(&narrow.app, &camille, &both(1), now).await;
    assert!(matches!(never, Err(InquireError::TooMany(1))), "{never:?}");
    assert_eq!(count(&narrow, "tenant_rhone.alert").await?, "0");
    Ok(())
}

#[tokio::test]
async fn the_windows_move_on() -> Result<()> {
    let test = limited(2, 3).await?;
    let camille = notary(&test, "camille", "69001").await?;
    let start = moment();
    let at = |minutes| start + TimeDelta::minutes(minutes);
    let ask = async |number, minutes| ask(&test.app, &camille, &about(number, &["rhone"]), at(minutes)).await;
    ask(1, 0).await?;
    ask(2, 30).await?;
    let hour = &reached(ask(3, 59).await)[0];
    assert_eq!((hour.span, hour.opens_at), (Span::Hour, at(60)));
    ask(3, 60).await?;
    let day = &reached(ask(4, 100).await)[0];
    assert_eq!((day.span, day.limit, day.opens_at), (Span::Day, 3, at(24 * 60)));
    // For two more, the second oldest has to go as well: minute 30 of the next day.
    let two = about(9, &["isere", "rhone"]);
    let day = &reached(test.app.inquire(&camille, &two, submission(), at(200)).await)[0];
    assert_eq!((day.span, day.opens_at), (Span::Day, at(24 * 60 + 30)));
    // The clock is set back: what was asked since still counts.
    let day = &reached(ask(4, -30).await)[0];
    assert_eq!((day.span, day.opens_at), (Span::Day, at(24 * 60)));
    ask(4, 24 * 60).await?;
    // What no limit counts any more is not kept.
    assert_eq!(count(&test, "platform.inquiry_claim").await?, "3");
    Ok(())
}

#[tokio::test]
async fn a_departement_may_allow_fewer_and_does_not_bind_the_others() -> Result<()> {
    let test = TestApp::start().await?;
    test.sql(
        r#"update tenant_rhone.settings set content = content || '{"limits": {"inquiries_per_hour": 1}}'"#,
    )
    .await?;
    let camille = notary(&test, "camille", "69001").await?;
    let now = moment();
    let ask =
        async |number, departments: &[&str]| ask(&test.app, &camille, &about(number, departments), now).await;
    ask(1, &["rhone"]).await?;
    let limits = reached(ask(2, &["isere", "rhone"]).await);
    let [
        LimitReached {
            scope: LimitScope::Department(whose),
            limit: 1,
            ..
        },
    ] = &limits[..]
    else {
        panic!("{limits:?}");
    };
    assert_eq!(whose.slug.as_str(), "rhone");
    assert_eq!(count(&test, "tenant_isere.inquiry").await?, "0");
    for number in 3..6 {
        ask(number, &["isere"]).await?;
    }
    assert_eq!(
        test.sql("select string_agg(kind, ' ') from tenant_rhone.alert")
            .await?,
        "department_hour"
    );
    // Not the other département's limit: it learns nothing.
    assert_eq!(count(&test, "tenant_isere.alert").await?, "0");
    Ok(())
}

#[tokio::test]
async fn the_administrators_are_told_once_for_each_notary_and_window() -> Result<()> {
    let test = limited(1, 300).await?;
    test.sql(
        "insert into platform.staff (id, department_slug, email, name, roles) values
         (gen_random_uuid(), 'rhone', 'second@rhone.example', 'Second', array['administrator', 'officer']),
         (gen_random_uuid(), 'rhone', 'agent@rhone.example', 'Agent', array['officer'])",
    )
    .await?;
    let camille = notary(&test, "camille", "69001").await?;
    let basile = notary(&test, "basile", "69001").await?;
    let start = moment();
    let ask = async |who: &NotaryIdentity, number, departments: &[&str], minutes| {
        let now = start + TimeDelta::minutes(minutes);
        ask(&test.app, who, &about(number, departments), now).await
    };
    ask(&camille, 1, &["rhone"], 0).await?;
    for minute in 1..6 {
        reached(ask(&camille, 2, &["rhone"], minute).await);
    }
    test.work().await?;
    let told = |address: &str| test.mails.mails_to(address);
    for administrator in ["admin@rhone.example", "second@rhone.example"] {
        let mails = told(administrator);
        assert_eq!(mails.len(), 1, "{administrator}");
        let text = mails[0].text.as_deref().unwrap();
        assert!(
            text.contains("Camille Notaire camille") && text.contains("CRPCEN 69001"),
            "{text}"
        );
        assert!(
            !text.contains("Charpentier") && !text.contains("Ignace"),
            "{text}"
        );
    }
    assert!(told("agent@rhone.example").is_empty() && told("creances@rhone.example").is_empty());
    assert!(told("admin@isere.example").is_empty(), "it was not to be asked");
    let trail = "select count(*) from tenant_rhone.audit where action = 'inquiry.limit_reached'";
    assert_eq!(test.sql(trail).await?, "1");

    // A colleague reaches it: another person. The next hour: another window.
    ask(&basile, 3, &["rhone"], 6).await?;
    reached(ask(&basile, 4, &["rhone"], 7).await);
    ask(&camille, 2, &["rhone"], 60).await?;
    reached(ask(&camille, 5, &["rhone"], 62).await);
    test.work().await?;
    assert_eq!(told("admin@rhone.example").len(), 3);

    // Nobody administers the département: its service is told.
    test.sql("update platform.staff set active = false where department_slug = 'isere'")
        .await?;
    reached(ask(&camille, 6, &["isere"], 63).await);
    test.work().await?;
    assert_eq!(told("creances@isere.example").len(), 1);
    Ok(())
}

#[tokio::test]
async fn what_is_counted_names_no_deceased_person() -> Result<()> {
    let test = TestApp::start().await?;
    let camille = notary(&test, "camille", "69001").await?;
    let asked = question(&DECEDENTS[0], &["rhone"]);
    ask(&test.app, &camille, &asked, moment()).await?;
    let columns = "select string_agg(column_name, ' ' order by column_name) from information_schema.columns
                   where table_schema = 'platform' and table_name = 'inquiry_claim'";
    assert_eq!(
        test.sql(columns).await?,
        "claimed_at department_slug notary_id submission_id"
    );
    Ok(())
}
