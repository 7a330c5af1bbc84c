//! What an export of everything consists of: sections, one after the other, each with one kind of things in the order of their identifiers.

use crate::kernel::refusal::Invalid;

macro_rules! sections {
    ($($section:ident $code:literal,)*) => {
        /// One kind of things that an organisation owns.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Section {
            $(#[doc = concat!("Lines of type `", $code, "`.")] $section,)*
        }

        impl Section {
            /// All of them, in the order in which they are written.
            pub const ALL: &[Self] = &[$(Self::$section,)*];

            /// The type of its lines.
            pub fn code(self) -> &'static str {
                match self { $(Self::$section => $code,)* }
            }
        }
    };
}

// What others refer to comes before them.
sections! {
    Organisation "organisation",
    Member "member",
    Invitation "invitation",
    ApiClient "api_client",
    BankAccount "bank_account",
    CostCentre "cost_centre",
    Budget "budget",
    BuyerGroup "buyer_group",
    Warehouse "warehouse",
    Product "product",
    Stock "stock",
    Offer "offer",
    PriceList "price_list",
    CreditLine "credit_line",
    RequisitionList "requisition_list",
    StandingOrder "standing_order",
    PriceProposal "price_proposal",
    Order "order",
    Contract "contract",
    Delivery "delivery",
    Return "return",
    Invoice "invoice",
    CreditNote "credit_note",
    Payment "payment",
    CommissionStatement "commission_statement",
    Account "account",
    LedgerEntry "ledger_entry",
    Document "document",
    ExchangeOrder "exchange_order",
    ExchangeTrade "exchange_trade",
    Auction "auction",
    AuctionBids "auction_bids",
    RfqTemplate "rfq_template",
    Rfq "rfq",
    Quote "quote",
    RfqAward "rfq_award",
    FrameworkAgreement "framework_agreement",
    Event "event",
}

impl Section {
    /// Reads what [`Section::code`] writes.
    ///
    /// # Errors
    /// The code `section` for any other text.
    pub fn parse(code: &str) -> Result<Self, Invalid> {
        let known = Self::ALL.iter().find(|section| section.code() == code);
        known.copied().ok_or_else(|| Invalid::new("section", format!("`{code}` is no section of an export.")))
    }

    /// The one that is written after it; none after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.iter().copied().find(|other| *other > self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sections_are_gone_through_one_after_the_other_each_once() {
        let (mut at, mut seen) = (Some(Section::ALL[0]), Vec::new());
        while let Some(section) = at {
            assert_eq!(Section::parse(section.code()), Ok(section));
            seen.push(section);
            at = section.next();
        }
        assert_eq!(seen, Section::ALL);
        assert_eq!(Section::parse("secrets").unwrap_err().code, "section");
    }
}
