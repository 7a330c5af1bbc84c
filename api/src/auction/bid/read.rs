//! What a bid asks of the machine, as format and part say; all faults of it at once.

use domain::auction::{
    Auctions, Command, Committed, Digest, Format, LotRules, MAX_PRICE, NewBid, Phase, Price, Rejection, Sealed, Units,
    amount, commitment, price_of,
};
use domain::kernel::money::parse_decimal;
use domain::kernel::refusal::Invalid;
use domain::kernel::{Currency, Findings, OrganisationId, Refusal};
use infra::Failure;
use infra::journal::Handle;

use super::dto::NewAuctionBid;
use crate::auction::hall::Called;
use crate::auction::opening;
use crate::http::dto::MoneyDto;
use crate::secret::{SecretKey, new_seed};

/// In which part a lot is: it decides what a bid means where a format has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Open,
    Falling,
    /// Sealed bids, better than that price or at least the start price.
    Sealing(Option<Price>),
    Topping,
}

/// The part that a lot is in. Only that of a hybrid auction is asked for.
pub async fn part(auctions: &Handle<Auctions>, called: &Called, lot: u16) -> Result<Part, Failure> {
    match called.format() {
        Format::English | Format::ReverseEnglish => return Ok(Part::Open),
        Format::Dutch => return Ok(Part::Falling),
        Format::SealedFirstPrice | Format::SealedSecondPrice => return Ok(Part::Sealing(None)),
        Format::Hybrid => {}
    }
    let (id, opens_at) = (called.id, called.rules.opens_at);
    // The price of the clock is not looked at here, so that any time will do.
    let view = auctions.ask(move |auctions| auctions.lot(id, lot, opens_at)).await?;
    Ok(match view.map(|view| (view.phase, view.price)) {
        Some((Phase::Sealing, accepted)) => Part::Sealing(accepted),
        Some((Phase::Topping, _)) => Part::Topping,
        _ => Part::Falling,
    })
}

/// What is asked of the machine, and the nonce of a sealed bid.
#[derive(Debug)]
pub struct Asked {
    pub command: Command,
    pub nonce: Option<Digest>,
}

/// Reads a bid of a company.
pub fn read(
    secret: &SecretKey,
    called: &Called,
    part: Part,
    company: OrganisationId,
    data: &NewAuctionBid,
) -> Result<Asked, Failure> {
    let rules = usize::from(data.lot).checked_sub(1).and_then(|index| called.rules.lots.get(index));
    let rules = rules.ok_or(Rejection::UnknownLot).map_err(Refusal::from)?;
    let mut findings = Findings::default();
    let currency = called.currency();
    let price = data.price.as_ref().and_then(|price| minor(price, currency, "/price", &mut findings));
    let maximum = data.maximum.as_ref().and_then(|price| minor(price, currency, "/maximum", &mut findings));
    let nonce = data.nonce.as_deref().and_then(|nonce| findings.keep("/nonce", Digest::parse(nonce)));
    if part != Part::Open {
        check_closed_form(data, price, rules, &mut findings);
    }
    let is_sealed = matches!(part, Part::Sealing(_));
    if data.nonce.is_some() && !is_sealed {
        findings.add(Rejection::WrongFormat.kind(), "/nonce", "not_taken", "Only sealed bids have a nonce.");
    }
    if let (Part::Sealing(accepted), Some(price)) = (part, price)
        && accepted.map_or(price < rules.start, |accepted| price <= accepted)
    {
        note(Rejection::TooLow, "/price", &mut findings);
    }
    findings.result()?;
    let (auction, lot, units) = (called.id, data.lot, data.units);
    let needed = || price.ok_or_else(|| Refusal::from(Rejection::PriceMissing));
    let command = match part {
        Part::Open => Command::Bid { auction, lot, company, bid: NewBid { price, maximum, units, currency } },
        Part::Falling => Command::Accept { auction, lot, company, price: needed()?, units, currency },
        Part::Topping => Command::Top { auction, lot, company, price: needed()?, currency },
        Part::Sealing(_) => {
            let nonce = nonce.map_or_else(|| new_seed().map(Digest), Ok)?;
            let price = needed()?;
            let bid = Committed { auction, lot, bidder: company, price, units };
            let ciphertext = opening::seal(secret, price, units, &nonce)?;
            let sealed = Sealed { commitment: commitment(&bid, &nonce), ciphertext };
            return Ok(Asked { command: Command::Seal { auction, lot, company, sealed }, nonce: Some(nonce) });
        }
    };
    Ok(Asked { command, nonce: None })
}

fn note(rejection: Rejection, pointer: &str, findings: &mut Findings) {
    findings.add(rejection.kind(), pointer, rejection.code(), rejection.to_string());
}

/// What is the same for all bids that name one price, and what the machine cannot judge under a seal.
fn check_closed_form(data: &NewAuctionBid, price: Option<Price>, rules: &LotRules, findings: &mut Findings) {
    if data.price.is_none() {
        note(Rejection::PriceMissing, "/price", findings);
    }
    if data.maximum.is_some() {
        note(Rejection::NoProxy, "/maximum", findings);
    }
    let in_range = (1..=rules.units).contains(&data.units);
    if !in_range {
        note(Rejection::UnitsOutOfRange, "/units", findings);
    }
    if price.is_some_and(|price| !is_payable(price, data.units)) && in_range {
        note(Rejection::PriceOutOfRange, "/price", findings);
    }
}

fn is_payable(price: Price, units: Units) -> bool {
    (1..=MAX_PRICE).contains(&price) && amount(price, units).is_some()
}

/// A price in minor units of the auction's currency.
fn minor(price: &MoneyDto, currency: Currency, pointer: &str, findings: &mut Findings) -> Option<Price> {
    let read = Currency::parse(&price.currency).map_err(|invalid| (format!("{pointer}/currency"), invalid));
    match read {
        Err((at, invalid)) => return findings.keep(at, Err::<Price, Invalid>(invalid)),
        Ok(other) if other != currency => {
            note(Rejection::OtherCurrency, &format!("{pointer}/currency"), findings);
            return None;
        }
        Ok(_) => {}
    }
    let value = parse_decimal(&price.amount).and_then(|value| price_of(value, currency));
    findings.keep(format!("{pointer}/amount"), value)
}
