//! Values that are known and must not be written, whatever a detector thinks of them.

use std::fmt;
use std::sync::{Arc, RwLock};

use pii_detect::Known;

use crate::map::PseudonymMap;
use crate::map::table::Table;
use crate::provenance::Provenance;
use crate::seal::leak::{Hit, Needles};
use crate::tag::{Tag, TagKind};

/// The values are too many to be searched for: until fewer are set, every value of a log is written as unchecked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the watched values are too many to be searched for: nothing is logged in clear until fewer are set"
)]
#[non_exhaustive]
pub struct TooMany;

/// Values that a [`crate::log::Scrubber`] looks for in every spelling, set while it is at work.
///
/// Clones are handles of the same values. What is looked for in which spelling is what the egress check of
/// [`crate::seal()`] looks for; values of fewer than three letters or four digits are not.
///
/// ```
/// use redact::log::{Scrubber, Watch};
/// use redact::{Detector, Known};
/// let watch = Watch::new();
/// let scrubber = Scrubber::new(Detector::new()).watch(&watch);
/// let mut known = Known::new();
/// known.add_customer_id("QX-77-LIMA");
/// watch.set(&[], &known)?;
/// assert_eq!(scrubber.value("row", "seen qx77lima"), "seen <CUSTOMER_ID>");
/// watch.clear();
/// # Ok::<(), redact::log::TooMany>(())
/// ```
#[derive(Clone, Default)]
pub struct Watch(Arc<RwLock<State>>);

#[derive(Default)]
enum State {
    #[default]
    Nothing,
    Needles(Arc<Needles>),
    TooMany,
}

impl Watch {
    /// Nothing is watched for.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Watches for the values of these maps and of this person, and no longer for those set before.
    ///
    /// # Errors
    /// [`TooMany`]; every value is then unchecked.
    pub fn set(&self, maps: &[&PseudonymMap], known: &Known) -> Result<(), TooMany> {
        let mut all = Table::default();
        let mut number = 0;
        let known = known
            .expose()
            .map(|(kind, value)| (TagKind::from(kind), value));
        let of_maps = maps
            .iter()
            .flat_map(|map| map.table().entries())
            .map(|(tag, value)| (tag.kind().clone(), value));
        for (kind, value) in known.chain(of_maps) {
            number += 1;
            if kind == TagKind::TEXT {
                continue;
            }
            match Tag::new(kind, number) {
                Some(tag) => all.insert(tag, value, Provenance::Customer),
                None => return self.put(State::TooMany),
            }
        }
        self.put(State::Needles(Needles::new(&all).into()))
    }

    /// Watches for nothing.
    pub fn clear(&self) {
        let _ = self.put(State::Nothing);
    }

    fn put(&self, state: State) -> Result<(), TooMany> {
        let many = matches!(state, State::TooMany);
        match self.0.write() {
            Ok(mut place) => *place = state,
            // A writer panicked: readers see that too, and nothing is written in clear.
            Err(_) => return Err(TooMany),
        }
        if many { Err(TooMany) } else { Ok(()) }
    }

    /// The watched values that stand in a text; `None` where that cannot be said.
    pub(super) fn hits(&self, text: &str) -> Option<Vec<Hit>> {
        let needles = match &*self.0.read().ok()? {
            State::Nothing => return Some(Vec::new()),
            State::Needles(needles) => needles.clone(),
            State::TooMany => return None,
        };
        Some(needles.hits(text, false))
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch(..)")
    }
}
