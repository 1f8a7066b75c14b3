//! The words of one letter, as the template takes them: dates written out, names agreed, signs the fonts have.

use domain::{Consequence, LetterKind, PartialDate, Recoverability, french};
use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::data::{AidLine, LetterData};
use crate::images::KitImage;
use crate::letterhead::Letterhead;
use crate::window;
use crate::wording::{Collectivity, Naming, at_place, capital, of_name};
use crate::world::{Format, Slot, has_glyph};

/// `/data.json`.
#[derive(Debug, Serialize)]
pub(crate) struct View {
    kind: &'static str,
    /// Pages the letter is expected to have.
    pub(crate) pages: usize,
    #[serde(skip)]
    title: String,
    reference: String,
    file_reference: Option<String>,
    asked_on: String,
    dated_on: String,
    register_date: String,
    addressee: Vec<String>,
    /// Whether it fits the window as it is: the template tries sizes otherwise.
    addressee_fits: bool,
    person: PersonView,
    aids: Vec<AidView>,
    omitted_aids: u32,
    recoverable: usize,
    overpaid_aids: usize,
    claim: Option<String>,
    overpaid: Option<String>,
    rules: Rules,
    verification: VerificationView,
    retention: String,
    sender: SenderView,
}

#[derive(Debug, Serialize)]
struct PersonView {
    name: String,
    name_capital: String,
    ending: &'static str,
    civil_status: String,
}

#[derive(Debug, Serialize)]
struct AidView {
    label: String,
    period: String,
    amount: Option<String>,
    overpaid: Option<String>,
    consequence: &'static str,
    reason: String,
    basis: String,
}

/// Which rules of recovery the recoverable aids of the letter follow.
#[derive(Debug, Serialize)]
struct Rules {
    first_euro: bool,
    relatives: bool,
    thresholds: bool,
    local: bool,
}

#[derive(Debug, Serialize)]
struct VerificationView {
    code: String,
    url: String,
    page: String,
    page_short: String,
    qr: &'static str,
}

#[derive(Debug, Serialize)]
struct SenderView {
    name: String,
    the: String,
    the_capital: String,
    of: String,
    service: Vec<String>,
    address: Vec<String>,
    telephone: String,
    email: String,
    website: Option<String>,
    data_protection: Option<String>,
    officer: String,
    place: String,
    accent: String,
    accent_text: String,
    signatory: String,
    capacity: Vec<String>,
    footer: String,
    specimen: bool,
    logo: ImageView,
    signature: Option<ImageView>,
}

#[derive(Debug, Serialize)]
struct ImageView {
    path: &'static str,
    ratio: f64,
}

impl View {
    /// Title of the document.
    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    pub(crate) fn new(data: &LetterData, head: &Letterhead) -> Self {
        let sender = sender(head);
        let addressee = addressee(data);
        let counted = |wanted| data.aids.iter().filter(|aid| aid.consequence == wanted).count();
        Self {
            kind: data.kind.code(),
            pages: match data.kind {
                LetterKind::Recoverable => 2,
                _ => 1,
            },
            title: title(data, &sender.of),
            reference: set(&data.reference),
            file_reference: data.file_reference.as_deref().map(set),
            asked_on: french::date(data.asked_on),
            dated_on: french::date(data.dated_on),
            register_date: data.register_date.map(french::date).unwrap_or_default(),
            addressee_fits: window::surely_fits(&addressee),
            addressee,
            person: person(data),
            aids: data.aids.iter().map(aid).collect(),
            omitted_aids: data.omitted_aids,
            recoverable: counted(Consequence::Recoverable),
            overpaid_aids: counted(Consequence::Overpaid),
            claim: data.claim.map(french::amount),
            overpaid: data.overpaid.map(french::amount),
            rules: rules(&data.aids),
            verification: VerificationView {
                code: set(&data.verification.code),
                url: set(&data.verification.url),
                page: set(&data.verification.page),
                page_short: set(without_scheme(&data.verification.page)),
                qr: Slot::Qr.path(),
            },
            retention: years(data.retention_years),
            sender,
        }
    }
}

/// The title inside the PDF: no name of a person, for titles show in file lists and browser tabs.
fn title(data: &LetterData, of: &str) -> String {
    let what = match data.kind {
        LetterKind::Acknowledgement => "Accusé de réception",
        _ => "Réponse",
    };
    format!("{what} {of} à la demande {}", set(&data.reference))
}

fn addressee(data: &LetterData) -> Vec<String> {
    let to = &data.addressee;
    let mut lines = vec![set(&to.office)];
    if !to.name.is_empty() {
        lines.push(format!("À l’attention {}", of_name(&set(&to.name))));
    }
    if to.address.is_empty() {
        lines.push(format!("Office notarial – CRPCEN {}", set(&to.crpcen)));
    }
    lines.extend(to.address.iter().map(|line| set(line)));
    lines.retain(|line| !line.is_empty());
    lines
}

fn person(data: &LetterData) -> PersonView {
    let person = &data.decedent;
    let Naming { name, ending } = Naming::new(person);
    let at = |place: &Option<String>| {
        place
            .as_deref()
            .map(|place| format!(" {}", at_place(&set(place))))
            .unwrap_or_default()
    };
    let when = |date: PartialDate| if date.day().is_some() { "le" } else { "en" };
    let civil_status = format!(
        "né{ending} {} {}{} et décédé{ending} le {}{}",
        when(person.birth_date),
        french::partial_date(person.birth_date),
        at(&person.birth_place),
        french::date(person.death_date),
        at(&person.death_place),
    );
    let name = set(&name);
    PersonView {
        name_capital: capital(&name),
        name,
        ending,
        civil_status,
    }
}

fn aid(aid: &AidLine) -> AidView {
    let (reason, basis) = split_basis(&aid.reason);
    let day = |date: PartialDate| if date.day().is_some() { "le " } else { "" };
    let until = |date: PartialDate| if date.day().is_some() { "au " } else { "à " };
    let since = |date: PartialDate| if date.day().is_some() { "du " } else { "de " };
    let written = french::partial_date;
    let period = match (aid.starts, aid.ends) {
        (Some(start), Some(end)) => format!(
            "{}{} {}{}",
            since(start),
            written(start),
            until(end),
            written(end)
        ),
        (Some(start), None) => format!("depuis {}{}", day(start), written(start)),
        (None, Some(end)) => format!("jusqu’{}{}", until(end), written(end)),
        (None, None) => String::new(),
    };
    AidView {
        label: set(&aid.label),
        period,
        amount: aid.amount.map(french::amount),
        overpaid: aid.overpaid.map(french::amount),
        consequence: match aid.consequence {
            Consequence::Recoverable => "recoverable",
            Consequence::Overpaid => "overpaid",
            Consequence::Nothing => "nothing",
        },
        reason: capital(&set(reason)),
        basis: set(&basis),
    }
}

/// A reason and the articles in its parentheses, as short as a column wants them: `CASF, art. L. 232-19`.
fn split_basis(reason: &str) -> (&str, String) {
    let parts = reason
        .split_once(" (")
        .and_then(|(reason, basis)| Some((reason, basis.strip_suffix(')')?)));
    let Some((reason, basis)) = parts else {
        return (reason, String::new());
    };
    let articles = basis
        .strip_suffix(" du code de l’action sociale et des familles")
        .and_then(|basis| {
            basis
                .strip_prefix("articles ")
                .or_else(|| basis.strip_prefix("article "))
        });
    let short = articles.map_or_else(
        || capital(basis),
        |articles| format!("CASF, art. {articles}").replace(". ", ".\u{a0}"),
    );
    (reason, short)
}

fn rules(aids: &[AidLine]) -> Rules {
    let has = |rule| {
        aids.iter()
            .any(|aid| aid.consequence == Consequence::Recoverable && aid.rule == rule)
    };
    Rules {
        first_euro: has(Recoverability::FromFirstEuro),
        relatives: has(Recoverability::ExceptCloseRelatives),
        thresholds: has(Recoverability::AboveThresholds),
        local: has(Recoverability::LocalRules),
    }
}

fn sender(head: &Letterhead) -> SenderView {
    let all = |lines: &[String]| lines.iter().map(|line| set(line)).collect();
    let name = set(&head.official_name);
    let Collectivity { the, of } = Collectivity::new(&name);
    SenderView {
        the_capital: capital(&the),
        the,
        of,
        name,
        service: all(&head.service),
        address: all(&head.address),
        telephone: set(&head.telephone),
        email: set(&head.email),
        website: head.website.as_deref().map(|site| set(without_scheme(site))),
        data_protection: head.data_protection.as_deref().map(set),
        officer: set(&head.officer),
        place: set(&head.place),
        accent: head.accent.hex(),
        accent_text: head.accent.readable().hex(),
        signatory: set(&head.signatory),
        capacity: all(&head.capacity),
        footer: set(&head.footer),
        specimen: head.specimen,
        logo: image(&head.logo, Slot::Logo),
        signature: head
            .signature
            .as_ref()
            .map(|signature| image(signature, Slot::Signature)),
    }
}

fn image(image: &KitImage, slot: fn(Format) -> Slot) -> ImageView {
    ImageView {
        path: slot(image.format).path(),
        ratio: image.ratio,
    }
}

/// An address as people write it.
fn without_scheme(address: &str) -> &str {
    let bare = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    bare.unwrap_or(address).trim_end_matches('/')
}

fn years(number: u32) -> String {
    match number {
        1 => "un\u{a0}an".into(),
        5 => "cinq\u{a0}ans".into(),
        number => format!("{number}\u{a0}ans"),
    }
}

/// A text as it is set: composed, with the typographic apostrophe, and « ? » for a sign that no embedded font has. A
/// mark that makes no sign of its own with the letter before it is left out: not every font that has both can set them.
fn set(text: &str) -> String {
    text.nfc()
        .filter(|sign| !is_combining_mark(*sign))
        .map(|sign| match sign {
            '\'' => '’',
            sign if has_glyph(sign) => sign,
            _ => '?',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_the_articles_of_the_catalogue() {
        for kind in domain::AidKind::LEGAL {
            let reason = format!("non récupérable ({})", kind.basis().0);
            let (reason, basis) = split_basis(&reason);
            assert_eq!(reason, "non récupérable");
            assert!(
                basis.starts_with("CASF, art.\u{a0}") && !basis.contains("code"),
                "{basis}"
            );
        }
        assert_eq!(
            split_basis("déclarée non récupérable"),
            ("déclarée non récupérable", String::new())
        );
        assert_eq!(
            split_basis("récupérable (règlement)"),
            ("récupérable", "Règlement".to_owned())
        );
    }

    #[test]
    fn sets_what_the_fonts_have() {
        assert_eq!(
            set("d'E\u{301}lodie ŒUVRARD\u{202f}!"),
            "d’Élodie ŒUVRARD\u{202f}!"
        );
        assert_eq!(set("Łukasz Nguyễn Ğ"), "Łukasz Nguyễn Ğ");
        assert_eq!(set("山"), "?");
        assert_eq!(set("A\u{345}"), "A");
    }
}
