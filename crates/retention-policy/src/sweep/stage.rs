//! How far the destruction of a bucket has come.

use std::fmt;

/// A step on the way of a record, a unit or a bucket. Each can be done again, and none is taken back.
///
/// ```
/// use retention_policy::Stage;
/// assert!(Stage::Shredded.may_follow(Stage::Due));
/// assert!(Stage::Shredded.may_follow(Stage::Shredded));
/// assert!(!Stage::Live.may_follow(Stage::Shredded));
/// assert!(!Stage::Purged.may_follow(Stage::Due), "rows go after their key");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "key first, rows second, proof third; another step would be another promise"
)]
pub enum Stage {
    /// In use, or kept.
    Live,
    /// To be destroyed.
    Due,
    /// Its key is gone.
    Shredded,
    /// Its rows are gone.
    Purged,
    /// Somebody looked that nothing is left.
    Verified,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Self; 5] = [
        Self::Live,
        Self::Due,
        Self::Shredded,
        Self::Purged,
        Self::Verified,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Due => "due",
            Self::Shredded => "shredded",
            Self::Purged => "purged",
            Self::Verified => "verified",
        }
    }

    /// The stored byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        self as u8
    }

    /// Takes a byte that [`Self::to_byte`] gave.
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.to_byte() == byte)
    }

    /// What comes next; none at the end.
    #[must_use]
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Live => Some(Self::Due),
            Self::Due => Some(Self::Shredded),
            Self::Shredded => Some(Self::Purged),
            Self::Purged => Some(Self::Verified),
            Self::Verified => None,
        }
    }

    /// Whether this stage may be written over `before`: the same once more, or the one that comes next.
    ///
    /// What is due becomes live again by no step: a hold that was placed in time is found before anything is due.
    #[must_use]
    pub fn may_follow(self, before: Self) -> bool {
        self == before || before.next() == Some(self)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
