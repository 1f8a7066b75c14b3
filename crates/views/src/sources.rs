//! The templates, embedded in the program.

/// Name and source of a file under `templates/`.
macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../templates/", $name)))
    };
}

/// Every template.
pub(crate) const TEMPLATES: &[(&str, &str)] = &[
    template!("components/answer.html"),
    template!("components/contact.html"),
    template!("components/footer.html"),
    template!("components/form.html"),
    template!("components/header.html"),
    template!("components/layout.html"),
    template!("components/mail.html"),
    template!("components/outcome.html"),
    template!("mails/alert/body.html"),
    template!("mails/alert/body.txt"),
    template!("mails/alert/subject.txt"),
    template!("mails/answer_ready/body.html"),
    template!("mails/answer_ready/body.txt"),
    template!("mails/answer_ready/subject.txt"),
    template!("mails/service_notice/body.html"),
    template!("mails/service_notice/body.txt"),
    template!("mails/service_notice/subject.txt"),
    template!("pages/accessibility.html"),
    template!("pages/answer.html"),
    template!("pages/error.html"),
    template!("pages/history.html"),
    template!("pages/home.html"),
    template!("pages/inquiry.html"),
    template!("pages/journal.html"),
    template!("pages/legal_notice.html"),
    template!("pages/limit.html"),
    template!("pages/login_error.html"),
    template!("pages/privacy.html"),
    template!("pages/providers.html"),
    template!("pages/staff.html"),
    template!("pages/staff_departments.html"),
    template!("pages/terms.html"),
    template!("pages/verification.html"),
    template!("pages/verification_result.html"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn files(folder: &Path, root: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, root, found);
            } else {
                found.insert(path.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
            }
        }
    }

    #[test]
    fn every_template_is_embedded() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates");
        let mut found = BTreeSet::new();
        for folder in ["components", "mails", "pages"] {
            files(&root.join(folder), &root, &mut found);
        }
        let embedded: BTreeSet<String> = TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(found, embedded);
    }
}
