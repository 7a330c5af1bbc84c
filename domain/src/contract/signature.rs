//! Signing a text that both sides have seen.

use super::{ContractState, ContractStep};
use crate::kernel::refusal::Invalid;
use crate::kernel::{Kind, PersonId, Refusal, Timestamp};

/// A side of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Seller,
    Buyer,
}

impl Side {
    pub fn code(self) -> &'static str {
        match self {
            Self::Seller => "seller",
            Self::Buyer => "buyer",
        }
    }

    pub fn parse(code: &str) -> Result<Self, Invalid> {
        match code {
            "seller" => Ok(Self::Seller),
            "buyer" => Ok(Self::Buyer),
            _ => Err(Invalid::new("side", format!("`{code}` is neither `seller` nor `buyer`."))),
        }
    }

    pub fn other(self) -> Self {
        match self {
            Self::Seller => Self::Buyer,
            Self::Buyer => Self::Seller,
        }
    }
}

/// Who signed for a side, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    pub side: Side,
    pub by: PersonId,
    pub at: Timestamp,
}

/// The signatures under one text, at most one a side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Signatures {
    seller: Option<Signature>,
    buyer: Option<Signature>,
}

impl Signatures {
    /// The signatures as they were kept; of two for one side the later one counts.
    pub fn of(signatures: impl IntoIterator<Item = Signature>) -> Self {
        let mut kept = Self::default();
        for signature in signatures {
            *kept.place(signature.side) = Some(signature);
        }
        kept
    }

    pub fn by(&self, side: Side) -> Option<Signature> {
        match side {
            Side::Seller => self.seller,
            Side::Buyer => self.buyer,
        }
    }

    pub fn complete(&self) -> bool {
        self.seller.is_some() && self.buyer.is_some()
    }

    /// Adds a signature. `shown` is the hash of the text that the signer saw, `text_hash` that of the text in force;
    /// if they differ nothing is signed ([`Kind::TextChanged`]). Each side signs once ([`Kind::AlreadySigned`]).
    pub fn add(&mut self, signature: Signature, text_hash: &str, shown: &str) -> Result<(), Refusal> {
        let side = signature.side.code();
        if self.by(signature.side).is_some() {
            return Err(Refusal::new(Kind::AlreadySigned, format!("The {side} has signed already.")));
        }
        if !shown.eq_ignore_ascii_case(text_hash) {
            let detail = "The hash is not that of the text in force: read the text again and sign that.";
            return Err(Refusal::new(Kind::TextChanged, detail));
        }
        *self.place(signature.side) = Some(signature);
        Ok(())
    }

    fn place(&mut self, side: Side) -> &mut Option<Signature> {
        match side {
            Side::Seller => &mut self.seller,
            Side::Buyer => &mut self.buyer,
        }
    }
}

/// Signs a contract; with the second signature it becomes active. Returns the state it has then.
pub fn sign(
    state: ContractState,
    signatures: &mut Signatures,
    signature: Signature,
    text_hash: &str,
    shown: &str,
) -> Result<ContractState, Refusal> {
    if state != ContractState::AwaitingSignatures {
        return Err(Refusal::wrong_state("contract", state.code(), "signed"));
    }
    signatures.add(signature, text_hash, shown)?;
    if signatures.complete() { state.after(ContractStep::Activate) } else { Ok(state) }
}

#[cfg(test)]
pub(super) mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::contract::hash_of;

    pub fn signature(side: Side) -> Signature {
        Signature { side, by: PersonId(Uuid::from_u128(1)), at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn the_second_signature_makes_it_active() {
        let (hash, mut signatures) = (hash_of("text"), Signatures::default());
        let mut sign = |side| sign(ContractState::AwaitingSignatures, &mut signatures, signature(side), &hash, &hash);
        assert_eq!(sign(Side::Buyer).unwrap(), ContractState::AwaitingSignatures);
        assert_eq!(sign(Side::Buyer).unwrap_err().kind, Kind::AlreadySigned);
        assert_eq!(sign(Side::Seller).unwrap(), ContractState::Active);
    }

    #[test]
    fn another_text_is_not_signed() {
        let (hash, mut signatures) = (hash_of("text"), Signatures::default());
        for shown in ["", "text", &hash_of("text ")] {
            let result =
                sign(ContractState::AwaitingSignatures, &mut signatures, signature(Side::Seller), &hash, shown);
            assert_eq!(result.unwrap_err().kind, Kind::TextChanged);
        }
        assert_eq!(signatures, Signatures::default());
        signatures.add(signature(Side::Seller), &hash, &hash.to_uppercase()).unwrap();
        assert_eq!(signatures.by(Side::Seller), Some(signature(Side::Seller)));
    }

    #[test]
    fn only_what_awaits_signatures_is_signed() {
        let hash = hash_of("text");
        for state in ContractState::ALL.into_iter().filter(|state| *state != ContractState::AwaitingSignatures) {
            let result = sign(state, &mut Signatures::default(), signature(Side::Seller), &hash, &hash);
            assert_eq!(result.unwrap_err().kind, Kind::WrongState, "{state:?}");
        }
    }

    #[test]
    fn signatures_are_read_back() {
        let both = Signatures::of([signature(Side::Buyer), signature(Side::Seller)]);
        assert!(both.complete());
        for side in [Side::Seller, Side::Buyer] {
            assert_eq!(Side::parse(side.code()).unwrap(), side);
            assert_eq!((side.other().other(), both.by(side).map(|signature| signature.side)), (side, Some(side)));
        }
        assert!(Side::parse("broker").is_err());
    }
}
