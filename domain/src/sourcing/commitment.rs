//! Commitments to sealed quotes: hashes that are published when a quote is handed in and bind its quoter, and everybody who keeps it.

use sha2::{Digest as _, Sha256};

use super::opening::Envelope;
use crate::auction::Digest;
use crate::kernel::{Kind, OrganisationId, Refusal, RfqId};

/// What a commitment is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    pub rfq: RfqId,
    pub quoter: OrganisationId,
    /// Of the quote: 1 when it is first handed in, one more with each revision and confirmation.
    pub revision: u32,
    pub envelope: Envelope,
}

/// The commitment to an envelope: the SHA-256 of, in this order, the 21 bytes `torg/sourcing/quote/1`, the request's UUID (16 bytes, as
/// in RFC 9562), the quoter's UUID (16), the revision (4, big-endian), the envelope (1: 0 whole, 1 technical, 2 commercial), the nonce of
/// the envelope (32) and the text of [`super::Quote::text`] in UTF-8. The nonce is random and known to the quoter alone until the
/// envelope is opened, or likely prices could be tried out.
pub fn commitment(committed: &Committed, text: &str, nonce: &Digest) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(b"torg/sourcing/quote/1");
    hasher.update(committed.rfq.0.as_bytes());
    hasher.update(committed.quoter.0.as_bytes());
    hasher.update(committed.revision.to_be_bytes());
    hasher.update([number(committed.envelope)]);
    hasher.update(nonce.0);
    hasher.update(text.as_bytes());
    Digest(hasher.finalize().into())
}

/// The nonce of an envelope, from the secret of a revision: the SHA-256 of the 21 bytes `torg/sourcing/nonce/1`, the secret (32) and the
/// envelope (1). Each has its own, or opening the technical envelope would help to guess the prices in the other.
pub fn nonce(secret: &Digest, envelope: Envelope) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(b"torg/sourcing/nonce/1");
    hasher.update(secret.0);
    hasher.update([number(envelope)]);
    Digest(hasher.finalize().into())
}

/// Refuses a text that is not the one that was committed to.
pub fn check_opened(published: &Digest, committed: &Committed, text: &str, nonce: &Digest) -> Result<(), Refusal> {
    if commitment(committed, text, nonce) == *published {
        return Ok(());
    }
    let detail = "The hash of the opened quote is not the one that was published when it was handed in.";
    Err(Refusal::new(Kind::NotAsCommitted, detail))
}

fn number(envelope: Envelope) -> u8 {
    match envelope {
        Envelope::Whole => 0,
        Envelope::Technical => 1,
        Envelope::Commercial => 2,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn committed() -> Committed {
        Committed {
            rfq: RfqId(Uuid::from_u128(0x0190_b6a8_7a00_7abc_8def_0123_4567_89ab)),
            quoter: OrganisationId(Uuid::from_u128(2)),
            revision: 3,
            envelope: Envelope::Commercial,
        }
    }

    /// What is hashed, put together by hand, as a quoter would.
    #[test]
    fn the_byte_form_is_as_documented() {
        let bytes = [
            "746f72672f736f757263696e672f71756f74652f31",
            "0190b6a87a007abc8def0123456789ab",
            "00000000000000000000000000000002",
            "00000003",
            "02",
            &"07".repeat(32),
            "c3a4",
        ];
        let hashed = Sha256::digest(hex::decode(bytes.concat()).unwrap());
        assert_eq!(commitment(&committed(), "ä", &Digest([7; 32])), Digest(hashed.into()));
    }

    #[test]
    fn every_part_binds() {
        let own = commitment(&committed(), "text", &Digest([7; 32]));
        let others = [
            Committed { rfq: RfqId(Uuid::from_u128(1)), ..committed() },
            Committed { quoter: OrganisationId(Uuid::from_u128(3)), ..committed() },
            Committed { revision: 4, ..committed() },
            Committed { envelope: Envelope::Technical, ..committed() },
        ];
        for other in others {
            let refusal = check_opened(&own, &other, "text", &Digest([7; 32])).unwrap_err();
            assert_eq!(refusal.kind, Kind::NotAsCommitted, "{other:?}");
        }
        assert!(check_opened(&own, &committed(), "Text", &Digest([7; 32])).is_err());
        assert!(check_opened(&own, &committed(), "text", &Digest([8; 32])).is_err());
        assert_eq!(check_opened(&own, &committed(), "text", &Digest([7; 32])), Ok(()));
    }

    #[test]
    fn each_envelope_has_a_nonce_of_its_own() {
        let [whole, technical, commercial] = Envelope::ALL.map(|envelope| nonce(&Digest([1; 32]), envelope));
        assert!(whole != technical && technical != commercial && whole != commercial);
        assert_ne!(nonce(&Digest([2; 32]), Envelope::Whole), whole);
    }
}
