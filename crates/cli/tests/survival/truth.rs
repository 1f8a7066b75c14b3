//! What must be true of every inquiry that was taken, whatever happened meanwhile.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use sandbox::Browser;
use sha2::{Digest, Sha256};

use crate::ground::Ground;

/// Départements of the tests.
const DEPARTMENTS: [&str; 2] = ["rhone", "isere"];

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    /// Inquiries that were taken.
    pub(crate) inquiries: usize,
    /// Letters fetched, each with the SHA-256 that was recorded.
    pub(crate) letters: usize,
    /// Mails sent: Message-IDs, to the notary and to the service.
    pub(crate) mails: usize,
    /// Deliveries beyond the first of a Message-ID.
    pub(crate) repeated: usize,
}

impl Ground {
    /// Looks at everything: each form asked each of its départements once, has one decision, one letter that can be
    /// fetched and is the one recorded, one mail; each is once in the audit trail; nothing is left to do.
    pub(crate) async fn check(&self, notary: &Browser, forms: &[(String, &[&str])]) -> Result<Truth> {
        self.until_done().await?;
        let mut truth = Truth::default();
        for department in DEPARTMENTS {
            self.check_tables(department).await?;
            for line in self.letters_of(department).await? {
                let [submission, inquiry, sha256] = &line[..] else {
                    anyhow::bail!("{line:?}")
                };
                let path = format!("/demandes/{submission}/{inquiry}/courrier");
                let file = notary.get(self.site.at(&path)).await?;
                ensure!(file.status == 200, "{path}: {} {}", file.status, file.html());
                let found = data_encoding::HEXLOWER.encode(&Sha256::digest(&file.body));
                ensure!(found == *sha256, "{path}: {found} is not {sha256}");
                truth.letters += 1;
            }
            self.check_mails(department, &mut truth).await?;
        }
        self.check_forms(forms, &mut truth).await?;
        ensure!(truth.letters == truth.inquiries, "{truth:?}");
        let deliveries = self.mails.mails().len();
        ensure!(
            deliveries == truth.mails + truth.repeated,
            "{deliveries} deliveries, {truth:?}"
        );
        Ok(truth)
    }

    /// Nothing twice, nothing missing, nothing half.
    async fn check_tables(&self, department: &str) -> Result<()> {
        let schema = format!("tenant_{department}");
        let once = [
            ("decision", "inquiry_id", "inquiry"),
            ("letter", "inquiry_id", "inquiry"),
            ("mail", "letter_id", "letter"),
        ];
        for (table, column, of) in once {
            let wrong = format!(
                "select count(*) from (select o.id from {schema}.{of} o left join {schema}.{table} t on t.{column} = o.id
                 group by o.id having count(t.id) <> 1) wrong"
            );
            ensure!(
                self.sql(&wrong).await? == "0",
                "{department}: not one {table} for each {of}"
            );
        }
        let open = format!(
            "select (select count(*) from {schema}.letter where issued_at is null)
                  + (select count(*) from {schema}.mail where sent_at is null)"
        );
        ensure!(
            self.sql(&open).await? == "0",
            "{department}: something is still to go"
        );
        for (action, table) in [
            ("inquiry.asked", "inquiry"),
            ("letter.issued", "letter"),
            ("mail.sent", "mail"),
        ] {
            let wrong = format!(
                "select (select count(*) from {schema}.audit where action = '{action}')
                      - (select count(*) from {schema}.{table})"
            );
            ensure!(
                self.sql(&wrong).await? == "0",
                "{department}: {action} is not once for each"
            );
        }
        Ok(())
    }

    /// Form, inquiry and SHA-256 of each letter.
    async fn letters_of(&self, department: &str) -> Result<Vec<Vec<String>>> {
        let schema = format!("tenant_{department}");
        let found = self
            .sql(&format!(
                "select i.submission_id, i.id, encode(l.sha256, 'hex') from {schema}.inquiry i
                 join {schema}.letter l on l.inquiry_id = i.id"
            ))
            .await?;
        let cells = |line: &str| line.split('|').map(str::to_owned).collect();
        Ok(found.lines().map(cells).collect())
    }

    /// The forms that were answered are those there are, each in the départements it asked.
    async fn check_forms(&self, forms: &[(String, &[&str])], truth: &mut Truth) -> Result<()> {
        let mut asked: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let mut all = Vec::new();
        for department in DEPARTMENTS {
            let found = self
                .sql(&format!("select submission_id from tenant_{department}.inquiry"))
                .await?;
            all.extend(found.lines().map(|id| (id.to_owned(), department)));
        }
        for (id, department) in &all {
            asked.entry(id).or_default().push(department);
        }
        truth.inquiries = all.len();
        for (id, departments) in forms {
            let mut departments = departments.to_vec();
            departments.sort_by_key(|slug| DEPARTMENTS.iter().position(|known| known == slug));
            let found = asked
                .remove(id.as_str())
                .with_context(|| format!("the form {id} is lost"))?;
            ensure!(
                found == departments,
                "the form {id} asked {found:?}, not {departments:?}"
            );
        }
        ensure!(asked.is_empty(), "nobody sent these: {asked:?}");
        let index = self.sql("select count(*) from platform.inquiry_index").await?;
        ensure!(
            index == all.len().to_string(),
            "« Mes demandes » has {index} of {}",
            all.len()
        );
        Ok(())
    }

    /// Every mail that was written has come, under its one Message-ID.
    async fn check_mails(&self, department: &str, truth: &mut Truth) -> Result<()> {
        let caught = self.mails.mails();
        let written = self
            .sql(&format!("select id from tenant_{department}.mail"))
            .await?;
        for mail in written.lines() {
            let id = format!("{mail}@exemple.fr");
            let came = caught
                .iter()
                .filter(|mail| mail.message_id.as_deref() == Some(&id))
                .count();
            ensure!(came > 0, "the mail {id} never came");
            truth.mails += 1;
            truth.repeated += came - 1;
        }
        Ok(())
    }
}
