//! A deletion event with the operator's signature over it: proof for whoever has the public key.
//!
//! ```
//! use gdpr_rights::account::deletion::SignedDeletion;
//! use gdpr_rights::request::sign::SigningKey;
//! use retention_policy::*;
//! # let at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
//! let event = DeletionEvent {
//!     tenant: TenantId::from_random([1; 16]),
//!     category: Category::Session,
//!     at,
//!     reason: DueReason::Expired,
//!     disposition: Disposition::Erase,
//!     records: 12,
//!     written_end: Some(at),
//!     policy_version: 7,
//!     plan: PlanHash::from_bytes([3; 32]),
//!     key_fingerprint: [4; 32],
//!     audit_leaf: 55,
//!     backup_horizon: at,
//! };
//! let key = SigningKey::from_bytes(&[7; 32]);
//! let mut bytes = SignedDeletion::sign(&event, &key).to_bytes();
//! assert_eq!(SignedDeletion::verify(&bytes, &key.verifying_key())?.event(), &event);
//! bytes[100] ^= 1;
//! assert!(SignedDeletion::verify(&bytes, &key.verifying_key()).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use retention_policy::DeletionEvent;

use crate::Error;
use crate::request::sign::{SIGNATURE, SigningKey, VerifyingKey, sign, verifies};

/// What a signed event begins with: no package and no certificate does.
const TITLE: &[u8] = b"tactful deletion event 1\n";

/// A [`DeletionEvent`] that was signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedDeletion {
    event: DeletionEvent,
    bytes: Vec<u8>,
}

impl SignedDeletion {
    /// Signs an event, as it is stored: in whole seconds.
    #[must_use]
    pub fn sign(event: &DeletionEvent, key: &SigningKey) -> Self {
        let bytes = event.to_bytes();
        // What was just written can be read; an event that could not would be signed as it is.
        let event = DeletionEvent::from_bytes(&bytes).unwrap_or(*event);
        let mut signed = [TITLE, &bytes].concat();
        let signature = sign(key, &signed);
        signed.extend_from_slice(&signature);
        Self {
            event,
            bytes: signed,
        }
    }

    /// Takes bytes that [`Self::to_bytes`] gave, and checks the signature.
    ///
    /// # Errors
    /// [`Error::BadDeletion`] for all others, and for those of another key.
    pub fn verify(bytes: &[u8], key: &VerifyingKey) -> Result<Self, Error> {
        let bad = Error::BadDeletion;
        let at = bytes.len().checked_sub(SIGNATURE).ok_or(bad)?;
        let (signed, signature) = bytes.split_at_checked(at).ok_or(bad)?;
        let event = signed.strip_prefix(TITLE).ok_or(bad)?;
        if !verifies(key, signed, signature) {
            return Err(bad);
        }
        Ok(Self {
            event: DeletionEvent::from_bytes(event).map_err(|_| bad)?,
            bytes: bytes.to_vec(),
        })
    }

    /// What it says.
    #[must_use]
    pub fn event(&self) -> &DeletionEvent {
        &self.event
    }

    /// The bytes to keep and to hand out: the title, the event, the signature of both.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}
