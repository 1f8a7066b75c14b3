//! `dn match explain`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use evaluation::questions::Question;
use matching::Answer;

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
    for text in told {
        output::line(format!("attention : {text}"));
    }
    let ruling = register.rule(&query, &policy);
    let answer = match ruling.answer {
        Answer::Definite => "connu",
        Answer::Ambiguous => "ambigu",
        Answer::Unknown => "inconnu",
    };
    output::line(format!(
        "réponse : {answer} ({} candidats examinés, seuil du doute {:.1} bits)",
        ruling.looked_at, ruling.threshold
    ));
    for candidate in &ruling.candidates {
        output::line(format!(
            "\ndossier {} : {:.1} bits",
            candidate.identifier, candidate.bits
        ));
        let findings = candidate.comparison.findings();
        output::table(
            &["élément", "bits"],
            findings
                .into_iter()
                .map(|finding| vec![finding.text, format!("{:+.1}", finding.bits)]),
        );
        for doubt in &candidate.doubts {
            output::line(format!("  doute : {}", doubt.text()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
