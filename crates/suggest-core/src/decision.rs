//! What a human decided about a draft, and what may be counted about it.

mod approval;
mod distance;

use std::fmt;

use redact::{Detector, Gate, PseudonymMap, Restored};
use zeroize::Zeroizing;

pub use approval::{AgentApproval, Provenance};

use crate::draft::Draft;
use crate::thread::Thread;
use distance::words_changed;

/// Why a draft was discarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DiscardReason {
    /// What it says is not so.
    Wrong,
    /// It answers something else.
    OffTopic,
    /// It leaves out what matters.
    Incomplete,
    /// It does not sound right.
    Tone,
    /// No longer needed: answered otherwise, or the thread went on.
    NotNeeded,
    /// Anything else; never free text, which could name somebody.
    Other,
}

impl DiscardReason {
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::Wrong,
        Self::OffTopic,
        Self::Incomplete,
        Self::Tone,
        Self::NotNeeded,
        Self::Other,
    ];

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "wrong",
            Self::OffTopic => "off_topic",
            Self::Incomplete => "incomplete",
            Self::Tone => "tone",
            Self::NotNeeded => "not_needed",
            Self::Other => "other",
        }
    }
}

/// What the human decided. Debug prints the length of an edited text, never the text.
#[expect(
    clippy::exhaustive_enums,
    reason = "a draft is taken, changed or thrown away"
)]
pub enum Decision {
    /// Sent as shown.
    Accept,
    /// Sent as changed: the restored text after the agent's edits.
    Edit(Zeroizing<String>),
    /// Not sent.
    Discard {
        /// Why.
        reason: DiscardReason,
    },
}

impl Decision {
    /// Sent as changed.
    #[must_use]
    pub fn edit(text: impl Into<String>) -> Self {
        Self::Edit(Zeroizing::new(text.into()))
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Accept => f.write_str("Accept"),
            Self::Edit(text) => write!(f, "Edit({} bytes)", text.len()),
            Self::Discard { reason } => write!(f, "Discard({})", reason.code()),
        }
    }
}

/// How much of a draft was changed: token edit distance over the longer text. A class, because an exact figure beside a
/// time could tell two tickets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EditClass {
    /// Up to 10 %.
    Light,
    /// Up to 30 %.
    Some,
    /// Up to 60 %.
    Much,
    /// More.
    Rewritten,
}

impl EditClass {
    /// All classes.
    pub const ALL: [Self; 4] = [Self::Light, Self::Some, Self::Much, Self::Rewritten];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Some => "some",
            Self::Much => "much",
            Self::Rewritten => "rewritten",
        }
    }

    pub(crate) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code)
    }

    /// The middle of the class, a share of the words.
    pub(crate) const fn middle(self) -> f32 {
        match self {
            Self::Light => 0.05,
            Self::Some => 0.2,
            Self::Much => 0.45,
            Self::Rewritten => 0.8,
        }
    }

    fn of(changed: usize, longer: usize) -> Self {
        match changed * 100 {
            n if n <= 10 * longer => Self::Light,
            n if n <= 30 * longer => Self::Some,
            n if n <= 60 * longer => Self::Much,
            _ => Self::Rewritten,
        }
    }
}

/// What became of a draft. Holds no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a draft is taken, changed or thrown away"
)]
pub enum Outcome {
    /// Sent as shown.
    Accepted,
    /// Sent with changes.
    Edited(EditClass),
    /// Not sent.
    Discarded(DiscardReason),
}

impl Outcome {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Edited(_) => "edited",
            Self::Discarded(_) => "discarded",
        }
    }
}

/// The thread has changed since the draft was made: a newer message, or another agent's reply. The draft is not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the thread has changed since this draft was made: suggest again")]
#[expect(clippy::exhaustive_structs, reason = "there is nothing more to say")]
pub struct Stale;

/// A draft as an agent saw it, with what is needed to judge an edit without its values.
#[derive(Clone, Copy)]
pub struct Review<'a> {
    draft: &'a Draft,
    shown: &'a Restored,
    map: &'a PseudonymMap,
    detector: &'a Detector,
}

impl fmt::Debug for Review<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Review")
            .field("source", &self.draft.source())
            .finish_non_exhaustive()
    }
}

impl<'a> Review<'a> {
    /// The draft, what was shown of it, and the map and detector an edited text is sealed with again.
    #[must_use]
    pub const fn new(
        draft: &'a Draft,
        shown: &'a Restored,
        map: &'a PseudonymMap,
        detector: &'a Detector,
    ) -> Self {
        Self {
            draft,
            shown,
            map,
            detector,
        }
    }

    /// The words of an edited text, its personal data behind tags as in the draft: how much was changed does not depend
    /// on how long a name is. Where it cannot be sealed, both texts are compared as they are, here and now.
    fn compared(&self, edited: &str) -> (usize, usize) {
        let sealed = self.map.to_bytes().ok().and_then(|bytes| {
            let mut map = PseudonymMap::from_bytes(&bytes).ok()?;
            Gate::new(self.detector).seal(edited, &mut map).ok()
        });
        match &sealed {
            Some(sealed) => words_changed(self.draft.text().as_str(), sealed.as_str()),
            None => words_changed(self.shown.expose(), edited),
        }
    }
}

/// A decision carried out: what may be sent, and what may be counted.
#[derive(Debug)]
pub struct Decided {
    approval: Option<AgentApproval>,
    outcome: Outcome,
}

impl Decided {
    /// The approval, with the text to send; none for a discarded draft.
    #[must_use]
    pub const fn approval(&self) -> Option<&AgentApproval> {
        self.approval.as_ref()
    }

    /// The same, to be handed on.
    #[must_use]
    pub fn into_approval(self) -> Option<AgentApproval> {
        self.approval
    }

    /// The text to send: personal data. The library sends nothing itself.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        self.approval.as_ref().map(AgentApproval::expose)
    }

    /// What may be counted.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Carries out a decision about a draft as it was shown, on the thread as it is now. An edit that changes nothing is an
/// acceptance. It is the only way to an [`AgentApproval`].
///
/// ```
/// # use redact::{Detector, Known, MapId, PseudonymMap, restore, seal_checked};
/// # use suggest_core::{Author, Engine, KnowledgeBase, Message, Request, Thread};
/// use suggest_core::{Decision, EditClass, Outcome, Review, decide};
/// # let article = "---\nid: returns\ntitle: Returns\nlang: en\n---\n## How to return\n\
/// #                You can return goods within 30 days. Print the label from your account.\n";
/// # let engine = Engine::new(KnowledgeBase::from_markdown([("returns.md", article)])?);
/// # let detector = Detector::new();
/// # let mut map = PseudonymMap::new(MapId([7; 16]));
/// # let mail = "Hello, how can I return the jacket from order AB-20417?\n\nThanks\nMarie Dupont";
/// # let sealed = seal_checked(mail, &Known::new(), &detector, &mut map)?;
/// # let thread = Thread::new(vec![Message::new(Author::Customer, sealed)])?;
/// # let now = chrono::DateTime::from_timestamp(1_790_000_000, 0).unwrap_or_default();
/// # let suggestion = engine.suggest_embedded(&Request::new(&thread, &map, &detector, now));
/// # let draft = suggestion.draft().ok_or("there is a draft")?;
/// let shown = restore(draft.text(), &map)?;
/// let review = Review::new(draft, &shown, &map, &detector);
/// let edited = shown.expose().replace("Kind regards", "Warm regards");
/// let decided = decide(review, &thread, Decision::edit(edited))?;
/// assert_eq!(decided.outcome(), Outcome::Edited(EditClass::Light));
/// assert!(decided.expose().is_some_and(|text| text.contains("Warm regards")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Stale`] when the thread is no longer the one the draft answers; a draft may be discarded all the same.
pub fn decide(review: Review<'_>, now: &Thread, decision: Decision) -> Result<Decided, Stale> {
    let (text, outcome) = match decision {
        Decision::Discard { reason } => {
            return Ok(Decided {
                approval: None,
                outcome: Outcome::Discarded(reason),
            });
        }
        Decision::Accept => (
            Zeroizing::new(review.shown.expose().to_owned()),
            Outcome::Accepted,
        ),
        Decision::Edit(text) => {
            let same = text
                .split_whitespace()
                .eq(review.shown.expose().split_whitespace());
            let outcome = if same {
                Outcome::Accepted
            } else {
                let (changed, longer) = review.compared(&text);
                Outcome::Edited(EditClass::of(changed, longer))
            };
            (text, outcome)
        }
    };
    if review.draft.is_stale(now) {
        return Err(Stale);
    }
    let provenance = Provenance::new(review.draft, outcome);
    Ok(Decided {
        approval: Some(AgentApproval::new(text, provenance)),
        outcome,
    })
}
