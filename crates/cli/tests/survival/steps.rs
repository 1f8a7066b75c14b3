//! The steps from the form to the mail, found by listening to one inquiry that nothing disturbs.

use anyhow::{Context, Result, ensure};
use sandbox::Browser;
use testing::people::{DECEDENTS, TestDecedent};
use testing::{Cut, Proxy};

use crate::ground::{Ground, is_answer};

/// Which process is killed, and whose message it was sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// The web process, at a statement.
    Web,
    /// The worker, at a statement.
    Worker,
    /// The worker, at a request to the store.
    Store,
    /// The worker, at a command to the relay.
    Relay,
}

impl Place {
    const ALL: [Self; 4] = [Self::Web, Self::Worker, Self::Store, Self::Relay];

    pub(crate) fn proxy(self, ground: &Ground) -> &Proxy {
        match self {
            Self::Web => &ground.web_db,
            Self::Worker => &ground.work_db,
            Self::Store => &ground.s3,
            Self::Relay => &ground.smtp,
        }
    }
}

/// A step: the message, how many like it pass before, and where it is cut.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Step {
    pub(crate) place: Place,
    pub(crate) message: String,
    pub(crate) passes: usize,
    pub(crate) cut: Cut,
    /// Whether the relay has the mail and we do not know it: the one moment at which a mail is delivered once more. `None`:
    /// the message is said before that moment as well as in it.
    pub(crate) repeats: Option<bool>,
}

/// What a process says by itself, whether there is work or not, and what it asks once and remembers.
const HOUSEKEEPING: [&str; 6] = [
    "worker_heartbeat",
    "pg_try_advisory",
    "list_orphan",
    "list_stale",
    "LISTEN",
    "from register_frequencies",
];

/// The messages of one inquiry, in order.
pub(crate) struct Rehearsal(Vec<(Place, String)>);

impl Rehearsal {
    /// Sends a form and listens until everything is done.
    pub(crate) async fn listen(ground: &Ground, notary: &Browser) -> Result<Self> {
        let form = notary.get(ground.site.at("/demandes/nouvelle")).await?;
        for place in Place::ALL {
            place.proxy(ground).forget();
        }
        let page = notary
            .submit(&form, "main form", &fields(&DECEDENTS[2], &["rhone"]))
            .await?;
        ensure!(is_answer(&page), "{}", page.html());
        ground.until_done().await?;
        let mut messages = Vec::new();
        for place in Place::ALL {
            let heard = place.proxy(ground).heard().into_iter();
            messages.extend(heard.map(|message| (place, of_any(place, message))));
        }
        messages.retain(|(_, message)| {
            let tended = message.starts_with("update graphile_worker._private");
            !tended && !HOUSEKEEPING.iter().any(|word| message.contains(word))
        });
        let rehearsal = Self(messages);
        for (place, message) in [
            (Place::Web, "COMMIT"),
            (Place::Worker, "update letter"),
            (Place::Worker, "update mail"),
            (Place::Store, "PUT"),
            (Place::Relay, "the mail"),
        ] {
            ensure!(
                rehearsal.find(place, message).is_ok(),
                "{place:?} never says {message}"
            );
        }
        Ok(rehearsal)
    }

    /// Every step there is, cut on either side.
    pub(crate) fn all(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (at, (place, message)) in self.0.iter().enumerate() {
            // Nothing hangs on these; and the queue is asked again and again.
            let idle = message == "BEGIN" || message.starts_with("ROLLBACK");
            let again =
                message.starts_with("with j_raw") && steps.iter().any(|step| step.message == *message);
            if idle || again {
                continue;
            }
            for cut in [Cut::BeforeServer, Cut::BeforeAnswer] {
                steps.push(self.step(at, *place, message, cut));
            }
        }
        steps
    }

    /// The first message that contains this.
    pub(crate) fn first(&self, place: Place, message: &str, cut: Cut) -> Result<Step> {
        let at = self.find(place, message)?;
        Ok(self.step(at, place, &self.0[at].1, cut))
    }

    /// The commit of the transaction that says this.
    pub(crate) fn commit_of(&self, place: Place, message: &str, cut: Cut) -> Result<Step> {
        let commit = |said: &&(Place, String)| {
            said.0 == place && said.1.starts_with("COMMIT of") && said.1.contains(message)
        };
        let found = self
            .0
            .iter()
            .find(commit)
            .with_context(|| format!("no commit of {message}"))?;
        self.first(place, &found.1, cut)
    }

    fn find(&self, place: Place, message: &str) -> Result<usize> {
        let found = |said: &(Place, String)| said.0 == place && said.1.contains(message);
        self.0
            .iter()
            .position(found)
            .with_context(|| format!("no {message}"))
    }

    fn step(&self, at: usize, place: Place, message: &str, cut: Cut) -> Step {
        let like_it = |said: &&(Place, String)| said.0 == place && said.1.contains(message);
        Step {
            place,
            message: message.to_owned(),
            passes: self.0[..at].iter().filter(like_it).count(),
            cut,
            repeats: self.repeats(place, message, cut),
        }
    }

    /// From the relay's answer to the mail until our commit.
    fn repeats(&self, place: Place, message: &str, cut: Cut) -> Option<bool> {
        let noted = message.contains("update mail");
        let often = self
            .0
            .iter()
            .filter(|said| said.0 == place && said.1 == message)
            .count()
            > 1;
        match place {
            Place::Relay => Some(message == "the mail" && cut == Cut::BeforeAnswer),
            // What adds to an audit trail is committed before it is waited for: see `db/src/commit.rs`.
            Place::Worker if noted && message.contains("commit and chain") => Some(false),
            Place::Worker if noted => Some(!message.starts_with("COMMIT") || cut == Cut::BeforeServer),
            Place::Worker if often => None,
            Place::Worker | Place::Web | Place::Store => Some(false),
        }
    }
}

/// A message without what differs from one inquiry to the next.
fn of_any(place: Place, message: String) -> String {
    match (place, message.split_once(' ')) {
        // `PUT /bucket/t/…`, not `PUT /bucket/probe/…`.
        (Place::Store, Some((verb, path))) if path.contains("/t/") => {
            let bucket = path.split("/t/").next().unwrap_or_default();
            format!("{verb} {bucket}/t/")
        }
        _ => message,
    }
}

/// What the notary fills in.
pub(crate) fn fields<'a>(decedent: &'a TestDecedent, departments: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    let asked = departments.iter().map(|slug| ("departements", *slug));
    asked.chain(decedent.fields()).collect()
}
