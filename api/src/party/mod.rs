//! Legal entities, people, credentials.

pub mod api_client;
pub mod bank_account;
pub mod oauth;
pub mod organisation;
pub mod rights;
pub mod session;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    session::routes::configure(config);
    organisation::routes::configure(config);
    bank_account::routes::configure(config);
    api_client::routes::configure(config);
    oauth::routes::configure(config);
}
