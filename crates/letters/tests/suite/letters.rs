//! Every letter, as its reader, an archivist and a screen reader see it.

use std::sync::Arc;

use crate::support::{render, renderer, text, tool};
use dn_letters::{LetterData, Letterhead, RenderError, template_version};
use domain::{LetterKind, Sex};

fn sample(kind: LetterKind) -> LetterData {
    LetterData::samples()
        .into_iter()
        .find(|data| data.kind == kind)
        .unwrap()
}

#[tokio::test]
async fn every_sample_renders_as_an_archivable_and_accessible_pdf() {
    let samples = LetterData::samples();
    for kind in LetterKind::ALL {
        assert!(samples.iter().any(|data| data.kind == kind), "{kind:?}");
    }
    for data in samples {
        let rendered = render(data.clone()).await;
        let meta = tool("pdfinfo", &["-meta"], &rendered.pdf);
        for part in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>A</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            "<rdf:li>fr-FR</rdf:li>",
            "<rdf:li>Département des Trois-Collines</rdf:li>",
            "<xmp:CreateDate>2026-11-20T10:00:00+00:00</xmp:CreateDate>",
            &data.reference,
        ] {
            assert!(meta.contains(part), "{part} in {meta}");
        }
        let info = tool("pdfinfo", &[], &rendered.pdf);
        assert!(
            info.contains("Tagged:          yes") && info.contains("(A4)"),
            "{info}"
        );
        assert!(
            info.contains(&format!("Pages:           {}\n", rendered.pages)),
            "{info}"
        );
        assert!(
            !meta.contains("DURAND") && !info.contains("DURAND"),
            "a title shows in lists of files"
        );
        tool("qpdf", &["--check"], &rendered.pdf);
    }
}

#[tokio::test]
async fn the_same_data_give_the_same_bytes_and_other_data_do_not() {
    let data = sample(LetterKind::Recoverable);
    let frozen = serde_json::to_string(&data).unwrap();
    let first = render(data).await;
    let again = render(serde_json::from_str(&frozen).unwrap()).await;
    assert_eq!(first, again);
    let mut other: LetterData = serde_json::from_str(&frozen).unwrap();
    other.reference = "99-2026-000043".into();
    assert_ne!(first.sha256, render(other).await.sha256);
    assert_eq!(template_version().len(), 12);
}

#[tokio::test]
async fn many_at_once_give_what_one_at_a_time_gives() {
    let renderer = renderer();
    let head = Arc::new(Letterhead::sample());
    let samples = LetterData::samples();
    let mut alone = Vec::new();
    for data in &samples {
        alone.push(
            renderer
                .render(data.clone(), Arc::clone(&head))
                .await
                .unwrap()
                .sha256,
        );
    }
    let together: Vec<_> = (0..24)
        .map(|turn| {
            let (renderer, head) = (renderer.clone(), Arc::clone(&head));
            let data = samples[turn % samples.len()].clone();
            tokio::spawn(async move { renderer.render(data, head).await.unwrap().sha256 })
        })
        .collect();
    for (turn, rendering) in together.into_iter().enumerate() {
        assert_eq!(rendering.await.unwrap(), alone[turn % alone.len()]);
    }
    assert_eq!(renderer.stats().panicked + renderer.stats().timed_out, 0);
}

#[tokio::test]
async fn each_kind_answers_in_one_sentence_and_names_its_law() {
    let recoverable = text(&render(sample(LetterKind::Recoverable)).await.pdf);
    for part in [
        "D’après son registre d’aide sociale arrêté au 16 novembre 2026, le Département des Trois-Collines a accordé à \
         M. Jean Marie DURAND, né le 1er mars 1931 à Lyon 3e et décédé le 2 octobre 2026 à Saint-Aubin, une aide \
         susceptible d’être récupérée sur sa succession, pour un montant versé de 42 318,57 €.",
        "L. 132-8",
        "R. 132-11",
        "soixante-dix ans",
        "fixe le montant des sommes à récupérer",
        "dès le premier euro",
        "voies et délais de recours",
        "depuis mai 2017",
    ] {
        assert!(recoverable.contains(part), "{part} in {recoverable}");
    }
    assert!(!recoverable.contains("46 000") && !recoverable.contains("344-5"));

    let overpayment = text(&render(sample(LetterKind::Overpayment)).await.pdf);
    assert!(
        overpayment.contains("des sommes qui constituent un indu probable de 640,00 €"),
        "{overpayment}"
    );
    assert!(overpayment.contains("code civil, art. 1302") && !overpayment.contains("132-8"));

    let nothing = text(&render(sample(LetterKind::NotRecoverable)).await.pdf);
    assert!(
        nothing.contains(
            "est connu du Département des Trois-Collines au titre de l’aide sociale, sans qu’aucune"
        )
    );

    let unknown = text(&render(sample(LetterKind::Unknown)).await.pdf);
    assert!(
        unknown.contains("est inconnu des services du Département des Trois-Collines"),
        "{unknown}"
    );
    assert!(unknown.contains(
        "le seul registre d’aide sociale du Département des Trois-Collines, arrêté au 16 novembre 2026"
    ));
}

#[tokio::test]
async fn rules_of_recovery_are_told_where_they_apply() {
    let samples = LetterData::samples();
    let disabled = samples
        .iter()
        .find(|data| data.file_reference.is_none())
        .unwrap()
        .clone();
    let disabled = text(&render(disabled).await.pdf);
    assert!(
        disabled.contains("la charge du bénéficiaire") && disabled.contains("L. 344-5"),
        "{disabled}"
    );
    assert!(
        !disabled.contains("contre le donataire lorsque"),
        "L. 344-5 shields donees"
    );
    assert!(disabled.contains("dont le montant vous sera communiqué par Claire Roussel"));
    assert!(disabled.contains("LE GUENNEC (nom d’usage : O’BRIEN), née le"));
    assert!(disabled.contains("CRPCEN 99012") && !disabled.contains("Vos références"));

    let many = samples.iter().find(|data| data.aids.len() == 12).unwrap().clone();
    let many = render(many).await;
    assert_eq!(many.pages, 2);
    let many = text(&many.pdf);
    for part in [
        "46 000 €",
        "760 €",
        "pour la part excédant ce montant",
        "règlement départemental",
        "Page 1/2",
        "Page 2/2",
    ] {
        assert!(many.contains(part), "{part} in {many}");
    }
}

#[tokio::test]
async fn an_acknowledgement_tells_nothing_of_anybody() {
    let letter = text(&render(sample(LetterKind::Acknowledgement)).await.pdf);
    assert!(
        letter.contains("est en cours d’examen") && letter.contains("ne préjuge pas"),
        "{letter}"
    );
    for word in [
        "registre",
        "récupérable",
        "récupération ",
        "indu ",
        "APA",
        "hébergement",
        "Allocation",
    ] {
        assert!(!letter.contains(word), "{word} in {letter}");
    }
}

#[tokio::test]
async fn sentences_agree_with_the_person_or_stay_neutral() {
    let mut data = sample(LetterKind::Unknown);
    data.decedent.sex = Some(Sex::Female);
    data.decedent.birth_place = Some("Algérie".into());
    let letter = text(&render(data.clone()).await.pdf);
    assert!(
        letter.contains("Mme Jean Marie DURAND, née le 1er mars 1931 en Algérie et décédée le"),
        "{letter}"
    );
    assert!(letter.contains("est inconnue des services"));
    data.decedent.sex = None;
    data.decedent.birth_date = "1931-03-00".parse().unwrap();
    let letter = text(&render(data).await.pdf);
    assert!(
        letter.contains("La personne nommée Jean Marie DURAND, née en mars 1931"),
        "{letter}"
    );
    assert!(!letter.contains("M. Jean") && !letter.contains("Mme Jean"));
}

#[tokio::test]
async fn what_people_type_is_never_evaluated() {
    let mut data = sample(LetterKind::Unknown);
    data.file_reference = Some("#read(\"/etc/passwd\") $x$ *a* @b <c> \\ // é".into());
    data.addressee.office = "#panic() = Titre - _x_ `y`".into();
    let letter = text(&render(data).await.pdf);
    assert!(
        letter.contains("#read(\"/etc/passwd\") $x$ *a* @b <c> \\ // é"),
        "{letter}"
    );
    assert!(letter.contains("#panic() = Titre - _x_ `y`"));
}

#[tokio::test]
async fn a_sign_no_font_has_does_not_stop_the_letter() {
    let mut data = sample(LetterKind::Unknown);
    data.decedent.name = "Élo\u{301}die 山 \u{1F600} DURAND".into();
    let letter = text(&render(data).await.pdf);
    assert!(letter.contains("? ? DURAND"), "{letter}");
}

#[tokio::test]
async fn data_that_no_letter_draws_are_refused() {
    let refuse = async |change: fn(&mut LetterData)| {
        let mut data = sample(LetterKind::Recoverable);
        change(&mut data);
        let error = renderer()
            .render(data, Arc::new(Letterhead::sample()))
            .await
            .unwrap_err();
        assert!(
            matches!(error, RenderError::Data(_)) && !error.is_transient(),
            "{error:?}"
        );
    };
    refuse(|data| data.version = 2).await;
    refuse(|data| data.decedent.name = "A".repeat(100_000)).await;
    refuse(|data| data.aids = vec![data.aids[0].clone(); 10_000]).await;
    refuse(|data| data.addressee.address = vec!["a".into(); 50]).await;
    refuse(|data| data.reference = "a\u{0}b".into()).await;
    refuse(|data| data.verification.url = "h".repeat(5_000)).await;
}

/// Points of a PDF to millimetres.
fn millimetres(points: &str) -> f64 {
    points.parse::<f64>().unwrap() * 25.4 / 72.0
}

#[tokio::test]
async fn the_addressee_shows_in_the_window_and_nothing_else_does() {
    for data in LetterData::samples() {
        let pdf = render(data.clone()).await.pdf;
        let boxes = tool("pdftotext", &["-f", "1", "-l", "1", "-bbox", "-"], &pdf);
        let mut inside = 0;
        for line in boxes
            .lines()
            .filter(|line| line.trim_start().starts_with("<word"))
        {
            let value = |name: &str| {
                let (_, rest) = line.split_once(&format!("{name}=\"")).unwrap();
                millimetres(rest.split_once('"').unwrap().0)
            };
            let (left, right, top, bottom) = (value("xMin"), value("xMax"), value("yMin"), value("yMax"));
            if right > 105.0 && bottom > 50.0 && top < 85.0 {
                inside += 1;
                assert!(left >= 104.9 && right <= 190.1, "{line}");
                assert!(top >= 48.9 && bottom <= 88.0, "{line}");
            }
        }
        assert!(inside >= 5, "{inside} words of the addressee");
    }
}

/// However much stands before it: the aids fill the page line by line.
#[tokio::test]
async fn the_signature_is_never_apart_from_the_last_words_and_the_mentions() {
    let mut data = sample(LetterKind::NotRecoverable);
    let aid = data.aids[0].clone();
    for lines in 8..=20 {
        data.aids = vec![aid.clone(); lines / 2];
        if lines % 2 == 1 {
            data.aids[0].label = "Aide ménagère ".repeat(6);
        }
        let rendered = render(data.clone()).await;
        let last = rendered.pages.to_string();
        let page = tool("pdftotext", &["-f", &last, "-l", &last, "-"], &rendered.pdf);
        for part in [
            "Je vous prie d’agréer",
            "Hélène Marchand-Tavernier",
            "Vérifier l’authenticité",
        ] {
            assert!(page.contains(part), "{lines} lines: no {part} on page {last}");
        }
    }
}
