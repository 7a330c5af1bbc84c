//! Reading awards.

use std::collections::BTreeMap;

use domain::kernel::{Kind, OrganisationId, Quantity, QuoteId, Refusal, RfqAwardId, RfqId};
use domain::sourcing::{AwardState, AwardedLine, LineNumber, Terms, next_best};
use infra::Failure;
use infra::db::Connection;
use infra::db::page::{List, Page};
use infra::sourcing::award::{self, AwardRow, DecisionRow};
use infra::sourcing::framework;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::dto::{AwardDto, AwardQuery, DecisionDto, ProposalDto, Shown};
use super::held::{Side, known, standing};
use crate::app::App;
use crate::http::principal::Principal;
use crate::sourcing::comparison::entrants;
use crate::sourcing::rfq::read::check_reader;
use crate::sourcing::{access, rights};

/// One award, with its version.
pub async fn find(connection: &mut Connection, by: &Principal, id: RfqAwardId) -> Result<(AwardDto, i64), Failure> {
    let (row, side) = known(connection, by, id).await?;
    check_reader(by)?;
    Ok((shown(connection, &row, side).await?, row.version))
}

/// An award that was found, as one side of it sees it.
pub async fn shown(connection: &mut Connection, row: &AwardRow, side: Side) -> Result<AwardDto, Failure> {
    let decision = award::decision(connection, row.decision_id).await?.ok_or_else(without_decision)?;
    let framework = framework::of_award(connection, row.id).await?;
    AwardDto::of(row, &Shown { decision: &decision, framework, sees_all: side != Side::Quoter })
}

/// A decision as the buyer sees it.
pub async fn decision(
    connection: &mut Connection,
    of: &DecisionRow,
    awards: &[AwardRow],
) -> Result<DecisionDto, Failure> {
    Ok(DecisionDto {
        id: of.id,
        rfq_id: of.rfq_id,
        reason: of.reason.clone(),
        decided_by: of.decided_by,
        decided_at: of.decided_at.into(),
        awards: all_shown(connection, awards, std::slice::from_ref(of), true).await?,
    })
}

/// The awards of a request, in their order: for its buyer and the operator all of them, for a quoter those to it that
/// it was told of.
pub async fn list(
    connection: &mut Connection,
    by: &Principal,
    of: RfqId,
    page: &Page,
) -> Result<List<AwardDto>, Failure> {
    let request = access::seen(connection, by, of).await?;
    check_reader(by)?;
    let sees_all = request.is_own || by.operator;
    let quoter = (!sees_all).then(|| OrganisationId(by.organisation_id().unwrap_or_default()));
    let found = award::list(connection, of, quoter, page).await?;
    page_shown(connection, found, sees_all).await
}

/// The awards of the caller's company to any request, newest first: of its own requests, or to it.
pub async fn of_company(
    connection: &mut Connection,
    by: &Principal,
    query: &AwardQuery,
    page: &Page,
) -> Result<List<AwardDto>, Failure> {
    let own = by.require(rights::READ)?;
    let wrong = |detail: &str| Refusal::new(Kind::InvalidQuery, detail);
    let state = query.state.as_deref().map(AwardState::parse).transpose();
    let state = state.map_err(|invalid| wrong(&invalid.detail))?;
    let side = match query.side.as_deref() {
        None | Some("buyer") => award::Side::Buyer(own),
        Some("supplier") => award::Side::Supplier(own),
        Some(_) => return Err(wrong("`side` is `buyer` or `supplier`.").into()),
    };
    let found = award::of_company(connection, side, state, page).await?;
    page_shown(connection, found, matches!(side, award::Side::Buyer(_))).await
}

async fn page_shown(
    connection: &mut Connection,
    found: List<AwardRow>,
    sees_all: bool,
) -> Result<List<AwardDto>, Failure> {
    let mut ids: Vec<Uuid> = found.items.iter().map(|row| row.decision_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let decisions = award::decisions(connection, &ids).await?;
    let items = all_shown(connection, &found.items, &decisions, sees_all).await?;
    Ok(List { items, next: found.next })
}

async fn all_shown(
    connection: &mut Connection,
    rows: &[AwardRow],
    decisions: &[DecisionRow],
    sees_all: bool,
) -> Result<Vec<AwardDto>, Failure> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let frameworks = framework::of_awards(connection, &ids).await?;
    let one = |row: &AwardRow| {
        let decision = decisions.iter().find(|decision| decision.id == row.decision_id);
        let decision = decision.ok_or_else(without_decision)?;
        let framework = frameworks.iter().find(|(award, _)| *award == row.id).map(|(_, framework)| *framework);
        AwardDto::of(row, &Shown { decision, framework, sees_all })
    };
    rows.iter().map(one).collect()
}

fn without_decision() -> Failure {
    Failure::broken("an award without a decision")
}

/// To whom the buyer could award what was declined or taken back, and is awarded to nobody since.
pub async fn proposal(
    connection: &mut Connection,
    app: &App,
    by: &Principal,
    of: RfqId,
) -> Result<ProposalDto, Failure> {
    let request = access::seen(connection, by, of).await?;
    check_reader(by)?;
    if !request.is_own && !by.operator {
        return Err(Refusal::forbidden("The company that asks for quotes decides about its awards.").into());
    }
    let awards = award::of_request(connection, of).await?;
    let (freed, out) = freed(&request.terms, &awards)?;
    if freed.is_empty() {
        return Ok(ProposalDto { lines: Vec::new() });
    }
    let (compared, _) = entrants::compare_all(connection, app, &request.row, &request.terms).await?;
    let lines = next_best(&compared.comparison, &freed, &out);
    Ok(ProposalDto { lines: lines.into_iter().map(Into::into).collect() })
}

/// What of declined and rescinded awards is awarded to nobody, the last one first, and the quotes that are out for
/// that.
fn freed(terms: &Terms, awards: &[AwardRow]) -> Result<(Vec<AwardedLine>, Vec<QuoteId>), Failure> {
    let mut left: BTreeMap<LineNumber, Decimal> =
        terms.lines.iter().map(|line| (line.number, line.quantity.value())).collect();
    for taken in standing(awards)?.iter().flat_map(|part| &part.lines) {
        *left.entry(taken.line).or_default() -= taken.quantity.value();
    }
    let (mut freed, mut out): (Vec<AwardedLine>, Vec<QuoteId>) = (Vec::new(), Vec::new());
    for award in awards.iter().rev() {
        if !matches!(award.state()?, AwardState::Declined | AwardState::Rescinded) {
            continue;
        }
        out.push(QuoteId(award.quote_id));
        for line in award.part()?.lines {
            let left = left.entry(line.line).or_default();
            let value = line.quantity.value().min(*left);
            if value > Decimal::ZERO {
                *left -= value;
                join(&mut freed, AwardedLine { quantity: Quantity::new(value, line.quantity.unit())?, ..line })?;
            }
        }
    }
    freed.sort_by_key(|line| line.line);
    Ok((freed, out))
}

/// A line is proposed once, however many had parts of it.
fn join(freed: &mut Vec<AwardedLine>, part: AwardedLine) -> Result<(), Failure> {
    match freed.iter_mut().find(|known| known.line == part.line) {
        Some(known) => {
            let sum = known.quantity.value() + part.quantity.value();
            known.quantity = Quantity::new(sum, part.quantity.unit())?;
        }
        None => freed.push(part),
    }
    Ok(())
}
