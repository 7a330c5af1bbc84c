//! Quotes between JSON and the rules of the domain.

use domain::kernel::DocumentId;
use domain::sourcing::{OfferInput, Quote, QuoteInput, TierInput};

use super::dto::{QuoteData, QuoteOfferDto, QuoteTierDto};

impl From<QuoteData> for QuoteInput {
    fn from(data: QuoteData) -> Self {
        Self {
            version: data.version,
            currency: data.currency,
            valid_until: data.valid_until,
            incoterm: data.incoterm,
            place: data.place,
            freight: data.freight,
            tax_rate: data.tax_rate,
            least_lines_percent: data.least_lines_percent,
            whole_discount_percent: data.whole_discount_percent,
            remarks: data.remarks,
            technical_documents: data.technical_documents.into_iter().map(DocumentId).collect(),
            commercial_documents: data.commercial_documents.into_iter().map(DocumentId).collect(),
            offers: data.offers.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<QuoteInput> for QuoteData {
    fn from(input: QuoteInput) -> Self {
        Self {
            version: input.version,
            currency: input.currency,
            valid_until: input.valid_until,
            incoterm: input.incoterm,
            place: input.place,
            freight: input.freight,
            tax_rate: input.tax_rate,
            least_lines_percent: input.least_lines_percent,
            whole_discount_percent: input.whole_discount_percent,
            remarks: input.remarks.filter(|remarks| !remarks.is_empty()),
            technical_documents: input.technical_documents.into_iter().map(|id| id.0).collect(),
            commercial_documents: input.commercial_documents.into_iter().map(|id| id.0).collect(),
            offers: input.offers.into_iter().map(Into::into).collect(),
        }
    }
}

impl QuoteData {
    /// A quote as if it were sent in anew.
    pub fn of(quote: &Quote) -> Self {
        quote.input().into()
    }

    /// All documents that it names.
    pub fn documents(&self) -> Vec<DocumentId> {
        let of_offers = self.offers.iter().flat_map(|offer| &offer.documents);
        let all = self.technical_documents.iter().chain(&self.commercial_documents).chain(of_offers);
        let mut all: Vec<DocumentId> = all.copied().map(DocumentId).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl From<QuoteOfferDto> for OfferInput {
    fn from(dto: QuoteOfferDto) -> Self {
        Self {
            line: dto.line,
            kind: dto.kind,
            description: dto.description,
            unit: dto.unit,
            quantity: dto.quantity,
            least_quantity: dto.least_quantity,
            unit_price: dto.unit_price,
            tiers: dto
                .tiers
                .into_iter()
                .map(|tier| TierInput { from: tier.from, unit_price: tier.unit_price })
                .collect(),
            lead_time_days: dto.lead_time_days,
            remarks: dto.remarks,
            documents: dto.documents.into_iter().map(DocumentId).collect(),
        }
    }
}

impl From<OfferInput> for QuoteOfferDto {
    fn from(input: OfferInput) -> Self {
        let tier = |tier: TierInput| QuoteTierDto { from: tier.from, unit_price: tier.unit_price };
        Self {
            line: input.line,
            kind: input.kind,
            description: input.description,
            unit: input.unit,
            quantity: input.quantity,
            least_quantity: input.least_quantity,
            unit_price: input.unit_price,
            tiers: input.tiers.into_iter().map(tier).collect(),
            lead_time_days: input.lead_time_days,
            remarks: input.remarks,
            documents: input.documents.into_iter().map(|id| id.0).collect(),
        }
    }
}
