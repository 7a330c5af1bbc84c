//! How much of the way to the buyer's place the prices of a quote cover.

use crate::contract::Incoterm;

/// The rules of Incoterms 2020 by what they leave to the buyer: from all of the carriage (0) to nothing, import cleared (6).
fn coverage(incoterm: Incoterm) -> u8 {
    match incoterm {
        Incoterm::Exw => 0,
        Incoterm::Fca | Incoterm::Fas => 1,
        Incoterm::Fob => 2,
        Incoterm::Cfr | Incoterm::Cpt => 3,
        Incoterm::Cif | Incoterm::Cip => 4,
        Incoterm::Dap | Incoterm::Dpu => 5,
        Incoterm::Ddp => 6,
    }
}

/// Whether prices by `quoted` leave costs to the buyer that prices by `asked` cover: then the quote has to say what they are, or it could
/// not be compared.
pub(super) fn leaves_costs(quoted: Incoterm, asked: Incoterm) -> bool {
    coverage(quoted) < coverage(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_covers_less_than_was_asked_for_leaves_costs() {
        let table = [
            (Incoterm::Exw, Incoterm::Dap, true),
            (Incoterm::Cif, Incoterm::Dap, true),
            (Incoterm::Dap, Incoterm::Dap, false),
            (Incoterm::Ddp, Incoterm::Dap, false),
            (Incoterm::Dap, Incoterm::Ddp, true),
            (Incoterm::Fob, Incoterm::Fca, false),
            (Incoterm::Cpt, Incoterm::Cfr, false),
        ];
        for (quoted, asked, leaves) in table {
            assert_eq!(leaves_costs(quoted, asked), leaves, "{quoted:?} for {asked:?}");
        }
        for incoterm in Incoterm::ALL {
            assert!(!leaves_costs(Incoterm::Ddp, incoterm) && !leaves_costs(incoterm, Incoterm::Exw));
        }
    }
}
