//! The identity provider is down.

use anyhow::{Context, Result};
use sandbox::Browser;
use testing::Providers;
use testing::people::{DECEDENTS, OTHER_NOTARY};

use crate::ground::{Ground, Store};
use crate::outage;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_provider_is_down_whoever_is_logged_in_goes_on() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut ground = Ground::shared(Store::Folder(folder.path().to_owned())).await?;
    let mut service = ground.serve(&[]).await?;
    let notary = ground.notary().await?;

    let providers = ground.providers.take().context("providers")?;
    providers.notaries.stop().await;
    providers.agents.stop().await;
    // What is known of it is enough to send somebody there; one who asks anew is told.
    service.kill()?;
    service = ground.serve(&[]).await?;
    let stranger = Browser::new()?;
    let page = stranger.get(ground.site.at("/connexion/idnot")).await?;
    assert_eq!(page.status, 502, "{}", page.html());
    let told = page.text("main").unwrap_or_default();
    assert!(
        told.contains("ID.not") && told.contains("ne répond pas"),
        "{told}"
    );
    ground
        .doctor("provider idnot", "failed", &["provider_discovery", "issuer"])
        .await?;
    tokio::time::sleep(outage()).await;
    ground.ask(&notary, &DECEDENTS[3]).await?;
    ground.until_done().await?;

    ground.providers = Some(Providers::start(ground.dir.path(), &ground.site.url).await?);
    ground.doctor("provider idnot", "ok", &[]).await?;
    let other = ground.site.notary(OTHER_NOTARY).await?;
    ground.ask(&other, &DECEDENTS[3]).await?;
    assert!(service.runs()?, "{}", service.said()?);
    Ok(())
}
