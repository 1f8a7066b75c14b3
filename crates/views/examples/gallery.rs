//! Writes every sample page and mail as files under `target/gallery`, to be looked at in a browser:
//! `cargo run -p dn-views --example gallery`, then serve that folder at the root of an address.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use dn_views::{Views, department_css, static_files, table};

/// Colours of the sample départements: one legible, one dark, one much too pale.
const ACCENTS: [(&str, &str); 3] = [("rhone", "#b3261e"), ("isere", "#1d4f91"), ("nord", "#f2c200")];

fn main() -> Result<(), Box<dyn Error>> {
    let gallery = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/gallery");
    if gallery.exists() {
        fs::remove_dir_all(&gallery)?;
    }
    let views = Views::new()?;
    let mut names = Vec::new();
    for entry in table::PAGES {
        for (name, html) in (entry.samples)(&views)? {
            write(gallery.join(format!("{name}.html")), html)?;
            names.push(name);
        }
    }
    for entry in table::MAILS {
        for (name, mail) in (entry.samples)(&views)? {
            write(gallery.join(format!("{name}.html")), mail.html)?;
            write(
                gallery.join(format!("{name}.txt")),
                format!("Objet : {}\n\n{}", mail.subject, mail.text),
            )?;
            names.push(name);
        }
    }
    for file in static_files() {
        write(gallery.join(file.url().trim_start_matches('/')), &file.bytes)?;
    }
    for (slug, accent) in ACCENTS {
        let folder = gallery.join("departements").join(slug);
        write(
            folder.join("couleurs-4.css"),
            department_css(&slug.parse()?, accent)?,
        )?;
        write(folder.join("logo-4"), logo(accent))?;
    }
    write(gallery.join("pages.txt"), names.join("\n"))?;
    Ok(())
}

fn write(path: PathBuf, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, bytes)
}

fn logo(colour: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"120\" height=\"48\" viewBox=\"0 0 120 48\">\
         <rect width=\"48\" height=\"48\" fill=\"{colour}\"/><circle cx=\"24\" cy=\"24\" r=\"12\" fill=\"#fff\"/>\
         <rect x=\"60\" y=\"14\" width=\"60\" height=\"6\"/><rect x=\"60\" y=\"28\" width=\"40\" height=\"6\"/></svg>"
    )
}
