//! As whom PostgreSQL runs. It refuses root, so root lends it to another user; the data then lies where that user can reach it.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tokio::process::Command;

/// Where root keeps clusters whose own folder the other user cannot enter.
const ELSEWHERE: &str = "/var/lib/torg";

/// The user that runs the server: none for the one we are.
pub struct Owner(Option<(u32, u32)>);

impl Owner {
    pub fn current() -> io::Result<Self> {
        // The owner of our own process entry is our effective user.
        if fs::metadata("/proc/self")?.uid() != 0 {
            return Ok(Self(None));
        }
        let users = fs::read_to_string("/etc/passwd")?;
        let found = ["postgres", "nobody"].iter().find_map(|name| user(&users, name));
        found.map(|ids| Self(Some(ids))).ok_or_else(|| io::Error::other("there is neither a user postgres nor nobody"))
    }

    /// Makes the command run as this user.
    pub fn run<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        // The working folder of our process may be one that the other user cannot enter.
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        if let Some((uid, gid)) = self.0 {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// The cluster's folder, `pg` below `root`. Where the user cannot get there, it lies elsewhere and `pg` leads to it.
    pub async fn home(&self, root: &Path) -> io::Result<PathBuf> {
        let near = root.join("pg");
        if near.is_symlink() {
            return near.canonicalize();
        }
        if self.can_enter(root).await? {
            self.create_private(&near)?;
            return Ok(near);
        }
        let hash = hex::encode(Sha256::digest(root.as_os_str().as_encoded_bytes()));
        let far = Path::new(ELSEWHERE).join(&hash[..16]);
        fs::create_dir_all(ELSEWHERE)?;
        fs::set_permissions(ELSEWHERE, Permissions::from_mode(0o755))?;
        self.create_private(&far)?;
        symlink(&far, &near)?;
        Ok(far)
    }

    /// Creates a folder that only this user can enter.
    pub fn create_private(&self, folder: &Path) -> io::Result<()> {
        if !folder.exists() {
            fs::create_dir(folder)?;
        }
        fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        self.take(folder)
    }

    /// Makes the folder this user's.
    pub fn take(&self, folder: &Path) -> io::Result<()> {
        match self.0 {
            Some((uid, gid)) => chown(folder, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }

    /// Found out by trying, since permissions, mounts and policies all have a say.
    async fn can_enter(&self, folder: &Path) -> io::Result<bool> {
        if self.0.is_none() {
            return Ok(true);
        }
        let mut probe = Command::new("test");
        probe.arg("-x").arg(folder);
        Ok(self.run(&mut probe).status().await?.success())
    }
}

/// The ids of a user in `/etc/passwd`.
fn user(users: &str, name: &str) -> Option<(u32, u32)> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_are_found_by_their_whole_name() {
        let users = "root:x:0:0:root:/root:/bin/sh\npostgres2:x:9:9::/:/bin/sh\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n";
        assert_eq!(user(users, "postgres"), Some((101, 104)));
        assert_eq!(user(users, "nobody"), None);
    }
}
