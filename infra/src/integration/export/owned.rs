//! What an organisation owns, section by section, in the order of the identifiers.

use diesel::sql_types::{BigInt, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use domain::integration::export::Section;
use domain::kernel::OrganisationId;
use uuid::Uuid;

use crate::Failure;
use crate::db::Connection;

/// One of the things, and what it is within where its address names that, too: a portal, or a cost centre.
#[derive(Debug, Clone, Copy, diesel::QueryableByName)]
pub struct Owned {
    #[diesel(sql_type = SqlUuid)]
    pub id: Uuid,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub within: Option<Uuid>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// The things of a section: `$1` is the organisation. Columns that name it have indexes with the identifier behind them, and both sides of
/// something are apart, so that the database merges what the indexes give in order and reads no more than a page. Events have none: they are read
/// as their feed gives them, and are too many to be counted.
#[allow(clippy::too_many_lines, reason = "a table")]
fn source(section: Section) -> Option<&'static str> {
    Some(match section {
        Section::Organisation => "SELECT id FROM organisation WHERE id = $1",
        Section::Member => "SELECT person_id AS id FROM member WHERE organisation_id = $1",
        Section::Invitation => "SELECT id FROM invitation WHERE organisation_id = $1",
        Section::ApiClient => "SELECT id FROM api_client WHERE organisation_id = $1",
        Section::BankAccount => "SELECT id FROM bank_account WHERE organisation_id = $1",
        Section::CostCentre => "SELECT id FROM cost_centre WHERE organisation_id = $1",
        Section::Budget => {
            "SELECT b.id, b.cost_centre_id AS within FROM budget b JOIN cost_centre c ON c.id = b.cost_centre_id
                WHERE c.organisation_id = $1"
        }
        Section::BuyerGroup => "SELECT id FROM buyer_group WHERE seller_id = $1",
        Section::Warehouse => "SELECT id FROM warehouse WHERE seller_id = $1",
        Section::Product | Section::Stock => "SELECT id FROM product WHERE seller_id = $1",
        Section::Offer => "SELECT id, portal_id AS within FROM offer WHERE seller_id = $1",
        Section::PriceList => "SELECT id, portal_id AS within FROM price_list WHERE seller_id = $1",
        Section::CreditLine => {
            "SELECT id FROM credit_line WHERE seller_id = $1
                UNION ALL SELECT id FROM credit_line WHERE buyer_id = $1 AND seller_id <> $1"
        }
        Section::RequisitionList => "SELECT id FROM requisition_list WHERE organisation_id = $1",
        Section::StandingOrder => "SELECT id FROM standing_order WHERE organisation_id = $1",
        Section::PriceProposal => {
            "SELECT id FROM price_proposal WHERE buyer_id = $1
                UNION ALL SELECT id FROM price_proposal WHERE seller_id = $1 AND buyer_id <> $1"
        }
        Section::Order => {
            "SELECT id FROM purchase_order WHERE buyer_id = $1
                UNION ALL SELECT id FROM purchase_order WHERE seller_id = $1 AND buyer_id <> $1"
        }
        Section::Contract => {
            "SELECT id FROM contract WHERE buyer_id = $1
                UNION ALL SELECT id FROM contract WHERE seller_id = $1 AND buyer_id <> $1"
        }
        Section::Delivery => {
            "SELECT d.id FROM delivery d JOIN contract c ON c.id = d.contract_id WHERE c.buyer_id = $1
                UNION ALL SELECT d.id FROM delivery d JOIN contract c ON c.id = d.contract_id
                WHERE c.seller_id = $1 AND c.buyer_id <> $1"
        }
        Section::Return => {
            "SELECT r.id FROM goods_return r JOIN contract c ON c.id = r.contract_id WHERE c.buyer_id = $1
                UNION ALL SELECT r.id FROM goods_return r JOIN contract c ON c.id = r.contract_id
                WHERE c.seller_id = $1 AND c.buyer_id <> $1"
        }
        Section::Invoice => {
            "SELECT id FROM invoice WHERE buyer_id = $1 AND kind = 'invoice'
                UNION ALL SELECT id FROM invoice WHERE seller_id = $1 AND buyer_id <> $1 AND kind = 'invoice'"
        }
        Section::CreditNote => {
            "SELECT id FROM invoice WHERE buyer_id = $1 AND kind = 'credit_note'
                UNION ALL SELECT id FROM invoice WHERE seller_id = $1 AND buyer_id <> $1 AND kind = 'credit_note'"
        }
        Section::Payment => {
            "SELECT id FROM payment WHERE payer_id = $1
                UNION ALL SELECT id FROM payment WHERE payee_id = $1 AND payer_id <> $1"
        }
        Section::CommissionStatement => "SELECT id FROM commission_statement WHERE seller_id = $1",
        Section::Account => "SELECT id FROM account WHERE organisation_id = $1",
        Section::LedgerEntry => "SELECT id FROM ledger_entry WHERE organisation_id = $1",
        Section::Document => "SELECT id FROM document WHERE owner_id = $1",
        Section::ExchangeOrder => "SELECT id FROM exchange_order WHERE organisation_id = $1",
        Section::ExchangeTrade => {
            "SELECT id FROM exchange_trade WHERE buyer_id = $1
                UNION ALL SELECT id FROM exchange_trade WHERE seller_id = $1 AND buyer_id <> $1"
        }
        Section::Auction => "SELECT id FROM auction WHERE seller_id = $1",
        Section::AuctionBids => "SELECT auction_id AS id FROM auction_bidder WHERE organisation_id = $1",
        Section::RfqTemplate => "SELECT id FROM rfq_template WHERE organisation_id = $1",
        Section::Rfq => "SELECT id FROM rfq WHERE buyer_id = $1",
        Section::Quote => "SELECT id FROM quote WHERE quoter_id = $1",
        Section::RfqAward => {
            "SELECT id FROM rfq_award WHERE quoter_id = $1
                UNION ALL SELECT a.id FROM rfq_award a JOIN rfq r ON r.id = a.rfq_id WHERE r.buyer_id = $1 AND a.quoter_id <> $1"
        }
        Section::FrameworkAgreement => {
            "SELECT id FROM framework_agreement WHERE buyer_id = $1
                UNION ALL SELECT id FROM framework_agreement WHERE seller_id = $1 AND buyer_id <> $1"
        }
        Section::Event => return None,
    })
}

/// Those of a section behind one of them.
pub async fn after(
    connection: &mut Connection,
    own: OrganisationId,
    section: Section,
    after: Uuid,
    limit: i64,
) -> Result<Vec<Owned>, Failure> {
    let Some(source) = source(section) else { return Ok(Vec::new()) };
    let within = if source.contains(" AS within ") { "within" } else { "NULL::uuid AS within" };
    let query = format!("SELECT id, {within} FROM ({source}) AS owned WHERE id > $2 ORDER BY id LIMIT $3");
    let query = diesel::sql_query(query).bind::<SqlUuid, _>(own.0).bind::<SqlUuid, _>(after).bind::<BigInt, _>(limit);
    Ok(query.load(connection).await?)
}

/// How many there are; none of events.
pub async fn count(connection: &mut Connection, own: OrganisationId, section: Section) -> Result<i64, Failure> {
    let Some(source) = source(section) else { return Ok(0) };
    let query = format!("SELECT count(*) AS count FROM ({source}) AS owned");
    let found: Count = diesel::sql_query(query).bind::<SqlUuid, _>(own.0).get_result(connection).await?;
    Ok(found.count)
}
