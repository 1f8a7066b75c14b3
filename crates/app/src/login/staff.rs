//! Staff of the départements: named by e-mail first, linked to an account at the first login.

use chrono::{DateTime, Utc};
use db::StaffRow;

use super::StaffLoginError;
use crate::audit::by_staff;
use crate::identity::{LoginClaims, StaffIdentity, StaffLinking, StaffTrust, siret_of};
use crate::{App, AppError};

pub(super) async fn login(
    app: &App,
    claims: &LoginClaims,
    trust: &StaffTrust,
    now: DateTime<Utc>,
) -> Result<Vec<StaffIdentity>, StaffLoginError> {
    let refusal = link(app, claims, trust, now).await?;
    let mut tx = app.db().platform().await.map_err(AppError::from)?;
    let rows = tx.staff().by_account(&claims.provider, &claims.subject).await;
    let mut rows = rows.map_err(AppError::from)?;
    drop(tx);
    rows.retain(|row| trust.covers(&row.department));
    if rows.is_empty() {
        return Err(refusal.unwrap_or(StaffLoginError::Unknown));
    }
    let mut members = Vec::new();
    let mut suspended = None;
    for row in rows {
        match note(app, &row, now).await {
            Ok(()) => members.push(StaffIdentity::from(row)),
            Err(error @ AppError::Suspended(_)) => suspended = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    match suspended {
        Some(error) if members.is_empty() => Err(error.into()),
        _ => Ok(members),
    }
}

/// Links the account to whoever is named by its e-mail, if the provider's word is enough. Says why it was not.
async fn link(
    app: &App,
    claims: &LoginClaims,
    trust: &StaffTrust,
    now: DateTime<Utc>,
) -> Result<Option<StaffLoginError>, AppError> {
    let email = claims.email.as_deref().map(str::trim).unwrap_or_default();
    if email.is_empty() {
        return Ok(None);
    }
    let mut refusal = None;
    let mut tx = app.db().platform().await?;
    for row in tx.staff().by_email(email).await? {
        let department = app.department_of(&row.department).await?;
        let (provider, subject) = (&claims.provider, &claims.subject);
        let vouched = trust.covers(&row.department) && vouches(claims, &trust.linking, &department.sirets);
        let linked = match &row.account {
            Some((known, same)) if (known, same) == (provider, subject) => continue,
            // `sub` changes when the provider behind ProConnect does: the same proof as at first links the new one.
            Some((known, _)) if known == provider && vouched => {
                tx.staff().relink(row.id, provider, subject, now).await?
            }
            Some(_) => {
                refusal = Some(StaffLoginError::LinkedElsewhere);
                continue;
            }
            None if vouched => tx.staff().link(row.id, provider, subject, now).await?,
            None => {
                refusal = Some(StaffLoginError::NotVouchedFor);
                continue;
            }
        };
        if linked {
            tracing::info!(staff = %row.id, tenant = %row.department, again = row.account.is_some(), "staff linked to an account");
        }
    }
    tx.save().await?;
    Ok(refusal)
}

fn vouches(claims: &LoginClaims, linking: &StaffLinking, sirets: &[domain::Siret]) -> bool {
    match linking {
        StaffLinking::VerifiedEmail => claims.email_verified,
        StaffLinking::SiretAndRole { roles } => {
            let siret = claims.siret.as_deref().and_then(siret_of);
            let known = siret.is_some_and(|siret| sirets.contains(&siret));
            known && (roles.is_empty() || roles.iter().any(|role| claims.roles.contains(role)))
        }
    }
}

/// Notes the login with the person and in the département's audit trail.
async fn note(app: &App, row: &StaffRow, now: DateTime<Utc>) -> Result<(), AppError> {
    let mut tx = app.db().tenant(&row.department).await?;
    let entry = by_staff(row.id, &row.roles, "staff.logged_in", row.id, now);
    tx.audit().record(&entry).await?;
    tx.save().await?;
    let mut tx = app.db().platform().await?;
    tx.staff().seen(row.id, now).await?;
    Ok(tx.save().await?)
}

impl From<StaffRow> for StaffIdentity {
    fn from(row: StaffRow) -> Self {
        Self {
            staff: row.id,
            department: row.department,
            name: row.name,
            email: row.email,
            roles: row.roles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> LoginClaims {
        LoginClaims {
            siret: Some("130 025 265 00013".into()),
            roles: vec!["agent_public_territorial".into()],
            ..LoginClaims::default()
        }
    }

    #[test]
    fn an_unverified_email_vouches_for_nobody() {
        assert!(!vouches(&claims(), &StaffLinking::VerifiedEmail, &[]));
        let verified = LoginClaims {
            email_verified: true,
            ..claims()
        };
        assert!(vouches(&verified, &StaffLinking::VerifiedEmail, &[]));
    }

    #[test]
    fn siret_and_role_must_both_be_there() {
        let own = ["13002526500013".parse().unwrap()];
        let linking = |role: &str| StaffLinking::SiretAndRole {
            roles: vec![role.to_owned()],
        };
        assert!(vouches(&claims(), &linking("agent_public_territorial"), &own));
        assert!(!vouches(&claims(), &linking("agent_public_hospitalier"), &own));
        assert!(!vouches(&claims(), &linking("agent_public_territorial"), &[]));
        let no_siret = LoginClaims {
            siret: None,
            ..claims()
        };
        assert!(!vouches(&no_siret, &linking("agent_public_territorial"), &own));
    }
}
