//! Making the bucket, and emptying a département's part of it.

use aws_sdk_s3::primitives::DateTime as S3Time;
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, VersioningConfiguration,
};
use domain::DepartmentId;

use crate::client::sent;
use crate::{ObjectError, ObjectKey, ObjectStore};

/// What a purge left.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purged {
    /// Versions deleted.
    pub deleted: u64,
    /// Versions the store refused to delete (locked).
    pub kept: u64,
}

/// One version of one object.
pub(crate) struct Found {
    pub(crate) key: String,
    pub(crate) version: Option<String>,
    /// When it was written, in seconds since 1970.
    pub(crate) written: i64,
}

impl Found {
    fn new(key: Option<&str>, version: Option<&str>, written: Option<&S3Time>) -> Option<Self> {
        Some(Self {
            key: key?.to_owned(),
            version: version.map(str::to_owned),
            written: written.map_or(i64::MAX, S3Time::secs),
        })
    }
}

impl ObjectStore {
    /// Makes the bucket when it is missing, with object lock where the store knows it, else with versions.
    ///
    /// # Errors
    /// An [`ObjectError`].
    pub async fn ensure_bucket(&self) -> Result<(), ObjectError> {
        match self.ping().await {
            Err(ObjectError::Settings(_)) => {}
            other => return other,
        }
        match self.create_bucket(true).await {
            Err(error) if !error.is_transient() => self.create_bucket(false).await?,
            other => other?,
        }
        // Object lock brings versions with it; where it does not, this asks, and the probe tells what came of it.
        let versions = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let asked = self.client.put_bucket_versioning().bucket(&*self.bucket);
        if let Err(error) = sent(asked.versioning_configuration(versions).send()).await {
            tracing::info!(%error, "the object store keeps no versions");
        }
        self.ping().await
    }

    async fn create_bucket(&self, lock: bool) -> Result<(), ObjectError> {
        // Only Amazon wants the region said again; some others refuse it.
        let location = (self.amazon && &*self.region != "us-east-1").then(|| {
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(&*self.region))
                .build()
        });
        let create = self
            .client
            .create_bucket()
            .bucket(&*self.bucket)
            .set_create_bucket_configuration(location)
            .set_object_lock_enabled_for_bucket(lock.then_some(true));
        match sent(create.send()).await {
            // Another process was faster.
            Err(_) if self.ping().await.is_ok() => Ok(()),
            made => made.map(drop),
        }
    }

    /// Deletes every version of every object of a département. Locked ones stay, and are counted.
    ///
    /// # Errors
    /// An [`ObjectError`]; what was deleted until then stays deleted.
    pub async fn purge(&self, department: DepartmentId) -> Result<Purged, ObjectError> {
        let mut purged = Purged::default();
        for found in self.versions(&ObjectKey::prefix(department)).await? {
            match self.delete(&found.key, found.version.as_deref()).await {
                Ok(()) | Err(ObjectError::NotFound) => purged.deleted += 1,
                Err(error) if error.is_transient() => return Err(error),
                Err(_) => purged.kept += 1,
            }
        }
        Ok(purged)
    }

    pub(crate) async fn delete(&self, key: &str, version: Option<&str>) -> Result<(), ObjectError> {
        let delete = self.client.delete_object().bucket(&*self.bucket).key(key);
        sent(delete.set_version_id(version.map(str::to_owned)).send())
            .await
            .map(drop)
    }

    /// Every version under a prefix; just the objects where the store has no versions.
    pub(crate) async fn versions(&self, prefix: &str) -> Result<Vec<Found>, ObjectError> {
        match self.list_versions(prefix).await {
            Err(ObjectError::Other(_)) => self.list_objects(prefix).await,
            other => other,
        }
    }

    async fn list_versions(&self, prefix: &str) -> Result<Vec<Found>, ObjectError> {
        let mut found = Vec::new();
        let (mut key, mut version) = (None, None);
        loop {
            let list = self
                .client
                .list_object_versions()
                .bucket(&*self.bucket)
                .prefix(prefix)
                .set_key_marker(key)
                .set_version_id_marker(version);
            let page = sent(list.send()).await?;
            let versions = page.versions().iter();
            found.extend(versions.filter_map(|o| Found::new(o.key(), o.version_id(), o.last_modified())));
            let marks = page.delete_markers().iter();
            found.extend(marks.filter_map(|o| Found::new(o.key(), o.version_id(), o.last_modified())));
            if page.is_truncated() != Some(true) || page.next_key_marker().is_none() {
                return Ok(found);
            }
            (key, version) = (page.next_key_marker, page.next_version_id_marker);
        }
    }

    async fn list_objects(&self, prefix: &str) -> Result<Vec<Found>, ObjectError> {
        let mut found = Vec::new();
        let mut next = None;
        loop {
            let list = self
                .client
                .list_objects_v2()
                .bucket(&*self.bucket)
                .prefix(prefix)
                .set_continuation_token(next);
            let page = sent(list.send()).await?;
            let objects = page.contents().iter();
            found.extend(objects.filter_map(|o| Found::new(o.key(), None, o.last_modified())));
            next = page.next_continuation_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }
}
