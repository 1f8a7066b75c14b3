//! Notaries and their collaborators.

use chrono::{DateTime, Utc};
use db::{Actor, NewOffice, NotaryLogin, NotaryRow, PlatformTx};
use domain::{Action, Crpcen, NotaryId, OfficeId, clean_line};
use serde_json::json;
use uuid::Uuid;

use super::NotaryLoginError;
use crate::audit::{detailed, entry};
use crate::identity::{LoginClaims, NotaryIdentity};
use crate::{App, AppError};

const LONGEST_NAME: usize = 120;
const LONGEST_LINE: usize = 100;
const MOST_LINES: usize = 6;

pub(super) async fn login(
    app: &App,
    claims: &LoginClaims,
    now: DateTime<Utc>,
) -> Result<NotaryIdentity, NotaryLoginError> {
    let (office, email) = match office(claims).and_then(|office| Ok((office, email(claims)?))) {
        Ok(known) => known,
        Err(refusal) => {
            app.login_refused(&claims.provider, refusal.code(), now).await?;
            return Err(refusal);
        }
    };
    let name = name(claims, &email);
    let mut tx = app.db().platform().await.map_err(AppError::from)?;
    let stored = async {
        let office = tx.offices().upsert(&office).await?;
        let login = NotaryLogin {
            id: NotaryId(Uuid::now_v7()),
            provider: claims.provider.clone(),
            subject: claims.subject.clone(),
            name,
            email,
            office: office.id,
            at: now,
        };
        let row = tx.notaries().login(&login).await?;
        let identity = with_terms(app, &mut tx, row).await?;
        let logged_in = entry(
            Actor::Notary(identity.notary),
            Action::NotaryLoggedIn,
            identity.office,
            now,
        );
        tx.audit()
            .record(detailed(logged_in, json!({ "provider": claims.provider })));
        tx.save().await?;
        Ok::<_, AppError>(identity)
    };
    let identity = stored.await?;
    tracing::info!(notary = %identity.notary, provider = claims.provider, "notary logged in");
    Ok(identity)
}

pub(super) async fn identity(app: &App, id: NotaryId) -> Result<Option<NotaryIdentity>, AppError> {
    let found = app.db().reads().notary(id, app.terms_version()).await?;
    Ok(found.map(|(row, terms_accepted)| of_row(row, terms_accepted)))
}

async fn with_terms(app: &App, tx: &mut PlatformTx, row: NotaryRow) -> Result<NotaryIdentity, AppError> {
    let accepted = tx.terms().accepted(row.id, app.terms_version()).await?;
    Ok(of_row(row, accepted.is_some()))
}

fn of_row(row: NotaryRow, terms_accepted: bool) -> NotaryIdentity {
    NotaryIdentity {
        notary: row.id,
        office: row.office.id,
        name: row.name,
        email: row.email,
        office_name: row.office.name,
        crpcen: row.office.crpcen,
        office_address: row.office.address,
        terms_accepted,
    }
}

fn office(claims: &LoginClaims) -> Result<NewOffice, NotaryLoginError> {
    let code = claims.office.crpcen.as_deref().map(str::trim).unwrap_or_default();
    let crpcen: Crpcen = code.parse().map_err(|_| NotaryLoginError::OfficeMissing)?;
    let given = claims
        .office
        .name
        .as_deref()
        .and_then(|name| clean_line(name, LONGEST_NAME).ok());
    let address = claims
        .office
        .address
        .iter()
        .filter_map(|line| clean_line(line, LONGEST_LINE).ok());
    Ok(NewOffice {
        id: OfficeId(Uuid::now_v7()),
        name: given,
        crpcen,
        address: address.take(MOST_LINES).collect(),
    })
}

fn email(claims: &LoginClaims) -> Result<String, NotaryLoginError> {
    let email = claims.email.as_deref().map(str::trim).unwrap_or_default();
    match email.parse::<lettre::Address>() {
        Ok(_) => Ok(email.to_owned()),
        Err(_) => Err(NotaryLoginError::EmailMissing),
    }
}

/// Given and family name; the local part of the e-mail where the provider tells neither.
fn name(claims: &LoginClaims, email: &str) -> String {
    let parts = [claims.given_name.as_deref(), claims.family_name.as_deref()];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let local = email.split('@').next().unwrap_or_default();
    clean_line(&name, LONGEST_NAME).unwrap_or_else(|_| local.to_owned())
}
