//! On SeaweedFS: versions and locks that hold.

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use dn_objects::ObjectStore;
use testing::servers::SeaweedFs;

use crate::support::{Raw, data_key, department, letter, settings, store};

#[tokio::test]
async fn a_locked_letter_cannot_be_deleted_by_anybody() -> Result<()> {
    let server = SeaweedFs::shared().await?;
    let settings = settings(&server.endpoint(), server.access_key(), server.secret_key());
    let store = store(&settings).await?;
    let raw = Raw::new(&settings, server.access_key(), server.secret_key());
    let found = store.probe().await?;
    assert!(found.versioning && found.object_lock, "{found:?}");

    let department = department();
    let (key, data_key) = (letter(department), data_key(&settings, department));
    let until = Utc::now() + TimeDelta::days(400);
    let locked = store.put(&key, b"locked", &data_key, Some(until)).await?;
    assert_eq!(locked.locked_until, Some(until));
    let version = locked.version.unwrap();
    assert!(!raw.deletes(key.as_str(), &version).await, "the lock must hold");

    // Whoever overwrites it only adds a version: the one that was recorded can still be read.
    raw.write(key.as_str(), b"forged".to_vec()).await;
    assert!(store.get(&key, &data_key).await.is_err());
    assert_eq!(
        store.get_version(&key, Some(&version), &data_key).await?,
        b"locked"
    );

    let free = letter(department);
    let stored = store.put(&free, b"free", &data_key, None).await?;
    assert_eq!(stored.locked_until, None);
    let purged = store.purge(department).await?;
    assert_eq!((purged.deleted, purged.kept), (2, 1));
    assert_eq!(store.get(&key, &data_key).await?, b"locked");
    Ok(())
}

#[tokio::test]
async fn two_processes_may_make_and_probe_the_same_bucket_at_once() -> Result<()> {
    let server = SeaweedFs::shared().await?;
    let settings = settings(&server.endpoint(), server.access_key(), server.secret_key());
    let (one, two) = (
        ObjectStore::connect(&settings).await?,
        ObjectStore::connect(&settings).await?,
    );
    let made = tokio::join!(one.ensure_bucket(), two.ensure_bucket());
    assert!(made.0.is_ok() && made.1.is_ok(), "{made:?}");
    let found = tokio::join!(one.probe(), two.probe());
    let (one, two) = (found.0?, found.1?);
    assert_eq!(one, two);
    assert!(
        one.versioning && one.object_lock && one.conditional_writes,
        "{one:?}"
    );
    Ok(())
}
