//! Lists that forms and pages share.

use app::Department;
use views::Brand;
use views::pages::DepartmentChoice;

use crate::WebState;
use crate::problem::Problem;

/// The départements that take inquiries.
pub(crate) async fn departments(state: &WebState) -> Result<Vec<DepartmentChoice>, Problem> {
    let all = state.app().departments().await?;
    Ok(all
        .iter()
        .filter(|department| !department.suspended)
        .map(choice)
        .collect())
}

/// Every département, suspended ones as well.
pub(crate) async fn all_departments(state: &WebState) -> Result<Vec<DepartmentChoice>, Problem> {
    Ok(state.app().departments().await?.iter().map(choice).collect())
}

fn choice(department: &Department) -> DepartmentChoice {
    DepartmentChoice {
        slug: department.slug.clone(),
        name: department.name.clone(),
        insee_code: department.insee_code.clone(),
    }
}

/// How a département looks; without logo or colours when its kit cannot be had, which must not keep a page from being shown.
pub(crate) async fn brand(state: &WebState, department: &Department) -> Brand {
    let slug = &department.slug;
    let revision = match state.app().kit(slug).await {
        Ok(Some(kit)) => Some(kit.revision),
        _ => None,
    };
    Brand {
        slug: slug.clone(),
        name: department.name.clone(),
        official_name: department.official_name.clone(),
        stylesheet: format!("/departements/{slug}/couleurs-{}.css", revision.unwrap_or(0)),
        logo: revision.map(|revision| format!("/departements/{slug}/logo-{revision}")),
    }
}
