//! Which jobs are done side by side, and how a lane hears of its own alone.

use std::any::Any;

use futures::future::ready;
use futures::{FutureExt as _, StreamExt as _};
use graphile_worker::{
    BoxFuture, Database, DatabaseDriver, DbError, DbExecutor, DbParams, DbRow, DbTransaction, Notification,
    NotificationStream,
};
use serde::Deserialize;

/// Jobs that need different servers are done side by side: a mail relay that answers slowly, or not at all, holds up
/// no letter, and the store no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    Letters,
    Others,
}

impl Lane {
    /// Whether this lane does the jobs of a task.
    fn does(self, task: &str) -> bool {
        (task == "issue_letter") == (self == Self::Letters)
    }

    /// The queue as this lane sees it.
    pub(super) fn queue(self, queue: Database) -> Database {
        Database::new(Ear { lane: self, queue })
    }
}

/// The queue, but for what it says of new jobs: those of other lanes are none to look for.
#[derive(Debug)]
struct Ear {
    lane: Lane,
    queue: Database,
}

impl Ear {
    fn hears(lane: Lane, notice: &Notification) -> bool {
        let task = serde_json::from_str::<Notice>(&notice.payload).ok();
        task.and_then(|notice| notice.task)
            .is_none_or(|task| lane.does(&task))
    }
}

/// What is told of a new job. The queue's own notices name no task: they concern every lane.
#[derive(Deserialize)]
struct Notice {
    task: Option<String>,
}

impl DbExecutor for Ear {
    fn execute<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<u64, DbError>> {
        self.queue.execute(sql, params)
    }

    fn fetch_all<'a>(&'a self, sql: &'a str, params: DbParams) -> BoxFuture<'a, Result<Vec<DbRow>, DbError>> {
        self.queue.fetch_all(sql, params)
    }
}

impl DatabaseDriver for Ear {
    fn as_any(&self) -> &dyn Any {
        self
    }

    fn begin(&self) -> BoxFuture<'_, Result<DbTransaction, DbError>> {
        self.queue.begin().boxed()
    }

    fn listen<'a>(&'a self, channel: &'a str) -> BoxFuture<'a, Result<Option<NotificationStream>, DbError>> {
        let lane = self.lane;
        let heard = move |notices: NotificationStream| -> NotificationStream {
            Box::pin(notices.filter(move |notice| {
                ready(notice.as_ref().map_or(true, |notice| Self::hears(lane, notice)))
            }))
        };
        async move { Ok(self.queue.listen(channel).await?.map(heard)) }.boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_lane_hears_of_its_own_and_of_what_names_nobody() {
        let heard = |payload: &str| {
            let notice = Notification {
                channel: String::new(),
                payload: payload.to_owned(),
            };
            [Lane::Letters, Lane::Others].map(|lane| Ear::hears(lane, &notice))
        };
        assert_eq!(
            heard(r#"{"r":0.5,"count":1,"task":"issue_letter"}"#),
            [true, false]
        );
        assert_eq!(heard(r#"{"r":0.5,"count":1,"task":"send_mail"}"#), [false, true]);
        assert_eq!(heard(r#"{"r":0.5,"count":1}"#), [true, true]);
        assert_eq!(heard(""), [true, true]);
    }
}
