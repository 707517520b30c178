//! What is done with a case, and what comes back.

use std::fmt;

use gdpr_rights::request::case::{Case, Effect};
use gdpr_rights::request::certificate::SignedCertificate;
use gdpr_rights::request::clock::Deadline;
use gdpr_rights::request::identity::Digits;
use gdpr_rights::{IntakeReply, Request, Residue, Right, SourceId};
use retention_policy::{CaseId, SubjectId, Timestamp};
use zeroize::Zeroizing;

/// What a request became.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Intake {
    /// The case.
    pub case: CaseId,
    /// The reply that was queued: the same for everybody.
    pub reply: IntakeReply,
    /// By which day to answer, and why that day.
    pub deadline: Deadline,
    /// Whether this very message had been received before: nothing was queued then. [`Self::reply`] is the one of then, in
    /// case it was lost.
    pub repeated: bool,
    /// Whether some use of the data that the right stops goes on, because a source or a look-up failed: resume the case.
    pub pending: bool,
}

/// What became of the rights a ticket asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OpenedRights {
    /// The cases, in the order of the articles.
    pub cases: Vec<Intake>,
    /// Rights that need more than the text says: a human opens them by [`Desk::request`](crate::Desk::request).
    pub for_human: Vec<Right>,
}

/// A link to a package: what the person gets.
#[derive(Debug)]
#[non_exhaustive]
pub struct Handover {
    /// The token of the link. Nobody keeps it: who loses it asks again.
    pub token: crypto_store::ParcelToken,
    /// From when on the link opens nothing.
    pub until: Timestamp,
    /// How often it opens.
    pub downloads: u8,
}

/// An address of a person. Debug prints its length.
pub struct Address(pub(crate) Zeroizing<String>);

impl Address {
    /// The address.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({} bytes)", self.0.len())
    }
}

/// A text to be sent: personal data. Debug prints its length.
pub struct Letter {
    pub(crate) subject: String,
    pub(crate) body: Zeroizing<String>,
}

impl Letter {
    /// The subject line; it names the case and nobody.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.body
    }
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({} bytes)", self.body.len())
    }
}

/// What a step led to. Everything in it is durable before it is returned.
#[derive(Debug)]
#[non_exhaustive]
pub struct Progress {
    /// The case as it stands.
    pub case: Case,
    /// What is left to do for people: ask, send, remind. What the desk did itself is not among it.
    pub todo: Vec<Effect>,
    /// What every source said it holds, when it was asked in this step.
    pub found: Vec<(SourceId, u64)>,
    /// What keeps the case from going on: sources that are silent, failed, or still hold something. Mend them and resume.
    pub residue: Option<Residue>,
    /// The one-time code to send to [`Self::digits_to`], and to no other address.
    pub digits: Option<Digits>,
    /// The address on file, one of those the request gave.
    pub digits_to: Option<Address>,
    /// The link to the package.
    pub package: Option<Handover>,
    /// The certificate of erasure.
    pub certificate: Option<SignedCertificate>,
    /// The letter of refusal, or of what is kept.
    pub letter: Option<Letter>,
    /// The dates and why they are so.
    pub deadline: Deadline,
}

/// A case as somebody with the right to looks at it.
#[derive(Debug)]
#[non_exhaustive]
pub struct CaseView {
    /// The case.
    pub case: Case,
    /// The person it is about, in the desk's records; `None` where nothing is known of them, or no longer.
    pub person: Option<SubjectId>,
    /// What a proof of identity is made for.
    pub request: Request,
    /// The certificate of erasure, once it was signed.
    pub certificate: Option<SignedCertificate>,
    /// The dates and why they are so.
    pub deadline: Deadline,
}

/// A package that was fetched. Debug prints sizes only.
#[non_exhaustive]
pub struct Collected {
    /// The ZIP: personal data in clear.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How often the link still opens.
    pub left: u8,
    /// The receipt, when this was the last time and the package was destroyed.
    pub destroyed: Option<crypto_store::Receipt>,
}

impl fmt::Debug for Collected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Collected({} bytes, {} left)",
            self.bytes.len(),
            self.left
        )
    }
}
