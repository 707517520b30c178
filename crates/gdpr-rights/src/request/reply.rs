//! The reply at intake: the same words to everybody, known or not.

use retention_policy::CaseId;

use super::language::{Language, fill};

/// What is answered at once to whoever writes.
///
/// It is made of a reference and a language and of nothing else, so it can be made and queued before anything is looked up.
/// It names no client company, because to name one would say that the person is known there (article 15 is answered after
/// verification, not at intake); it neither confirms nor denies. The language is that of the message, never one from a record.
/// The reference is random, so that it tells nothing either.
///
/// ```
/// use gdpr_rights::request::language::Language;
/// use gdpr_rights::request::reply::IntakeReply;
/// use retention_policy::CaseId;
///
/// let case = CaseId::from_random([7; 16]);
/// let reply = IntakeReply::new(case, Language::French);
/// assert!(reply.body().contains(&case.to_string()));
/// assert!(reply.body().ends_with("pas un conseil juridique."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeReply {
    subject: String,
    body: String,
}

impl IntakeReply {
    /// Makes the reply.
    #[must_use]
    pub fn new(case: CaseId, language: Language) -> Self {
        let reference = case.to_string();
        let write = |key| fill(language.text(key), &[("reference", reference.as_str())]);
        Self {
            subject: write("reply.subject"),
            body: write("reply.body"),
        }
    }

    /// The subject line.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The text.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }
}
