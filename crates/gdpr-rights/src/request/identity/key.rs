//! The key under which codes and facts are kept as HMAC-SHA256.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use retention_policy::SubjectId;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::request::certificate::BlindSubject;

/// 32 secret bytes of the caller. Whoever has stored codes without it cannot try the 100 million possible ones.
pub struct IdentityKey(Zeroizing<[u8; 32]>);

impl IdentityKey {
    /// Takes 32 bytes that are random or derived from such.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The person as a certificate knows them. When the key is destroyed, it leads to nobody.
    #[must_use]
    pub fn blind(&self, subject: SubjectId) -> BlindSubject {
        BlindSubject::from_hmac(self.mac(&[b"tactful/gdpr-rights/subject/0", &subject.to_bytes()]))
    }

    /// HMAC-SHA256 (RFC 2104). Each part goes in with its length, so that no two lists of parts are the same message.
    pub(super) fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        // A 32-byte key fills the HMAC block with zeros (RFC 2104, section 2); with the whole block given nothing can fail.
        let mut block = Zeroizing::new([0; 64]);
        for (to, from) in block.iter_mut().zip(self.0.iter()) {
            *to = *from;
        }
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for IdentityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityKey(32 bytes)")
    }
}
