//! What the endpoints of documents take, as the API document describes it.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Where an order goes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PortalQuery {
    /// Id or slug of the portal on which the seller offers the goods.
    #[param(min_length = 1, max_length = 100)]
    pub portal: String,
}

/// A UBL 2.1 `Order`. Buyer and seller are found by their identifiers (GLN `0088`, D-U-N-S `0060`, LEI `0199`, VAT number, or a scheme of ours
/// such as `ru_inn`), goods by the seller's number or else the GTIN.
#[derive(ToSchema)]
#[schema(value_type = String, example = "<Order xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:Order-2\"></Order>")]
pub struct UblOrder(#[allow(dead_code, reason = "it only describes")] String);

/// A UBL 2.1 `OrderResponse`: `AP` confirms, `CA` confirms as the lines say, `RE` declines, `AB` changes nothing.
#[derive(ToSchema)]
#[schema(value_type = String, example = "<OrderResponse xmlns=\"urn:oasis:names:specification:ubl:schema:xsd:OrderResponse-2\"></OrderResponse>")]
pub struct UblOrderResponse(#[allow(dead_code, reason = "it only describes")] String);
