//! Requests between JSON and the rules of the domain.

use domain::contract::TermsInput;
use domain::kernel::{CategoryId, DocumentId, Faults, OrganisationId, ProductId, Timestamp};
use domain::sourcing::{CriterionInput, DeadlinesInput, LineInput, ProcedureInput, RateInput, RequestInput, Terms};

use super::dto::{CriterionDto, DeadlinesDto, LineDto, ProcedureDto, RateDto, RfqData, RfqTermsDto};
use crate::catalogue::attribute::dto::{AttributeValueDto, NumberDto};
use domain::catalogue::attribute::Given;

impl RfqData {
    /// For the rules of the domain, with these lines; what is missing is noted.
    pub fn input(&self, lines: Vec<LineInput>, faults: &mut Faults) -> RequestInput {
        let data = self.clone();
        RequestInput {
            titles: data.title,
            descriptions: data.description,
            procedure: (&data.procedure).into(),
            lines,
            terms: TermsInput {
                incoterm: data.terms.incoterm,
                place: data.terms.place,
                payment_days: data.terms.payment_days,
                delivery_date: None,
            },
            currencies: data.currencies,
            rates: data.rates.into_iter().map(Into::into).collect(),
            deadlines: data.deadlines.input(faults),
            criteria: data.criteria.into_iter().map(Into::into).collect(),
            framework_months: data.framework_months,
            invitations: data.invitations.into_iter().map(OrganisationId).collect(),
            documents: data.documents.into_iter().map(DocumentId).collect(),
        }
    }

    /// A request as if it were sent in anew.
    pub fn of(terms: &Terms) -> Self {
        let input = terms.input();
        Self {
            title: input.titles,
            description: input.descriptions,
            procedure: input.procedure.into(),
            lines: input.lines.into_iter().map(Into::into).collect(),
            csv: None,
            requisition_list_id: None,
            terms: RfqTermsDto {
                incoterm: input.terms.incoterm,
                place: input.terms.place,
                payment_days: input.terms.payment_days,
            },
            currencies: input.currencies,
            rates: input.rates.into_iter().map(|rate| RateDto { currency: rate.currency, rate: rate.rate }).collect(),
            deadlines: input.deadlines.into(),
            criteria: input.criteria.into_iter().map(Into::into).collect(),
            framework_months: input.framework_months,
            invitations: input.invitations.into_iter().map(|company| company.0).collect(),
            documents: input.documents.into_iter().map(|document| document.0).collect(),
        }
    }
}

impl DeadlinesDto {
    fn input(self, faults: &mut Faults) -> DeadlinesInput {
        if self.quotes.is_none() {
            faults.add("/deadlines/quotes", "required", "Say until when quotes are taken.");
        }
        DeadlinesInput {
            questions: self.questions.map(|at| at.0),
            quotes: self.quotes.map_or(Timestamp::UNIX_EPOCH, |at| at.0),
            award: self.award.map(|at| at.0),
            start: self.start,
        }
    }
}

impl From<DeadlinesInput> for DeadlinesDto {
    fn from(input: DeadlinesInput) -> Self {
        Self {
            questions: input.questions.map(Into::into),
            quotes: Some(input.quotes.into()),
            award: input.award.map(Into::into),
            start: input.start,
        }
    }
}

impl From<&ProcedureDto> for ProcedureInput {
    fn from(dto: &ProcedureDto) -> Self {
        let dto = dto.clone();
        Self {
            preset: dto.preset,
            secrecy: dto.secrecy,
            envelopes: dto.envelopes,
            rounds: dto.rounds,
            prequalification: dto.prequalification,
            two_person_opening: dto.two_person_opening,
            standstill_days: dto.standstill_days,
            partial_quotes: dto.partial_quotes,
            alternatives: dto.alternatives,
            final_auction: dto.final_auction,
            outcome: dto.outcome,
            visibility: dto.visibility,
        }
    }
}

impl From<ProcedureInput> for ProcedureDto {
    fn from(input: ProcedureInput) -> Self {
        Self {
            preset: input.preset,
            secrecy: input.secrecy,
            envelopes: input.envelopes,
            rounds: input.rounds,
            prequalification: input.prequalification,
            two_person_opening: input.two_person_opening,
            standstill_days: input.standstill_days,
            partial_quotes: input.partial_quotes,
            alternatives: input.alternatives,
            final_auction: input.final_auction,
            outcome: input.outcome,
            visibility: input.visibility,
        }
    }
}

impl From<LineDto> for LineInput {
    fn from(dto: LineDto) -> Self {
        Self {
            number: dto.number,
            names: dto.name,
            category_id: dto.category_id.map(CategoryId),
            product_id: dto.product_id.map(ProductId),
            quantity: dto.quantity,
            unit: dto.unit,
            specification: dto.specification.iter().map(|(key, value)| (key.clone(), value.into())).collect(),
            target_price: dto.target_price,
            show_target: dto.show_target,
            required_on: dto.required_on,
            documents: dto.documents.into_iter().map(DocumentId).collect(),
        }
    }
}

impl From<LineInput> for LineDto {
    fn from(input: LineInput) -> Self {
        Self {
            number: input.number,
            name: input.names,
            category_id: input.category_id.map(|id| id.0),
            product_id: input.product_id.map(|id| id.0),
            quantity: input.quantity,
            unit: input.unit,
            specification: input.specification.into_iter().map(|(key, given)| (key, shown(given))).collect(),
            target_price: input.target_price,
            show_target: input.show_target,
            required_on: input.required_on,
            documents: input.documents.into_iter().map(|id| id.0).collect(),
        }
    }
}

fn shown(given: Given) -> AttributeValueDto {
    match given {
        Given::Text(text) => AttributeValueDto::Text(text),
        Given::YesNo(value) => AttributeValueDto::YesNo(value),
        Given::Number { value, unit } => AttributeValueDto::Number(NumberDto { value, unit }),
    }
}

impl From<RateDto> for RateInput {
    fn from(dto: RateDto) -> Self {
        Self { currency: dto.currency, rate: dto.rate }
    }
}

impl From<CriterionDto> for CriterionInput {
    fn from(dto: CriterionDto) -> Self {
        Self { kind: dto.kind, key: dto.key, names: dto.name, weight: dto.weight }
    }
}

impl From<CriterionInput> for CriterionDto {
    fn from(input: CriterionInput) -> Self {
        Self { kind: input.kind, key: input.key, name: input.names, weight: input.weight }
    }
}
