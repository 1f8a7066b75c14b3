//! What every page keeps to.

use std::collections::HashSet;

use scraper::ElementRef;

use crate::page::{Checked, text};
use crate::typography;

/// Addresses of ours, by their beginning.
const OURS: &[&str] = &[
    "/accessibilite",
    "/conditions",
    "/connexion",
    "/deconnexion",
    "/demandes",
    "/departements/",
    "/donnees-personnelles",
    "/mentions-legales",
    "/statique/",
    "/verification",
];

/// The only foreign addresses pages may link to.
const FOREIGN: &[&str] = &[
    "https://formulaire.defenseurdesdroits.fr/",
    "https://gitlab.adullact.net/departements-notaires",
    "https://www.cnil.fr/fr/plaintes",
    "https://www.defenseurdesdroits.fr/carte-des-delegues",
];

pub(crate) fn faults(page: &Checked) -> Vec<String> {
    let rules: [fn(&Checked, &mut Vec<String>); 10] = [
        frame,
        headings,
        identifiers,
        labels,
        groups,
        forms,
        addresses,
        nothing_inline,
        pictures,
        typography::faults,
    ];
    let mut faults = Vec::new();
    for rule in rules {
        rule(page, &mut faults);
    }
    faults
}

fn frame(page: &Checked, faults: &mut Vec<String>) {
    if !page.source.starts_with("<!doctype html>") {
        faults.push("no doctype".to_owned());
    }
    if page.attribute("html", "lang") != Some("fr") {
        faults.push("the language is not French".to_owned());
    }
    for (selector, what) in [
        ("main", "main"),
        ("h1", "h1"),
        ("title", "title"),
        ("header.entete", "header"),
    ] {
        let found = page.all(selector);
        if found.len() != 1 || text(found[0]).is_empty() {
            faults.push(format!("{} {what}, one with text wanted", found.len()));
        }
    }
    if !page
        .all("title")
        .iter()
        .all(|title| text(*title).ends_with(" – Départements & Notaires"))
    {
        faults.push("the title does not name the service".to_owned());
    }
    for template in ["{{", "}}", "{%", "undefined", ">none<"] {
        if page.source.contains(template) {
            faults.push(format!("« {template} » is left"));
        }
    }
}

fn headings(page: &Checked, faults: &mut Vec<String>) {
    let mut before = 0;
    for heading in page.all("main h1, main h2, main h3, main h4") {
        let level = heading.value().name().as_bytes()[1] - b'0';
        // The summary of errors stands before the title, as a heading of the second level.
        let summary = heading.value().id() == Some("bilan-titre");
        if level > before + 1 && !summary {
            faults.push(format!(
                "heading « {} » jumps from {before} to {level}",
                text(heading)
            ));
        }
        before = if summary { before } else { level };
    }
}

fn identifiers(page: &Checked, faults: &mut Vec<String>) {
    let mut seen = HashSet::new();
    for element in page.all("[id]") {
        let id = element.value().id().unwrap_or_default();
        if id.is_empty() || !seen.insert(id) {
            faults.push(format!("id « {id} » is empty or twice there"));
        }
    }
    for (_, name, value) in page.attributes() {
        if !matches!(name, "for" | "aria-describedby" | "aria-labelledby") {
            continue;
        }
        for id in value.split_whitespace() {
            if !page.has_id(id) {
                faults.push(format!("{name} points at « {id} », which is not there"));
            }
        }
    }
}

fn labels(page: &Checked, faults: &mut Vec<String>) {
    for field in page.all("input:not([type=hidden]), select, textarea") {
        let id = field.value().id().unwrap_or_default();
        let labels = page.all(&format!("label[for='{id}']"));
        if labels.len() != 1 || text(labels[0]).is_empty() {
            faults.push(format!("field « {id} » has {} labels", labels.len()));
        }
        if field.value().attr("placeholder").is_some() {
            faults.push(format!("field « {id} » has a placeholder"));
        }
        let typed = field.value().attr("type") == Some("text");
        if typed && field.value().attr("autocomplete") != Some("off") {
            faults.push(format!("field « {id} » would be completed by the browser"));
        }
        if field.value().attr("aria-invalid").is_some() && !describes_error(field) {
            faults.push(format!("field « {id} » is wrong but does not say why"));
        }
    }
}

fn describes_error(field: ElementRef<'_>) -> bool {
    field
        .value()
        .attr("aria-describedby")
        .is_some_and(|ids| ids.split_whitespace().any(|id| id.ends_with("-erreur")))
}

fn groups(page: &Checked, faults: &mut Vec<String>) {
    for choice in page.all("input[type=radio], input[name=departements]:not([type=hidden])") {
        let legend = choice
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|ancestor| ancestor.value().name() == "fieldset")
            .and_then(|fieldset| {
                fieldset
                    .child_elements()
                    .find(|child| child.value().name() == "legend")
            });
        if legend.is_none_or(|legend| text(legend).is_empty()) {
            faults.push("a choice stands in no fieldset with a legend".to_owned());
        }
    }
}

fn forms(page: &Checked, faults: &mut Vec<String>) {
    for form in page.all("form") {
        let action = form.value().attr("action").unwrap_or_default();
        let tokens = form
            .descendent_elements()
            .filter(|element| element.value().attr("name") == Some("csrf"))
            .filter(|element| element.value().attr("value") == Some("jeton-de-session"))
            .count();
        let wanted = usize::from(form.value().attr("method") == Some("post"));
        if tokens != wanted {
            faults.push(format!("form to {action} has {tokens} tokens of the session"));
        }
        let buttons = form
            .descendent_elements()
            .filter(|element| element.value().attr("type") == Some("submit"));
        if buttons.count() != 1 {
            faults.push(format!("form to {action} has not exactly one button"));
        }
    }
    for button in page.all("button:not([type])") {
        faults.push(format!("button « {} » has no type", text(button)));
    }
    for link in page.all(".bilan a") {
        let href = link.value().attr("href").unwrap_or_default();
        if !href.strip_prefix('#').is_some_and(|id| page.has_id(id)) {
            faults.push(format!("the summary points at {href}, which is not there"));
        }
    }
}

fn addresses(page: &Checked, faults: &mut Vec<String>) {
    for (element, name, value) in page.attributes() {
        let loaded = matches!(element.value().name(), "link" | "script" | "img");
        let known = match name {
            "action" | "src" => is_ours(value),
            "href" if loaded => is_ours(value),
            "href" => {
                is_ours(value)
                    || FOREIGN.contains(&value)
                    || value.starts_with("mailto:")
                    || value.starts_with("tel:")
                    || value.strip_prefix('#').is_some_and(|id| page.has_id(id))
            }
            "target" | "ping" | "srcset" => false,
            _ => true,
        };
        if !known {
            faults.push(format!("{name}={value} is not declared"));
        }
    }
    for link in page.all("a") {
        if text(link).is_empty() {
            faults.push(format!("a link to {:?} has no text", link.value().attr("href")));
        }
    }
}

fn is_ours(address: &str) -> bool {
    address == "/" || OURS.iter().any(|start| address.starts_with(start))
}

/// The content security policy forbids it, and so does this test.
fn nothing_inline(page: &Checked, faults: &mut Vec<String>) {
    for (_, name, value) in page.attributes() {
        if name == "style" || name.starts_with("on") || value.trim_start().starts_with("javascript:") {
            faults.push(format!("{name}={value} stands inline"));
        }
    }
    for element in page.all("style, iframe, object, embed, base, meta[http-equiv]") {
        faults.push(format!("<{}> is there", element.value().name()));
    }
    for script in page.all("script") {
        if script.value().attr("src").is_none() || !text(script).is_empty() {
            faults.push("a script stands inline".to_owned());
        }
    }
}

fn pictures(page: &Checked, faults: &mut Vec<String>) {
    for picture in page.all("img:not([alt])") {
        faults.push(format!("{:?} has no alternative", picture.value().attr("src")));
    }
    for drawing in page.all("svg:not([aria-hidden=true])") {
        faults.push(format!(
            "a drawing is told to readers: {:?}",
            drawing.value().classes().next()
        ));
    }
}
