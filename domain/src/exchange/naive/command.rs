//! Every command, on a copy of the state that counts only if nothing is refused.

use super::super::command::Command;
use super::super::instrument::Guarantee;
use super::super::order::{Amendment, EndReason, NewOrder, OrderNumber, OrderState, Side, TimeInForce, check_price};
use super::super::orders::Place;
use super::super::phase::{Phase, Step};
use super::super::quantity::{Lots, MAX_AMOUNT, MAX_LOTS, MAX_SESSION_LOTS, Price, worth};
use super::super::rejection::Rejection;
use super::super::self_trade::SelfTrade;
use super::super::stops::reached;
use super::{Company, Instrument, Naive, Order, Sequence, code};
use crate::kernel::{InstrumentId, OrganisationId, Timestamp};

impl Naive {
    /// The order that the command was about, if it was about one.
    pub fn apply(&mut self, command: &Command, at: Timestamp) -> Result<Option<Sequence>, Rejection> {
        let mut next = self.clone();
        next.ended.clear();
        let subject = next.perform(command, at)?;
        next.conclude();
        *self = next;
        Ok(subject)
    }

    fn perform(&mut self, command: &Command, at: Timestamp) -> Result<Option<Sequence>, Rejection> {
        match command {
            Command::Place { company, instrument, order } => {
                return self.place(*company, *instrument, order, at).map(Some);
            }
            Command::Amend { company, order, change } => return self.amend(*company, *order, *change).map(Some),
            Command::Cancel { company, order } => {
                let sequence = self.own(*company, *order)?;
                self.cancel_order(sequence, EndReason::Cancelled);
                return Ok(Some(sequence));
            }
            Command::CancelAll { company, instrument } => {
                self.check_company(*company)?;
                instrument.map_or(Ok(()), |instrument| self.check_instrument(instrument))?;
                self.cancel_where(EndReason::Cancelled, |order| {
                    order.company == *company && instrument.is_none_or(|instrument| order.instrument == instrument)
                });
            }
            Command::Expire => {
                while let Some(until) = self.next_expiry().filter(|until| *until <= at) {
                    let due = self.live().find(|order| order.time_in_force == TimeInForce::Gtd(until));
                    let sequence = due.unwrap().sequence;
                    self.cancel_order(sequence, EndReason::Expired);
                }
            }
            Command::ChangePhase { instrument, to } => self.change_phase(*instrument, *to)?,
            Command::Halt { instrument, .. } => {
                self.check_instrument(*instrument)?;
                let entry = self.instruments.get_mut(instrument).unwrap();
                entry.phase.step(Phase::Halted).ok_or(Rejection::WrongPhase)?;
                entry.phase = Phase::Halted;
            }
            other => self.administer(other)?,
        }
        Ok(None)
    }

    fn conclude(&mut self) {
        loop {
            while !self.doomed.is_empty() {
                for sequence in std::mem::take(&mut self.doomed) {
                    self.cancel_order(sequence, EndReason::Linked);
                }
            }
            let Some(sequence) = self.elected.pop_front() else { return };
            if self.is_live(sequence) {
                self.run_elected(sequence);
            }
        }
    }

    fn own(&self, company: OrganisationId, order: OrderNumber) -> Result<Sequence, Rejection> {
        self.check_company(company)?;
        let sequence = order.0 >> 24;
        match self.orders.get((sequence as usize).wrapping_sub(1)) {
            Some(order) if order.company == company && order.ended.is_none() => Ok(sequence),
            Some(order) if order.company == company => Err(Rejection::OrderEnded),
            _ => Err(Rejection::UnknownOrder),
        }
    }

    pub fn cancel_where(&mut self, reason: EndReason, which: impl Fn(&Order) -> bool) {
        let found: Vec<_> = self.live().filter(|order| which(order)).map(|order| order.sequence).collect();
        for sequence in found {
            self.cancel_order(sequence, reason);
        }
    }

    fn place(
        &mut self,
        company: OrganisationId,
        instrument: InstrumentId,
        new: &NewOrder,
        at: Timestamp,
    ) -> Result<Sequence, Rejection> {
        self.check_instrument(instrument)?;
        self.check_company(company)?;
        let same_name = |order: &&Order| order.company == company && order.new.client_order_id == new.client_order_id;
        if let Some(known) = self.orders.iter().find(same_name) {
            let is_retry = known.new == *new && known.instrument == instrument;
            return if is_retry { Ok(known.sequence) } else { Err(Rejection::ClientOrderIdUsed) };
        }
        if self.companies[&company].suspended {
            return Err(Rejection::MemberSuspended);
        }
        new.check()?;
        let entry = self.instruments[&instrument].clone();
        let is_immediate = matches!(new.time_in_force, TimeInForce::Ioc | TimeInForce::Fok);
        let phase_allows = match entry.phase {
            Phase::Closed | Phase::Halted => false,
            Phase::Continuous => new.time_in_force != TimeInForce::AtOpen,
            phase if is_immediate || new.post_only || new.min_quantity.is_some() => phase == Phase::Continuous,
            Phase::PreOpen | Phase::OpeningAuction => true,
            Phase::VolatilityAuction | Phase::ClosingAuction => new.time_in_force != TimeInForce::AtOpen,
        };
        if !phase_allows {
            return Err(Rejection::WrongPhase);
        }
        if matches!(new.time_in_force, TimeInForce::Gtd(until) if until <= at) {
            return Err(Rejection::AlreadyExpired);
        }
        let price = self.worst_price(instrument, new)?;
        let sequence = self.orders.len() as Sequence + 1;
        let order = Order {
            sequence,
            company,
            instrument,
            new: *new,
            place: Place::Hand,
            price,
            total: new.lots,
            open: new.lots,
            visible: new.order_type.display().unwrap_or(new.lots),
            filled: 0,
            trigger: new.order_type.trigger(),
            linked: self.partner(company, instrument, new)?,
            doomed: false,
            priority: self.next_priority(),
            turnover: 0,
            time_in_force: new.time_in_force,
            ended: None,
        };
        let live = self.live().filter(|order| order.company == company && order.instrument == instrument).count();
        if entry.rules.max_live_orders.is_some_and(|most| live >= most as usize) {
            return Err(Rejection::TooManyOrders);
        }
        if let Some(partner) = order.linked {
            self.order_mut(partner).linked = Some(sequence);
        }
        self.orders.push(order);
        self.check_lots(sequence)?;
        self.check_risk(sequence)?;
        self.route(sequence, true)?;
        Ok(sequence)
    }

    fn worst_price(&self, instrument: InstrumentId, new: &NewOrder) -> Result<Price, Rejection> {
        let (low, high) = self.bounds(instrument);
        let entry = &self.instruments[&instrument];
        let guaranteed = entry.rules.guarantee != Guarantee::None;
        let price = match (new.order_type.limit(), new.side) {
            (Some(price), _) if price < low || price > high => return Err(Rejection::OutsideBand),
            (Some(price), _) => price,
            (None, Side::Sell) => return Ok(low),
            (None, Side::Buy) if guaranteed && (entry.rules.band.is_none() || entry.reference.is_none()) => {
                return Err(Rejection::NeedsProtection);
            }
            (None, Side::Buy) => high,
        };
        let bound = new.order_type.limit().is_some() || guaranteed;
        match worth(price, new.lots, entry.rules.tick_value().unwrap()) {
            None if bound => Err(Rejection::AmountOutOfRange),
            _ => Ok(price),
        }
    }

    fn partner(
        &self,
        company: OrganisationId,
        instrument: InstrumentId,
        new: &NewOrder,
    ) -> Result<Option<Sequence>, Rejection> {
        let Some(number) = new.linked_to else { return Ok(None) };
        let partner = self.live().find(|order| order.sequence == number.0 >> 24).ok_or(Rejection::CannotLink)?;
        let fits = partner.company == company && partner.instrument == instrument && partner.linked.is_none();
        if fits { Ok(Some(partner.sequence)) } else { Err(Rejection::CannotLink) }
    }

    /// Judged with the order already counted in.
    fn check_lots(&self, sequence: Sequence) -> Result<(), Rejection> {
        let Order { company, instrument, .. } = *self.order(sequence);
        let most = self.instruments[&instrument].rules.max_session_lots.unwrap_or(MAX_SESSION_LOTS);
        let all = self.open_lots(company, instrument, None) + self.traded(company, instrument);
        if all <= most { Ok(()) } else { Err(Rejection::TooManyLots) }
    }

    fn check_risk(&self, sequence: Sequence) -> Result<(), Rejection> {
        let Order { company, instrument, .. } = *self.order(sequence);
        let guarantee = self.guarantee(instrument);
        if self.order(sequence).side() == Side::Buy {
            let currency = self.currency(instrument);
            let limit = self.companies[&company].limits.get(&currency).copied().unwrap_or(0);
            let fits = self.reserved(company, &currency) + self.unsettled(company, &currency) <= limit;
            return if fits || guarantee == Guarantee::None { Ok(()) } else { Err(Rejection::OverLimit) };
        }
        let deposited = self.companies[&company].deposited.get(&instrument).copied().unwrap_or(0);
        let bound = self.open_lots(company, instrument, Some(Side::Sell)) + self.sold(company, instrument);
        let fits = guarantee != Guarantee::Full || bound <= deposited;
        if fits { Ok(()) } else { Err(Rejection::InsufficientHoldings) }
    }

    /// Where an order goes that is in hand.
    fn route(&mut self, sequence: Sequence, is_new: bool) -> Result<(), Rejection> {
        let order = self.order(sequence).clone();
        let entry = &self.instruments[&order.instrument];
        let (phase, last) = (entry.phase, entry.last);
        let waits_for_trigger = match (order.trigger, last) {
            (Some(trigger), Some(last)) => !reached(order.side(), trigger, last),
            (trigger, _) => trigger.is_some(),
        };
        if waits_for_trigger {
            self.order_mut(sequence).place = Place::Stops;
            return Ok(());
        }
        if order.time_in_force == TimeInForce::AtClose && phase != Phase::ClosingAuction {
            self.order_mut(sequence).place = Place::Close;
            return Ok(());
        }
        if phase == Phase::Continuous {
            self.check_meeting(sequence)?;
        }
        if order.trigger.is_some() {
            self.run_elected(sequence);
            return Ok(());
        }
        let least = match order.new.time_in_force {
            TimeInForce::Fok => Some((order.total, EndReason::NotFillable)),
            _ => order.new.min_quantity.map(|least| (least, EndReason::MinQuantity)),
        };
        if let Some((least, reason)) = least.filter(|_| is_new) {
            let mut trial = self.clone();
            trial.trade_in(sequence);
            if trial.order(sequence).filled < least {
                self.cancel_order(sequence, reason);
                return Ok(());
            }
        }
        self.enter(sequence);
        Ok(())
    }

    fn check_meeting(&self, sequence: Sequence) -> Result<(), Rejection> {
        let order = self.order(sequence);
        let refuses_own = self.instruments[&order.instrument].rules.self_trade == SelfTrade::CancelIncoming;
        match self.first_met(sequence) {
            Some((_, None)) if refuses_own => Err(Rejection::OwnOrdersCross),
            Some(_) if order.new.post_only => Err(Rejection::WouldTrade),
            _ => Ok(()),
        }
    }

    fn run_elected(&mut self, sequence: Sequence) {
        let priority = self.next_priority();
        let order = self.order_mut(sequence);
        (order.trigger, order.priority) = (None, priority);
        self.enter(sequence);
    }

    fn enter(&mut self, sequence: Sequence) {
        let instrument = self.order(sequence).instrument;
        let continuous = self.instruments[&instrument].phase == Phase::Continuous;
        if continuous && self.trade_in(sequence) {
            return self.cancel_order(sequence, EndReason::SelfTrade);
        }
        let order = self.order_mut(sequence);
        let is_immediate = matches!(order.time_in_force, TimeInForce::Ioc | TimeInForce::Fok) || order.is_market();
        if order.open == 0 {
            self.end(sequence, OrderState::Filled);
        } else if order.doomed {
            self.cancel_order(sequence, EndReason::Linked);
        } else if continuous && is_immediate {
            self.cancel_order(sequence, EndReason::Unfilled);
        } else {
            order.visible = order.new.order_type.display().map_or(order.open, |display| display.min(order.open));
            order.place = Place::Book;
        }
    }

    fn amend(
        &mut self,
        company: OrganisationId,
        number: OrderNumber,
        change: Amendment,
    ) -> Result<Sequence, Rejection> {
        let sequence = self.own(company, number)?;
        let before = self.order(sequence).clone();
        if self.companies[&company].suspended {
            return Err(Rejection::MemberSuspended);
        }
        let entry = self.instruments[&before.instrument].clone();
        if !entry.phase.takes_orders() {
            return Err(Rejection::WrongPhase);
        }
        let total = change.lots.unwrap_or(before.total);
        if total > MAX_LOTS {
            return Err(Rejection::LotsOutOfRange);
        }
        if change.price.is_some() && before.is_market() || change.trigger.is_some() && before.trigger.is_none() {
            return Err(Rejection::Combination);
        }
        change.price.map_or(Ok(()), check_price)?;
        change.trigger.map_or(Ok(()), check_price)?;
        let (low, high) = self.bounds(before.instrument);
        if change.price.is_some_and(|price| price < low || price > high) {
            return Err(Rejection::OutsideBand);
        }
        if total <= before.filled {
            self.cancel_order(sequence, EndReason::Reduced);
            return Ok(sequence);
        }
        let price = change.price.unwrap_or(before.price);
        if !before.is_market() && worth(price, total, entry.rules.tick_value().unwrap()).is_none() {
            return Err(Rejection::AmountOutOfRange);
        }
        let order = self.order_mut(sequence);
        (order.total, order.open, order.price) = (total, total - order.filled, price);
        order.visible = order.visible.min(order.open);
        order.trigger = change.trigger.or(order.trigger);
        let smaller_only = total <= before.total && price == before.price && order.trigger == before.trigger;
        let grows = order.open > before.open;
        let costs_more = self.value(before.instrument, price, total - before.filled)
            > self.value(before.instrument, before.price, before.open);
        if grows {
            self.check_lots(sequence)?;
        }
        if before.side() == Side::Buy && costs_more || before.side() == Side::Sell && grows {
            self.check_risk(sequence)?;
        }
        if smaller_only {
            return Ok(sequence);
        }
        let priority = self.next_priority();
        let order = self.order_mut(sequence);
        (order.priority, order.place) = (priority, Place::Hand);
        self.route(sequence, false)?;
        Ok(sequence)
    }

    fn change_phase(&mut self, instrument: InstrumentId, to: Phase) -> Result<(), Rejection> {
        self.check_instrument(instrument)?;
        let entry = self.instruments.get_mut(&instrument).unwrap();
        let from = entry.phase;
        let step = from.step(to).filter(|_| to != Phase::Halted).ok_or(Rejection::WrongPhase)?;
        entry.phase = to;
        if to == Phase::ClosingAuction {
            self.cancel_where(EndReason::Expired, |order| {
                order.instrument == instrument && order.time_in_force == TimeInForce::AtOpen
            });
        } else if to != Phase::Closed {
            for order in self.orders.iter_mut().filter(|order| order.ended.is_none() && order.instrument == instrument)
            {
                if order.time_in_force == TimeInForce::AtClose {
                    order.place = Place::Close;
                }
            }
        }
        if matches!(step, Step::Uncross | Step::UncrossAndEnd) {
            self.uncross(instrument);
        }
        if step == Step::Uncross {
            self.cancel_where(EndReason::Expired, |order| {
                order.instrument == instrument && order.time_in_force == TimeInForce::AtOpen
            });
            self.cancel_market_orders(instrument);
        }
        if matches!(step, Step::End | Step::UncrossAndEnd) {
            self.end_session(instrument);
        }
        if to == Phase::ClosingAuction {
            let waits = |order: &&Order| order.instrument == instrument && order.place == Place::Close;
            let mut waiting: Vec<_> = self.live().filter(waits).map(|order| (order.priority, order.sequence)).collect();
            waiting.sort_unstable();
            for (_, sequence) in waiting {
                let priority = self.next_priority();
                let order = self.order_mut(sequence);
                (order.priority, order.place) = (priority, Place::Book);
                order.visible = order.new.order_type.display().map_or(order.open, |display| display.min(order.open));
            }
        }
        let last = self.instruments[&instrument].last;
        if let Some(last) = last.filter(|_| !from.takes_orders() && to.takes_orders()) {
            self.elect(instrument, last);
        }
        Ok(())
    }

    fn cancel_market_orders(&mut self, instrument: InstrumentId) {
        self.cancel_where(EndReason::Unfilled, |order| {
            order.instrument == instrument && order.is_market() && order.place == Place::Book
        });
    }

    fn end_session(&mut self, instrument: InstrumentId) {
        self.cancel_where(EndReason::Expired, |order| {
            let ends = matches!(order.time_in_force, TimeInForce::Day | TimeInForce::AtOpen | TimeInForce::AtClose);
            order.instrument == instrument && ends
        });
        self.cancel_market_orders(instrument);
        let entry = self.instruments.get_mut(&instrument).unwrap();
        entry.session += 1;
        if std::mem::take(&mut entry.traded) {
            entry.reference = entry.last;
            self.fit_band(instrument);
        }
    }

    fn fit_band(&mut self, instrument: InstrumentId) {
        let (low, high) = self.bounds(instrument);
        self.cancel_where(EndReason::OutsideBand, |order| {
            order.instrument == instrument && !order.is_market() && !(low..=high).contains(&order.price)
        });
        let guaranteed = self.guarantee(instrument) != Guarantee::None;
        for order in self.orders.iter_mut().filter(|order| order.ended.is_none() && order.instrument == instrument) {
            if order.is_market() && order.place != Place::Book {
                order.price = match order.side() {
                    Side::Sell => low,
                    Side::Buy if guaranteed => order.price.min(high),
                    Side::Buy => high,
                };
            }
        }
    }

    fn administer(&mut self, command: &Command) -> Result<(), Rejection> {
        match command {
            Command::List { instrument, rules, reference } => {
                rules.check()?;
                reference.map_or(Ok(()), check_price)?;
                if self.instruments.contains_key(instrument) {
                    return Err(Rejection::AlreadyExists);
                }
                let (rules, reference) = (*rules, *reference);
                let entry =
                    Instrument { rules, phase: Phase::Closed, session: 1, reference, last: None, traded: false };
                self.instruments.insert(*instrument, entry);
            }
            Command::ChangeRules { instrument, rules } => {
                self.check_instrument(*instrument)?;
                rules.check()?;
                let entry = self.closed(*instrument)?;
                if !entry.rules.may_become(rules) {
                    return Err(Rejection::RulesFixed);
                }
                entry.rules = *rules;
                self.fit_band(*instrument);
            }
            Command::SetReference { instrument, price } => {
                self.check_instrument(*instrument)?;
                check_price(*price)?;
                self.closed(*instrument)?.reference = Some(*price);
                self.fit_band(*instrument);
            }
            Command::Admit { company, group } => {
                self.companies.entry(*company).or_default().group = group.map(|group| group.0);
                self.sweep_crossed();
            }
            Command::Suspend { company } => {
                self.company_mut(*company)?.suspended = true;
                self.cancel_where(EndReason::Suspended, |order| order.company == *company);
            }
            Command::Reinstate { company } => self.company_mut(*company)?.suspended = false,
            other => return self.set(other),
        }
        Ok(())
    }

    fn set(&mut self, command: &Command) -> Result<(), Rejection> {
        let in_range = |amount: i128| (0..=MAX_AMOUNT).contains(&amount);
        match command {
            Command::SetLimit { company, currency, amount } => {
                self.check_company(*company)?;
                in_range(*amount).then_some(()).ok_or(Rejection::AmountOutOfRange)?;
                self.company_mut(*company)?.limits.insert(code(*currency), *amount);
            }
            Command::SetHolding { company, instrument, lots } => {
                self.check_company(*company)?;
                self.check_instrument(*instrument)?;
                let reserved: Lots = match self.guarantee(*instrument) {
                    Guarantee::Full => {
                        self.open_lots(*company, *instrument, Some(Side::Sell)) + self.sold(*company, *instrument)
                    }
                    _ => 0,
                };
                if *lots < reserved {
                    return Err(Rejection::HoldingsReserved);
                }
                self.company_mut(*company)?.deposited.insert(*instrument, *lots);
            }
            Command::SetCredit { company, counterparty, currency, limit } => {
                self.check_company(*company)?;
                self.check_company(*counterparty)?;
                if company == counterparty || limit.is_some_and(|limit| !in_range(limit)) {
                    return Err(Rejection::AmountOutOfRange);
                }
                let key = (*counterparty, code(*currency));
                let credit = &mut self.company_mut(*company)?.credit;
                match limit {
                    Some(limit) => credit.insert(key, *limit),
                    None => credit.remove(&key),
                };
                self.sweep_crossed();
            }
            Command::RefuseOthers { company, refuse } => {
                self.company_mut(*company)?.refuses_others = *refuse;
                self.sweep_crossed();
            }
            Command::Settle { trades } => {
                for number in trades {
                    let trade = self.trades.get_mut((number.0 as usize).wrapping_sub(1));
                    let trade = trade.filter(|trade| !trade.settled).ok_or(Rejection::UnknownTrade)?;
                    trade.settled = true;
                    let trade = *trade;
                    if self.guarantee(trade.instrument) == Guarantee::Full {
                        let deposited = &mut self.company_mut(trade.seller)?.deposited;
                        *deposited.get_mut(&trade.instrument).unwrap() -= trade.lots;
                    }
                }
                self.sweep_crossed();
            }
            _ => unreachable!("not a setting"),
        }
        Ok(())
    }

    fn company_mut(&mut self, company: OrganisationId) -> Result<&mut Company, Rejection> {
        self.companies.get_mut(&company).ok_or(Rejection::UnknownMember)
    }

    fn closed(&mut self, instrument: InstrumentId) -> Result<&mut Instrument, Rejection> {
        let entry = self.instruments.get_mut(&instrument).unwrap();
        if entry.phase == Phase::Closed { Ok(entry) } else { Err(Rejection::WrongPhase) }
    }

    fn sweep_crossed(&mut self) {
        let instruments: Vec<_> = self.instruments.keys().copied().collect();
        for instrument in instruments {
            if self.instruments[&instrument].phase == Phase::Continuous {
                self.sweep(instrument, None);
            }
        }
    }
}
