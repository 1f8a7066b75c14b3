//! Reads the form of an inquiry, field by field, and keeps every error.

use std::fmt::Display;

use chrono::{Datelike, NaiveDate};
use domain::{
    DateError, Decedent, DepartmentSlug, FamilyName, FileReference, GivenNames, PartialDate, Place, Sex,
};

use super::{FieldErrors, InquiryForm, ParsedInquiry, dates};

/// Fields in the order of the page, which is that of the errors.
const FIELDS: [&str; 12] = [
    "departements",
    "nom_naissance",
    "nom_usage",
    "prenoms",
    "sexe",
    "naissance_date",
    "naissance_lieu",
    "deces_date",
    "deces_lieu",
    "acte_date",
    "reference",
    "attestation",
];

/// Oldest age at death taken, in years: beyond it, a year was mistyped.
const MAX_AGE: i32 = 120;

/// Most départements in one form: there are 101 in France, and a few collectivities like them.
const MAX_DEPARTMENTS: usize = 120;

pub(super) struct Reader<'a> {
    form: &'a InquiryForm,
    today: NaiveDate,
    errors: FieldErrors,
}

impl<'a> Reader<'a> {
    pub(super) fn new(form: &'a InquiryForm, today: NaiveDate) -> Self {
        Self {
            form,
            today,
            errors: FieldErrors::new(),
        }
    }

    pub(super) fn read(mut self) -> Result<ParsedInquiry, FieldErrors> {
        let form = self.form;
        let departments = self.departments();
        let birth_name = self.optional(
            "nom_naissance",
            "Nom de naissance",
            &form.nom_naissance,
            FamilyName::parse,
        );
        let usage_name = self.optional("nom_usage", "Nom d’usage", &form.nom_usage, FamilyName::parse);
        self.require_a_name();
        let given_names = self.given_names();
        let sex = self.sex();
        let birth_date = self.birth_date();
        let birth_place = self.optional(
            "naissance_lieu",
            "Lieu de naissance",
            &form.naissance_lieu,
            Place::parse,
        );
        let death_date = self.death_date();
        let death_place = self.optional("deces_lieu", "Lieu du décès", &form.deces_lieu, Place::parse);
        let death_certificate_date = self.certificate_date();
        let file_reference = self.optional(
            "reference",
            "Votre référence",
            &form.reference,
            FileReference::parse,
        );
        self.require_attestation();
        self.compare(birth_date, death_date, death_certificate_date);
        match (given_names, birth_date, death_date) {
            (Some(given_names), Some(birth_date), Some(death_date)) if self.errors.is_empty() => {
                let decedent = Decedent {
                    birth_name,
                    usage_name,
                    given_names,
                    sex,
                    birth_date,
                    birth_place,
                    death_date,
                    death_place,
                    death_certificate_date,
                };
                Ok(ParsedInquiry {
                    departments,
                    decedent,
                    file_reference,
                })
            }
            _ => {
                self.errors.sort_by_field(&FIELDS);
                Err(self.errors)
            }
        }
    }

    fn departments(&mut self) -> Vec<DepartmentSlug> {
        let mut departments: Vec<DepartmentSlug> = Vec::new();
        for text in self.form.departements.iter().take(MAX_DEPARTMENTS) {
            match text.parse() {
                Ok(slug) if departments.contains(&slug) => {}
                Ok(slug) => departments.push(slug),
                Err(_) => {
                    self.errors
                        .push("departements", "Choisissez les départements dans la liste.");
                    return departments;
                }
            }
        }
        if departments.is_empty() {
            self.errors
                .push("departements", "Cochez au moins un département.");
        }
        departments
    }

    fn require_a_name(&mut self) {
        if blank(&self.form.nom_naissance) && blank(&self.form.nom_usage) {
            self.errors.push(
                "nom_naissance",
                "Indiquez le nom de naissance ou, à défaut, le nom d’usage.",
            );
        }
    }

    fn given_names(&mut self) -> Option<GivenNames> {
        if blank(&self.form.prenoms) {
            self.errors
                .push("prenoms", "Indiquez au moins le premier prénom de l’état civil.");
        }
        self.optional("prenoms", "Prénoms", &self.form.prenoms, GivenNames::parse)
    }

    fn sex(&mut self) -> Option<Sex> {
        let sex = Sex::parse(&self.form.sexe);
        if sex.is_none() && !blank(&self.form.sexe) {
            self.errors
                .push("sexe", "Choisissez « Femme » ou « Homme », ou « Non précisé ».");
        }
        sex
    }

    fn birth_date(&mut self) -> Option<PartialDate> {
        if blank(&self.form.naissance_date) {
            self.errors.push(
                "naissance_date",
                "Indiquez la date de naissance, par exemple 23/11/1931 ; si le jour est inconnu, 00/11/1931.",
            );
        }
        let today = self.today;
        self.optional(
            "naissance_date",
            "Date de naissance",
            &self.form.naissance_date,
            |text| {
                let date = dates::partial(text)?;
                if date.earliest() > today {
                    return Err(DateError::Future);
                }
                Ok(date)
            },
        )
    }

    fn death_date(&mut self) -> Option<NaiveDate> {
        if blank(&self.form.deces_date) {
            self.errors
                .push("deces_date", "Indiquez la date du décès, par exemple 04/09/2026.");
        }
        self.past_date("deces_date", "Date du décès", &self.form.deces_date)
    }

    fn certificate_date(&mut self) -> Option<NaiveDate> {
        self.past_date("acte_date", "Date de l’acte de décès", &self.form.acte_date)
    }

    fn require_attestation(&mut self) {
        if self.form.attestation != "oui" {
            self.errors.push(
                "attestation",
                "Cochez la case pour attester que l’office est chargé de la succession.",
            );
        }
    }

    /// What each date says alone may still not go together.
    fn compare(
        &mut self,
        birth: Option<PartialDate>,
        death: Option<NaiveDate>,
        certificate: Option<NaiveDate>,
    ) {
        let Some(death) = death else { return };
        if let Some(birth) = birth {
            let age = age(birth, death);
            if birth.earliest() > death {
                self.errors.push(
                    "naissance_date",
                    "La date de naissance vient après la date du décès : vérifiez les deux dates.",
                );
            } else if age > MAX_AGE {
                self.errors.push(
                    "naissance_date",
                    format!(
                        "D’après ces dates, la personne serait décédée à {age} ans : vérifiez l’année de naissance et celle du décès."
                    ),
                );
            }
        }
        if certificate.is_some_and(|certificate| certificate < death) {
            self.errors.push(
                "acte_date",
                "L’acte de décès ne peut pas être daté d’avant le décès : vérifiez les deux dates.",
            );
        }
    }

    fn past_date(&mut self, field: &'static str, label: &str, text: &str) -> Option<NaiveDate> {
        let today = self.today;
        self.optional(field, label, text, |text| {
            let date = dates::full(text)?;
            if date > today {
                Err(DateError::Future)
            } else {
                Ok(date)
            }
        })
    }

    /// A field that may stay empty.
    fn optional<T, E: Display>(
        &mut self,
        field: &'static str,
        label: &str,
        text: &str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if blank(text) {
            return None;
        }
        parse(text)
            .map_err(|error| self.errors.push(field, format!("{label} : {error}.")))
            .ok()
    }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Whole years lived; at least so many when day or month of birth is unknown.
fn age(birth: PartialDate, death: NaiveDate) -> i32 {
    match birth.full() {
        Some(birth) => {
            let before = (death.month(), death.day()) < (birth.month(), birth.day());
            death.year() - birth.year() - i32::from(before)
        }
        None => death.year() - birth.year() - 1,
    }
}
