//! What the demo tells at its end.

use std::path::Path;

use domain::Outcome;

use super::job::Done;
use super::servers::Servers;
use crate::config::Config;
use crate::output::{line, table};

/// What was asked, answered, and how long it took.
pub(super) fn table_of(done: &[Done]) {
    let headers = [
        "asked",
        "département",
        "expected",
        "answered",
        "ms to answer",
        "ms to letter",
        "mails",
        "letter",
    ];
    table(&headers, done.iter().map(row));
    let seen = |outcome: Outcome| done.iter().any(|one| one.expected == outcome);
    for outcome in Outcome::ALL.into_iter().filter(|outcome| !seen(*outcome)) {
        match outcome {
            Outcome::Pending => line(format!(
                "« {} » cannot occur with registers that are files: it waits for live connectors.",
                outcome.label()
            )),
            _ => line(format!("« {} »: no demo.toml asks for it.", outcome.label())),
        }
    }
    let wrong = done.iter().filter(|one| !one.as_expected()).count();
    line(match wrong {
        0 => format!("{} inquiries, all as expected.", done.len()),
        wrong => format!(
            "{wrong} of {} inquiries were NOT as expected (marked !).",
            done.len()
        ),
    });
}

fn row(done: &Done) -> Vec<String> {
    let mark = if done.as_expected() { "" } else { "! " };
    vec![
        done.title.clone(),
        done.department.clone(),
        done.expected.label().to_owned(),
        format!("{mark}{}", done.answered.label()),
        done.to_answer.as_millis().to_string(),
        done.to_letter.as_millis().to_string(),
        done.mails.to_string(),
        relative(&done.letter),
    ]
}

fn relative(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let short = here.as_deref().and_then(|here| path.strip_prefix(here).ok());
    short.unwrap_or(path).display().to_string()
}

/// Where everything is, and who can log in.
pub(super) fn addresses(config: &Config, servers: &Servers, file: &Path) {
    let url = config.web.public_url.as_str();
    line(format!("\nService            {url}"));
    line(format!("Check a letter     {url}verification"));
    line(format!("Mails              {}", servers.mail.web_url()));
    line(format!(
        "Commands           dn --config {} doctor",
        relative(file)
    ));
    line("\nWho can log in (no password; choose the person on the provider’s page):");
    for provider in [&servers.notaries, &servers.agents] {
        for person in provider.people() {
            line(format!("  {:<20} {}", person.name, person.detail));
        }
    }
    line("\nCtrl-C stops everything.");
}
