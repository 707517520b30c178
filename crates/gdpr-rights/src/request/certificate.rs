//! A certificate says only what a clean scan showed.

use std::fmt::Write as _;

use retention_policy::{CaseId, Timestamp};
use sha2::{Digest, Sha256};

use super::order::CleanScan;

/// That an erasure was carried out and every registered source, asked again, found nothing.
///
/// It consumes the [`CleanScan`], so there is one certificate a scan; nothing else makes one:
///
/// ```compile_fail
/// use gdpr_rights::ErasureCertificate;
/// let certificate = ErasureCertificate { case: todo!(), issued: todo!(), digest: [0; 32], text: String::new() };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErasureCertificate {
    case: CaseId,
    issued: Timestamp,
    text: String,
    digest: [u8; 32],
}

impl ErasureCertificate {
    /// Issues the certificate.
    #[must_use]
    pub fn issue(scan: CleanScan, issued: Timestamp) -> Self {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "Certificate of erasure (article 17 GDPR)");
        let _ = writeln!(text, "case: {}", scan.case());
        let _ = writeln!(text, "issued: {}", issued.format("%Y-%m-%dT%H:%M:%SZ"));
        for source in scan.sources() {
            let _ = writeln!(text, "asked again, nothing found: {}", source.as_str());
        }
        text.push_str(
            "Covered are the sources named above. Copies of keys made earlier outside these sources are not.\n\
             This is a technical record, not legal advice.\n",
        );
        let digest = Sha256::digest(text.as_bytes()).into();
        Self {
            case: scan.case(),
            issued,
            text,
            digest,
        }
    }

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

    /// The certificate as text; it names no person.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, for the audit.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}
