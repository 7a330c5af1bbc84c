//! Contracts, deliveries, invoices and documents.

use domain::kernel::Kind;

use super::super::problem::Row;
use super::at;

#[allow(clippy::too_many_lines, reason = "a table")]
pub fn row(kind: Kind) -> Option<Row> {
    Some(match kind {
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
        _ => return None,
    })
}
