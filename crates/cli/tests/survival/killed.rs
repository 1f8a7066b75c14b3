//! `SIGKILL` at every step from the form to the mail: what was accepted is answered once, by one letter and one mail.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use sandbox::Browser;
use testing::Cut::{BeforeAnswer, BeforeServer};
use testing::people::DECEDENTS;

use crate::ground::{Ground, PATIENCE, Store, is_answer};
use crate::is_long;
use crate::process::Running;
use crate::steps::{Place, Rehearsal, Step, fields};

/// Both, so that one has answered when the other has not.
const BOTH: &[&str] = &["rhone", "isere"];
const ONE: &[&str] = &["rhone"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_step_nothing_is_lost_and_nothing_is_done_twice() -> Result<()> {
    let begun = Instant::now();
    let ground = Ground::own(Store::SeaweedFs).await?;
    let mut act = Act {
        web: Some(ground.serve(&["--no-worker"]).await?),
        worker: Some(ground.work()?),
        notary: ground.notary().await?,
        ground,
        forms: vec![],
        repeated: 0,
    };
    // The very first letter of a département, for which a key is drawn.
    act.undisturbed(ONE).await?;
    let rehearsal = Rehearsal::listen(&act.ground, &act.notary).await?;
    act.forms.push((act.last_form().await?, ONE));
    act.kill_at_first_letter().await?;
    let steps = if is_long() {
        rehearsal.all()
    } else {
        sample(&rehearsal)?
    };
    for step in &steps {
        let taken = match step.place {
            Place::Web => act.kill_web(step).await,
            _ => act.kill_worker(step).await,
        };
        taken.with_context(|| format!("{step:?}"))?;
    }
    let truth = act.ground.check(&act.notary, &act.forms).await?;
    assert_eq!(truth.repeated, act.repeated, "{truth:?}");
    println!("{} kills, {:?}: {truth:?}", steps.len() + 1, begun.elapsed());
    Ok(())
}

/// Those at which most can go wrong.
fn sample(rehearsal: &Rehearsal) -> Result<Vec<Step>> {
    Ok(vec![
        rehearsal.first(Place::Web, "insert into inquiry", BeforeAnswer)?,
        rehearsal.first(Place::Web, "commit and chain", BeforeServer)?,
        rehearsal.first(Place::Web, "commit and chain", BeforeAnswer)?,
        rehearsal.commit_of(Place::Web, "index_inquiry", BeforeServer)?,
        rehearsal.commit_of(Place::Web, "index_inquiry", BeforeAnswer)?,
        rehearsal.first(Place::Worker, "with j_raw", BeforeAnswer)?,
        rehearsal.first(Place::Store, "PUT", BeforeServer)?,
        rehearsal.first(Place::Store, "PUT", BeforeAnswer)?,
        rehearsal.first(Place::Worker, "update letter", BeforeAnswer)?,
        rehearsal.commit_of(Place::Worker, "update letter", BeforeAnswer)?,
        rehearsal.first(Place::Worker, "delete from graphile_worker", BeforeServer)?,
        rehearsal.first(Place::Relay, "the mail", BeforeServer)?,
        rehearsal.first(Place::Relay, "the mail", BeforeAnswer)?,
        rehearsal.commit_of(Place::Worker, "update mail", BeforeServer)?,
        rehearsal.commit_of(Place::Worker, "update mail", BeforeAnswer)?,
    ])
}

struct Act {
    ground: Ground,
    notary: Browser,
    web: Option<Running>,
    worker: Option<Running>,
    /// Every form that was answered, and whom it asked.
    forms: Vec<(String, &'static [&'static str])>,
    /// Deliveries beyond the first of a Message-ID, until now.
    repeated: usize,
}

impl Act {
    async fn undisturbed(&mut self, departments: &'static [&'static str]) -> Result<()> {
        let form = self.notary.get(self.ground.site.at("/demandes/nouvelle")).await?;
        let page = self
            .notary
            .submit(&form, "main form", &fields(&DECEDENTS[2], departments))
            .await?;
        ensure!(is_answer(&page), "{}", page.html());
        self.forms.push((id(page.url.path()), departments));
        self.ground.until_done().await
    }

    /// The last form of the Rhône.
    async fn last_form(&self) -> Result<String> {
        self.ground
            .sql("select submission_id from tenant_rhone.inquiry order by asked_at desc limit 1")
            .await
    }

    /// The browser is told nothing; its user sends the same form once more.
    async fn kill_web(&mut self, step: &Step) -> Result<()> {
        let form = self.notary.get(self.ground.site.at("/demandes/nouvelle")).await?;
        // As many commits pass in the first département as in the rehearsal: the second is not asked.
        let proxy = step.place.proxy(&self.ground);
        proxy.cut(&step.message, step.passes, step.cut);
        let filled = fields(&DECEDENTS[2], BOTH);
        let told = {
            let (notary, form, filled) = (self.notary.clone(), form.clone(), filled.clone());
            let sending = async move { notary.submit(&form, "main form", &filled).await };
            let killing = async {
                proxy.wait_for_cut(PATIENCE).await?;
                self.web.take().context("no web process")?.kill()
            };
            let (told, killed) = tokio::join!(sending, killing);
            killed?;
            told
        };
        ensure!(told.is_err(), "the browser was told something");
        proxy.reset();
        self.web = Some(self.ground.serve(&["--no-worker"]).await?);
        let page = self.notary.submit(&form, "main form", &filled).await?;
        ensure!(is_answer(&page), "{} {}", page.url, page.html());
        self.forms.push((id(page.url.path()), BOTH));
        self.ground.until_done().await?;
        self.repeats(Some(false))
    }

    async fn kill_worker(&mut self, step: &Step) -> Result<()> {
        let form = self.notary.get(self.ground.site.at("/demandes/nouvelle")).await?;
        step.place
            .proxy(&self.ground)
            .cut(&step.message, step.passes, step.cut);
        let page = self
            .notary
            .submit(&form, "main form", &fields(&DECEDENTS[2], ONE))
            .await?;
        ensure!(is_answer(&page), "{}", page.html());
        self.forms.push((id(page.url.path()), ONE));
        self.kill_and_restart_worker(step.place).await?;
        self.repeats(step.repeats)
    }

    /// The first letter of the Isère: its key is drawn, and the worker does not know it.
    async fn kill_at_first_letter(&mut self) -> Result<()> {
        self.ground.work_db.cut("insert into data_key", 0, BeforeAnswer);
        let page = self
            .ground
            .site
            .ask(&self.notary, &["isere"], &DECEDENTS[3], "premier courrier")
            .await?;
        ensure!(is_answer(&page), "{}", page.html());
        self.forms.push((id(page.url.path()), &["isere"]));
        self.kill_and_restart_worker(Place::Worker).await?;
        self.repeats(Some(false))
    }

    async fn kill_and_restart_worker(&mut self, place: Place) -> Result<()> {
        place.proxy(&self.ground).wait_for_cut(PATIENCE).await?;
        self.worker.take().context("no worker")?.kill()?;
        for proxy in [&self.ground.work_db, &self.ground.s3, &self.ground.smtp] {
            proxy.reset();
        }
        self.worker = Some(self.ground.work()?);
        self.ground.until_done().await
    }

    /// A mail is delivered once more exactly where it must be, and only there.
    fn repeats(&mut self, expected: Option<bool>) -> Result<()> {
        let mut ids: Vec<_> = self
            .ground
            .mails
            .mails()
            .into_iter()
            .map(|mail| mail.message_id)
            .collect();
        let deliveries = ids.len();
        ids.sort();
        ids.dedup();
        let repeated = deliveries - ids.len();
        let more = repeated - std::mem::replace(&mut self.repeated, repeated);
        match expected {
            Some(expected) => ensure!(
                more == usize::from(expected),
                "{more} mails came once more: {expected}"
            ),
            None => ensure!(more <= 1, "{more} mails came once more"),
        }
        Ok(())
    }
}

fn id(path: &str) -> String {
    path.trim_start_matches("/demandes/").to_owned()
}
