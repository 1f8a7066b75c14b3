//! Afterwards: every form has its inquiries, each with one decision, one letter and one mail, and nothing that is stored
//! or was sent carries a mark of another département.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context, Result, ensure};
use dn_testing::TestApp;
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use crate::client::{Client, read_letters};
use crate::markers::{self, Which};

/// Letters read again at the end.
const LETTERS: usize = 8;

/// What there was.
pub(crate) struct Told {
    pub(crate) forms: usize,
    pub(crate) inquiries: usize,
    pub(crate) mails: usize,
    pub(crate) letters_read: usize,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            forms,
            inquiries,
            mails,
            letters_read,
        } = self;
        write!(
            f,
            "{forms} forms, {inquiries} inquiries, {mails} mails, {letters_read} letters read"
        )
    }
}

pub(crate) async fn settle(app: &TestApp, clients: &mut [Client], seed: u64) -> Result<Told> {
    let mut expected: BTreeMap<Which, Vec<String>> = BTreeMap::new();
    let mut forms = 0;
    for asked in clients.iter().flat_map(|client| &client.asked) {
        forms += 1;
        let submission = asked.address.rsplit('/').next().context("no id")?;
        for which in &asked.departments {
            expected.entry(*which).or_default().push(submission.to_owned());
        }
    }
    for which in 0..markers::count() {
        let mut wanted = expected.remove(&which).unwrap_or_default();
        wanted.sort();
        exactly(app, which, &wanted)
            .await
            .with_context(|| format!("of {which}"))?;
        stored(app, which).await.with_context(|| format!("of {which}"))?;
    }
    let inquiries = mails_sent(app)?;
    let mut dice = StdRng::seed_from_u64(seed);
    let mut letters_read = 0;
    for client in clients.iter() {
        for asked in client.asked.sample(&mut dice, LETTERS.div_ceil(clients.len())) {
            let read = read_letters(app, client.browser(), asked).await?;
            ensure!(read == asked.departments.len(), "{read} letters for {asked:?}");
            letters_read += read;
        }
    }
    Ok(Told {
        forms,
        inquiries,
        mails: app.mails.mails().len(),
        letters_read,
    })
}

/// One inquiry, decision, letter and mail for each form, and none besides.
async fn exactly(app: &TestApp, which: Which, wanted: &[String]) -> Result<()> {
    let schema = format!("tenant_{}", markers::slug(which));
    let lines = app
        .sql(&format!(
            "select inquiry.submission_id || ' ' || count(distinct decision.id) || ' ' || count(distinct letter.id)
                 || ' ' || count(distinct letter.sha256) || ' ' || count(distinct mail.id)
             from {schema}.inquiry
             left join {schema}.decision on decision.inquiry_id = inquiry.id
             left join {schema}.letter on letter.inquiry_id = inquiry.id
             left join {schema}.mail on mail.letter_id = letter.id and mail.sent_at is not null
             group by inquiry.id order by inquiry.submission_id"
        ))
        .await?;
    let once = |submission: &String| format!("{submission} 1 1 1 1");
    let wanted: Vec<String> = wanted.iter().map(once).collect();
    ensure!(
        lines.lines().eq(&wanted),
        "{lines}\nwhere should be\n{}",
        wanted.join("\n")
    );
    Ok(())
}

/// No row of any table of its schema carries a foreign mark.
async fn stored(app: &TestApp, which: Which) -> Result<()> {
    let schema = format!("tenant_{}", markers::slug(which));
    let tables = format!(
        "select quote_ident(relname) from pg_class where relnamespace = '{schema}'::regnamespace and relkind in ('r', 'p')"
    );
    let tables = app.sql(&tables).await?;
    let select = |table: &str| format!("select t::text from {schema}.{table} t");
    let all: Vec<String> = tables.lines().map(select).collect();
    ensure!(all.len() > 8, "{tables}");
    let rows = app.sql(&all.join(" union all ")).await?;
    markers::only(&[which], &rows, "a row")
}

/// Each mail speaks of one département and goes to whom that concerns; returns how many answers were announced.
fn mails_sent(app: &TestApp) -> Result<usize> {
    let mut announced = 0;
    for mail in app.mails.mails() {
        let text = format!(
            "{}\n{}\n{}",
            mail.subject,
            mail.text.unwrap_or_default(),
            mail.html.unwrap_or_default()
        );
        let to = mail.to.join(" ");
        let which = (0..markers::count()).find(|which| markers::of(*which, &text, "a mail").is_ok());
        let which = which.with_context(|| format!("a mail of no département, or of two: {text}"))?;
        if to.ends_with("@charge.example") {
            announced += 1;
        } else {
            ensure!(
                to == format!("creances@{}.example", markers::slug(which)),
                "{to}: {text}"
            );
        }
    }
    Ok(announced)
}
