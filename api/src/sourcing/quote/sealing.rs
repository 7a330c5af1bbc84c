//! What a revision keeps sealed: the quote, and the secret from which the nonces of its commitments follow.

use std::collections::BTreeMap;

use domain::auction::Digest;
use domain::kernel::{OrganisationId, RfqId};
use domain::sourcing::{Committed, Envelope, Procedure, Quote, check_opened, commitment, nonce};
use infra::Failure;
use infra::sourcing::revision::RevisionRow;
use serde::{Deserialize, Serialize};

use crate::secret::SecretKey;

/// The content of a revision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sealed {
    pub quote: Quote,
    /// 32 random bytes in hexadecimal.
    secret: String,
}

impl Sealed {
    pub fn new(quote: Quote, secret: [u8; 32]) -> Self {
        Self { quote, secret: hex::encode(secret) }
    }

    /// The nonce of an envelope.
    pub fn nonce(&self, envelope: Envelope) -> Result<Digest, Failure> {
        let secret: Vec<u8> = hex::decode(&self.secret).map_err(Failure::broken)?;
        let secret: [u8; 32] = secret.try_into().map_err(|_| Failure::broken("a secret of another length"))?;
        Ok(nonce(&Digest(secret), envelope))
    }

    /// The commitments to the envelopes of a procedure, in hexadecimal.
    pub fn commitments(
        &self,
        procedure: &Procedure,
        (rfq, quoter, revision): (RfqId, OrganisationId, u32),
    ) -> Result<BTreeMap<&'static str, String>, Failure> {
        let one = |envelope: &Envelope| {
            let committed = Committed { rfq, quoter, revision, envelope: *envelope };
            let digest = commitment(&committed, &self.quote.text(*envelope), &self.nonce(*envelope)?);
            Ok((envelope.code(), hex::encode(digest.0)))
        };
        procedure.envelopes_in_order().iter().map(one).collect()
    }

    pub fn seal(&self, key: &SecretKey) -> Result<Vec<u8>, Failure> {
        key.seal(&serde_json::to_vec(self).map_err(Failure::broken)?)
    }
}

/// What a revision says. Whoever calls it has asked [`domain::sourcing::seen`] before, or shows nothing of it.
pub fn open(key: &SecretKey, row: &RevisionRow) -> Result<Sealed, Failure> {
    serde_json::from_slice(&key.open(&row.content)?).map_err(Failure::broken)
}

impl Sealed {
    /// Refuses a revision that does not say what was committed to ([`domain::kernel::Kind::NotAsCommitted`]).
    pub fn check(
        &self,
        row: &RevisionRow,
        rfq: RfqId,
        quoter: OrganisationId,
        envelope: Envelope,
    ) -> Result<(), Failure> {
        let published = row.commitments.get(envelope.code()).and_then(|hash| hash.as_str()).unwrap_or_default();
        let bytes = hex::decode(published).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let revision = u32::try_from(row.number).map_err(Failure::broken)?;
        let committed = Committed { rfq, quoter, revision, envelope };
        let published = Digest(bytes.unwrap_or_default());
        Ok(check_opened(&published, &committed, &self.quote.text(envelope), &self.nonce(envelope)?)?)
    }
}
