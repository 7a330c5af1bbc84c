//! Who asks for quotes and who gives them.

use domain::kernel::Timestamp;
use infra::Failure;
use uuid::Uuid;

use super::PORTAL;
use crate::app::App;
use crate::seed::cast::Player;
use crate::seed::company::Company;
use crate::seed::founding;

/// Two that ask, each with somebody who opens quotes together with its owner, and ten that quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// Makes vessels and heat exchangers.
    Aare,
    /// Makes wagons.
    Glomma,
    /// Mills and stockists of steel.
    Ostravice,
    Ruhrort,
    Traun,
    Maas,
    Mella,
    Norrsken,
    Amanos,
    Klodnica,
    /// Makers of pallets and crates.
    Vogtland,
    Kaszuby,
    /// Buys for Aare.
    AareBuyer,
    /// Buys for Glomma.
    GlommaBuyer,
}

/// In the order of [`Who`]. Those that ask are outside the Union, so that all who quote do so without value added tax.
#[rustfmt::skip]
const COMPANIES: [Company; 12] = [
    Company { name: "Aare Apparatebau", form: "AG", country: "CH", city: "Olten", street: "Industriestrasse 412",
        postal_code: "4600", owner: "Regula Wyss", identifier: ("lei", "000000AAREAPPARATE09") },
    Company { name: "Glomma Wagon Works", form: "AS", country: "NO", city: "Hamar", street: "Vognmakergata 118",
        postal_code: "2317", owner: "Ingrid Moen", identifier: ("lei", "000000GLOMMAWAGONW72") },
    Company { name: "Ostravice Rolling Mill", form: "a.s.", country: "CZ", city: "Ostrava", street: "Hutnická 301",
        postal_code: "703 00", owner: "Tomáš Hruška", identifier: ("lei", "000000OSTRAVICEROL86") },
    Company { name: "Ruhrort Stahlkontor", form: "GmbH", country: "DE", city: "Duisburg", street: "Hafenstrasse 340",
        postal_code: "47119", owner: "Birgit Lohmann", identifier: ("lei", "000000RUHRORTSTAHL41") },
    Company { name: "Traun Band und Blech", form: "GmbH", country: "AT", city: "Linz", street: "Walzwerkstrasse 215",
        postal_code: "4020", owner: "Florian Egger", identifier: ("lei", "000000TRAUNBANDUND34") },
    Company { name: "Maas en Peel Staal", form: "B.V.", country: "NL", city: "Venlo", street: "Spoorhaven 207",
        postal_code: "5912 PM", owner: "Saskia Verhoeven", identifier: ("lei", "000000MAASENPEELST68") },
    Company { name: "Mella Coils", form: "S.p.A.", country: "IT", city: "Brescia", street: "Via dei Laminatoi 190",
        postal_code: "25126", owner: "Chiara Bonetti", identifier: ("lei", "000000MELLACOILSSP20") },
    Company { name: "Norrsken Plåt", form: "AB", country: "SE", city: "Luleå", street: "Valsverksvägen 155",
        postal_code: "971 88", owner: "Erik Lundmark", identifier: ("lei", "000000NORRSKENPLAT72") },
    Company { name: "Amanos Sheet Export", form: "A.Ş.", country: "TR", city: "Iskenderun", street: "Liman Caddesi 260",
        postal_code: "31200", owner: "Deniz Aksoy", identifier: ("lei", "000000AMANOSSHEETE59") },
    Company { name: "Klodnica Blachy", form: "Sp. z o.o.", country: "PL", city: "Gliwice", street: "Portowa 170",
        postal_code: "44-100", owner: "Marek Wrona", identifier: ("lei", "000000KLODNICABLAC04") },
    Company { name: "Vogtland Paletten", form: "GmbH", country: "DE", city: "Plauen", street: "Sägewerksweg 133",
        postal_code: "08525", owner: "Heike Seidel", identifier: ("lei", "000000VOGTLANDPALE83") },
    Company { name: "Kaszuby Drewno", form: "Sp. z o.o.", country: "PL", city: "Kartuzy", street: "Tartaczna 124",
        postal_code: "83-300", owner: "Hanna Formela", identifier: ("lei", "000000KASZUBYDREWN37") },
];

/// Who buys for those that ask, beside their owners.
const BUYERS: [(Who, &str); 2] = [(Who::Aare, "Lukas Frei"), (Who::Glomma, "Sindre Dahl")];

/// Their GLNs begin here, behind those of the other demonstrations.
const FIRST_GLN: u32 = 2_201;

/// The people of the portal.
pub struct Cast {
    /// In the order of [`Who`].
    all: Vec<Player>,
}

impl Cast {
    pub fn player(&self, who: Who) -> &Player {
        &self.all[who as usize]
    }

    /// How many companies there are.
    pub fn companies(&self) -> usize {
        COMPANIES.len()
    }

    /// The company of somebody, as bodies name it.
    pub fn company(&self, who: Who) -> Uuid {
        self.player(who).organisation.map(|id| id.0).unwrap_or_default()
    }
}

/// Registers all of them as members of the portal.
pub async fn load(app: &App, operator: &Player, hash: &str, at: Timestamp) -> Result<Cast, Failure> {
    let mut all = Vec::new();
    for (place, (number, company)) in (FIRST_GLN..).zip(&COMPANIES).enumerate() {
        let capability = if place < BUYERS.len() { "buy" } else { "quote" };
        let owner = founding::register(app, &company.registration(number), hash, at).await?;
        founding::admit(app, operator, &owner, PORTAL, capability, at).await?;
        all.push(owner);
    }
    for (of, name) in BUYERS {
        let buyer = founding::buyer(name, COMPANIES[of as usize].name);
        all.push(founding::join(app, &all[of as usize], &buyer, hash, at).await?);
    }
    Ok(Cast { all })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::company::tests::check_numbers;

    #[test]
    fn their_numbers_pass_the_checks_of_real_ones() {
        check_numbers(&COMPANIES, FIRST_GLN);
    }

    #[test]
    fn everybody_is_where_they_are_looked_for() {
        let named = |who: Who| COMPANIES[who as usize].name;
        assert_eq!(named(Who::Klodnica), "Klodnica Blachy");
        assert_eq!(named(Who::Kaszuby), "Kaszuby Drewno");
        assert_eq!(Who::AareBuyer as usize, COMPANIES.len());
        assert_eq!(BUYERS.map(|(of, _)| of), [Who::Aare, Who::Glomma]);
    }
}
