//! The certificate of erasure: what was done where, what is kept, who was told.

use gdpr_rights::request::case::Art19;
use gdpr_rights::request::certificate::{
    Backups, ErasureFacts, Exception as Kept, Method, Notice, SignedCertificate, SourceErasure,
    Told,
};
use gdpr_rights::request::identity::IdentityKey;
use gdpr_rights::request::ledger::{ErasureIntent, Recorded};
use gdpr_rights::request::refusal::Exception;
use gdpr_rights::{CleanScan, ErasureCertificate};
use retention_policy::Timestamp;

use super::file::CaseFile;
use crate::desk::Desk;
use crate::{Controller, Error};

/// Signs what a clean second look showed.
pub(super) fn certificate(
    desk: &Desk,
    controller: &Controller,
    file: &CaseFile,
    clean: CleanScan,
    exceptions: &[Exception],
    now: Timestamp,
) -> Result<SignedCertificate, Error> {
    let key = desk.signing_key()?;
    let intent = file.intent.as_deref().ok_or(Error::DamagedCase)?;
    // It was written down before the first key was destroyed.
    let intent = Recorded::durable(ErasureIntent::from_bytes(intent)?);
    let exceptions = exceptions
        .iter()
        .map(Kept::of)
        .collect::<Result<Vec<_>, _>>()?;
    let told = match file.case.recipients() {
        Some(Art19::Notified) => Some(Told::At(now)),
        Some(Art19::Impossible) => Some(Told::Impossible),
        Some(Art19::Disproportionate) => Some(Told::Disproportionate),
        _ => None,
    };
    let mut recipients = Vec::new();
    if let Some(told) = told {
        for disclosure in &controller.disclosures {
            recipients.push(Notice::new(&disclosure.recipient.name, told)?);
        }
    }
    let facts = ErasureFacts {
        subject: IdentityKey::from_bytes(*file.secret).blind(intent.get().subject()),
        sources: clean
            .sources()
            .iter()
            .map(|source| {
                let done = file.erasures.iter().find(|e| e.source == *source);
                SourceErasure {
                    source: source.clone(),
                    before: done.map(|e| e.before),
                    method: done.and_then(|e| e.method).unwrap_or(Method::Deleted),
                }
            })
            .collect(),
        exceptions,
        recipients,
        backups: desk.backups_end(now),
        tombstone: file.tombstone.ok_or(Error::DamagedCase)?,
    };
    let certificate = ErasureCertificate::issue(clean, now).with(&intent, facts)?;
    Ok(certificate.sign(key))
}

impl Desk {
    /// Until when a backup of keys can open what was erased.
    fn backups_end(&self, now: Timestamp) -> Backups {
        match &self.key_backups {
            Some(kept) => Backups::Until(now + kept.horizon()),
            None => Backups::None,
        }
    }
}
