//! Files, kept under the hash of their content (SHA-256): on the local disk, or in a store that speaks S3. They are streamed in
//! and out; what is kept is never changed.

use std::path::Path as Directory;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::Failure;

/// How much of an upload is held in memory before it is written: S3 takes parts of at least this size.
const PART: usize = 5 * 1024 * 1024;

/// An S3-compatible store and the key to it.
pub struct S3<'a> {
    pub bucket: &'a str,
    pub endpoint: Option<&'a str>,
    pub region: Option<&'a str>,
    pub access_key: &'a str,
    pub secret: &'a str,
    pub allow_http: bool,
}

/// Where files are kept.
pub struct Files(Arc<dyn ObjectStore>);

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub sha256: [u8; 32],
    pub size: u64,
}

/// A file on its way in. Nothing can be read of it before [`Upload::finish`].
pub struct Upload {
    store: Arc<dyn ObjectStore>,
    writer: BufWriter,
    temporary: Path,
    hash: Sha256,
    size: u64,
}

impl Files {
    /// In a folder of the local disk, which is made if it is not there.
    pub fn in_directory(directory: &Directory) -> Result<Self, Failure> {
        let odd = |error: &dyn std::fmt::Display| Failure::broken(format!("files_directory: {error}"));
        std::fs::create_dir_all(directory).map_err(|error| odd(&error))?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(|error| odd(&error))?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    pub fn in_s3(place: &S3<'_>) -> Result<Self, Failure> {
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(place.bucket)
            .with_access_key_id(place.access_key)
            .with_secret_access_key(place.secret)
            .with_allow_http(place.allow_http);
        if let Some(endpoint) = place.endpoint {
            builder = builder.with_endpoint(endpoint);
        }
        if let Some(region) = place.region {
            builder = builder.with_region(region);
        }
        let store = builder.build().map_err(|error| Failure::broken(format!("files_s3: {error}")))?;
        Ok(Self(Arc::new(store)))
    }

    /// Begins to take a file in; `id` is one that no other upload has.
    pub fn begin(&self, id: Uuid) -> Upload {
        let temporary = Path::from(format!("incoming/{id}"));
        let writer = BufWriter::with_capacity(self.0.clone(), temporary.clone(), PART);
        Upload { store: self.0.clone(), writer, temporary, hash: Sha256::new(), size: 0 }
    }

    /// Keeps a file that is in memory anyway.
    pub async fn keep(&self, id: Uuid, bytes: Bytes) -> Result<Stored, Failure> {
        let mut upload = self.begin(id);
        upload.put(bytes).await?;
        upload.finish().await
    }

    /// Keeps a file that is in memory anyway under a name of its own, as [`Upload::keep_own`] does.
    pub async fn keep_own(&self, id: Uuid, name: &str, bytes: Bytes) -> Result<Stored, Failure> {
        let mut upload = self.begin(id);
        upload.put(bytes).await?;
        upload.keep_own(name).await
    }

    /// The size of a file with a name of its own, and its content.
    pub async fn read_own(
        &self,
        name: &str,
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, Failure>> + Unpin + 'static), Failure> {
        let found = self.0.get(&own(name)).await.map_err(broken)?;
        Ok((found.meta.size, found.into_stream().map_err(broken)))
    }

    /// Removes a file with a name of its own, if it is there.
    pub async fn remove_own(&self, name: &str) -> Result<(), Failure> {
        match self.0.delete(&own(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// The size of a file that waits, and its content.
    pub async fn read_waiting(
        &self,
        id: Uuid,
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, Failure>> + Unpin + 'static), Failure> {
        let found = self.0.get(&waiting(id)).await.map_err(broken)?;
        Ok((found.meta.size, found.into_stream().map_err(broken)))
    }

    /// Removes a file that waited, if it is there.
    pub async fn remove_waiting(&self, id: Uuid) -> Result<(), Failure> {
        match self.0.delete(&waiting(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(broken(error)),
        }
    }

    /// The size of a file, and its content.
    pub async fn read(
        &self,
        sha256: &[u8],
    ) -> Result<(u64, impl Stream<Item = Result<Bytes, Failure>> + Unpin + 'static), Failure> {
        let found = self.0.get(&place(sha256)).await.map_err(broken)?;
        Ok((found.meta.size, found.into_stream().map_err(broken)))
    }
}

impl Upload {
    pub async fn put(&mut self, bytes: Bytes) -> Result<(), Failure> {
        self.hash.update(&bytes);
        self.size += bytes.len() as u64;
        self.writer.put(bytes).await.map_err(broken)
    }

    /// How much came so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Moves the whole file to where its hash says. The same content twice is one file.
    pub async fn finish(mut self) -> Result<Stored, Failure> {
        self.writer.shutdown().await.map_err(unavailable)?;
        let sha256: [u8; 32] = self.hash.finalize().into();
        let target = place(&sha256);
        match self.store.head(&target).await {
            Ok(_) => self.store.delete(&self.temporary).await.map_err(broken)?,
            Err(object_store::Error::NotFound { .. }) => {
                self.store.rename(&self.temporary, &target).await.map_err(broken)?;
            }
            Err(error) => return Err(broken(error)),
        }
        Ok(Stored { sha256, size: self.size })
    }

    /// Keeps the whole file under a name of its own, apart from others with the same content: it can be removed.
    pub async fn keep_own(mut self, name: &str) -> Result<Stored, Failure> {
        self.writer.shutdown().await.map_err(unavailable)?;
        self.store.rename(&self.temporary, &own(name)).await.map_err(broken)?;
        Ok(Stored { sha256: self.hash.finalize().into(), size: self.size })
    }

    /// Leaves the whole file where only its `id` finds it, to be worked off and removed.
    pub async fn wait(mut self, id: Uuid) -> Result<Stored, Failure> {
        self.writer.shutdown().await.map_err(unavailable)?;
        self.store.rename(&self.temporary, &waiting(id)).await.map_err(broken)?;
        Ok(Stored { sha256: self.hash.finalize().into(), size: self.size })
    }

    /// Throws away what came.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::debug!(%error, "an upload could not be thrown away");
        }
    }
}

/// In folders by the first byte, so that none of them grows too long.
fn place(sha256: &[u8]) -> Path {
    let name = hex::encode(sha256);
    Path::from(format!("sha256/{}/{name}", name.get(..2).unwrap_or_default()))
}

fn own(name: &str) -> Path {
    Path::from(format!("own/{name}"))
}

fn waiting(id: Uuid) -> Path {
    Path::from(format!("waiting/{id}"))
}

fn broken(error: object_store::Error) -> Failure {
    match error {
        object_store::Error::NotFound { .. } => Failure::broken("a file that was kept is gone"),
        other => unavailable(other),
    }
}

fn unavailable(error: impl std::fmt::Display) -> Failure {
    Failure::Unavailable(format!("files: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_once_under_its_hash_and_comes_out_as_it_went_in() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_directory(&folder.path().join("new/files")).unwrap();
        // More than is held in memory, in pieces.
        let piece = Bytes::from(vec![7; 1024 * 1024 + 1]);
        let mut kept = Vec::new();
        for id in 1..=2 {
            let mut upload = files.begin(Uuid::from_u128(id));
            for _ in 0..7 {
                upload.put(piece.clone()).await.unwrap();
            }
            kept.push(upload.finish().await.unwrap());
        }
        assert_eq!(kept[0], kept[1]);
        assert_eq!(kept[0].sha256.as_slice(), Sha256::digest(piece.repeat(7)).as_slice());
        let (size, content) = files.read(&kept[0].sha256).await.unwrap();
        let content: Vec<Bytes> = content.try_collect().await.unwrap();
        assert_eq!((size, content.concat()), (kept[0].size, piece.repeat(7)));
        let mut spooled = files.begin(Uuid::from_u128(5));
        spooled.put(piece.clone()).await.unwrap();
        let (id, size) = (Uuid::from_u128(6), spooled.wait(Uuid::from_u128(6)).await.unwrap().size);
        assert_eq!(files.read_waiting(id).await.unwrap().0, size);
        files.remove_waiting(id).await.unwrap();
        files.remove_waiting(id).await.unwrap();
        assert!(files.read_waiting(id).await.is_err());
        let mut thrown = files.begin(Uuid::from_u128(3));
        thrown.put(piece.clone()).await.unwrap();
        thrown.abort().await;
        let incoming = std::fs::read_dir(folder.path().join("new/files/incoming")).into_iter().flatten().count();
        assert_eq!(incoming, 0);
        assert!(files.read(&[0; 32]).await.is_err());
        let empty = files.keep(Uuid::from_u128(4), Bytes::new()).await.unwrap();
        assert_eq!(files.read(&empty.sha256).await.unwrap().0, 0);
    }
}
