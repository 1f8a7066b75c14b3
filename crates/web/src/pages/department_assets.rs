//! `GET /departements/{slug}/couleurs-{revision}.css`, `GET /departements/{slug}/logo-{revision}`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::DepartmentSlug;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};

use super::assets::FOREVER;
use crate::WebState;
use crate::problem::Problem;

/// A logo may be SVG, which may hold scripts: opened by itself, it may do nothing.
const LOGO_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

enum Asset {
    Colours,
    Logo,
}

pub(crate) async fn get(
    State(state): State<WebState>,
    Path((slug, asset)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let slug: DepartmentSlug = slug.parse().map_err(|_| Problem::NotFound)?;
    let (asset, revision) = parse(&asset).ok_or(Problem::NotFound)?;
    let kit = state.app().kit(&slug).await?.ok_or(Problem::NotFound)?;
    // A page shown just before a change asks for the former revision: it gets the present one, not to be kept.
    let cache = if revision == kit.revision {
        FOREVER
    } else {
        "no-store"
    };
    match asset {
        Asset::Colours => {
            let css = views::department_css(&slug, &kit.settings.letterhead.accent)
                .map_err(|_| Problem::NotFound)?;
            Ok((
                [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, cache)],
                css,
            )
                .into_response())
        }
        Asset::Logo => {
            let headers = [
                (CONTENT_TYPE, media_type(&kit.logo_name)),
                (CACHE_CONTROL, cache),
                (CONTENT_SECURITY_POLICY, LOGO_POLICY),
            ];
            Ok((headers, kit.logo.clone()).into_response())
        }
    }
}

fn parse(asset: &str) -> Option<(Asset, i64)> {
    if let Some(revision) = asset.strip_prefix("logo-") {
        return Some((Asset::Logo, revision.parse().ok()?));
    }
    let revision = asset.strip_prefix("couleurs-")?.strip_suffix(".css")?;
    Some((Asset::Colours, revision.parse().ok()?))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("svg") => "image/svg+xml",
        Some("jpg" | "jpeg") => "image/jpeg",
        _ => "image/png",
    }
}
