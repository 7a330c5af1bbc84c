//! The members of the exchange. All are invented; their numbers have the check digits of real ones, and prefixes that nobody is given.

use std::sync::Arc;

use domain::exchange::{Amount, Command, amount_of};
use domain::kernel::{Kind, OrganisationId, Refusal, Timestamp};
use infra::Failure;
use rust_decimal::Decimal;

use super::PORTAL;
use super::stage::Stage;
use crate::app::App;
use crate::exchange::floor::Listed;
use crate::seed::cast::Player;
use crate::seed::company::Company;
use crate::seed::founding;

#[rustfmt::skip]
const COMPANIES: [Company; 10] = [
    Company { name: "Polaris Market Making", form: "ООО", country: "RU", city: "Moscow", street: "Presnenskaya Embankment 200",
        postal_code: "123112", owner: "Vera Lindt", identifier: ("ru_inn", "0000001011") },
    Company { name: "Meridian Liquidity", form: "АО", country: "RU", city: "Saint Petersburg", street: "Birzhevaya Line 140",
        postal_code: "199034", owner: "Oleg Serov", identifier: ("ru_inn", "0000001029") },
    Company { name: "Ural Rolling Works", form: "ПАО", country: "RU", city: "Chelyabinsk", street: "Metallurgov Street 301",
        postal_code: "454047", owner: "Igor Bazhov", identifier: ("ru_inn", "0000001036") },
    Company { name: "Stroymost Contractors", form: "ООО", country: "RU", city: "Moscow", street: "Varshavskoye Highway 480",
        postal_code: "117556", owner: "Anna Kirova", identifier: ("ru_inn", "0000001043") },
    Company { name: "Yenisei Light Metals", form: "АО", country: "RU", city: "Krasnoyarsk", street: "Pogranichnikov Street 402",
        postal_code: "660111", owner: "Timur Orlov", identifier: ("ru_inn", "0000001050") },
    Company { name: "Baltic Extrusions", form: "GmbH", country: "DE", city: "Rostock", street: "Am Seehafen 210",
        postal_code: "18147", owner: "Jana Behrens", identifier: ("lei", "000000BALTICEXTRU079") },
    Company { name: "Kuban Grain House", form: "ООО", country: "RU", city: "Krasnodar", street: "Krasnaya Street 509",
        postal_code: "350000", owner: "Denis Chernov", identifier: ("ru_inn", "0000001068") },
    Company { name: "Zhana Astyk Mills", form: "TOO", country: "KZ", city: "Kostanay", street: "Al-Farabi Avenue 320",
        postal_code: "110000", owner: "Aliya Seitova", identifier: ("lei", "000000ZHANAASTYK0196") },
    Company { name: "Karelia Newsprint", form: "АО", country: "RU", city: "Kondopoga", street: "Promyshlennaya Street 102",
        postal_code: "186220", owner: "Maria Lehto", identifier: ("ru_inn", "0000001075") },
    Company { name: "Volga Printing Houses", form: "ООО", country: "RU", city: "Nizhny Novgorod", street: "Larina Street 260",
        postal_code: "603152", owner: "Pavel Gorin", identifier: ("ru_inn", "0000001082") },
];

/// Their GLNs begin here, behind those of the other demonstration.
const FIRST_GLN: u32 = 2_001;

/// For how much each may buy, in each currency in which there is a limit.
const LIMIT: u64 = 20_000_000_000;

/// Registers all of them as members that trade. Two make the market; of the others, the first of each pair produces what the second needs.
pub async fn load(app: &App, operator: &Player, hash: &str, at: Timestamp) -> Result<Vec<OrganisationId>, Failure> {
    let mut members = Vec::new();
    for (number, company) in (FIRST_GLN..).zip(&COMPANIES) {
        let owner = founding::register(app, &company.registration(number), hash, at).await?;
        founding::admit(app, operator, &owner, PORTAL, "trade", at).await?;
        members.extend(owner.organisation);
    }
    Ok(members)
}

/// The manager of the exchange sets for how much each may buy.
pub async fn allow(
    stage: &mut Stage<'_>,
    companies: &[OrganisationId],
    instruments: &[Arc<Listed>],
) -> Result<(), Failure> {
    let mut currencies: Vec<_> = instruments.iter().map(|listed| listed.currency).collect();
    currencies.sort_unstable_by_key(|currency| currency.code());
    currencies.dedup();
    let invalid = || Refusal::new(Kind::InvalidInput, "The limit is beyond the range of amounts.");
    let amount: Amount = amount_of(Decimal::from(LIMIT)).ok_or_else(invalid)?;
    let limit = |&company, &currency| Command::SetLimit { company, currency, amount };
    let all = companies.iter().flat_map(|company| currencies.iter().map(move |currency| limit(company, currency)));
    stage.submit(all.collect()).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::company::tests::check_numbers;

    #[test]
    fn their_numbers_pass_the_checks_of_real_ones() {
        check_numbers(&COMPANIES, FIRST_GLN);
    }
}
