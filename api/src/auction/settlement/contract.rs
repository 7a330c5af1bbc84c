//! What a contract of a sold lot says: what the auction says, and what was awarded.

use domain::auction::{Format, Goods, SoldLine, Terms, Units, sold_line};
use domain::kernel::OrganisationId;
use domain::kernel::language::pick;
use infra::Failure;
use infra::auction::outcome::AwardRow;
use infra::auction::store::AuctionRow;
use infra::db::Connection;
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::command::Command;
use crate::contract::make::make;
use crate::contract::origin::{AgreedLine, Origin};

/// Makes the contract of what one company has won of one lot. The first of the awards names it, so that nothing becomes a contract twice.
pub async fn of_awards(
    tx: &mut Connection,
    command: &Command,
    auction: &AuctionRow,
    terms: &Terms,
    awards: &[AwardRow],
) -> Result<Uuid, Failure> {
    Ok(make(tx, command, origin(auction, terms, awards)?).await?.0)
}

fn origin(auction: &AuctionRow, terms: &Terms, awards: &[AwardRow]) -> Result<Origin, Failure> {
    let first = awards.first().ok_or_else(|| Failure::broken("a contract of no award"))?;
    let (holder, winner) = (OrganisationId(auction.seller_id), OrganisationId(first.organisation_id));
    // Where suppliers undercut each other the holder buys.
    let reverse = terms.rules.format == Format::ReverseEnglish;
    let (buyer, seller) = if reverse { (holder, winner) } else { (winner, holder) };
    let goods = usize::try_from(first.lot).ok().and_then(|lot| terms.goods.get(lot.checked_sub(1)?));
    let goods = goods.ok_or_else(|| Failure::broken("an award of no lot"))?;
    let sold = awards.iter().map(|award| sold(award, goods, terms)).collect::<Result<Vec<_>, _>>()?;
    Ok(Origin {
        kind: "auction",
        id: first.id,
        number: first.lot.into(),
        portal_id: auction.portal_id,
        buyer,
        seller,
        currency: terms.rules.currency,
        particulars: particulars(terms, goods, first, sold.iter().any(|line| line.by_piece)),
        lines: sold.iter().map(|line| agreed(line, goods, first, terms)).collect(),
        charge: None,
        incoterm: Some((terms.contract.incoterm.code().to_owned(), terms.contract.place.clone())),
        payment_days: terms.contract.payment_days,
        delivery_address: None,
        delivery_date: terms.contract.delivery_date,
        buyer_reference: None,
    })
}

fn sold(award: &AwardRow, goods: &Goods, terms: &Terms) -> Result<SoldLine, Failure> {
    let units = Units::try_from(award.units).map_err(Failure::broken)?;
    Ok(sold_line(goods, units, award.price, terms.rules.currency)?)
}

fn agreed(line: &SoldLine, goods: &Goods, award: &AwardRow, terms: &Terms) -> AgreedLine {
    AgreedLine {
        product_id: None,
        sku: format!("LOT-{}", award.lot),
        name: json!(goods.names),
        quantity: line.quantity.value(),
        unit: line.quantity.unit().code().to_owned(),
        unit_price: line.unit_price.amount(),
        discount_percent: Decimal::ZERO,
        tax_category: terms.tax.category().code().to_owned(),
        tax_rate: terms.tax.rate(),
        amount: line.amount.amount(),
        base_quantity: line.quantity.value(),
        reserved: Decimal::ZERO,
        weight: None,
        differentials: Vec::new(),
        delivery_address: None,
        delivery_date: None,
    }
}

/// Where a line counts pieces, the text says what one of them holds.
fn particulars(terms: &Terms, goods: &Goods, award: &AwardRow, by_piece: bool) -> Vec<(&'static str, String)> {
    let mut said = vec![
        ("Auction", pick(&terms.names, &[]).to_owned()),
        ("Lot", format!("{} {}", award.lot, pick(&goods.names, &[]))),
    ];
    if by_piece {
        said.push(("Each holds", format!("{} {}", goods.content.normalize(), goods.unit.code())));
    }
    said
}
