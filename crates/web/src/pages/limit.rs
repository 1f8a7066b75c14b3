//! What `POST /demandes` answers when a limit forbids it.

use app::{LimitReached, LimitScope, NotaryIdentity};
use chrono::{DateTime, Utc};
use http::StatusCode;
use http::header::RETRY_AFTER;
use views::forms::InquiryForm;
use views::pages::{LimitLine, LimitPage};

use crate::kept::{STOPPED, Stopped};
use crate::reply::{Answer, View};
use crate::session::Account;
use crate::visit::Visit;

/// Keeps the form, and says when it will pass.
pub(super) async fn show(
    view: &View,
    visit: &Visit,
    notary: &NotaryIdentity,
    form: InquiryForm,
    asked: usize,
    limits: Vec<LimitReached>,
    now: DateTime<Utc>,
) -> Answer {
    let opens_at = limits.iter().map(|limit| limit.opens_at).max().unwrap_or(now);
    let stopped = Stopped { form, opens_at };
    let account = Account::Notary(notary.notary);
    STOPPED.put(&visit.session, &account, &stopped).await?;
    let seconds = (opens_at - now).num_seconds().max(0) + 1;
    let page = LimitPage {
        limits: limits.into_iter().map(line).collect(),
        asked,
        opens_at,
        minutes: (seconds + 59) / 60,
        kept_until: stopped.kept_until(),
    };
    let mut response = view.page_with(StatusCode::TOO_MANY_REQUESTS, &page)?;
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    Ok(response)
}

fn line(limit: LimitReached) -> LimitLine {
    LimitLine {
        department: match limit.scope {
            LimitScope::Platform => None,
            LimitScope::Department(department) => Some(department.official_name),
        },
        span: limit.span,
        limit: limit.limit,
    }
}
