//! The certificate that a client company gets when its contract has ended: what was given back, what was destroyed, what a law
//! keeps until when; and a second one when that is over (article 28(3)(g)).
//!
//! A text that a person reads, and the signature over it. It names no person.
//!
//! ```
//! use gdpr_rights::account::contract_end::ContractEnd;
//! use gdpr_rights::request::sign::SigningKey;
//! use retention_policy::*;
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let at: Timestamp = "2026-03-02T09:00:00Z".parse()?;
//! # let (tenant, ana) = (TenantId::from_random([1; 16]), ActorId::from_random([2; 16]));
//! let contract = Contract::new(tenant, Party::Processor, Region::France, 1, [ana], at)?
//!     .step(&Step::End { by: ana, choice: Choice::Delete }, at)?
//!     .step(&Step::Destroyed { records: 812, keys: 40 }, at)?
//!     .step(&Step::Remains(vec![]), at)?;
//! let State::Ending(off) = contract.state() else { return Err("it ends".into()) };
//! let key = SigningKey::from_bytes(&[7; 32]);
//! let signed = ContractEnd::of(tenant, off, None, at).sign(&key);
//! let read = ContractEnd::verify(&signed, &key.verifying_key())?;
//! assert_eq!(read.field("destroyed records"), Some("812"));
//! assert!(ContractEnd::verify(&signed, &SigningKey::from_bytes(&[8; 32]).verifying_key()).is_err());
//! # Ok(())
//! # }
//! ```

use std::fmt::Write as _;

use retention_policy::{Choice, Offboarding, TenantId, Timestamp};

use crate::request::certificate::{CertificateError, signed};
use crate::request::sign::{SigningKey, VerifyingKey, hex};

const TITLE: &str = "tactful certificate of the end of a contract 1\n";
const NOTES: &str = "note: destroyed means that the keys were destroyed; without them the records are noise for everybody\n\
    note: a technical record, not legal advice\n";

/// What was done when a contract ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractEnd {
    text: String,
}

impl ContractEnd {
    /// Says what an end has come to. `backups` is until when a backup of keys can open what was destroyed.
    #[must_use]
    pub fn of(
        tenant: TenantId,
        end: &Offboarding,
        backups: Option<Timestamp>,
        issued: Timestamp,
    ) -> Self {
        let mut text = TITLE.to_owned();
        // Writing to a String cannot fail.
        let mut line = |key: &str, value: &str| {
            let _ = writeln!(text, "{key}: {value}");
        };
        line("tenant", &tenant.to_string());
        line("issued", &instant(issued));
        line("asked", &instant(end.asked_at()));
        line(
            "choice",
            match end.choice() {
                Choice::Return => "given back, then destroyed",
                Choice::Delete => "destroyed",
            },
        );
        if let Some(archive) = end.archive() {
            line("archive (sha256)", &hex(&archive));
        }
        if let Some(done) = end.destroyed() {
            line("destroyed", &instant(done.at));
            line("destroyed records", &done.records.to_string());
            line("destroyed keys", &done.keys.to_string());
        }
        for (n, kept) in (1..).zip(end.remainders()) {
            line(&format!("kept {n}"), kept.category().code());
            line(&format!("kept {n} records"), &kept.records().to_string());
            line(&format!("kept {n} law"), &one_line(kept.law()));
            line(&format!("kept {n} article"), &one_line(kept.article()));
            line(&format!("kept {n} until"), &instant(kept.until()));
        }
        if let Some(at) = end.finished_at().filter(|_| end.second_timer().is_some()) {
            line("nothing left since", &instant(at));
        }
        line(
            "backups expire",
            &backups.map_or_else(|| "there are none".to_owned(), instant),
        );
        text.push_str(NOTES);
        Self { text }
    }

    /// Signs it, as a file: the text, and a last line with the signature over all bytes before that line.
    #[must_use]
    pub fn sign(&self, key: &SigningKey) -> Vec<u8> {
        signed::signed(&self.text, key)
    }

    /// Checks a file offline.
    ///
    /// # Errors
    /// [`CertificateError::TooLarge`], [`CertificateError::Damaged`], [`CertificateError::WrongSignature`],
    /// [`CertificateError::UnknownVersion`].
    pub fn verify(bytes: &[u8], key: &VerifyingKey) -> Result<Self, CertificateError> {
        let text = signed::opened(bytes, key)?;
        // The signed text is what it says: there is nothing else to read.
        match text.starts_with(TITLE) {
            true => Ok(Self {
                text: text.to_owned(),
            }),
            false => Err(CertificateError::UnknownVersion),
        }
    }

    /// The text; it names no person.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a line says, such as `tenant` or `kept 1 law`.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&str> {
        let lines = self.text.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(k, _)| *k == key).map(|(_, v)| v)
    }
}

/// A law's name comes from a policy: it must not look like another line.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
