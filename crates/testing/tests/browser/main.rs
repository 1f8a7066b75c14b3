//! The main job as a notary does it, in Chromium: every page is looked at (axe-core, WCAG 2.1 AA) and kept as a picture
//! in `target/screenshots/`, at the width of a desk and of a phone.

mod hand;

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dn_testing::TestApp;
use dn_testing::people::{ADMIN_RHONE, AUDITOR_RHONE, DECEDENTS, NOTARY, OTHER_NOTARY, TestDecedent};
use dn_testing::servers::Chromium;
use domain::Outcome;
use fantoccini::Locator;

use hand::Journey;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notary_does_the_main_job_and_another_office_sees_nothing_of_it() -> Result<()> {
    let app = TestApp::start().await?;
    app.employ("rhone", domain::Role::Auditor).await?;
    let journey = Journey {
        app: &app,
        chromium: Chromium::start().await?,
    };
    journey.sign_in(NOTARY).await?;
    journey.mend_an_empty_form().await?;
    let mut asked = Vec::new();
    for decedent in &DECEDENTS {
        let address = journey.ask(&["rhone", "isere"], decedent).await?;
        asked.push(address.clone());
        journey.read_the_answer(decedent).await?;
        for letter in journey.letters().await? {
            journey.read_the_letter(&letter, decedent).await?;
            asked.push(letter);
        }
    }
    journey.look_back().await?;
    journey.sign_out().await?;
    journey.sign_in(OTHER_NOTARY).await?;
    journey.sees_nothing(&asked).await?;
    journey.sign_out().await?;
    journey.meet_the_administrator().await?;
    journey.meet_the_auditor().await?;
    journey.chromium.close().await
}

impl Journey<'_> {
    async fn sign_in(&self, subject: &str) -> Result<()> {
        self.open("/").await?;
        if subject == NOTARY {
            self.look("01-accueil").await?;
        }
        self.click("a[href='/connexion']").await?;
        if subject == NOTARY {
            self.look("02-connexion").await?;
        }
        self.click("a[href='/connexion/idnot']").await?;
        self.pick(subject).await?;
        self.arrive("the terms of use", |path| path == "/conditions")
            .await?;
        if subject == NOTARY {
            self.look("03-conditions").await?;
        }
        self.click("#acceptation").await?;
        self.click("main form button[type=submit]").await?;
        self.arrive("a page of the service", |path| path.starts_with("/demandes"))
            .await
            .map(|_| ())
    }

    async fn pick(&self, subject: &str) -> Result<()> {
        let person = format!("[name=person][value='{subject}']");
        let control = self
            .chromium
            .page
            .find(Locator::Css(&person))
            .await
            .context("a person to pick")?;
        let is_button = control.tag_name().await? == "button";
        control.click().await?;
        if !is_button {
            self.click("form button[type=submit]").await?;
        }
        Ok(())
    }

    /// What is wrong is said at the field, and what was typed stays.
    async fn mend_an_empty_form(&self) -> Result<()> {
        self.open("/demandes/nouvelle").await?;
        self.look("04-demande").await?;
        self.fill("nom_naissance", "Œuvrard-d’Été").await?;
        self.fill("naissance_date", "31/02/1931").await?;
        self.click("main form button[type=submit]").await?;
        self.arrive("the form again", |path| path == "/demandes").await?;
        let summary = self.texts("[role=alert] a[href^='#']").await?;
        ensure!(
            summary.len() >= 5,
            "every error is listed with a link: {summary:?}"
        );
        let name = self.chromium.page.find(Locator::Id("nom_naissance")).await?;
        ensure!(
            name.prop("value").await?.as_deref() == Some("Œuvrard-d’Été"),
            "what was typed stays"
        );
        self.look("05-demande-erreurs").await
    }

    async fn ask(&self, departments: &[&str], decedent: &TestDecedent) -> Result<String> {
        self.open("/demandes/nouvelle").await?;
        for slug in departments {
            self.click(&format!("#departement-{slug}")).await?;
        }
        self.fill("nom_naissance", decedent.birth_name).await?;
        self.fill("prenoms", decedent.given_names).await?;
        self.fill("naissance_date", decedent.birth_date).await?;
        self.fill("deces_date", "02/04/2026").await?;
        self.fill("reference", "2026-0042").await?;
        self.click("#attestation").await?;
        self.click("main form button[type=submit]").await?;
        self.arrive("an answer", |path| {
            path.starts_with("/demandes/") && path.len() > 40
        })
        .await
    }

    async fn read_the_answer(&self, decedent: &TestDecedent) -> Result<()> {
        let answers = self.texts(".reponse .grande").await?;
        ensure!(answers.len() == 2, "one answer for each département: {answers:?}");
        for answer in answers {
            ensure!(
                answer.contains(decedent.outcome.label()),
                "{answer} for {}",
                decedent.birth_name
            );
        }
        if decedent.outcome == Outcome::Recoverable {
            self.look("06-reponse-en-preparation").await?;
        }
        Ok(())
    }

    /// The page shows the letters by itself, without being loaded again.
    async fn letters(&self) -> Result<Vec<String>> {
        self.chromium
            .page
            .execute("window.loadedOnce = true", vec![])
            .await?;
        self.app.work().await?;
        let ready = ".reponse .courrier a[href$='/courrier']";
        let started = Instant::now();
        while self.texts(ready).await?.len() < 2 {
            ensure!(
                started.elapsed() < Duration::from_secs(30),
                "the letters never appear"
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let still = self
            .chromium
            .page
            .execute("return window.loadedOnce === true", vec![])
            .await?;
        ensure!(still == true, "the page updates by itself");
        let outcome = self.texts(".reponse .grande").await?.swap_remove(0);
        self.look(&format!("07-reponse-{}", slug(&outcome))).await?;
        let script =
            "return Array.from(document.querySelectorAll(arguments[0]), a => a.getAttribute('href'))";
        Ok(serde_json::from_value(
            self.chromium.page.execute(script, vec![ready.into()]).await?,
        )?)
    }

    async fn read_the_letter(&self, address: &str, decedent: &TestDecedent) -> Result<()> {
        let fetch = "const [address, done] = arguments; fetch(address).then(r => r.arrayBuffer()).then(b => \
                     done(btoa(Array.from(new Uint8Array(b), c => String.fromCharCode(c)).join(''))), e => done(String(e)))";
        let answer = self
            .chromium
            .page
            .execute_async(fetch, vec![address.into()])
            .await?;
        let pdf = data_encoding::BASE64.decode(answer.as_str().context("no file")?.as_bytes())?;
        let text = text_of(&pdf)?;
        ensure!(
            text.contains("2026-0042"),
            "the notary's reference is on the letter"
        );
        let name = decedent.birth_name.to_uppercase();
        ensure!(text.contains(&name), "the letter is about {name}:\n{text}");
        let says = match decedent.outcome {
            Outcome::Recoverable => "L. 132-8",
            Outcome::Overpayment => "postérieure",
            Outcome::NotRecoverable => "L. 232-19",
            Outcome::Unknown => "inconnu",
            _ => "examen",
        };
        ensure!(
            text.to_lowercase().contains(&says.to_lowercase()),
            "the letter says {says:?}:\n{text}"
        );
        Ok(())
    }

    async fn look_back(&self) -> Result<()> {
        self.open("/demandes").await?;
        let rows = self.texts("table.resultats tbody tr").await?;
        ensure!(
            rows.len() == 2 * DECEDENTS.len(),
            "one row for each inquiry: {rows:?}"
        );
        self.look("08-mes-demandes").await?;
        self.fill("nom", "lefevre").await?;
        self.click("form.filtre button[type=submit]").await?;
        self.arrive("what was looked for", |path| {
            path.starts_with("/demandes?recherche")
        })
        .await?;
        let rows = self.texts("table.resultats tbody tr").await?;
        ensure!(
            rows.len() == 2 && rows.iter().all(|row| row.contains("LEFÈVRE")),
            "filtered by name: {rows:?}"
        );
        Ok(())
    }

    async fn leave(&self) -> Result<()> {
        self.click("form[action='/deconnexion'] button").await?;
        self.arrive("the goodbye", |path| path.starts_with("/deconnexion/retour"))
            .await?;
        Ok(())
    }

    async fn sign_out(&self) -> Result<()> {
        self.open("/demandes").await?;
        self.leave().await?;
        self.open("/demandes").await?;
        self.arrive("the login, as a stranger", |path| path.starts_with("/connexion"))
            .await?;
        Ok(())
    }

    async fn sees_nothing(&self, addresses: &[String]) -> Result<()> {
        self.open("/demandes").await?;
        ensure!(
            self.texts("table.resultats tbody tr").await?.is_empty(),
            "no inquiry of another office"
        );
        self.look("09-mes-demandes-vide").await?;
        for address in addresses {
            self.open(address).await?;
            let titles = self.texts("h1").await?;
            let found = "return performance.getEntriesByType('navigation')[0].responseStatus";
            let status = self.chromium.page.execute(found, vec![]).await?;
            ensure!(
                status == 404,
                "{address} answers {status} to another office: {titles:?}"
            );
        }
        self.look("10-page-introuvable").await
    }

    async fn meet_the_administrator(&self) -> Result<()> {
        self.open("/connexion/proconnect").await?;
        self.pick(ADMIN_RHONE).await?;
        self.arrive("a first page of their own", |path| {
            path.starts_with("/departements/rhone")
        })
        .await?;
        self.look("11-departement").await?;
        for (path, name) in [
            ("/verification", "12-verification"),
            ("/accessibilite", "13-accessibilite"),
            ("/mentions-legales", "14-mentions-legales"),
            ("/donnees-personnelles", "15-donnees-personnelles"),
        ] {
            self.open(path).await?;
            self.look(name).await?;
        }
        self.leave().await
    }

    async fn meet_the_auditor(&self) -> Result<()> {
        self.open("/connexion/proconnect").await?;
        self.pick(AUDITOR_RHONE).await?;
        self.arrive("a first page of their own", |path| {
            path.starts_with("/departements/rhone")
        })
        .await?;
        self.open("/departements/rhone/journal").await?;
        let rows = self.texts("table.journal tbody tr").await?;
        ensure!(
            rows.iter().any(|row| row.contains("Réponse arrêtée")),
            "what was decided: {rows:?}"
        );
        self.look("16-journal").await
    }
}

fn slug(label: &str) -> String {
    let letters = label.chars().map(|c| if c.is_alphanumeric() { c } else { '-' });
    letters.collect::<String>().to_lowercase()
}

/// What a reader of the PDF reads, lines joined.
fn text_of(pdf: &[u8]) -> Result<String> {
    ensure!(pdf.starts_with(b"%PDF-"), "not a PDF");
    let mut program = Command::new("pdftotext")
        .args(["-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("pdftotext is missing: `cargo xtask test` installs it")?;
    program.stdin.take().context("no stdin")?.write_all(pdf)?;
    let output = program.wait_with_output()?;
    ensure!(output.status.success(), "pdftotext cannot read the letter");
    Ok(String::from_utf8(output.stdout)?
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" "))
}
