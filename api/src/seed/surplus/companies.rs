//! Who sells surplus stock, who buys by undercutting, and who bids.

use domain::kernel::{OrganisationId, Timestamp};
use infra::Failure;

use super::PORTAL;
use crate::app::App;
use crate::seed::cast::Player;
use crate::seed::company::Company;
use crate::seed::founding;

/// Two that sell, one that buys, five that bid.
#[rustfmt::skip]
const COMPANIES: [Company; 8] = [
    Company { name: "Kama Steel Depot", form: "АО", country: "RU", city: "Naberezhnye Chelny", street: "Industrialnaya Street 118",
        postal_code: "423800", owner: "Rustam Galeev", identifier: ("ru_inn", "0000001090") },
    Company { name: "Ladoga Machinery", form: "ООО", country: "RU", city: "Petrozavodsk", street: "Zavodskaya Street 407",
        postal_code: "185000", owner: "Elena Heikkinen", identifier: ("ru_inn", "0000001100") },
    Company { name: "Neva Construction Group", form: "ПАО", country: "RU", city: "Saint Petersburg", street: "Obvodny Canal 512",
        postal_code: "190020", owner: "Kirill Zorin", identifier: ("ru_inn", "0000001117") },
    Company { name: "Vesta Metal Trading", form: "ООО", country: "RU", city: "Yekaterinburg", street: "Artinskaya Street 206",
        postal_code: "620016", owner: "Nina Vlasova", identifier: ("ru_inn", "0000001124") },
    Company { name: "Polyot Equipment", form: "ООО", country: "RU", city: "Omsk", street: "Gubkina Avenue 331",
        postal_code: "644035", owner: "Stepan Rybin", identifier: ("ru_inn", "0000001131") },
    Company { name: "Rhein Stahlhandel", form: "GmbH", country: "DE", city: "Duisburg", street: "Am Innenhafen 290",
        postal_code: "47051", owner: "Lutz Overbeck", identifier: ("lei", "000000RHEINSTAHLHA75") },
    Company { name: "Saimaan Konehuolto", form: "Oy", country: "FI", city: "Lappeenranta", street: "Satamatie 145",
        postal_code: "53900", owner: "Aino Virtanen", identifier: ("lei", "000000SAIMAANKONEE06") },
    Company { name: "Altai Farm Supply", form: "ООО", country: "RU", city: "Barnaul", street: "Traktovaya Street 350",
        postal_code: "656922", owner: "Galina Tokareva", identifier: ("ru_inn", "0000001149") },
];

/// Their GLNs begin here, behind those of the other demonstrations.
const FIRST_GLN: u32 = 2_101;

/// The people of the portal.
pub struct Cast {
    pub operator: Player,
    all: Vec<Player>,
}

impl Cast {
    /// Sells steel and pallets.
    pub fn steel(&self) -> &Player {
        &self.all[0]
    }

    /// Sells machines.
    pub fn machinery(&self) -> &Player {
        &self.all[1]
    }

    /// Buys by letting suppliers undercut each other.
    pub fn builder(&self) -> &Player {
        &self.all[2]
    }

    /// Those that bid, from 0 on.
    pub fn bidder(&self, number: usize) -> &Player {
        &self.all[3 + number % 5]
    }

    pub fn bidders(&self) -> &[Player] {
        &self.all[3..]
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }
}

/// Registers all of them as members of the portal.
pub async fn load(app: &App, operator: Player, hash: &str, at: Timestamp) -> Result<Cast, Failure> {
    let mut all = Vec::new();
    for (place, (number, company)) in (FIRST_GLN..).zip(&COMPANIES).enumerate() {
        let capability = match place {
            0 | 1 => "sell",
            2 => "buy",
            _ => "bid",
        };
        let owner = founding::register(app, &company.registration(number), hash, at).await?;
        founding::admit(app, &operator, &owner, PORTAL, capability, at).await?;
        all.push(owner);
    }
    Ok(Cast { operator, all })
}

/// The company of somebody.
pub fn company(of: &Player) -> Result<OrganisationId, Failure> {
    of.organisation.ok_or_else(|| Failure::broken("somebody of the demonstration has no company"))
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
