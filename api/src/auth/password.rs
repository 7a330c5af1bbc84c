//! Passwords: Argon2id, on a thread of its own since it takes tens of milliseconds on purpose.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use infra::Failure;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// How much it costs to try a password: KiB of memory, in one pass and one lane. What is kept says by itself what it cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost(pub u32);

/// OWASP's first recommendation: 46 MiB.
impl Default for Cost {
    fn default() -> Self {
        Self(47_104)
    }
}

/// Each hash takes 46 MiB while it runs, so only a few run at once; the others wait.
static RUNNING: Semaphore = Semaphore::const_new(2);

/// The hash of no password: verified when there is no such account, so that the answer takes as long.
pub const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$4uJTAoBLGhJ2pfQ1ifpaUkQV1rWWOWDPvrk8Zo1nVVE";

fn hasher(Cost(memory): Cost) -> Result<Argon2<'static>, Failure> {
    let params = Params::new(memory, 1, 1, None).map_err(Failure::broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The PHC string to keep for a password, with a random salt.
pub async fn hash(password: String, cost: Cost) -> Result<String, Failure> {
    let _turn = RUNNING.acquire().await.map_err(Failure::broken)?;
    let work = move || Ok(hasher(cost)?.hash_password(password.as_bytes()).map_err(Failure::broken)?.to_string());
    spawn_blocking(work).await.map_err(Failure::broken)?
}

/// Whether the password is the one that was hashed. Without a hash it takes the same time and says no.
pub async fn verify(password: String, hash: Option<String>) -> Result<bool, Failure> {
    let _turn = RUNNING.acquire().await.map_err(Failure::broken)?;
    spawn_blocking(move || {
        let known = hash.is_some();
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        let parsed = PasswordHash::new(&text).map_err(Failure::broken)?;
        Ok(hasher(Cost::default())?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
    .map_err(Failure::broken)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_passes_and_nobody_never() {
        let kept = hash("correct horse battery".into(), Cost::default()).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        assert!(verify("correct horse battery".into(), Some(kept.clone())).await.unwrap());
        assert!(!verify("correct horse batter".into(), Some(kept)).await.unwrap());
        assert!(!verify("anything".into(), None).await.unwrap());
    }
}
