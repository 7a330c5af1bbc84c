//! Auctions of surplus stock, and of contracts for which suppliers undercut each other.

pub mod access;
pub mod bid;
pub mod bidder;
pub mod clerk;
pub mod deposit;
pub mod hall;
pub mod holder;
pub mod listing;
pub mod lot;
pub mod offer;
pub mod opening;
pub mod question;
pub mod rights;
pub mod settlement;
pub mod tell;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature but those of bids, which come before all others.
pub fn configure(config: &mut ServiceConfig<'_>) {
    lot::routes::configure(config);
    listing::routes::configure(config);
    bidder::routes::configure(config);
    question::routes::configure(config);
    deposit::routes::configure(config);
    settlement::routes::configure(config);
    offer::routes::configure(config);
}
