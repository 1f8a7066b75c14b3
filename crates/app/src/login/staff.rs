//! Staff of the départements: named by e-mail first, linked to an account at the first login.

use chrono::{DateTime, Utc};
use db::{AuditEntry, StaffRow};
use domain::{Action, DepartmentSlug};
use serde_json::json;

use super::StaffLoginError;
use crate::audit::{by_staff, detailed, refusal};
use crate::identity::{LoginClaims, StaffIdentity, StaffLinking, StaffTrust, siret_of};
use crate::{App, AppError};

pub(super) async fn login(
    app: &App,
    claims: &LoginClaims,
    trust: &StaffTrust,
    now: DateTime<Utc>,
) -> Result<Vec<StaffIdentity>, StaffLoginError> {
    let refused = async |error: StaffLoginError| {
        app.login_refused(&claims.provider, error.code(), now).await?;
        Err(error)
    };
    let refusal = link(app, claims, trust, now).await?;
    let mut tx = app.db().platform().await.map_err(AppError::from)?;
    let rows = tx.staff().by_account(&claims.provider, &claims.subject).await;
    let mut rows = rows.map_err(AppError::from)?;
    drop(tx);
    rows.retain(|row| trust.covers(&row.department));
    if rows.is_empty() {
        // A refusal by one département stands in its own trail.
        return match refusal {
            Some(refusal) => Err(refusal),
            None => refused(StaffLoginError::Unknown).await,
        };
    }
    let mut members = Vec::new();
    let mut suspended = None;
    for row in rows {
        match note(app, &row, &claims.provider, now).await {
            Ok(()) => members.push(StaffIdentity::from(row)),
            Err(error @ AppError::Suspended(_)) => suspended = Some(error),
            Err(error) => return Err(error.into()),
        }
    }
    match suspended {
        Some(error) if members.is_empty() => refused(error.into()).await,
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
    let (mut refusal, mut entries) = (None, Vec::new());
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
                entries.push(kept_out(&row, claims, &StaffLoginError::LinkedElsewhere, now));
                refusal = Some(StaffLoginError::LinkedElsewhere);
                continue;
            }
            None if vouched => tx.staff().link(row.id, provider, subject, now).await?,
            None => {
                entries.push(kept_out(&row, claims, &StaffLoginError::NotVouchedFor, now));
                refusal = Some(StaffLoginError::NotVouchedFor);
                continue;
            }
        };
        if linked {
            let noted = by_staff(row.id, &row.roles, Action::StaffLinked, row.id, now);
            let details = json!({ "provider": claims.provider, "again": row.account.is_some() });
            entries.push((row.department.clone(), detailed(noted, details)));
            tracing::info!(staff = %row.id, tenant = %row.department, again = row.account.is_some(), "staff linked to an account");
        }
    }
    // The trail first: no account is linked without an entry, should the next line fail.
    for (department, entry) in entries {
        app.note_anyway(&department, entry).await?;
    }
    tx.save().await?;
    Ok(refusal)
}

/// Somebody named by a département was not taken for the person of that name.
fn kept_out(
    row: &StaffRow,
    claims: &LoginClaims,
    error: &StaffLoginError,
    now: DateTime<Utc>,
) -> (DepartmentSlug, AuditEntry) {
    let refused = refusal(row.id, &claims.provider, error.code(), now);
    (row.department.clone(), refused)
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
async fn note(app: &App, row: &StaffRow, provider: &str, now: DateTime<Utc>) -> Result<(), AppError> {
    let logged_in = by_staff(row.id, &row.roles, Action::StaffLoggedIn, row.id, now);
    let logged_in = detailed(logged_in, json!({ "provider": provider }));
    app.note(&row.department, logged_in).await?;
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
