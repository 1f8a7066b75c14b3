//! Renders every sample of every page and mail and holds them to what look.md and WCAG ask of any page.

mod mails;
#[cfg(test)]
mod page;
mod rules;
mod typography;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dn_views::forms::{FieldErrors, InquiryForm};
use dn_views::pages::InquiryFormPage;
use dn_views::{Layout, Views, table};

use crate::page::Checked;

#[test]
fn every_page_keeps_the_rules() {
    let views = Views::new().unwrap();
    let mut names = BTreeSet::new();
    let mut faults = Vec::new();
    for entry in table::PAGES {
        let samples = (entry.samples)(&views).unwrap();
        assert!(!samples.is_empty(), "{} has no sample", entry.template);
        for (name, html) in samples {
            assert!(names.insert(name), "two samples are named {name}");
            let page = Checked::new(&html);
            faults.extend(
                rules::faults(&page)
                    .into_iter()
                    .map(|fault| format!("{name}: {fault}")),
            );
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
fn every_template_of_a_page_is_in_the_table() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/pages");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| format!("pages/{}", entry.unwrap().file_name().to_str().unwrap()))
        .collect();
    let table: BTreeSet<String> = table::PAGES
        .iter()
        .map(|entry| entry.template.to_owned())
        .collect();
    assert_eq!(files, table);
}

#[test]
fn what_was_typed_stays_text() {
    let nasty = r#""><script>alert('x')</script>{{ 7 * 7 }}&amp;"#.to_owned();
    let form = InquiryForm {
        nom_naissance: nasty.clone(),
        reference: nasty.clone(),
        deces_lieu: nasty.clone(),
        ..InquiryForm::default()
    };
    let mut errors = FieldErrors::new();
    errors.push("reference", &nasty);
    let page = InquiryFormPage {
        form,
        errors,
        departments: vec![dn_views::pages::DepartmentChoice {
            slug: "rhone".parse().unwrap(),
            name: nasty.clone(),
            insee_code: "69".parse().unwrap(),
        }],
    };
    let html = Views::new().unwrap().render(&Layout::default(), &page).unwrap();
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("49&amp;"));
    let page = Checked::new(&html);
    assert_eq!(page.attribute("#reference", "value"), Some(nasty.as_str()));
    assert_eq!(page.attribute("#nom_naissance", "value"), Some(nasty.as_str()));
}
