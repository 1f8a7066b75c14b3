//! What each use case leaves in the audit trails; and the trail as its auditor reads it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use app::tenants::{TenantFolder, Tenants};
use app::{LoginClaims, StaffIdentity, StaffLinking, StaffTrust, TRAIL_PAGE, TrailName, TrailPlace};
use chrono::Utc;
use db::TrailFilter;
use domain::{Action, VerificationCode};
use matching::Policy;
use testing::TestApp;
use testing::people::DECEDENTS;
use views::forms::{ParsedFilter, ParsedJournal};

use crate::actors::{claims, decided, notary, question, slug, submission};

/// Functions of the application that do nothing a trail would tell of.
const SILENT: &[(&str, &str)] = &[
    ("ready", "a sign of life"),
    ("departments", "what everybody may know"),
    ("department", "what everybody may know"),
    (
        "kit",
        "what everybody may know: settings and logo, of letters and pages",
    ),
    ("follow_changes", "empties caches"),
    ("notary", "who the session's own person is, at each request"),
    ("staff", "who the session's own person is, at each request"),
    ("trails", "names of départements"),
    ("verify_trail", "tells nobody what it reads"),
    ("next", "a part of an export, which is recorded as it begins"),
    ("tenant_lines", "counts only"),
    ("doctor", "counts only"),
    ("doctor_of_servers", "signs of life"),
    (
        "index_registers_anew",
        "writes the index of what is there anew; tells nobody what it reads",
    ),
    ("take_up_letters", "adds jobs, which record what they do"),
    ("send", "a part of a job, which records it"),
    ("probe", "a sign of life"),
];

/// Runs use cases and holds what they leave against what they should.
struct Book<'a> {
    test: &'a TestApp,
    run: BTreeSet<&'static str>,
}

const TRAILS: [(&str, &str); 4] = [
    ("platform", "platform"),
    ("rhone", "tenant_rhone"),
    ("isere", "tenant_isere"),
    ("nord", "tenant_nord"),
];

impl Book<'_> {
    async fn ends(&self) -> Result<Vec<String>> {
        let mut ends = Vec::new();
        for (_, schema) in TRAILS {
            let there = format!("select to_regclass('{schema}.audit') is not null");
            let end = match self.test.sql(&there).await?.as_str() {
                "t" => {
                    self.test
                        .sql(&format!("select max(number) from {schema}.audit"))
                        .await?
                }
                _ => "0".to_owned(),
            };
            ends.push(end);
        }
        Ok(ends)
    }

    /// `leaves`: TRAIL:ACTOR:ACTION, in the order of the trails.
    async fn step<T>(
        &mut self,
        name: &'static str,
        leaves: &[&str],
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        let before = self.ends().await?;
        let done = work.await?;
        let mut found = Vec::new();
        let after = self.ends().await?;
        for ((trail, schema), (before, after)) in TRAILS.iter().zip(before.iter().zip(after)) {
            if *before == after || after == "0" {
                continue;
            }
            let sql = format!(
                "select '{trail}:' || actor || ':' || action from {schema}.audit where number > {before} order by number"
            );
            found.extend(self.test.sql(&sql).await?.lines().map(str::to_owned));
        }
        ensure!(found == leaves, "{name}: {found:?}");
        self.run.insert(name);
        Ok(done)
    }
}

fn agent(subject: &str, email: &str) -> LoginClaims {
    LoginClaims {
        provider: "proconnect".into(),
        subject: subject.into(),
        email: Some(email.into()),
        email_verified: true,
        ..LoginClaims::default()
    }
}

fn trust() -> StaffTrust {
    StaffTrust {
        departments: None,
        linking: StaffLinking::VerifiedEmail,
    }
}

async fn log_in(test: &TestApp, subject: &str, email: &str) -> Result<StaffIdentity> {
    let staff = test
        .app
        .login_staff(&agent(subject, email), &trust(), Utc::now())
        .await?;
    staff.into_iter().next().ok_or_else(|| anyhow!("nobody"))
}

/// The public functions of the application, from its source.
fn use_cases(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            use_cases(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let names = text
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("pub async fn "));
        found.extend(names.map(|rest| rest.split(['(', '<']).next().unwrap().to_owned()));
    }
}

#[tokio::test]
async fn each_use_case_leaves_what_it_should() -> Result<()> {
    let test = TestApp::start().await?;
    let (app, now) = (&test.app, Utc::now());
    let mut book = Book {
        test: &test,
        run: BTreeSet::new(),
    };

    let camille = book
        .step(
            "login_notary",
            &["platform:notary:notary.logged_in"],
            notary(&test, "camille", "69001"),
        )
        .await?;
    book.step("login_refused", &["platform:public:login.refused"], async {
        Ok(app.login_refused("idnot", "state_unknown", now).await?)
    })
    .await?;
    book.step("accept_terms", &["platform:notary:terms.accepted"], async {
        Ok(app.accept_terms(camille.notary, now).await?)
    })
    .await?;
    // Again: nothing is accepted that was not.
    book.step("accept_terms", &[], async {
        Ok(app.accept_terms(camille.notary, now).await?)
    })
    .await?;
    let (id, asked) = (submission(), question(&DECEDENTS[0], &["rhone"]));
    let answers = book
        .step(
            "inquire",
            &["rhone:notary:inquiry.asked", "rhone:system:inquiry.decided"],
            async { Ok(app.inquire(&camille, &asked, id, now).await?) },
        )
        .await?;
    let inquiry = decided(&answers[0])?.inquiry;
    book.step("inquire", &["rhone:notary:answer.viewed"], async {
        Ok(app.inquire(&camille, &asked, id, now).await?)
    })
    .await?;
    test.work().await?;
    book.step("answers", &["rhone:notary:answer.viewed"], async {
        Ok(Box::pin(app.answers(&camille, id, now)).await?)
    })
    .await?;
    book.step("history", &["rhone:notary:history.viewed"], async {
        Ok(Box::pin(app.history(&camille, &ParsedFilter::default(), 1, now)).await?)
    })
    .await?;
    book.step("letter_for_notary", &["rhone:notary:letter.downloaded"], async {
        Ok(Box::pin(app.letter_for_notary(&camille, id, inquiry, now)).await?)
    })
    .await?;
    let secret = test
        .sql("select verification_secret from tenant_rhone.letter")
        .await?;
    let code: VerificationCode = format!("69-{secret}").parse()?;
    book.step("verify", &["rhone:public:letter.verified"], async {
        Ok(app.verify(&code, Some([0; 32]), now).await?)
    })
    .await?;

    let officer = book
        .step(
            "login_staff",
            &["rhone:staff:staff.linked", "rhone:staff:staff.logged_in"],
            log_in(&test, "admin", "admin@rhone.example"),
        )
        .await?;
    book.step("login_staff", &["rhone:public:login.refused"], async {
        let other = LoginClaims {
            provider: "other".into(),
            ..agent("x", "admin@rhone.example")
        };
        ensure!(app.login_staff(&other, &trust(), now).await.is_err(), "let in");
        Ok(())
    })
    .await?;
    book.step("login_staff", &["platform:public:login.refused"], async {
        ensure!(
            log_in(&test, "x", "nobody@rhone.example").await.is_err(),
            "let in"
        );
        Ok(())
    })
    .await?;
    book.step("staff_home", &["rhone:staff:home.viewed"], async {
        Ok(app.staff_home(&officer, now).await?)
    })
    .await?;
    book.step("letter_for_staff", &["rhone:staff:letter.downloaded"], async {
        Ok(Box::pin(app.letter_for_staff(&officer, inquiry, now)).await?)
    })
    .await?;
    book.step("trail_page", &["rhone:staff:audit.viewed"], async {
        let all = ParsedJournal::default();
        Ok(app.trail_page(&officer, &all, TrailPlace::Newest, now).await?)
    })
    .await?;
    book.step("export_trail", &["rhone:staff:audit.exported"], async {
        Ok(app.export_trail(&officer, &ParsedJournal::default(), now).await?)
    })
    .await?;
    book.step(
        "export_trail_by_operator",
        &["platform:operator:audit.exported"],
        async {
            Ok(app
                .export_trail_by_operator(TrailName::Platform, TrailFilter::default(), now)
                .await?)
        },
    )
    .await?;

    let rhone = app.department(&slug("rhone")).await?.unwrap();
    book.step("rotate_key", &["rhone:operator:key.rotated"], async {
        Ok(app.rotate_key(&rhone, now).await?)
    })
    .await?;
    // Under the master they are under already: nothing changes.
    book.step("rewrap_keys", &[], async {
        Ok(app.rewrap_keys(&rhone, now).await?)
    })
    .await?;
    let register = test.dir.path().join("registre.csv");
    fs::write(
        &register,
        "identifiant;nom_naissance;prenoms;date_naissance;aide\n1;DURAND;Jean;01/02/1930;ASH-PA\n",
    )?;
    book.step("import_register", &["rhone:operator:register.imported"], async {
        Ok(app.import_register(&rhone, &register, false, now, |_| ()).await?)
    })
    .await?;
    book.step("simulate", &["rhone:operator:policy.tried"], async {
        Ok(app.simulate(&slug("rhone"), &Policy::default(), 10, now).await?)
    })
    .await?;
    book.step("retry_failed_jobs", &["platform:operator:jobs.retried"], async {
        Ok(app.retry_failed_jobs(now).await?)
    })
    .await?;
    book.step("retry_jobs", &[], async {
        Ok(app.retry_jobs(&[999], now).await?)
    })
    .await?;

    let tenants = Tenants::new(test.app.clone(), test.owner());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants/nord");
    let mut nord = TenantFolder::read(&folder).map_err(|problems| anyhow!("{problems:?}"))?;
    let created = [
        "platform:operator:tenant.created",
        "nord:operator:tenant.created",
        "nord:operator:staff.administrator_named",
        "nord:operator:staff.auditor_named",
        "nord:operator:settings.applied",
    ];
    book.step("create", &created, async {
        Ok(tenants.create(&nord, now).await?)
    })
    .await?;
    nord.settings.auditors.clear();
    let applied = [
        "nord:operator:staff.auditor_removed",
        "nord:operator:settings.applied",
    ];
    book.step("apply_tenant", &applied, async {
        Ok(app.apply_tenant(&nord, now).await?)
    })
    .await?;
    book.step("apply_tenant", &[], async {
        Ok(app.apply_tenant(&nord, now).await?)
    })
    .await?;
    let both = |action: &str| {
        [
            format!("platform:operator:{action}"),
            format!("nord:operator:{action}"),
        ]
    };
    let to = test.dir.path();
    let leaves = both("tenant.suspended");
    book.step("suspend", &leaves.each_ref().map(String::as_str), async {
        Ok(tenants.suspend(&nord.slug).await?)
    })
    .await?;
    let leaves = both("tenant.resumed");
    book.step("resume", &leaves.each_ref().map(String::as_str), async {
        Ok(tenants.resume(&nord.slug).await?)
    })
    .await?;
    let leaves = both("tenant.exported");
    book.step("export", &leaves.each_ref().map(String::as_str), async {
        Ok(tenants.export(&nord.slug, &to.join("nord")).await?)
    })
    .await?;
    let leaves = [
        "platform:operator:tenant.exported",
        "platform:operator:tenant.dropped",
    ];
    book.step("drop", &leaves, async {
        Ok(tenants.drop(&nord.slug, &to.join("gone")).await?)
    })
    .await?;

    let mut all = BTreeSet::new();
    use_cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    let known: BTreeSet<String> = SILENT
        .iter()
        .map(|(name, _)| *name)
        .chain(book.run.iter().copied())
        .map(str::to_owned)
        .collect();
    assert_eq!(
        all, known,
        "a use case that nobody holds against the trail, or one that is gone"
    );
    for trail in app.trails().await? {
        let found = app.verify_trail(trail, &[]).await?.verification.unwrap();
        assert_eq!(found.findings, []);
    }
    let names = "select string_agg(a::text, '') from tenant_rhone.audit a";
    let told = test.sql(names).await?;
    for personal in ["LEFÈVRE", "Lefèvre", "Odette", "2026-118/CF", "admin@", "Camille"] {
        assert!(!told.contains(personal), "{personal} stands in the trail");
    }
    Ok(())
}

async fn export(mut export: app::TrailExport) -> Result<String> {
    let mut bytes = Vec::new();
    while let Some(lines) = export.next().await? {
        bytes.extend(lines);
    }
    Ok(String::from_utf8(bytes)?)
}

#[tokio::test]
async fn an_auditor_turns_the_pages_and_takes_all_of_it_away() -> Result<()> {
    let test = TestApp::start().await?;
    let (app, now) = (&test.app, Utc::now());
    let auditor = log_in(&test, "admin", "admin@rhone.example").await?;
    // More than an export reads at once, by a notary whose name wants to be a formula.
    let claims = LoginClaims {
        given_name: Some("=HYPERLINK(1)".into()),
        ..claims("mallory", "69001")
    };
    let mallory = app.login_notary(&claims, now).await?;
    test.sql(&format!(
        "insert into tenant_rhone.audit (at, actor, actor_id, role, action, object, purpose, details)
         select now(), 'notary', '{}', 'notary', 'answer.viewed', n::text, 'estate', '{{}}' from generate_series(1, 2100) n",
        mallory.notary
    ))
    .await?;
    let looked = ParsedJournal {
        action: Some(Action::AnswerViewed),
        ..ParsedJournal::default()
    };
    let page = async |place| app.trail_page(&auditor, &looked, place, now).await;
    let first = page(TrailPlace::Newest).await?;
    assert_eq!(first.entries.len(), TRAIL_PAGE as usize);
    assert!(first.older && !first.newer);
    assert_eq!(first.entries[0].row.object.as_deref(), Some("2100"));
    assert!(
        first.entries[0]
            .name
            .as_deref()
            .unwrap()
            .starts_with("=HYPERLINK(1)")
    );
    let last = |page: &app::TrailPage| page.entries.last().unwrap().row.number;
    let second = page(TrailPlace::Before(last(&first))).await?;
    assert!(second.older && second.newer);
    assert_eq!(second.entries[0].row.object.as_deref(), Some("2050"));
    let back = page(TrailPlace::After(second.entries[0].row.number)).await?;
    assert_eq!(back.entries, first.entries);
    assert!(back.older);

    let text = export(app.export_trail(&auditor, &looked, now).await?).await?;
    let lines: Vec<&str> = text.lines().collect();
    assert!(
        lines[0].starts_with("\u{feff}numero;date_heure_paris;"),
        "{}",
        lines[0]
    );
    assert_eq!(lines.len(), 2101);
    assert!(
        lines[1..].iter().all(|line| line.contains(";\"'=HYPERLINK(1) ")),
        "{}",
        lines[1]
    );
    let whole = export(app.export_trail(&auditor, &ParsedJournal::default(), now).await?).await?;
    let numbers: Vec<i64> = whole
        .lines()
        .skip(1)
        .map(|line| line.split(';').next().unwrap().parse().unwrap())
        .collect();
    let count = i64::try_from(numbers.len())?;
    assert!(numbers.iter().copied().eq(1..=count), "gaps");
    let end = whole.lines().last().unwrap();
    assert!(end.contains("audit.exported"), "its own entry is the last: {end}");
    Ok(())
}
