//! One notary with a browser, who does something at random and looks for marks in whatever comes back.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use dn_testing::TestApp;
use dn_testing::people::{DECEDENTS, TestDecedent};
use domain::Outcome;
use rand::rngs::StdRng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use sandbox::{Browser, Page};
use tokio::io::AsyncWriteExt;

use crate::markers::{self, Which};

/// A form that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) address: String,
    pub(crate) departments: Vec<Which>,
    decedent: TestDecedent,
}

pub(crate) struct Client {
    browser: Browser,
    /// Staff of one of the twenty, besides.
    agent: Browser,
    at: Which,
    dice: StdRng,
    pub(crate) asked: Vec<Asked>,
}

impl Client {
    pub(crate) async fn arrive(app: &TestApp, number: usize, seed: u64) -> Result<Self> {
        let mut dice = StdRng::seed_from_u64(seed);
        let at = dice.random_range(0..markers::count());
        Ok(Self {
            browser: app.notary(&markers::subject(number)).await?,
            agent: app.agent(&format!("agent-{}", markers::slug(at))).await?,
            at,
            dice,
            asked: Vec::new(),
        })
    }

    pub(crate) async fn spend(&mut self, app: &TestApp, steps: usize) -> Result<()> {
        for step in 0..steps {
            let does = if step == 0 {
                0
            } else {
                self.dice.random_range(0..12)
            };
            match does {
                0..=3 => self.ask(app).await,
                4 => self.list(app).await,
                5 => self.search(app).await,
                6 | 7 => self.read_again().await,
                8 => self.letter(app).await,
                9 => self.verify(app).await,
                10 => self.serve(app).await,
                _ => self.change(app).await,
            }
            .with_context(|| format!("step {step}, a {does}"))?;
        }
        Ok(())
    }

    /// Sends a form: once, twice at once, or once cut off in the middle and once more.
    async fn ask(&mut self, app: &TestApp) -> Result<()> {
        let mut all: Vec<Which> = (0..markers::count()).collect();
        all.shuffle(&mut self.dice);
        let departments = all[..self.dice.random_range(1..=3)].to_vec();
        let decedent = *DECEDENTS.choose(&mut self.dice).context("nobody")?;
        let form = self.browser.get(app.at("/demandes/nouvelle")).await?;
        let mut fields: Vec<(&str, &str)> = departments
            .iter()
            .map(|which| ("departements", markers::slug(*which)))
            .collect();
        fields.extend(decedent.fields());
        let send = || self.browser.submit(&form, "main form", &fields);
        let page = match self.dice.random_range(0..4) {
            0 => {
                let (one, other) = tokio::join!(send(), send());
                let (one, other) = (one?, other?);
                ensure!(one.url == other.url, "two answers to one form");
                other
            }
            1 => {
                let patience = Duration::from_millis(self.dice.random_range(1..40));
                // Whatever was begun is dropped where it stands.
                let _ = tokio::time::timeout(patience, send()).await;
                send().await?
            }
            _ => send().await?,
        };
        let asked = Asked {
            address: page.url.to_string(),
            departments,
            decedent,
        };
        check(&page, &asked)?;
        self.asked.push(asked);
        Ok(())
    }

    pub(crate) fn browser(&self) -> &Browser {
        &self.browser
    }

    fn one_of_mine(&mut self) -> Result<Asked> {
        Ok(self
            .asked
            .choose(&mut self.dice)
            .context("nothing was asked")?
            .clone())
    }

    async fn read_again(&mut self) -> Result<()> {
        let asked = self.one_of_mine()?;
        check(&self.browser.get(&asked.address).await?, &asked)
    }

    /// « Mes demandes »: each row speaks of one département.
    async fn list(&mut self, app: &TestApp) -> Result<()> {
        rows(&self.browser.get(app.at("/demandes")).await?).map(drop)
    }

    async fn search(&mut self, app: &TestApp) -> Result<()> {
        let asked = self.one_of_mine()?;
        let wanted = asked.departments[0];
        let page = self.browser.get(app.at("/demandes")).await?;
        let fields = [
            ("departement", markers::slug(wanted)),
            ("nom", asked.decedent.birth_name),
        ];
        let found = rows(&self.browser.submit(&page, "main form", &fields).await?)?;
        ensure!(!found.is_empty(), "what was asked is not found");
        ensure!(
            found.iter().all(|which| *which == wanted),
            "{found:?} among those of {wanted}"
        );
        Ok(())
    }

    /// Reads a letter, if it is there, and checks its code here and under the number of another département.
    async fn letter(&mut self, app: &TestApp) -> Result<()> {
        let asked = self.one_of_mine()?;
        read_letters(app, &self.browser, &asked).await.map(drop)
    }

    async fn verify(&mut self, app: &TestApp) -> Result<()> {
        let asked = self.one_of_mine()?;
        let page = self.browser.get(&asked.address).await?;
        for which in &asked.departments {
            let shown = format!("#reponse-{} .courrier .code", markers::slug(*which));
            let Some(code) = page.text(&shown) else { continue };
            let known = self.browser.get(app.at(&format!("/v/{code}"))).await?;
            markers::of(
                *which,
                &known.text("main").unwrap_or_default(),
                "a verified letter",
            )?;
            let other = (which + self.dice.random_range(1..markers::count())) % markers::count();
            let foreign = code.replacen(markers::insee(*which), markers::insee(other), 1);
            let unknown = self
                .browser
                .get(app.at(&format!("/v/{foreign}")))
                .await?
                .text("main")
                .unwrap_or_default();
            ensure!(
                unknown.contains("Aucun courrier"),
                "a code of {which} is known to {other}: {unknown}"
            );
            markers::only(&[], &unknown, "an unknown code")?;
        }
        Ok(())
    }

    /// The first page of the staff.
    async fn serve(&mut self, app: &TestApp) -> Result<()> {
        let page = self
            .agent
            .get(app.at(&format!("/departements/{}", markers::slug(self.at))))
            .await?;
        ensure!(page.status == 200, "{}", page.status);
        markers::of(self.at, &page.html(), "a page of the staff")?;
        let letters = page.attributes("main a[href$='/courrier']", "href");
        if let Some(letter) = letters.choose(&mut self.dice) {
            let letter = self.agent.get(app.at(letter)).await?;
            markers::of(self.at, &pdf_text(&letter).await?, "a letter of the staff")?;
        }
        Ok(())
    }

    /// A département changes: every process forgets it.
    async fn change(&mut self, app: &TestApp) -> Result<()> {
        let which = self.dice.random_range(0..markers::count());
        let mut tx = app.db.tenant(&markers::slug(which).parse()?).await?;
        tx.announce_change().await?;
        Ok(tx.save().await?)
    }
}

/// Whether the page answers for each département asked, with its own marks.
pub(crate) fn check(page: &Page, asked: &Asked) -> Result<()> {
    ensure!(page.status == 200, "{}: {}", page.status, page.html());
    let answered = page.attributes("article.reponse", "id");
    ensure!(
        answered.len() == asked.departments.len(),
        "{answered:?} for {asked:?}"
    );
    for which in &asked.departments {
        let selector = format!("article#reponse-{}", markers::slug(*which));
        let answer = page
            .text(&selector)
            .with_context(|| format!("no answer of {which}"))?;
        markers::of(*which, &answer, "an answer")?;
        ensure!(
            answer.contains(asked.decedent.outcome.label()),
            "{asked:?}: {answer}"
        );
        if asked.decedent.outcome == Outcome::Recoverable {
            ensure!(
                markers::tight(&answer).contains(markers::claim(*which)),
                "{answer}"
            );
        }
    }
    // The rest of the page: stylesheets and logos of those asked, and nothing else.
    markers::only(&asked.departments, &page.html(), "a page of answers")
}

/// The départements of the rows.
fn rows(page: &Page) -> Result<Vec<Which>> {
    let of = |row: &String| {
        let named = (0..markers::count()).find(|which| markers::of(*which, row, "a row").is_ok());
        named.with_context(|| format!("a row of no département, or of two: {row}"))
    };
    ensure!(page.status == 200, "{}", page.status);
    page.texts("tbody tr").iter().map(of).collect()
}

/// Reads the letters of a form that are issued; returns how many.
pub(crate) async fn read_letters(app: &TestApp, browser: &Browser, asked: &Asked) -> Result<usize> {
    let page = browser.get(&asked.address).await?;
    let mut read = 0;
    for which in &asked.departments {
        let link = format!("#reponse-{} a[href$='/courrier']", markers::slug(*which));
        let Some(letter) = page.attribute(&link, "href") else {
            continue;
        };
        let letter = browser.get(app.at(&letter)).await?;
        let text = pdf_text(&letter).await?;
        markers::of(*which, &text, "a letter")?;
        if asked.decedent.outcome == Outcome::Recoverable {
            ensure!(markers::tight(&text).contains(markers::claim(*which)), "{text}");
        }
        let name = letter.header("content-disposition").unwrap_or_default();
        markers::only(&[*which], name, "the name of a letter")?;
        read += 1;
    }
    Ok(read)
}

async fn pdf_text(page: &Page) -> Result<String> {
    ensure!(
        page.body.starts_with(b"%PDF-"),
        "{}: no letter: {}",
        page.status,
        page.html()
    );
    let mut command = tokio::process::Command::new("pdftotext");
    command
        .args(["-", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().context("pdftotext (poppler-utils)")?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    stdin.write_all(&page.body).await?;
    drop(stdin);
    let output = child.wait_with_output().await?;
    ensure!(output.status.success(), "pdftotext: {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}
