//! `dn match explain`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use domain::french::NBSP;
use evaluation::questions::{BORN_AHEAD, Question};
use evaluation::store::Register;
use matching::{Answer, Comparison, Engine, Policy, Query, Ruling};

use crate::output;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Register, in the import format.
    #[arg(long, value_name = "CSV")]
    register: PathBuf,
    /// A département's policy, in TOML; by default the product's.
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Family name at birth.
    #[arg(long, default_value = "")]
    birth_name: String,
    /// Family name in use.
    #[arg(long, default_value = "")]
    usage_name: String,
    /// Given names, in order.
    #[arg(long, default_value = "")]
    given_names: String,
    /// Date of birth; 00 for unknown parts.
    #[arg(long, default_value = "")]
    birth_date: String,
    /// M or F.
    #[arg(long, default_value = "")]
    sex: String,
    /// Commune of birth.
    #[arg(long, default_value = "")]
    birth_place: String,
    /// Date of death.
    #[arg(long, default_value = "")]
    death_date: String,
    /// Candidates below the threshold of doubt to show at most, besides all that are above it.
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let policy = super::policy(arguments.policy.as_ref())?;
    let register = super::load(&arguments.register)?;
    let question = Question {
        id: "1".to_owned(),
        nom_naissance: arguments.birth_name.clone(),
        nom_usage: arguments.usage_name.clone(),
        prenoms: arguments.given_names.clone(),
        date_naissance: arguments.birth_date.clone(),
        sexe: arguments.sex.clone(),
        date_deces: arguments.death_date.clone(),
        commune_naissance: arguments.birth_place.clone(),
    };
    let (query, told) = question.read();
    let today = chrono::Utc::now().date_naive();
    let ahead = question.is_born_after(today).then_some(BORN_AHEAD);
    for text in told.into_iter().chain(ahead) {
        output::line(format!("attention{NBSP}: {text}"));
    }
    let ruling = register.rule(&query, &policy);
    let answer = match ruling.answer {
        Answer::Definite => "connu",
        Answer::Ambiguous => "ambigu",
        Answer::Unknown => "inconnu",
    };
    output::line(format!(
        "réponse{NBSP}: {answer} ({} candidats examinés, seuil du doute {:.1} bits)",
        ruling.looked_at, ruling.threshold
    ));
    for candidate in &ruling.candidates {
        show(&candidate.identifier, &candidate.comparison);
        for doubt in &candidate.doubts {
            output::line(format!("  doute{NBSP}: {}", doubt.text()));
        }
    }
    let others = others(&register, &query, &policy, &ruling);
    for (identifier, comparison) in others.iter().take(arguments.most) {
        show(identifier, comparison);
        output::line("  sous le seuil du doute");
    }
    if others.len() > arguments.most {
        output::line(format!(
            "\n… et {} autres, de moins en moins proches{NBSP}: --most les montre",
            others.len() - arguments.most
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The candidates that the ruling does not name, nearest first.
fn others<'r>(
    register: &'r Register,
    query: &Query,
    policy: &Policy,
    ruling: &Ruling,
) -> Vec<(&'r str, Comparison)> {
    let engine = Engine {
        policy,
        frequencies: register.frequencies(),
    };
    let named = |identifier: &str| {
        ruling
            .candidates
            .iter()
            .any(|named| named.identifier == identifier)
    };
    let mut others: Vec<(&str, Comparison)> = register
        .candidates(query)
        .into_iter()
        .filter_map(|who| register.person(who))
        .filter(|(identifier, _)| !named(identifier))
        .map(|(identifier, person)| (identifier, engine.compare(query, person)))
        .collect();
    others.sort_by(|(one, a), (other, b)| b.bits.total().total_cmp(&a.bits.total()).then(one.cmp(other)));
    others
}

/// One candidate, field by field.
fn show(identifier: &str, comparison: &Comparison) {
    output::line(format!(
        "\ndossier {identifier}{NBSP}: {:.1} bits",
        comparison.bits.total()
    ));
    let findings = comparison.findings();
    output::table(
        &["élément", "bits"],
        findings
            .into_iter()
            .map(|finding| vec![finding.text, format!("{:+.1}", finding.bits)]),
    );
}
