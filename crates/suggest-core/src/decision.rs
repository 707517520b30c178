//! What a human decided about a draft, and what may be counted about it.

use std::fmt;

use redact::Restored;
use zeroize::{Zeroize, Zeroizing};

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

/// A decision carried out: what is to be sent, and what may be counted.
pub struct Decided {
    text: Option<Zeroizing<String>>,
    outcome: Outcome,
}

impl fmt::Debug for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decided({:?})", self.outcome)
    }
}

impl Decided {
    /// The text to send: personal data. The library sends nothing itself.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        self.text.as_ref().map(|text| text.as_str())
    }

    /// What may be counted.
    #[must_use]
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// Carries out a decision about a draft as it was shown. An edit that changes nothing is an acceptance.
///
/// ```
/// use suggest_core::{Decision, EditClass, Outcome, decide};
/// # use redact::{MapId, PseudonymMap, restore, seal_marks};
/// # let mut map = PseudonymMap::new(MapId([1; 16]));
/// # let shown = restore(&seal_marks("You have thirty days to return it.", &[], &mut map)?, &map)?;
/// let decided = decide(&shown, Decision::edit("You have thirty days to send it back."));
/// assert_eq!(decided.outcome(), Outcome::Edited(EditClass::Much));
/// assert_eq!(decided.expose(), Some("You have thirty days to send it back."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn decide(shown: &Restored, decision: Decision) -> Decided {
    match decision {
        Decision::Accept => Decided {
            text: Some(Zeroizing::new(shown.expose().to_owned())),
            outcome: Outcome::Accepted,
        },
        Decision::Edit(text) => {
            let before: Vec<&str> = shown.expose().split_whitespace().collect();
            let after: Vec<&str> = text.split_whitespace().collect();
            let outcome = if before == after {
                Outcome::Accepted
            } else {
                let longer = before.len().max(after.len());
                Outcome::Edited(EditClass::of(distance(&before, &after), longer))
            };
            Decided {
                text: Some(text),
                outcome,
            }
        }
        Decision::Discard { reason } => Decided {
            text: None,
            outcome: Outcome::Discarded(reason),
        },
    }
}

/// Words beyond this many are not compared one by one.
const COMPARED: usize = 2_000;

/// Levenshtein distance in words; what lies beyond the limit counts as changed.
fn distance(a: &[&str], b: &[&str]) -> usize {
    let beyond = a.len().max(b.len()).saturating_sub(COMPARED);
    let (a, b) = (
        a.get(..COMPARED).unwrap_or(a),
        b.get(..COMPARED).unwrap_or(b),
    );
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let up = *cell;
            let here = (corner + usize::from(x != y)).min(up + 1).min(left + 1);
            corner = up;
            left = here;
            *cell = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    let last = row.last().copied().unwrap_or(0);
    row.zeroize();
    last + beyond
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("a b c", "a b c", 0),
            ("a b c", "a x c", 1),
            ("a b c", "", 3),
            ("", "a b", 2),
            ("a b c d", "b c d", 1),
            ("a b", "b a", 2),
        ] {
            let words = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
            assert_eq!(distance(&words(a), &words(b)), expected, "{a} / {b}");
        }
    }
}
