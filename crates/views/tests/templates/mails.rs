//! What every mail keeps to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use dn_views::{Views, table};

use crate::page::{Checked, fold, text};
use crate::typography::wrong;

/// Longest subject, in characters: more is cut off in lists of mails.
const MAX_SUBJECT: usize = 90;

#[test]
fn every_mail_keeps_the_rules() {
    let views = Views::new().unwrap();
    for entry in table::MAILS {
        let samples = (entry.samples)(&views).unwrap();
        assert!(!samples.is_empty(), "{} has no sample", entry.folder);
        for (name, mail) in samples {
            assert!(
                mail.subject.starts_with("Départements & Notaires\u{a0}: "),
                "{name}"
            );
            let about = ["69-2026-000042", "office 69001"];
            assert!(about.iter().any(|id| mail.subject.contains(id)), "{name}");
            assert!(
                !mail.subject.contains('\n') && mail.subject.chars().count() <= MAX_SUBJECT,
                "{name}"
            );
            assert_eq!(mail.text.matches("https://").count(), 1, "{name}: one link");
            for part in [&mail.subject, &fold(&mail.text)] {
                assert_eq!(wrong(part), Vec::<String>::new(), "{name}");
            }
            assert!(!mail.text.contains("\n\n\n"), "{name}: {}", mail.text);

            let html = Checked::new(&mail.html);
            assert_eq!(html.attribute("html", "lang"), Some("fr"), "{name}");
            let links = html.all("a");
            assert_eq!(links.len(), 1, "{name}");
            assert!(
                mail.text.contains(links[0].value().attr("href").unwrap()),
                "{name}"
            );
            assert!(
                html.all("img, script, style, link, form, [style]").is_empty(),
                "{name}"
            );
            let read = text(html.all("body")[0]);
            assert_eq!(wrong(&read), Vec::<String>::new(), "{name}");
        }
    }
}

#[test]
fn every_folder_of_a_mail_is_in_the_table_and_whole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/mails");
    let mut folders = BTreeSet::new();
    for entry in fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        for part in ["subject.txt", "body.txt", "body.html"] {
            assert!(folder.join(part).is_file(), "{}", folder.display());
        }
        folders.insert(folder.file_name().unwrap().to_str().unwrap().to_owned());
    }
    let table: BTreeSet<String> = table::MAILS.iter().map(|entry| entry.folder.to_owned()).collect();
    assert_eq!(folders, table);
}
