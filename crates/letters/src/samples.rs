//! Letters of every kind, and extremes; a letterhead of no real département. For tests, previews and measurements.

use chrono::{DateTime, NaiveDate};
use domain::{Amount, Consequence, LetterId, LetterKind, PartialDate, Recoverability, Sex};
use typst::foundations::Bytes;
use uuid::Uuid;

use crate::colour::Colour;
use crate::data::{Addressee, AidLine, LetterData, Person, Verification};
use crate::draw::{MAX_ADDRESS, MAX_AIDS, MAX_LINE};
use crate::images::{KitImage, check_svg};
use crate::letterhead::Letterhead;
use crate::world::Format;

impl Letterhead {
    /// A letterhead of no real département.
    pub fn sample() -> Self {
        let lines = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect();
        let svg = |bytes: &'static [u8]| {
            let bytes = Bytes::new(bytes);
            KitImage {
                format: Format::Svg,
                ratio: check_svg(&bytes).unwrap_or(1.0),
                bytes,
            }
        };
        Self {
            official_name: "Département des Trois-Collines".into(),
            service: lines(&["Direction de l’autonomie", "Service des récupérations"]),
            address: lines(&["12 place de la Préfecture", "CS 40001", "99001 Troiscollines Cedex"]),
            telephone: "01 99 00 12 34".into(),
            email: "recuperations@trois-collines.example".into(),
            website: Some("www.trois-collines.example".into()),
            data_protection: Some("dpo@trois-collines.example".into()),
            officer: "Claire Roussel".into(),
            place: "Troiscollines".into(),
            accent: Colour::parse("#1f5f8b").unwrap_or_default(),
            signatory: "Hélène Marchand-Tavernier".into(),
            capacity: lines(&["Pour le président et par délégation,", "la directrice de l’autonomie"]),
            footer: "Département des Trois-Collines – 12 place de la Préfecture, CS 40001, 99001 Troiscollines Cedex".into(),
            specimen: true,
            logo: svg(include_bytes!("samples/logo.svg")),
            signature: Some(svg(include_bytes!("samples/signature.svg"))),
        }
    }
}

impl LetterData {
    /// One letter of every kind, and extremes of length.
    pub fn samples() -> Vec<Self> {
        let mut samples = vec![
            recoverable(),
            recoverable_without_amount(),
            overpayment(),
            overpayment_of_somebody(),
            not_recoverable(),
            base(LetterKind::Unknown),
            unknown_with_partial_birth_date(),
            base(LetterKind::Acknowledgement),
            twelve_aids(),
            extreme(),
        ];
        for (number, sample) in (1u128..).zip(&mut samples) {
            sample.id = LetterId(Uuid::from_u128(number));
        }
        samples
    }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn base(kind: LetterKind) -> LetterData {
    let code = "99-7K3M2-9QXTA-44WDE-ZB01C";
    let known = kind != LetterKind::Acknowledgement;
    LetterData {
        version: LetterData::VERSION,
        id: LetterId(Uuid::nil()),
        kind,
        reference: "99-2026-000042".into(),
        file_reference: Some("2026/1184 DURAND – ÉL".into()),
        asked_on: day(2026, 11, 20),
        dated_on: day(2026, 11, 20),
        decided_at: DateTime::from_timestamp(1_795_168_800, 0).unwrap_or_default(),
        register_date: known.then(|| day(2026, 11, 16)),
        addressee: Addressee {
            name: "Élodie Lefèvre-Nuñez".into(),
            office: "SCP Lefèvre-Nuñez et Martin".into(),
            crpcen: "99012".into(),
            address: vec!["12 bis rue de l’Église".into(), "99100 Saint-Aubin".into()],
        },
        decedent: Person {
            name: "Jean Marie DURAND".into(),
            sex: Some(Sex::Male),
            birth_date: PartialDate::from(day(1931, 3, 1)),
            birth_place: Some("Lyon 3e".into()),
            death_date: day(2026, 10, 2),
            death_place: Some("Saint-Aubin".into()),
        },
        aids: vec![],
        omitted_aids: 0,
        claim: None,
        overpaid: None,
        verification: Verification {
            code: code.into(),
            url: format!("https://notaires.trois-collines.example/v/{code}"),
            page: "https://notaires.trois-collines.example/verification".into(),
        },
        retention_years: 5,
    }
}

fn aid(label: &str, rule: Recoverability, consequence: Consequence, reason: &str) -> AidLine {
    AidLine {
        label: label.into(),
        starts: Some(PartialDate::from(day(2019, 3, 1))),
        ends: Some(PartialDate::from(day(2026, 10, 2))),
        amount: None,
        overpaid: None,
        consequence,
        rule,
        reason: reason.into(),
    }
}

fn ash() -> AidLine {
    AidLine {
        amount: Some(Amount::from_cents(4_231_857)),
        ..aid(
            "Aide sociale à l’hébergement (personnes âgées)",
            Recoverability::FromFirstEuro,
            Consequence::Recoverable,
            "récupérable (articles L. 132-8 et R. 132-11 du code de l’action sociale et des familles)",
        )
    }
}

fn apa(consequence: Consequence) -> AidLine {
    let reason = match consequence {
        Consequence::Overpaid => "versée pour une période postérieure au décès",
        _ => "non récupérable (article L. 232-19 du code de l’action sociale et des familles)",
    };
    AidLine {
        starts: PartialDate::new(2017, Some(5), None).ok(),
        ends: None,
        ..aid(
            "Allocation personnalisée d’autonomie à domicile",
            Recoverability::Never,
            consequence,
            reason,
        )
    }
}

fn recoverable() -> LetterData {
    let ash = ash();
    LetterData {
        claim: ash.amount,
        aids: vec![ash, apa(Consequence::Nothing)],
        ..base(LetterKind::Recoverable)
    }
}

fn recoverable_without_amount() -> LetterData {
    let mut data = base(LetterKind::Recoverable);
    data.file_reference = None;
    data.addressee.address.clear();
    data.decedent.name = "Marie-Thérèse Yvonne LE GUENNEC (nom d’usage : O'BRIEN)".into();
    data.decedent.sex = Some(Sex::Female);
    data.decedent.death_place = None;
    data.aids = vec![AidLine {
        ends: None,
        ..aid(
            "Aide sociale à l’hébergement (personnes handicapées)",
            Recoverability::ExceptCloseRelatives,
            Consequence::Recoverable,
            "récupérable (article L. 344-5 du code de l’action sociale et des familles)",
        )
    }];
    data
}

fn overpayment() -> LetterData {
    let amount = Some(Amount::from_cents(64_000));
    let mut data = base(LetterKind::Overpayment);
    data.decedent.name = "Simone Jeanne PETIT".into();
    data.decedent.sex = Some(Sex::Female);
    data.overpaid = amount;
    data.aids = vec![AidLine {
        overpaid: amount,
        ..apa(Consequence::Overpaid)
    }];
    data
}

fn overpayment_of_somebody() -> LetterData {
    let mut data = overpayment();
    data.decedent.name = "Élie Claude PETIT".into();
    data.decedent.sex = None;
    data.overpaid = None;
    data.aids = vec![apa(Consequence::Overpaid)];
    data
}

fn not_recoverable() -> LetterData {
    LetterData {
        aids: vec![apa(Consequence::Nothing)],
        ..base(LetterKind::NotRecoverable)
    }
}

fn unknown_with_partial_birth_date() -> LetterData {
    let mut data = base(LetterKind::Unknown);
    data.decedent.name = "Fatima BENALI".into();
    data.decedent.sex = Some(Sex::Female);
    data.decedent.birth_date = PartialDate::new(1938, None, None).unwrap_or(data.decedent.birth_date);
    data.decedent.birth_place = Some("Tizi Ouzou (Algérie)".into());
    data
}

fn twelve_aids() -> LetterData {
    let home_help = AidLine {
        amount: Some(Amount::from_cents(312_040)),
        ..aid(
            "Aide ménagère",
            Recoverability::AboveThresholds,
            Consequence::Recoverable,
            "récupérable (articles L. 132-8 et R. 132-12 du code de l’action sociale et des familles)",
        )
    };
    let local = AidLine {
        amount: Some(Amount::from_cents(98_000)),
        ..aid(
            "Aide à l’adaptation du logement",
            Recoverability::LocalRules,
            Consequence::Recoverable,
            "récupérable (règlement départemental d’aide sociale)",
        )
    };
    let disabled = recoverable_without_amount().aids;
    let mut aids = vec![ash(), home_help.clone(), local];
    aids.extend(disabled);
    aids.extend(vec![home_help; 3]);
    aids.extend(vec![apa(Consequence::Overpaid); 2]);
    aids.extend(vec![apa(Consequence::Nothing); 3]);
    LetterData {
        aids,
        ..base(LetterKind::Recoverable)
    }
}

/// As long as everything may be.
fn extreme() -> LetterData {
    let long = |text: &str| text.repeat(MAX_LINE).chars().take(MAX_LINE).collect::<String>();
    let mut data = twelve_aids();
    data.decedent.name = format!(
        "{} {}",
        "Jean-Baptiste Maximilien ".repeat(8).trim(),
        "DE LA ROCHEFOUCAULD-".repeat(5)
    );
    data.file_reference = Some("RÉF-".repeat(15));
    data.addressee.name = long("Marie-Emmanuelle de ");
    data.addressee.office = long("Société civile professionnelle ");
    data.addressee.address = vec![
        long("Immeuble Les Grands Boulevards, ")
            .chars()
            .take(70)
            .collect();
        MAX_ADDRESS
    ];
    data.aids = data.aids.into_iter().cycle().take(MAX_AIDS).collect();
    for aid in &mut data.aids {
        aid.label = long("Aide extraordinaire ");
        aid.reason = long("motif très circonstancié ");
    }
    data.omitted_aids = 25;
    data
}
