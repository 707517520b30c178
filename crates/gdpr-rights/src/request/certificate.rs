//! A certificate says only what a clean scan showed.
//!
//! [`ErasureCertificate::issue`] takes the [`CleanScan`], and nothing else makes one. [`ErasureCertificate::with`] adds what was
//! done where, what is kept by which law, who was told and when the last backup ends, and ties it to the recorded intent.
//! [`ErasureCertificate::sign`] makes a file of it: text that a person reads and the signature over it, which anybody who has
//! the public key checks offline with [`SignedCertificate::verify`].
//!
//! A certificate holds no personal data. The person appears as a [`BlindSubject`]; when its key is destroyed, that leads to
//! nobody any more, and the certificate stays valid.
//!
//! ```
//! use gdpr_rights::request::certificate::{Backups, BlindSubject, ErasureFacts, Method, SignedCertificate, SourceErasure};
//! use gdpr_rights::request::ledger::{ErasureIntent, Recorded};
//! use gdpr_rights::request::sign::SigningKey;
//! use gdpr_rights::{Answer, ErasureCertificate, Nonce, ScanOrder, SourceId, conclude};
//! use retention_policy::{CaseId, SubjectId, TenantId};
//!
//! let (case, store) = (CaseId::from_random([1; 16]), SourceId::new("store")?);
//! let (tenant, subject) = (TenantId::from_random([2; 16]), SubjectId::from_random([3; 16]));
//! let intent = ErasureIntent::new(case, tenant, subject, [store.clone()], "2026-03-02T08:59:00Z".parse()?)?;
//! let intent = Recorded::durable(intent);
//!
//! // The erasure happens here. Then every source looks again.
//! let order = ScanOrder::new(case, [store.clone()], Nonce::from_random([4; 32]))?;
//! let clean = conclude(&order, &[Answer::clean(&store, order.nonce())])?;
//!
//! let facts = ErasureFacts {
//!     subject: BlindSubject::from_hmac([5; 32]),
//!     sources: vec![SourceErasure { source: store, before: Some(12), method: Method::KeyDestroyed }],
//!     exceptions: Vec::new(),
//!     recipients: Vec::new(),
//!     backups: Backups::Until("2026-04-01T00:00:00Z".parse()?),
//!     tombstone: [6; 16],
//! };
//! let key = SigningKey::from_bytes(&[7; 32]);
//! let signed = ErasureCertificate::issue(clean, "2026-03-02T09:00:00Z".parse()?).with(&intent, facts)?.sign(&key);
//!
//! let certificate = SignedCertificate::verify(&signed.to_bytes(), &key.verifying_key())?;
//! assert_eq!(certificate.case(), case);
//! let mut forged = signed.to_bytes();
//! forged[30] ^= 1;
//! assert!(SignedCertificate::verify(&forged, &key.verifying_key()).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A technical record, not legal advice.

mod error;
mod facts;
pub(crate) mod signed;
mod text;

use retention_policy::{CaseId, Timestamp};
use sha2::{Digest, Sha256};

pub use error::CertificateError;
pub use facts::{
    Account, Backups, BlindSubject, CertifiedSource, ErasureFacts, Exception, KeptUntil, Method,
    Notice, SourceErasure, Told,
};

use super::ledger::{ErasureIntent, Recorded};
use super::order::CleanScan;
use super::sign::{SigningKey, VerifyingKey, hex, unhex};

/// The most bytes of a signed certificate: 1 MiB.
pub const MAX_BYTES: usize = 1024 * 1024;

/// That an erasure was carried out and every registered source, asked again, found nothing.
///
/// It consumes the [`CleanScan`], so there is one certificate a scan; nothing else makes one:
///
/// ```compile_fail
/// use gdpr_rights::ErasureCertificate;
/// let certificate = ErasureCertificate { certificate: todo!(), text: String::new() };
/// ```
///
/// and what was verified cannot be signed again under another name:
///
/// ```compile_fail
/// use gdpr_rights::request::certificate::Certificate;
/// fn again(certificate: Certificate, key: &gdpr_rights::request::sign::SigningKey) {
///     certificate.sign(key);
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureCertificate {
    certificate: Certificate,
    text: String,
}

impl ErasureCertificate {
    /// Issues the certificate, dated to the second: the sources were asked again and found nothing but what [`Self::with`] says is kept.
    #[must_use]
    pub fn issue(scan: CleanScan, issued: Timestamp) -> Self {
        let (case, sources) = scan.into_parts();
        Self::of(Certificate {
            case,
            issued: facts::whole(issued),
            sources: sources.into_iter().map(CertifiedSource::clean).collect(),
            account: None,
        })
    }

    /// The certificate with what was done, tied to the intent that was recorded before.
    ///
    /// # Errors
    /// [`CertificateError::OtherErasure`] when the intent is of another case, lists other sources or is younger than the
    /// certificate; [`CertificateError::SourcesDiffer`] unless the facts have each source once;
    /// [`CertificateError::TooLarge`] for more than [`MAX_BYTES`].
    pub fn with(
        self,
        intent: &Recorded<ErasureIntent>,
        facts: ErasureFacts,
    ) -> Result<Self, CertificateError> {
        let intent = intent.get();
        let decided = facts::whole(intent.at());
        let scanned = self.certificate.sources.iter().map(|known| &known.source);
        if intent.case() != self.certificate.case
            || decided > self.certificate.issued
            || !scanned.clone().eq(intent.sources())
        {
            return Err(CertificateError::OtherErasure);
        }
        let mut done = facts.sources;
        done.sort_by(|a, b| a.source.cmp(&b.source));
        if !scanned.eq(done.iter().map(|one| &one.source)) {
            return Err(CertificateError::SourcesDiffer);
        }
        let full = Self::of(Certificate {
            sources: done.into_iter().map(CertifiedSource::erased).collect(),
            account: Some(Account {
                tenant: intent.tenant(),
                subject: facts.subject,
                intent: intent.reference(),
                decided,
                tombstone: facts.tombstone,
                backups: facts.backups.whole(),
                exceptions: facts.exceptions,
                recipients: facts.recipients,
            }),
            ..self.certificate
        });
        // Room for the line of the signature.
        if full.text.len() > MAX_BYTES - 256 {
            return Err(CertificateError::TooLarge);
        }
        Ok(full)
    }

    /// Signs it. Take the operator's key, which no erasure destroys.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> SignedCertificate {
        SignedCertificate {
            certificate: self.certificate.clone(),
            bytes: signed::signed(&self.text, key),
        }
    }

    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.certificate.case
    }

    /// When it was issued.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        self.certificate.issued
    }

    /// What it says.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The certificate as text; it names no person.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, for the audit.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    fn of(certificate: Certificate) -> Self {
        let text = text::write(&certificate);
        Self { certificate, text }
    }
}

/// What a certificate says. To have one means only that somebody issued it: [`SignedCertificate::verify`] says who.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    case: CaseId,
    issued: Timestamp,
    sources: Vec<CertifiedSource>,
    account: Option<Account>,
}

impl Certificate {
    /// The case.
    #[must_use]
    pub fn case(&self) -> CaseId {
        self.case
    }

    /// When it was issued.
    #[must_use]
    pub fn issued(&self) -> Timestamp {
        self.issued
    }

    /// The sources, by name.
    #[must_use]
    pub fn sources(&self) -> &[CertifiedSource] {
        &self.sources
    }

    /// What was done, unless the certificate says only that the sources are clean.
    #[must_use]
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }
}

/// A certificate and its signature, as one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCertificate {
    certificate: Certificate,
    bytes: Vec<u8>,
}

impl SignedCertificate {
    /// What it says.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The file: the text in UTF-8, and a last line with the signature over all bytes before that line.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bytes.clone()
    }

    /// Takes a file back, after checking it.
    ///
    /// # Errors
    /// As [`Self::verify`].
    pub fn from_bytes(bytes: &[u8], key: &VerifyingKey) -> Result<Self, CertificateError> {
        Ok(Self {
            certificate: Self::verify(bytes, key)?,
            bytes: bytes.to_vec(),
        })
    }

    /// Checks a file offline. One certificate has one form: no byte of it can be another.
    ///
    /// # Errors
    /// [`CertificateError::Damaged`], [`CertificateError::WrongSignature`], [`CertificateError::UnknownVersion`];
    /// [`CertificateError::TooLarge`] for more than [`MAX_BYTES`].
    pub fn verify(bytes: &[u8], key: &VerifyingKey) -> Result<Certificate, CertificateError> {
        let text = signed::opened(bytes, key)?;
        if !text.starts_with(text::TITLE) {
            return Err(CertificateError::UnknownVersion);
        }
        text::read(text)
            .filter(|certificate| text::write(certificate) == text)
            .ok_or(CertificateError::Damaged)
    }
}
