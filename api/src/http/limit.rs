//! Rate limits (GCRA): per credential, per address, and for log-ins per account. In process; shared through Redis where there is one.

use std::num::NonZeroU32;
use std::time::Duration;

use domain::kernel::Kind;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use super::problem::Problem;
use crate::config::Config;

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// What is counted separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    Credential,
    Address,
    LogInAccount,
    LogInAddress,
}

impl Policy {
    pub fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Address => "address",
            Self::LogInAccount => "log-in-account",
            Self::LogInAddress => "log-in-address",
        }
    }
}

/// How a request stands to its limit.
#[derive(Debug, Clone, Copy)]
pub struct Standing {
    pub allowed: bool,
    /// Requests a minute.
    pub quota: u32,
    pub remaining: u32,
    /// Seconds until it makes sense to try again, or until the whole quota is there again.
    pub reset: u64,
}

/// The limits of this node.
pub struct Limits {
    credential: (u32, Keyed),
    address: (u32, Keyed),
    account: (u32, Keyed),
    log_in_address: (u32, Keyed),
    redis: Option<infra::redis::Redis>,
}

impl Limits {
    pub fn new(config: &Config, redis: Option<infra::redis::Redis>) -> Self {
        Self {
            credential: per_minute(config.rate_per_credential),
            address: per_minute(config.rate_per_address),
            account: per_minute(config.rate_log_in),
            log_in_address: per_minute(config.rate_log_in.saturating_mul(10)),
            redis,
        }
    }

    /// Counts one request. Where Redis is slow or gone, this node counts for itself.
    pub async fn count(&self, policy: Policy, key: &str) -> Standing {
        let (quota, keyed) = self.policy(policy);
        if let Some(redis) = &self.redis {
            let name = format!("limit:{}:{key}", policy.name());
            if let Some(counted) = redis.count(&name, *quota, Duration::from_secs(60)).await {
                return Standing {
                    allowed: counted.allowed,
                    quota: *quota,
                    remaining: counted.remaining,
                    reset: counted.reset,
                };
            }
        }
        count_here(keyed, *quota, key)
    }

    /// Forgets keys that have their whole quota again.
    pub fn tidy(&self) {
        for (_, keyed) in [&self.credential, &self.address, &self.account, &self.log_in_address] {
            keyed.retain_recent();
        }
    }

    fn policy(&self, policy: Policy) -> &(u32, Keyed) {
        match policy {
            Policy::Credential => &self.credential,
            Policy::Address => &self.address,
            Policy::LogInAccount => &self.account,
            Policy::LogInAddress => &self.log_in_address,
        }
    }
}

fn per_minute(quota: u32) -> (u32, Keyed) {
    let burst = NonZeroU32::new(quota).unwrap_or(NonZeroU32::MIN);
    let limiter = RateLimiter::keyed(Quota::per_minute(burst)).with_middleware::<StateInformationMiddleware>();
    (burst.get(), limiter)
}

fn count_here(keyed: &Keyed, quota: u32, key: &str) -> Standing {
    match keyed.check_key(&key.to_owned()) {
        Ok(state) => {
            let remaining = state.remaining_burst_capacity();
            let reset = u64::from(quota - remaining.min(quota)) * 60 / u64::from(quota);
            Standing { allowed: true, quota, remaining, reset: reset.max(1) }
        }
        Err(refused) => {
            let wait = refused.wait_time_from(DefaultClock::default().now());
            Standing { allowed: false, quota, remaining: 0, reset: wait.as_secs() + 1 }
        }
    }
}

/// The problem of a caller who is over the limit.
pub fn exceeded(standing: Standing) -> Problem {
    let detail = format!("At most {} requests a minute. Try again in {} s.", standing.quota, standing.reset);
    Problem { retry_after: Some(standing.reset), ..Problem::new(Kind::TooManyRequests, detail) }
}
