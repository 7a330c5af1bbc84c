//! Categories, code lists, products, offers, price lists, whom they are for, and the catalogue that buyers read.

pub mod attribute;
pub mod blocked_buyer;
pub mod bulk;
pub mod buyer_group;
pub mod catch_weight;
pub mod category;
pub mod code_list;
pub mod explanation;
pub mod export;
pub mod import;
pub mod listing;
pub mod lot;
pub mod media;
pub mod offer;
pub mod price_list;
pub mod pricing;
pub mod product;
pub mod relation;
pub mod rights;
pub mod unit;
pub mod visibility;
pub mod warehouse;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints of the feature; what is read most comes first.
pub fn configure(config: &mut ServiceConfig<'_>) {
    listing::routes::configure(config);
    offer::routes::configure(config);
    explanation::routes::configure(config);
    price_list::routes::configure(config);
    bulk::routes::configure(config);
    product::routes::configure(config);
    relation::routes::configure(config);
    catch_weight::routes::configure(config);
    category::routes::configure(config);
    media::routes::configure(config);
    lot::routes::configure(config);
    warehouse::routes::configure(config);
    buyer_group::routes::configure(config);
    blocked_buyer::routes::configure(config);
    attribute::routes::configure(config);
    code_list::routes::configure(config);
    unit::routes::configure(config);
    export::routes::configure(config);
    import::routes::configure(config);
    import::mapping_routes::configure(config);
}
