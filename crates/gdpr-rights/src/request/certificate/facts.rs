use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, SubsecRound};
use retention_policy::{Category, TenantId, Timestamp};

use super::CertificateError;
use crate::request::order::SourceId;

/// The most bytes of a text in a certificate.
const MAX_TEXT: usize = 500;

/// A person as a certificate knows them: an HMAC-SHA-256 under a key of the tenant. Whoever has the key can show that a
/// certificate is about a person; when it is destroyed, nobody can.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BlindSubject([u8; 32]);

impl BlindSubject {
    /// Takes the caller's HMAC. A plain hash of an identifier can be guessed and is personal data: do not give one.
    #[must_use]
    pub const fn from_hmac(mac: [u8; 32]) -> Self {
        Self(mac)
    }

    /// The bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for BlindSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlindSubject(32 bytes)")
    }
}

/// How a source erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// The key under which everything was sealed does not exist any more.
    KeyDestroyed,
    /// The data was deleted or overwritten.
    Deleted,
}

impl Method {
    pub(super) const ALL: [Self; 2] = [Self::KeyDestroyed, Self::Deleted];

    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::KeyDestroyed => "key destroyed",
            Self::Deleted => "deleted",
        }
    }
}

/// What was done in one source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "three facts of one source")]
pub struct SourceErasure {
    /// Where.
    pub source: SourceId,
    /// How many items it held before; `None` when it does not count.
    pub before: Option<u64>,
    /// How it erased.
    pub method: Method,
}

/// A source as a certificate lists it. After the erasure it found nothing: there is no certificate else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertifiedSource {
    /// Where.
    pub source: SourceId,
    /// How many items it held before, if that is known.
    pub before: Option<u64>,
    /// How it erased, if that is said.
    pub method: Option<Method>,
}

impl CertifiedSource {
    pub(super) fn clean(source: SourceId) -> Self {
        Self {
            source,
            before: None,
            method: None,
        }
    }

    pub(super) fn erased(done: SourceErasure) -> Self {
        Self {
            source: done.source,
            before: done.before,
            method: Some(done.method),
        }
    }
}

/// Until when something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 13(2)(a): a period, or criteria for one"
)]
pub enum KeptUntil {
    /// Up to and with this day.
    Date(NaiveDate),
    /// Until this is so.
    Criterion(String),
}

/// What is kept although erasure was asked for, by which law and until when (article 17(3)). The texts are about the law and
/// never about the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    law: String,
    article: String,
    categories: BTreeSet<Category>,
    until: KeptUntil,
}

impl Exception {
    /// Notes an exception. Each text is one line of 1 to 500 bytes.
    ///
    /// # Errors
    /// [`CertificateError::BadText`], [`CertificateError::NoCategories`].
    pub fn new(
        law: &str,
        article: &str,
        categories: impl IntoIterator<Item = Category>,
        until: KeptUntil,
    ) -> Result<Self, CertificateError> {
        let categories: BTreeSet<_> = categories.into_iter().collect();
        if categories.is_empty() {
            return Err(CertificateError::NoCategories);
        }
        Ok(Self {
            law: line(law)?,
            article: line(article)?,
            categories,
            until: match until {
                KeptUntil::Criterion(text) => KeptUntil::Criterion(line(&text)?),
                date @ KeptUntil::Date(_) => date,
            },
        })
    }

    /// The exception that a human noted, as the certificate names it: without the reason in this case.
    ///
    /// # Errors
    /// [`CertificateError::BadText`] for a text of more than 500 bytes or one line.
    pub fn of(noted: &crate::request::refusal::Exception) -> Result<Self, CertificateError> {
        let until = match (noted.last_day(), noted.criterion()) {
            (Some(day), _) => KeptUntil::Date(day),
            (None, words) => KeptUntil::Criterion(words.unwrap_or_default().to_owned()),
        };
        Self::new(noted.law(), noted.provision(), noted.categories(), until)
    }

    /// The law.
    #[must_use]
    pub fn law(&self) -> &str {
        &self.law
    }

    /// Its article or section.
    #[must_use]
    pub fn article(&self) -> &str {
        &self.article
    }

    /// What is kept.
    pub fn categories(&self) -> impl Iterator<Item = Category> {
        self.categories.iter().copied()
    }

    /// Until when.
    #[must_use]
    pub fn until(&self) -> &KeptUntil {
        &self.until
    }
}

/// What became of telling a recipient (article 19).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "article 19 knows these two reasons not to tell"
)]
pub enum Told {
    /// Told at this instant.
    At(Timestamp),
    /// It proved impossible.
    Impossible,
    /// It involved a disproportionate effort.
    Disproportionate,
}

/// A recipient, a company or authority, that was to be told of the erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    recipient: String,
    told: Told,
}

impl Notice {
    /// Notes it. The name is one line of 1 to 500 bytes.
    ///
    /// # Errors
    /// [`CertificateError::BadText`].
    pub fn new(recipient: &str, told: Told) -> Result<Self, CertificateError> {
        Ok(Self {
            recipient: line(recipient)?,
            told: match told {
                Told::At(at) => Told::At(whole(at)),
                other => other,
            },
        })
    }

    /// Who.
    #[must_use]
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// What became of it.
    #[must_use]
    pub fn told(&self) -> Told {
        self.told
    }
}

/// How long backups can hold ciphertext of what was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "there are backups or there are none"
)]
pub enum Backups {
    /// None are made.
    None,
    /// The last one that can hold some expires then.
    Until(Timestamp),
}

/// What a certificate adds to a clean scan. Tenant and instant come from the intent.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a form; ErasureCertificate::with checks it"
)]
pub struct ErasureFacts {
    /// Who was erased, blinded.
    pub subject: BlindSubject,
    /// What was done, for each source once.
    pub sources: Vec<SourceErasure>,
    /// What is kept, item by item.
    pub exceptions: Vec<Exception>,
    /// Who was told.
    pub recipients: Vec<Notice>,
    /// How long backups last.
    pub backups: Backups,
    /// The id of what is left behind so that a restored copy is erased again; random, of no person.
    pub tombstone: [u8; 16],
}

/// What a certificate says beyond its sources.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// Whose customer.
    pub tenant: TenantId,
    /// Who, blinded.
    pub subject: BlindSubject,
    /// SHA-256 of the recorded intent.
    pub intent: [u8; 32],
    /// When the intent was decided.
    pub decided: Timestamp,
    /// The id of the tombstone.
    pub tombstone: [u8; 16],
    /// How long backups last.
    pub backups: Backups,
    /// What is kept.
    pub exceptions: Vec<Exception>,
    /// Who was told.
    pub recipients: Vec<Notice>,
}

impl Backups {
    pub(super) fn whole(self) -> Self {
        match self {
            Self::None => Self::None,
            Self::Until(end) => Self::Until(whole(end)),
        }
    }
}

/// An instant as the text has it, to the second.
pub(super) fn whole(at: Timestamp) -> Timestamp {
    at.trunc_subsecs(0)
}

/// Takes a text that stays one line and reads as it is written.
fn line(text: &str) -> Result<String, CertificateError> {
    let text = text.trim();
    let turns = |c| matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let fits =
        (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(|c| c.is_control() || turns(c));
    fits.then(|| text.to_owned())
        .ok_or(CertificateError::BadText)
}
