//! What is done with a case, and what comes back.

use std::fmt;

use gdpr_rights::request::case::{
    Art19, Case, Effect, ExtensionReason, Extent, Ground, Message, NotNeeded, Scope,
};
use gdpr_rights::request::certificate::SignedCertificate;
use gdpr_rights::request::clock::Deadline;
use gdpr_rights::request::identity::{Digits, FactKind};
use gdpr_rights::request::refusal::{Exception, Reason};
use gdpr_rights::{IntakeReply, Request, Residue, SourceId, Verified};
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
    /// Whether this very message had been received before: nothing was queued then.
    pub repeated: bool,
    /// Whether some use of the data that the right stops goes on, because a source or a look-up failed: resume the case.
    pub pending: bool,
}

/// What somebody does with a case.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Step<'s> {
    /// Nothing new: what is left to do is tried again, for example when a source was mended.
    Resume,
    /// Ask the person who they are: a one-time code for the address that is on file.
    AskIdentity,
    /// Nobody needs to show anything.
    IdentityNotNeeded(NotNeeded),
    /// What the person typed.
    Code(&'s str),
    /// What the person typed, with facts they gave and the same facts as your records have them.
    CodeAndFacts {
        /// The digits.
        typed: &'s str,
        /// What the person says.
        given: &'s [(FactKind, &'s str)],
        /// What your records say.
        on_file: &'s [(FactKind, &'s str)],
    },
    /// Another proof, made for [`CaseView::request`].
    Verified(&'s Verified),
    /// Give the case to the controller (article 28(3)(e)).
    Refer,
    /// The controller answered the person itself.
    ControllerClosed,
    /// Ask what is meant, once.
    AskClarification,
    /// The person said what is meant.
    Clarified(Scope),
    /// No answer came: take it as it is.
    ProceedWithAll,
    /// A human grants it. The accessor is that human.
    Approve(Extent),
    /// Do it.
    Execute,
    /// The recipients were told, or why not (article 19).
    Recipients(Art19),
    /// Make the answer: the package, or the certificate.
    Deliver,
    /// Make the answer to what was granted in part, with a letter that says what is kept or withheld and why.
    DeliverExcept {
        /// What is withheld (articles 15(4), 20(4)).
        reasons: &'s [Reason],
        /// What is kept (article 17(3)): item by item, with law and end.
        exceptions: &'s [Exception],
    },
    /// A human refuses, with reasons for the letter (article 12(4)). The accessor is that human.
    Refuse(&'s [Reason]),
    /// A message has left.
    Sent(Message),
    /// A message could not leave.
    NotSent(Message),
    /// An answer or refusal shall not leave after all.
    TakeBack,
    /// The person takes the request back.
    Withdraw,
    /// More time is needed (article 12(3)).
    Extend(ExtensionReason),
    /// A day began: reminders and alarms.
    Day,
    /// The person asks for restriction beside the request.
    Restrict(Ground),
    /// A restriction is to end: the person is told first (article 18(3)).
    AnnounceLifting,
    /// The restriction ends.
    Lift,
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
    /// The one-time code to send to the address on file, and to no other.
    pub digits: Option<Digits>,
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
