//! On the embedded endpoint: encryption, and what each error means.

use std::net::TcpListener;

use anyhow::Result;
use chrono::{TimeDelta, Utc};
use dn_objects::{Keyring, ObjectError, ObjectStore, StorageSettings};
use domain::{DepartmentId, LetterId};
use sandbox::S3Endpoint;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::{Raw, data_key, department, letter, named, settings, store};

struct Embedded {
    endpoint: S3Endpoint,
    settings: StorageSettings,
    store: ObjectStore,
    raw: Raw,
    _folder: TempDir,
}

async fn embedded() -> Result<Embedded> {
    let folder = tempfile::tempdir()?;
    let endpoint = S3Endpoint::start(folder.path()).await?;
    let settings = settings(&endpoint.endpoint(), endpoint.access_key(), endpoint.secret_key());
    let store = store(&settings).await?;
    let raw = Raw::new(&settings, endpoint.access_key(), endpoint.secret_key());
    Ok(Embedded {
        endpoint,
        settings,
        store,
        raw,
        _folder: folder,
    })
}

#[tokio::test]
async fn what_is_stored_comes_back_and_the_store_cannot_read_it() -> Result<()> {
    let it = embedded().await?;
    let department = department();
    let (key, data_key) = (letter(department), data_key(&it.settings, department));
    let plain = b"%PDF-1.7 M. Jean DURAND ".repeat(4_000);
    let stored = it.store.put(&key, &plain, &data_key, None).await?;
    let object = it.raw.read(key.as_str()).await;
    assert_eq!(stored.size, object.len() as u64);
    assert!(
        !object
            .windows(6)
            .any(|part| part == b"DURAND" || part == b"%PDF-1")
    );
    assert_eq!(it.store.get(&key, &data_key).await?, plain);
    // The same bytes look different each time: the store cannot tell that two letters are alike.
    it.store.put(&key, &plain, &data_key, None).await?;
    assert_ne!(it.raw.read(key.as_str()).await, object);
    assert_eq!(it.store.get(&key, &data_key).await?, plain);
    Ok(())
}

#[tokio::test]
async fn altered_cut_and_moved_objects_are_found_out() -> Result<()> {
    let it = embedded().await?;
    let department = department();
    let (key, data_key) = (letter(department), data_key(&it.settings, department));
    it.store.put(&key, b"the letter", &data_key, None).await?;
    let object = it.raw.read(key.as_str()).await;
    for place in [0, 3, 20, 30, 44, object.len() - 1] {
        let mut altered = object.clone();
        altered[place] ^= 1;
        it.raw.write(key.as_str(), altered).await;
        assert!(
            matches!(it.store.get(&key, &data_key).await, Err(ObjectError::Corrupt)),
            "byte {place}"
        );
    }
    for length in [0, 19, 44, object.len() - 1] {
        it.raw.write(key.as_str(), object[..length].to_vec()).await;
        assert!(
            matches!(it.store.get(&key, &data_key).await, Err(ObjectError::Corrupt)),
            "{length} bytes"
        );
    }
    let elsewhere = letter(department);
    it.raw.write(elsewhere.as_str(), object).await;
    assert!(matches!(
        it.store.get(&elsewhere, &data_key).await,
        Err(ObjectError::Corrupt)
    ));
    Ok(())
}

#[tokio::test]
async fn keys_of_one_department_do_nothing_for_another() -> Result<()> {
    let it = embedded().await?;
    let (ours, theirs) = (department(), department());
    let (our_key, their_key) = (data_key(&it.settings, ours), data_key(&it.settings, theirs));
    let name = LetterId(Uuid::new_v4());
    let (our_letter, their_letter) = (named(ours, name), named(theirs, name));
    it.store.put(&our_letter, b"ours", &our_key, None).await?;
    it.raw
        .write(their_letter.as_str(), it.raw.read(our_letter.as_str()).await)
        .await;
    let wrong = |result| matches!(result, Err(ObjectError::WrongKey));
    assert!(wrong(it.store.get(&their_letter, &their_key).await));
    assert!(wrong(it.store.get(&their_letter, &our_key).await));
    assert!(wrong(it.store.get(&our_letter, &their_key).await));
    assert!(wrong(
        it.store
            .put(&our_letter, b"", &their_key, None)
            .await
            .map(|_| vec![])
    ));
    // A newer key of the same département is not the one either; the object says which it was.
    assert!(wrong(
        it.store.get(&our_letter, &data_key(&it.settings, ours)).await
    ));
    Ok(())
}

#[tokio::test]
async fn rotation_keeps_old_letters_readable() -> Result<()> {
    let it = embedded().await?;
    let department = department();
    let ring = Keyring::new(&it.settings)?;
    let (old, wrapped) = ring.new_data_key(department)?;
    let (first, second) = (letter(department), letter(department));
    it.store.put(&first, b"first", &old, None).await?;
    let (new, _) = ring.new_data_key(department)?;
    it.store.put(&second, b"second", &new, None).await?;

    let mut settings = it.settings.clone();
    let master = "CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg=";
    settings.master_keys.insert("m2".into(), master.to_owned().into());
    settings.current_master = "m2".into();
    let rewrapped = Keyring::new(&settings)?.rewrap(department, &wrapped)?;
    settings.master_keys.remove("m1");
    let old = Keyring::new(&settings)?.unwrap(department, &rewrapped)?;
    assert_eq!(it.store.get(&first, &old).await?, b"first");
    assert_eq!(it.store.get(&second, &new).await?, b"second");
    Ok(())
}

#[tokio::test]
async fn the_probe_tells_that_nothing_is_locked_here() -> Result<()> {
    let it = embedded().await?;
    let found = it.store.probe().await?;
    assert!(!found.versioning && !found.object_lock, "{found:?}");
    let department = department();
    let (key, data_key) = (letter(department), data_key(&it.settings, department));
    let until = Utc::now() + TimeDelta::days(1);
    let stored = it.store.put(&key, b"letter", &data_key, Some(until)).await?;
    assert_eq!(
        stored.locked_until, None,
        "a lock that does not hold is not told as one"
    );
    assert_eq!(
        it.raw.keys().await,
        [key.as_str()],
        "nothing of the probe is left"
    );
    Ok(())
}

#[tokio::test]
async fn a_purge_takes_one_department_only() -> Result<()> {
    let it = embedded().await?;
    let (ours, theirs) = (department(), department());
    let (our_key, their_key) = (data_key(&it.settings, ours), data_key(&it.settings, theirs));
    for _ in 0..3 {
        it.store.put(&letter(ours), b"ours", &our_key, None).await?;
    }
    let kept = letter(theirs);
    it.store.put(&kept, b"theirs", &their_key, None).await?;
    let purged = it.store.purge(ours).await?;
    assert_eq!((purged.deleted, purged.kept), (3, 0));
    assert_eq!(it.raw.keys().await, [kept.as_str()]);
    Ok(())
}

#[tokio::test]
async fn errors_say_whether_to_try_again() -> Result<()> {
    let it = embedded().await?;
    let department = department();
    let (key, data_key) = (letter(department), data_key(&it.settings, department));
    it.store.ping().await?;
    it.store.ensure_bucket().await?;
    assert!(matches!(
        it.store.get(&key, &data_key).await,
        Err(ObjectError::NotFound)
    ));

    let mut elsewhere = it.settings.clone();
    elsewhere.bucket = "nowhere".into();
    let elsewhere = ObjectStore::connect(&elsewhere).await?;
    assert!(matches!(elsewhere.ping().await, Err(ObjectError::Settings(_))));

    let mut stranger = it.settings.clone();
    stranger.secret_key = "wrong".to_owned().into();
    let stranger = ObjectStore::connect(&stranger).await?;
    assert!(matches!(stranger.ping().await, Err(ObjectError::Denied(_))));
    let refused = stranger.put(&key, b"", &data_key, None).await.unwrap_err();
    assert!(
        matches!(refused, ObjectError::Denied(_)) && !refused.is_transient(),
        "{refused}"
    );

    let (store, folder) = (it.store, it._folder);
    it.endpoint.stop().await;
    let gone = store.put(&key, b"", &data_key, None).await.unwrap_err();
    assert!(gone.is_transient(), "{gone}");
    assert!(store.ping().await.unwrap_err().is_transient());
    drop(folder);
    Ok(())
}

#[tokio::test]
async fn a_store_that_never_answers_is_unavailable_in_time() -> Result<()> {
    // Connections are taken by the system and never answered.
    let silent = TcpListener::bind("127.0.0.1:0")?;
    let mut settings = settings(&format!("http://{}", silent.local_addr()?), "a", "s");
    settings.attempt_timeout_seconds = 1;
    let store = ObjectStore::connect(&settings).await?;
    let key = named(DepartmentId(Uuid::nil()), LetterId(Uuid::nil()));
    let data_key = data_key(&settings, DepartmentId(Uuid::nil()));
    let started = std::time::Instant::now();
    let error = store.get(&key, &data_key).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    assert!(started.elapsed().as_secs() < 6, "{:?}", started.elapsed());
    Ok(())
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_at_once() -> Result<()> {
    let mut bad = settings("s3.example.fr", "a", "s");
    assert!(matches!(
        ObjectStore::connect(&bad).await,
        Err(ObjectError::Settings(_))
    ));
    bad.endpoint = "https://s3.example.fr".into();
    bad.bucket = String::new();
    assert!(matches!(
        ObjectStore::connect(&bad).await,
        Err(ObjectError::Settings(_))
    ));
    assert!(!format!("{:?}", settings("https://x", "ACCESS", "SECRET")).contains("SECRET"));
    Ok(())
}
