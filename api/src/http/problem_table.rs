//! What each kind of refusal is called over HTTP.

use domain::kernel::Kind;

use super::problem::Row;

const fn at(slug: &'static str, status: u16, title: &'static str, explanation: &'static str) -> Row {
    Row { slug, status, title, explanation }
}

/// The problem table: one row per kind, complete by the compiler.
#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Row {
    match kind {
        Kind::MalformedRequest => at(
            "malformed-request",
            400,
            "The request cannot be read",
            "The body is not valid JSON (or not of the form that the endpoint takes), not UTF-8, names a key twice, or is nested too deeply. Nothing was done.",
        ),
        Kind::InvalidQuery => at(
            "invalid-query",
            400,
            "A query parameter is wrong",
            "A parameter is unknown, misspelt, given twice or out of its range. The detail names it.",
        ),
        Kind::InvalidCursor => at(
            "invalid-cursor",
            400,
            "The cursor cannot be used",
            "Cursors are opaque and good for the list, the filters and the caller that they were given for. Start the list anew without one.",
        ),
        Kind::InvalidIdempotencyKey => at(
            "invalid-idempotency-key",
            400,
            "The idempotency key is malformed",
            "Idempotency-Key takes 1 to 255 visible ASCII characters.",
        ),
        Kind::InvalidInput => at(
            "invalid-input",
            422,
            "The input has faults",
            "The member errors lists all of them, each with a JSON pointer, a code for machines and a sentence. Nothing was done.",
        ),
        Kind::IdempotencyKeyReused => at(
            "idempotency-key-reused",
            422,
            "The idempotency key was used for another request",
            "A key belongs to one method, path and body. Use a new key for a new request.",
        ),
        Kind::RequestInProgress => at(
            "request-in-progress",
            409,
            "The first request with this key is still running",
            "Wait a moment and send the same request again: you will get the answer of the first.",
        ),
        Kind::PreconditionRequired => at(
            "precondition-required",
            428,
            "If-Match is needed",
            "Read the resource and send the ETag you got in If-Match, so that nobody's change is overwritten unseen.",
        ),
        Kind::PreconditionFailed => at(
            "precondition-failed",
            412,
            "The resource has changed meanwhile",
            "The ETag in If-Match is not the current one. Read the resource again and decide anew.",
        ),
        Kind::PayloadTooLarge => at(
            "payload-too-large",
            413,
            "The body is too large",
            "Bodies of JSON are at most 1 MiB, where the endpoint does not say otherwise.",
        ),
        Kind::UnsupportedMediaType => at(
            "unsupported-media-type",
            415,
            "The media type is not supported",
            "Send application/json, or what the endpoint names.",
        ),
        Kind::UpgradeRequired => at(
            "upgrade-required",
            426,
            "This is for WebSockets",
            "The endpoint speaks WebSocket (RFC 6455): send Upgrade: websocket with the handshake.",
        ),
        Kind::NotAcceptable => at(
            "not-acceptable",
            406,
            "No such representation",
            "The endpoint cannot answer in any of the media types that Accept names.",
        ),
        Kind::MethodNotAllowed => at(
            "method-not-allowed",
            405,
            "The method is not allowed here",
            "The header Allow names the methods that this path has.",
        ),
        Kind::TooManyRequests => {
            at("too-many-requests", 429, "Too many requests", "Wait as many seconds as Retry-After says.")
        }
        Kind::Unauthenticated => {
            at("unauthenticated", 401, "Log in first", "The endpoint needs an access token: Authorization: Bearer …")
        }
        Kind::InvalidToken => at(
            "invalid-token",
            401,
            "The access token is not valid",
            "It is malformed, expired, revoked, or not signed by this service. Get a new one.",
        ),
        Kind::InvalidCredentials => at(
            "invalid-credentials",
            401,
            "The credentials are wrong",
            "The e-mail address, the password or the secret is wrong. Which of them is not told.",
        ),
        Kind::InsufficientScope => at(
            "insufficient-scope",
            403,
            "The token lacks a scope",
            "The API client was not given the scope that this endpoint needs. The detail names it.",
        ),
        Kind::Forbidden => {
            at("forbidden", 403, "Not allowed", "You may know of this, but your roles do not allow this step.")
        }
        Kind::NotFound => at("not-found", 404, "Not found", "There is no such thing, or you may not know of it."),
        Kind::WrongState => at(
            "wrong-state",
            409,
            "The state does not allow this step",
            "Read the resource: its state has moved on, or is not there yet.",
        ),
        Kind::AlreadyExists => {
            at("already-exists", 409, "It exists already", "Something with the same key exists. The detail says which.")
        }
        Kind::InUse => {
            at("in-use", 409, "Something else still needs it", "The detail says what names it. Change that first.")
        }
        Kind::NotVerified => at(
            "not-verified",
            403,
            "The organisation is not verified",
            "Only verified organisations trade. The operator verifies yours from the evidence you upload.",
        ),
        Kind::Suspended => at("suspended", 403, "Suspended", "A suspended organisation can look but not trade."),
        Kind::IdentifierTaken => at(
            "identifier-taken",
            409,
            "The identifier belongs to another organisation",
            "An identifier belongs to one legal entity. If it is yours, ask the operator.",
        ),
        Kind::EmailTaken => {
            at("email-taken", 409, "The e-mail address is in use", "Log in with it, or use another address.")
        }
        Kind::LastOwner => {
            at("last-owner", 409, "An organisation needs an owner", "Give the role owner to somebody else first.")
        }
        Kind::SecretLimit => at(
            "secret-limit",
            409,
            "Two secrets are valid already",
            "An API client has at most two valid secrets, so that one can be changed without a gap. Revoke one first.",
        ),
        Kind::LinkExpired => at(
            "link-expired",
            409,
            "The link is no longer good",
            "It was used, revoked or has expired. Ask for a new one.",
        ),
        Kind::RulesNotAccepted => at(
            "rules-not-accepted",
            403,
            "The portal's rules are not accepted",
            "Your organisation must accept the current rules of the portal before it acts there.",
        ),
        Kind::CapabilityMissing => at(
            "capability-missing",
            403,
            "The membership does not allow this",
            "Your organisation is not an active member of the portal with the capability that this needs.",
        ),
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
            "An organisation may have a hundred imports that wait or run, and twenty uploads of prices under way. Wait until some of them are over, or cancel them; an upload that was broken off counts for three hours.",
        ),
        Kind::OffTick => at(
            "off-tick",
            422,
            "The price is not a whole multiple of the tick",
            "Each instrument states its tick_size; prices are whole multiples of it. Nothing was done.",
        ),
        Kind::OffLot => at(
            "off-lot",
            422,
            "The quantity is not a whole multiple of the lot",
            "Each instrument states its lot_size; quantities are whole multiples of it. Nothing was done.",
        ),
        Kind::OutsideBand => at(
            "outside-band",
            422,
            "The price is outside the price band",
            "Prices stay within the instrument's band around its reference price; the bounds themselves are allowed. The ticker shows them.",
        ),
        Kind::WrongPhase => at(
            "wrong-phase",
            409,
            "The phase of the instrument does not allow that",
            "Orders come in while the instrument is open for them; those that must trade at once need continuous trading. The ticker shows the phase.",
        ),
        Kind::OrderEnded => at(
            "order-ended",
            409,
            "The order has been filled or has ended",
            "What is filled or has ended cannot be changed or cancelled any more. Read the order to see what became of it.",
        ),
        Kind::WouldTrade => at(
            "would-trade",
            409,
            "The order would trade at once",
            "It was sent as post_only, and the book holds what it would meet. Nothing was done.",
        ),
        Kind::OwnOrdersCross => at(
            "own-orders-cross",
            409,
            "The order would meet one of the same company or group",
            "The instrument refuses orders that would trade with those of the same company or its group. Cancel the other one first.",
        ),
        Kind::OverLimit => at(
            "over-limit",
            409,
            "The trading limit does not suffice",
            "Open buy orders and purchases that are not settled stay within the company's limit in the currency. Positions show what is left of it.",
        ),
        Kind::InsufficientHoldings => at(
            "insufficient-holdings",
            409,
            "The deposited holdings do not suffice",
            "With a full guarantee only what was deposited for the instrument can be sold. Positions show what is free.",
        ),
        Kind::OrderCap => at(
            "order-cap",
            409,
            "The instrument caps what one member may have",
            "The instrument bounds a member's live orders, or its lots in one session, traded and open together. The detail says which.",
        ),
        Kind::ClientOrderIdUsed => at(
            "client-order-id-used",
            409,
            "The client_order_id belongs to another order",
            "The same client_order_id with the same terms is a retry and answers what became of the order. With other terms it is refused.",
        ),
        Kind::OwnAuction => at(
            "own-auction",
            403,
            "The seller does not bid in its own auction",
            "Neither the seller nor a company of its group bids in its auction.",
        ),
        Kind::NotQualified => at(
            "not-qualified",
            403,
            "The organisation is not admitted to the auction",
            "The seller qualifies or invites who bids here. Ask to be qualified; once you are, bid again.",
        ),
        Kind::BidderWithdrawn => at(
            "bidder-withdrawn",
            403,
            "The organisation was withdrawn from the auction",
            "Its bids for lots that had not closed were struck out, and it bids there no more unless it is admitted again.",
        ),
        Kind::DepositNotCovered => at(
            "deposit-not-covered",
            409,
            "The deposit of the auction is not covered",
            "The auction asks for a deposit before the first bid. Pay in what is missing and bid again.",
        ),
        Kind::WrongFormat => at(
            "wrong-format",
            409,
            "The format of the auction does not take that",
            "Each format takes its own kind of bid: open bids, acceptances of the falling price, or sealed bids, and these in its parts. The auction shows its format and the part that runs.",
        ),
        Kind::LotNotOpen => at(
            "lot-not-open",
            409,
            "The lot is not open for that",
            "It has not opened yet, is in another part, or has closed. The auction shows its times.",
        ),
        Kind::BidTooLate => at(
            "bid-too-late",
            409,
            "The lot has ended",
            "A bid at the very instant of the end is late. The server's clock decides; the stream tells its time.",
        ),
        Kind::BidTooLow => at(
            "bid-too-low",
            409,
            "The bid does not reach what it has to",
            "A bid is one step over the price that stands (under it in a reverse auction); who leads may only better its maximum. Read the lot for the least that is taken now. Nothing was done.",
        ),
        Kind::StepTooLarge => at(
            "step-too-large",
            422,
            "The bid is further from the price that stands than a step may be",
            "The auction bounds its steps above, too. Read the lot for the range that is taken now. Nothing was done.",
        ),
        Kind::AlreadyLeads => at(
            "already-leads",
            409,
            "The organisation leads already",
            "Nobody outbids itself. Bid again when another one leads.",
        ),
        Kind::BuyNowGone => at(
            "buy-now-gone",
            409,
            "The lot cannot be bought at once",
            "It has no such price, or a bid has reached the reserve: from then on bids alone decide.",
        ),
        Kind::NotCurrentPrice => at(
            "not-current-price",
            409,
            "That is not the price that stands now",
            "Where the price falls, a bid accepts the very price that stands as it arrives. Read it again and accept that.",
        ),
        Kind::OwnRequest => at("own-request", 409, "The request is your own", "A company does not quote to itself."),
        Kind::OutsiderInvited => at(
            "outsider-invited",
            409,
            "The company is no member of the portal",
            "To a closed portal only its members can be invited.",
        ),
        Kind::QuoteTooLate => at(
            "quote-too-late",
            409,
            "The deadline for quotes has passed",
            "The service's clock decides; a quote at the very instant is late.",
        ),
        Kind::QuestionTooLate => {
            at("question-too-late", 409, "Questions are over", "The deadline for questions has passed.")
        }
        Kind::VersionOutdated => at(
            "version-outdated",
            409,
            "The request was amended",
            "Read the version in force and confirm the quote, or revise it.",
        ),
        Kind::QuoteNotStanding => at(
            "quote-not-standing",
            409,
            "The quote does not stand",
            "It was withdrawn, has lapsed, or is not valid any more.",
        ),
        Kind::StillSealed => at(
            "still-sealed",
            409,
            "The quotes are still sealed",
            "They are opened after the deadline, envelope by envelope.",
        ),
        Kind::SecondPersonNeeded => at(
            "second-person-needed",
            409,
            "A second person is needed",
            "Whoever opened the quotes has to be joined by somebody else.",
        ),
        Kind::NotAsCommitted => {
            at("not-as-committed", 409, "The quote is not what was committed to", "Its hash is not the published one.")
        }
        Kind::OverAward => at(
            "over-award",
            409,
            "More than can be awarded",
            "An award takes at most what was asked for and what the quote offers.",
        ),
        Kind::StandstillRunning => at(
            "standstill-running",
            409,
            "The standstill has not ended",
            "Contracts are made after it; the request says until when it lasts.",
        ),
        Kind::OverCallOff => at(
            "over-call-off",
            409,
            "More than is left of the agreement",
            "A call-off takes at most what was not called off before.",
        ),
        Kind::OutsidePeriod => at(
            "outside-period",
            409,
            "The agreement is not in force",
            "The day is outside the period of the framework agreement.",
        ),
        Kind::TextChanged => at(
            "text-changed",
            409,
            "The text is not the one that was shown",
            "The hash you signed is not that of the current text. Read the contract again.",
        ),
        Kind::AlreadySigned => at("already-signed", 409, "Your side has signed already", "Each side signs once."),
        Kind::OverDelivery => at(
            "over-delivery",
            409,
            "More than was agreed",
            "A delivery cannot hold more than is still open on the contract's lines.",
        ),
        Kind::OffGrade => at(
            "off-grade",
            409,
            "It is not of the agreed grade",
            "A measured value is outside what the contract accepts. The seller sends goods of the grade; the buyer says that what arrived so \
             is damaged, so that it is to be delivered again.",
        ),
        Kind::ReceiptMismatch => at(
            "receipt-mismatch",
            422,
            "The receipt does not fit the delivery",
            "Received and damaged together cannot exceed what was despatched.",
        ),
        Kind::OverReturn => at(
            "over-return",
            409,
            "More than can be given back",
            "A return takes at most what was received in good order and is neither given back nor asked to be.",
        ),
        Kind::NothingToInvoice => at(
            "nothing-to-invoice",
            409,
            "There is nothing to invoice",
            "Everything delivered under the contract is on an invoice already, or nothing was delivered yet.",
        ),
        Kind::OverPayment => at(
            "over-payment",
            409,
            "More than is owed",
            "The allocations exceed the payment, or what is open on an invoice.",
        ),
        Kind::OverCredit => at(
            "over-credit",
            409,
            "More than can be credited",
            "A credit note takes back at most what was invoiced and not yet credited.",
        ),
        Kind::InvoiceHeld => at(
            "invoice-held",
            409,
            "The invoice is held",
            "It is above what was ordered or received, beyond its buyer's tolerances. Nothing is paid for it until the buyer approves it, or a credit note takes back what is too much.",
        ),
        Kind::InvoiceIncomplete => at(
            "invoice-incomplete",
            409,
            "The electronic invoice lacks data",
            "EN 16931 asks for more than the invoice has, such as the seller's VAT number. The detail lists what is missing; add it to the organisation and ask again.",
        ),
        Kind::BankAccountMissing => at(
            "bank-account-missing",
            409,
            "The seller has no bank account in this currency",
            "Add a bank account to the organisation before issuing invoices.",
        ),
        Kind::ForbiddenFileType => at(
            "forbidden-file-type",
            415,
            "Files of this type are not taken",
            "The content decides, not the name. The detail lists what is taken.",
        ),
        Kind::FileTooLarge => at("file-too-large", 413, "The file is too large", "The detail names the limit."),
        Kind::Unavailable => at(
            "unavailable",
            503,
            "The service cannot answer at the moment",
            "Nothing was done, as far as we know. Try again after the seconds in Retry-After, with the same Idempotency-Key.",
        ),
        Kind::Internal => at(
            "internal",
            500,
            "Something went wrong on our side",
            "The error was logged under the request id. With an Idempotency-Key it is safe to try again.",
        ),
    }
}
