//! Categories, products, offers, price lists, and the catalogue that buyers read.

pub mod category;
pub mod listing;
pub mod offer;
pub mod price_list;
pub mod pricing;
pub mod product;
pub mod rights;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature; what is read most comes first.
pub fn configure(config: &mut ServiceConfig<'_>) {
    listing::routes::configure(config);
    offer::routes::configure(config);
    price_list::routes::configure(config);
    product::routes::configure(config);
    category::routes::configure(config);
}
