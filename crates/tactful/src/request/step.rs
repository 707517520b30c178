//! What can be done with a case.

use std::fmt;

use gdpr_rights::Verified;
use gdpr_rights::request::case::{
    Art19, ExtensionReason, Extent, Ground, Message, NotNeeded, Scope,
};
use gdpr_rights::request::identity::FactKind;
use gdpr_rights::request::refusal::{Exception, Reason};

/// What somebody does with a case. Debug hides codes and facts.
#[derive(Clone)]
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
    /// Another proof, made for [`CaseView::request`](crate::CaseView::request).
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
    /// The person asks for restriction beside the request, in a case that is open for work.
    Restrict(Ground),
    /// A restriction is to end: the person is told first (article 18(3)).
    AnnounceLifting,
    /// The restriction ends.
    Lift,
}

impl fmt::Debug for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Resume => f.write_str("Resume"),
            Self::AskIdentity => f.write_str("AskIdentity"),
            Self::IdentityNotNeeded(why) => write!(f, "IdentityNotNeeded({why:?})"),
            Self::Code(typed) => write!(f, "Code({} bytes)", typed.len()),
            Self::CodeAndFacts { given, .. } => write!(f, "CodeAndFacts({} facts)", given.len()),
            Self::Verified(proof) => write!(f, "Verified({:?})", proof.level()),
            Self::Refer => f.write_str("Refer"),
            Self::ControllerClosed => f.write_str("ControllerClosed"),
            Self::AskClarification => f.write_str("AskClarification"),
            Self::Clarified(scope) => write!(f, "Clarified({scope:?})"),
            Self::ProceedWithAll => f.write_str("ProceedWithAll"),
            Self::Approve(extent) => write!(f, "Approve({extent:?})"),
            Self::Execute => f.write_str("Execute"),
            Self::Recipients(how) => write!(f, "Recipients({how:?})"),
            Self::Deliver => f.write_str("Deliver"),
            Self::DeliverExcept {
                reasons,
                exceptions,
            } => {
                let (reasons, exceptions) = (reasons.len(), exceptions.len());
                write!(
                    f,
                    "DeliverExcept({reasons} reasons, {exceptions} exceptions)"
                )
            }
            Self::Refuse(reasons) => write!(f, "Refuse({} reasons)", reasons.len()),
            Self::Sent(message) => write!(f, "Sent({message:?})"),
            Self::NotSent(message) => write!(f, "NotSent({message:?})"),
            Self::TakeBack => f.write_str("TakeBack"),
            Self::Withdraw => f.write_str("Withdraw"),
            Self::Extend(reason) => write!(f, "Extend({reason:?})"),
            Self::Day => f.write_str("Day"),
            Self::Restrict(ground) => write!(f, "Restrict({ground:?})"),
            Self::AnnounceLifting => f.write_str("AnnounceLifting"),
            Self::Lift => f.write_str("Lift"),
        }
    }
}
