//! Legal entities, people, credentials.

pub mod api_client;
pub mod bank_account;
pub mod group;
pub mod invitation;
pub mod me;
pub mod member;
pub mod oauth;
pub mod organisation;
pub mod password_reset;
pub mod people;
pub mod rights;
pub mod running;
pub mod session;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    session::routes::configure(config);
    organisation::routes::configure(config);
    bank_account::routes::configure(config);
    api_client::routes::configure(config);
    oauth::routes::configure(config);
    member::routes::configure(config);
    invitation::routes::configure(config);
    me::routes::configure(config);
    password_reset::routes::configure(config);
    people::routes::configure(config);
    group::routes::configure(config);
    running::routes::configure(config);
}
