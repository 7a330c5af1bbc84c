//! Catalogues and orders.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
        Kind::CurrencyMismatch => at(
            "currency-mismatch",
            422,
            "Another currency than the offer's",
            "An order is in one currency: that of its offers.",
        ),
        Kind::UnitMismatch => {
            at("unit-mismatch", 422, "Another unit than the offer's", "Order in the unit that the offer is priced in.")
        }
        Kind::NotOffered => at("not-offered", 409, "Not on offer", "The offer was withdrawn or is not published."),
        Kind::OutOfStock => at(
            "out-of-stock",
            409,
            "Not enough in stock",
            "The member errors names the lines and what is available. Nothing was reserved.",
        ),
        Kind::StockReserved => at(
            "stock-reserved",
            409,
            "Part of the stock is reserved",
            "The stock on hand cannot be set below what orders have reserved.",
        ),
        Kind::PriceChanged => at(
            "price-changed",
            409,
            "A price has changed",
            "A price is not the one the draft was made with. Read the draft, edit it (an empty patch will do) to take over the prices of \
             today, and submit it again.",
        ),
        Kind::ProductsWouldBreak => at(
            "products-would-break",
            409,
            "Products would no longer fit their category",
            "A category is not moved, and its attributes are not changed, in a way that leaves products behind that do not fit. The member \
             errors names some of them.",
        ),
        Kind::PriceListsOverlap => at(
            "price-lists-overlap",
            409,
            "Two price lists contradict each other",
            "Another list of yours has the same priority and, for the same audience, gives a price for the same offer at the same time. \
             The detail names it. Give one of them another priority, period or audience.",
        ),
        Kind::OwnOffer => at(
            "own-offer",
            409,
            "An organisation cannot order from itself",
            "Buyer and seller must be different legal entities.",
        ),
        Kind::BudgetExceeded => at(
            "budget-exceeded",
            409,
            "The budget does not cover this",
            "A cost centre has less left of its budget, or no budget where it needs one. The member errors names the lines. Nothing was ordered.",
        ),
        Kind::OwnOrder => at(
            "own-order",
            403,
            "Nobody decides on their own order",
            "You ordered, changed or submitted this yourself, or through an API client of yours. Somebody else has to decide, also where you stand in for others.",
        ),
        Kind::NoApprover => at(
            "no-approver",
            409,
            "Nobody could approve this",
            "A step of the approval policy has fewer people who may decide than it needs, not counting those who ordered. Nothing was done.",
        ),
        Kind::CreditHold => at(
            "credit-hold",
            409,
            "The order is over the buyer's credit",
            "The order exceeds the credit that the seller gives this buyer. The seller releases it before confirming it, or declines it.",
        ),
        Kind::EmptyOrder => at("empty-order", 409, "The order has no lines", "Add a line before you submit it."),
        Kind::ProposalExpired => at(
            "proposal-expired",
            409,
            "The price proposal has ended",
            "It was not answered in time, or the agreed price was not ordered at in time. Name a price anew.",
        ),
        Kind::ProposalUsed => at(
            "proposal-used",
            409,
            "The agreed price was ordered at already",
            "A price that was agreed on is good for one order. Name a price anew.",
        ),
        Kind::OutOfTolerance => at(
            "out-of-tolerance",
            409,
            "The weight is beyond the tolerance",
            "What was weighed differs from what was ordered by more than was agreed on. The seller may send it as an exception, which the \
             buyer has to accept when it receives the goods.",
        ),
        Kind::ImportUnreadable => at(
            "import-unreadable",
            422,
            "The file is no table",
            "It is empty, or the row with the names of the columns cannot be read. Send CSV after RFC 4180 or NDJSON, in UTF-8 or Windows-1251.",
        ),
        Kind::ImportColumns => at(
            "import-columns",
            422,
            "The columns do not fit",
            "A column is unknown, comes twice or is missing. The member errors names each of them; a mapping gives columns of your own names a meaning, or leaves them out.",
        ),
        Kind::ImportTooLarge => at(
            "import-too-large",
            413,
            "The file is too large",
            "A file for import may have as many bytes as the operator allows, and a million rows. Send it in parts.",
        ),
        Kind::TooManyJobs => at(
            "too-many-jobs",
            409,
            "Too many jobs wait",
            "An organisation may have a hundred imports and five exports that wait or run, twenty exports that are kept, and twenty uploads of prices under way. Wait until some of them are over, cancel them, or remove exports; an upload that was broken off counts for three hours.",
        ),
        _ => return None,
    })
}
