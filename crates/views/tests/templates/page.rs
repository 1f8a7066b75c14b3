//! A page as a reader's software sees it.

use scraper::{ElementRef, Html, Selector};

pub(crate) struct Checked {
    pub(crate) source: String,
    pub(crate) document: Html,
}

impl Checked {
    pub(crate) fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            document: Html::parse_document(source),
        }
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.document
            .select(&Selector::parse(selector).unwrap())
            .collect()
    }

    pub(crate) fn attribute(&self, selector: &str, name: &str) -> Option<&str> {
        self.all(selector).first()?.value().attr(name)
    }

    pub(crate) fn has_id(&self, id: &str) -> bool {
        self.all("[id]")
            .iter()
            .any(|element| element.value().id() == Some(id))
    }

    /// The elements and every attribute of each.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (ElementRef<'_>, &str, &str)> {
        self.all("*").into_iter().flat_map(|element| {
            element
                .value()
                .attrs()
                .map(move |(name, value)| (element, name, value))
        })
    }
}

/// Text of an element, white space folded as a browser does, no-break spaces kept.
pub(crate) fn text(element: ElementRef<'_>) -> String {
    fold(&element.text().collect::<String>())
}

pub(crate) fn fold(text: &str) -> String {
    text.split([' ', '\n', '\t', '\r'])
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
