//! Pages keep to the content security policy: no inline script, no inline style. Mails are another matter.

use super::tree::{File, Tree};

pub(super) fn inline(tree: &Tree) -> Vec<String> {
    tree.files
        .iter()
        .filter(|file| is_page(file))
        .flat_map(|file| {
            file.lines()
                .filter_map(move |(number, line)| Some((file, number, wrong(line)?)))
        })
        .map(|(file, number, what)| format!("{}:{number}: {what}", file.path))
        .collect()
}

fn is_page(file: &File) -> bool {
    let place = file.path.as_str();
    let with_templates = place.starts_with("templates/") || place.starts_with("crates/sandbox/pages/");
    file.is("html") && with_templates && !place.starts_with("templates/mails/")
}

fn wrong(line: &str) -> Option<&'static str> {
    let line = line.to_lowercase();
    let script = line.split("<script").skip(1).any(|rest| {
        let tag = rest.split('>').next().unwrap_or_default();
        !tag.contains(" src=")
    });
    if script {
        return Some("an inline script");
    }
    if line.contains("<style") || line.contains(" style=") {
        return Some("an inline style");
    }
    if line.contains("javascript:") || has_handler(&line) {
        return Some("a script in an attribute");
    }
    None
}

/// `onclick="…"` and its kin.
fn has_handler(line: &str) -> bool {
    line.split(" on").skip(1).any(|rest| {
        let name: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        name.len() > 3 && rest[name.len()..].starts_with("=\"")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_code_is_found_and_words_are_not() {
        for bad in [
            "<script>go()</script>",
            "<p STYLE=\"x\">",
            "<style>",
            "<a onclick=\"go()\">",
            "<a href=\"javascript:go()\">",
        ] {
            assert_eq!(
                inline(&Tree::of(&[("templates/pages/a.html", bad)])).len(),
                1,
                "{bad}"
            );
            assert!(inline(&Tree::of(&[("templates/mails/a/body.html", bad)])).is_empty());
        }
        for good in [
            "<script src=\"/a.js\" defer></script>",
            "<p>on a dit « on » : onze</p>",
            "<td data-onset=\"1\">",
        ] {
            assert!(
                inline(&Tree::of(&[("templates/pages/a.html", good)])).is_empty(),
                "{good}"
            );
        }
    }
}
