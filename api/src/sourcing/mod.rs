//! Requests for quotation: what buyers ask for, what suppliers quote, and who is awarded.

pub mod access;
pub mod application;
pub mod award;
pub mod comparison;
pub mod figures;
pub mod framework;
pub mod negotiation;
pub mod open_data;
pub mod opening;
pub mod question;
pub mod quote;
pub mod rank;
pub mod rfq;
pub mod rights;
pub mod round;
pub mod subscription;
pub mod supplier;
pub mod tell;
pub mod template;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature.
pub fn configure(config: &mut ServiceConfig<'_>) {
    rfq::routes::configure(config);
    quote::routes::configure(config);
    comparison::routes::configure(config);
    question::routes::configure(config);
    application::routes::configure(config);
    opening::routes::configure(config);
    round::routes::configure(config);
    negotiation::routes::configure(config);
    award::routes::configure(config);
    framework::routes::configure(config);
    template::routes::configure(config);
    supplier::routes::configure(config);
    subscription::routes::configure(config);
    figures::routes::configure(config);
    open_data::routes::configure(config);
}
