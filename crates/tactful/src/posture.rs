//! What [`Desk::posture`](crate::Desk::posture) tells.

use std::fmt;

use chrono::TimeDelta;
use crypto_store::Horizon;
use retention_policy::{Region, Timestamp};

/// How the keys of a desk stand. [`Display`](fmt::Display) is a short table for people; it holds no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Posture {
    /// How long something erased may live on in copies of root and keys.
    pub horizon: Horizon,
    /// Whether the root can come back when it is lost.
    pub recoverable: Recoverable,
    /// How long backups of the keys are kept; none if the desk makes none.
    pub key_backups: Option<TimeDelta>,
    /// Where the records lie.
    pub region: Region,
    /// Version of the stored format.
    pub format: u8,
    /// When keys or root were rotated last, of any tenant; none if the audit knows of no rotation.
    pub rotated: Option<Timestamp>,
    /// When this was told.
    pub now: Timestamp,
}

/// Whether a root that is lost can come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Recoverable {
    /// A recovery kit was made for this root. Whether its holders can still open their shares, only a drill tells.
    Kit {
        /// How many holders are needed.
        k: u8,
        /// How many holders there are.
        n: u8,
        /// When it was made.
        made_at: Timestamp,
    },
    /// There is no kit of this root where the builder was told to look, or it was not told.
    Missing,
    /// The description of the kit is damaged: make a new one.
    Damaged,
    /// The feature `recovery` is off.
    NotBuiltIn,
    /// The desk ends with its process, or the root cannot leave its device or service, which has a recovery of its own.
    NotNeeded,
}

impl Posture {
    /// True if nothing is red: a root that can be lost has a recovery kit.
    #[must_use]
    pub fn is_green(&self) -> bool {
        matches!(
            self.recoverable,
            Recoverable::Kit { .. } | Recoverable::NotNeeded
        )
    }
}

impl fmt::Display for Recoverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kit { k, n, made_at } => {
                write!(f, "{k} of {n} holders, kit of {}", made_at.date_naive())
            }
            Self::Missing => f.write_str("RED: no kit; a lost root loses every record"),
            Self::Damaged => f.write_str("RED: the kit is damaged, make a new one"),
            Self::NotBuiltIn => {
                f.write_str("RED: no kit; kits are not built in (feature recovery)")
            }
            Self::NotNeeded => f.write_str("no kit needed"),
        }
    }
}

impl fmt::Display for Posture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "erased lives on   {}", self.horizon)?;
        writeln!(f, "recovery          {}", self.recoverable)?;
        match self.key_backups {
            Some(keep) => writeln!(f, "key backups       kept {} hours", keep.num_hours())?,
            None => writeln!(f, "key backups       none")?,
        }
        writeln!(f, "region            {}", self.region)?;
        writeln!(f, "stored format     {}", self.format)?;
        if let Some(at) = self.rotated {
            let (day, age) = (at.date_naive(), (self.now - at).num_days());
            writeln!(f, "last rotation     {day}, {age} days ago")?;
        }
        f.write_str("Dates and horizons are told by software and are no legal advice.")
    }
}
