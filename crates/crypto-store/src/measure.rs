//! What sealing one record costs beside its cipher alone, through the very functions that every record passes. Not part of
//! the interface.

use std::fmt;

use retention_policy::{
    Category, Expiry, Lifetime, Purpose, PurposeSet, RecordId, RecordMeta, Region, SubjectId,
    TenantId, Timestamp, UnitId,
};
use zeroize::Zeroizing;

use crate::crypt::{self, NONCE_LEN, TAG_LEN};
use crate::entropy::draw;
use crate::envelope::{self, RANDOM_LEN, RecordKeys};
use crate::store::row::{BucketRef, Head};
use crate::wire::Reader;
use crate::{Entropy, Error, KEY_LEN, Key32, OsEntropy};

/// Salts and nonces drawn at once, as many as a tenant that writes much has made ahead.
const DRAWN: usize = 256;
const WHAT: &str = "what was drawn to measure";

/// One record, sealed again and again.
pub struct Sealer {
    entropy: OsEntropy,
    keys: [Key32; 3],
    identity: Vec<u8>,
    drawn: Vec<u8>,
    used: usize,
}

impl Sealer {
    /// A record with this many index terms: its identity is as long as that of any other such record.
    ///
    /// # Errors
    /// [`Error::Entropy`].
    pub fn new(terms: usize) -> Result<Self, Error> {
        let entropy = OsEntropy::new();
        let keys = [
            Key32::random(&entropy)?,
            Key32::random(&entropy)?,
            Key32::random(&entropy)?,
        ];
        let id = RecordId::from_random(draw(&entropy)?);
        let meta = meta().map_err(|_| Error::Corrupt { what: WHAT })?;
        let unit = UnitId::from_bytes(id.to_bytes());
        let mut head = Head {
            id,
            meta,
            bucket: BucketRef::of(&meta),
            unit,
            unit_ref: unit.to_bytes(),
            version: 0,
            terms: Vec::with_capacity(terms),
        };
        for _ in 0..terms {
            head.terms.push(draw(&entropy)?);
        }
        Ok(Sealer {
            entropy,
            keys,
            identity: head.identity(),
            drawn: vec![0; DRAWN * RANDOM_LEN],
            used: DRAWN * RANDOM_LEN,
        })
    }

    /// Bytes of the identity.
    pub fn identity_len(&self) -> usize {
        self.identity.len()
    }

    fn random(&mut self) -> Result<[u8; RANDOM_LEN], Error> {
        if self.used == self.drawn.len() {
            self.entropy.fill(&mut self.drawn)?;
            self.used = 0;
        }
        let rest = self.drawn.get(self.used..).unwrap_or_default();
        let random = Reader::new(rest, WHAT).array()?;
        self.used += RANDOM_LEN;
        Ok(random)
    }

    fn keys(&self) -> RecordKeys<'_> {
        let [subject, bucket, unit] = &self.keys;
        RecordKeys {
            subject,
            bucket,
            unit,
        }
    }

    /// Seals a body as a put does.
    ///
    /// # Errors
    /// As [`crate::Store::put`].
    pub fn seal(&mut self, body: &[u8]) -> Result<Vec<u8>, Error> {
        let random = self.random()?;
        envelope::seal(self.keys(), &self.identity, body, &random)
    }

    /// Opens what [`Sealer::seal`] gave.
    ///
    /// # Errors
    /// [`Error::Corrupt`].
    pub fn open(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Error> {
        envelope::open(self.keys(), &self.identity, sealed)
    }

    /// AES-256-GCM alone: a fresh key and nonce out of the same draw, no associated data, as many bytes allocated.
    ///
    /// # Errors
    /// [`Error::TooLarge`]; [`Error::Entropy`].
    pub fn bare(&mut self, body: &[u8]) -> Result<Vec<u8>, Error> {
        let random = self.random()?;
        let mut parts = Reader::new(&random, WHAT);
        let (key, nonce): ([u8; KEY_LEN], [u8; NONCE_LEN]) = (parts.array()?, parts.array()?);
        let mut out = Vec::with_capacity(NONCE_LEN + body.len() + TAG_LEN);
        out.extend_from_slice(&nonce);
        out.extend_from_slice(body);
        let content = out.get_mut(NONCE_LEN..).unwrap_or_default();
        let tag = crypt::encrypt(&key, &nonce, &[], content).map_err(|_| Error::TooLarge {
            len: body.len(),
            limit: envelope::MAX_BODY,
        })?;
        out.extend_from_slice(&tag);
        Ok(out)
    }
}

fn meta() -> Result<RecordMeta, retention_policy::Error> {
    let made = Timestamp::from_timestamp(1_772_442_000, 0).unwrap_or_default();
    RecordMeta::new(
        TenantId::from_random([1; 16]),
        SubjectId::from_random([2; 16]),
        Category::Session,
        PurposeSet::only(Purpose::DraftReply),
        Region::France,
        Expiry::after(made, Lifetime::hours(1)?)?,
    )
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}
