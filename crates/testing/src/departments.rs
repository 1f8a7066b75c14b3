//! The départements of a test: two, each with a register that can give every outcome.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

/// A département of a test.
#[derive(Debug, Clone, Copy)]
pub struct TestDepartment {
    /// `rhone`.
    pub slug: &'static str,
    /// `Rhône`.
    pub name: &'static str,
    /// `69`.
    pub insee_code: &'static str,
    /// Establishment whose agents may log in.
    pub siret: &'static str,
    /// Accent colour.
    pub accent: &'static str,
    /// What it claims back of the first person of its register, as the file writes it.
    pub claim: &'static str,
}

/// The départements of every test.
pub const DEPARTMENTS: [TestDepartment; 2] = [
    TestDepartment {
        slug: "rhone",
        name: "Rhône",
        insee_code: "69",
        siret: "99000069500017",
        accent: "#0b4f8a",
        claim: CLAIM,
    },
    TestDepartment {
        slug: "isere",
        name: "Isère",
        insee_code: "38",
        siret: "99000038000016",
        accent: "#7a1f3d",
        claim: CLAIM,
    },
];

/// What is claimed in the two départements of every test.
const CLAIM: &str = "12345,67";

/// The register, the same people in each département.
const REGISTER: &str = "\
identifiant;sexe;nom_naissance;nom_usage;prenoms;date_naissance;commune_naissance;date_deces;aide;recuperable;date_debut;date_fin;montant;indu;territoire
R1;F;LEFÈVRE;MARTINEAU;Odette Marie;02/01/1931;Lyon;;ASH-PA;oui;01/01/2020;31/03/2026;12345,67;;
R2;M;GARNIER;;Émile Jean;15/06/1928;Grenoble;;APA-DOMICILE;;01/01/2021;31/08/2026;;250,00;
R3;F;BOYER;;Suzanne;23/11/1934;Vienne;;APA-ETABLISSEMENT;;01/01/2019;01/02/2026;;non;
R4;M;PERRIN;;Jean Paul;04/05/1940;Bron;;ASH-PA;oui;01/01/2022;01/02/2026;;;
R5;M;PERRIN;;Jean Luc;04/05/1940;Bron;;ASH-PA;oui;01/01/2022;01/02/2026;;;
";

impl TestDepartment {
    /// Writes `tenant.toml` and `letterhead/` below `root`; returns the folder.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, root: &Path) -> Result<PathBuf> {
        let folder = root.join(self.slug);
        fs::create_dir_all(folder.join("letterhead"))?;
        fs::write(folder.join("tenant.toml"), self.settings())?;
        fs::write(folder.join("letterhead/logo.svg"), self.logo())?;
        fs::write(folder.join("registre.csv"), REGISTER.replace(CLAIM, self.claim))?;
        Ok(folder)
    }

    /// E-mail of the administrator named in `tenant.toml`.
    pub fn administrator(&self) -> String {
        format!("admin@{}.example", self.slug)
    }

    fn settings(&self) -> String {
        let Self {
            slug,
            name,
            insee_code,
            siret,
            accent,
            ..
        } = self;
        format!(
            r#"
[identity]
name = "{name}"
official_name = "Département {name}"
insee_code = "{insee_code}"
sirets = ["{siret}"]

[contact]
service = ["Direction de l’autonomie", "Service des récupérations"]
address = ["1 place de l’Exemple", "{insee_code}990 SPÉCIMEN CEDEX"]
telephone = "04 65 71 00 {insee_code}"
email = "recuperations@{slug}.example"

[recovery]
mailbox = "creances@{slug}.example"
officer = "Mme Hélène Montclar"

[letterhead]
logo = "logo.svg"
accent = "{accent}"
place = "{name}"
footer = "Département {name} – 1 place de l’Exemple"
specimen = true

[letterhead.signatory]
name = "Claire Aubernon"
capacity = ["Pour le Président et par délégation", "La directrice de l’autonomie"]

[[administrators]]
email = "admin@{slug}.example"
name = "Anne Vasselin"
"#
        )
    }

    fn logo(&self) -> String {
        let accent = self.accent;
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="160" height="60" viewBox="0 0 160 60"><rect width="160" height="60" rx="6" fill="{accent}"/></svg>"#
        )
    }
}
