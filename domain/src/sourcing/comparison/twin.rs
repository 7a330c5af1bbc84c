//! The best combination against a naive twin that tries everything.

use proptest::prelude::*;

use super::super::QuoteInput;
use super::super::tests::{dec, euro, offer_input, quote_input};
use super::combination::best_combination;
use super::tests::{checked, entrants, request, total};
use super::*;

/// The naive twin: every assignment is priced from the quotes themselves, and the best one kept.
mod naive {
    use super::*;

    /// Lines left open, and what the rest costs; none if a quoter's condition is broken.
    fn price(terms: &Terms, quotes: &[Quote], assignment: &[Option<usize>]) -> Option<Decimal> {
        let mut sum = Decimal::ZERO;
        for (index, quote) in quotes.iter().enumerate() {
            let given = (0..assignment.len()).filter(|row| assignment[*row] == Some(index));
            let lines: Vec<LineNumber> = given.map(|row| terms.lines[row].number).collect();
            if lines.is_empty() {
                continue;
            }
            let needed = dec("0.01") * quote.least_lines_percent * Decimal::from(quote.offers.len());
            if Decimal::from(lines.len()) < needed {
                return None;
            }
            let whole = lines.len() == quote.offers.len();
            let discount = if whole { quote.whole_discount_percent } else { Decimal::ZERO };
            let rate = terms.rates.rate(quote.currency).unwrap() * (Decimal::ONE + quote.tax_rate * dec("0.01"));
            for line in lines {
                let offer = quote.offers.iter().find(|offer| offer.line == line)?;
                let net = offer.stated.unit_price.amount() * (Decimal::ONE - discount * dec("0.01"));
                sum += euro().round(quote.currency.round(net) * rate);
            }
            sum += euro().round(quote.freight.amount() * rate);
        }
        Some(sum)
    }

    pub fn best(terms: &Terms, quotes: &[Quote]) -> (usize, Decimal) {
        let choices = quotes.len() + 1;
        let all = 0..choices.pow(terms.lines.len() as u32);
        let assignment = |number: usize| -> Vec<Option<usize>> {
            let digit = |row: usize| number / choices.pow(row as u32) % choices;
            (0..terms.lines.len()).map(|row| digit(row).checked_sub(1)).collect()
        };
        let priced = all.map(assignment).filter_map(|assignment| {
            let open = assignment.iter().filter(|column| column.is_none()).count();
            Some((open, price(terms, quotes, &assignment)?))
        });
        priced.min().unwrap()
    }
}

prop_compose! {
    fn any_quote(lines: u16)(
        offered in prop::collection::vec(prop::option::weighted(0.8, 1_u32..4_000), usize::from(lines)),
        freight in 0_u32..2_000,
        discount in prop_oneof![Just(0_u32), 0_u32..40],
        least in prop_oneof![Just(0_u32), 0_u32..=100],
        tax in prop_oneof![Just(0_u32), Just(19)],
        dollars in any::<bool>(),
    ) -> Option<QuoteInput> {
        let cents = |amount: u32| Decimal::new(amount.into(), 2).to_string();
        let offers: Vec<_> = (1..).zip(offered).filter_map(|(line, price)| Some(offer_input(line, &cents(price?)))).collect();
        (!offers.is_empty()).then(|| QuoteInput {
            currency: if dollars { "USD".into() } else { "EUR".into() },
            freight: Some(cents(freight)),
            whole_discount_percent: Some(discount.to_string()),
            least_lines_percent: Some(least.to_string()),
            tax_rate: tax.to_string(),
            ..quote_input(offers)
        })
    }
}

proptest! {
    #[test]
    fn the_best_combination_is_that_of_the_naive_twin(
        (lines, inputs) in (1_u16..=5).prop_flat_map(|lines| (Just(lines), prop::collection::vec(any_quote(lines), 1..=4)))
    ) {
        let terms = request(lines.into());
        let quotes = checked(&terms, inputs.into_iter().flatten().collect());
        let compared = compare(&terms, entrants(&quotes)).unwrap();
        let best = &compared.best_combination;
        prop_assert!(best.proven && best.choice.keeps_conditions());
        let own = (best.choice.uncovered.len(), total(&best.choice));
        prop_assert_eq!(own, naive::best(&terms, &quotes));
        let whole = compared.best_total.as_ref().map(total);
        prop_assert!(whole.is_none_or(|whole| own <= (0, whole)));
    }

    #[test]
    fn the_order_in_which_quotes_are_given_does_not_matter(
        inputs in prop::collection::vec(any_quote(4), 2..=6),
    ) {
        let terms = request(4);
        let quotes = checked(&terms, inputs.into_iter().flatten().collect());
        let mut reversed = entrants(&quotes);
        reversed.reverse();
        prop_assert_eq!(compare(&terms, reversed), compare(&terms, entrants(&quotes)));
    }

    /// A search that is cut off at once finds a combination by its steps alone: never one that breaks a condition, and never a better one
    /// than the best.
    #[test]
    fn steps_alone_lead_to_something_possible(inputs in prop::collection::vec(any_quote(5), 1..=6)) {
        let terms = request(5);
        let quotes = checked(&terms, inputs.into_iter().flatten().collect());
        let compared = compare(&terms, entrants(&quotes)).unwrap();
        let problem = Problem::of(&compared.matrix);
        let (steps, _) = best_combination(&problem, Vec::new(), 0);
        let (best, _) = best_combination(&problem, Vec::new(), MAX_LOOKS);
        prop_assert!(problem.value(&steps).unwrap() >= problem.value(&best).unwrap());
    }
}
