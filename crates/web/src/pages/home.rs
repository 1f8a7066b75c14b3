//! `GET /`.

use axum::extract::State;
use views::pages::HomePage;

use crate::WebState;
use crate::choices::departments;
use crate::reply::{Answer, View};

pub(crate) async fn get(State(state): State<WebState>, view: View) -> Answer {
    view.page(&HomePage {
        departments: departments(&state).await?,
    })
}
