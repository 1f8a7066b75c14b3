//! `GET /departements`: for the few who serve in several.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use views::pages::StaffDepartmentsPage;

use crate::WebState;
use crate::choices::brand;
use crate::reply::{Answer, View};
use crate::users::AnyStaff;

pub(crate) async fn get(State(state): State<WebState>, AnyStaff(staff): AnyStaff, view: View) -> Answer {
    if let [one] = staff.as_slice() {
        return Ok(Redirect::to(&format!("/departements/{}", one.department)).into_response());
    }
    let mut departments = Vec::with_capacity(staff.len());
    for member in &staff {
        if let Some(department) = state.app().department(&member.department).await? {
            departments.push(brand(&state, &department).await);
        }
    }
    view.page(&StaffDepartmentsPage { departments })
}
