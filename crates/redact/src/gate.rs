//! How texts are sealed: with which detector, whose words they are, how long it may take, and what came of it.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use pii_detect::{Detector, Known};

use crate::error::{SealError, StructuredError};
use crate::map::PseudonymMap;
use crate::provenance::Provenance;
use crate::seal::{Eyes, Mark, seal_marks, sealed_twice};
use crate::text::Redacted;

/// The gate to a model: what does not pass it is not sent.
///
/// One gate serves many conversations at once; each has its own map, and nothing is shared between maps.
///
/// ```
/// use redact::{Detector, Gate, Known, MapId, PseudonymMap, Tally};
/// let (detector, tally) = (Detector::new(), Tally::default());
/// let mut known = Known::new();
/// known.add_name("Noor Castellane");
/// let gate = Gate::new(&detector).known(&known).tally(&tally);
/// let mut map = PseudonymMap::new(MapId([2; 16]));
/// assert_eq!(gate.seal("noor here, where is it?", &mut map)?.as_str(), "[PERSON_1] here, where is it?");
///
/// // A limit that the caller sets: whoever waits too long sends nothing.
/// let late = gate.clone().until(&|| true).seal("noor again", &mut map).unwrap_err();
/// assert_eq!((late.code(), tally.sealed(), tally.refused("timed_out")), ("timed_out", 1, 1));
/// # Ok::<(), redact::SealError>(())
/// ```
#[derive(Clone)]
pub struct Gate<'a> {
    detector: &'a Detector,
    known: Option<&'a Known>,
    provenance: Provenance,
    up: Option<&'a (dyn Fn() -> bool + Sync)>,
    tally: Option<&'a Tally>,
}

impl<'a> Gate<'a> {
    /// A gate with this detector, for what customers write.
    #[must_use]
    pub const fn new(detector: &'a Detector) -> Self {
        Self {
            detector,
            known: None,
            provenance: Provenance::Customer,
            up: None,
            tally: None,
        }
    }

    /// What is known of the customer.
    #[must_use]
    pub const fn known(mut self, known: &'a Known) -> Self {
        self.known = Some(known);
        self
    }

    /// Whose words the texts are.
    #[must_use]
    pub const fn provenance(mut self, provenance: Provenance) -> Self {
        self.provenance = provenance;
        self
    }

    /// Asked between the steps of sealing: once it answers true, the text is not sent.
    ///
    /// The crate reads no clock; a deadline is the caller's comparison with its own. A step itself, a detection, takes time
    /// linear in the text; a recogniser or classifier of the caller's own has to end by itself.
    #[must_use]
    pub const fn until(mut self, up: &'a (dyn Fn() -> bool + Sync)) -> Self {
        self.up = Some(up);
        self
    }

    /// Where it is counted what came of each text.
    #[must_use]
    pub const fn tally(mut self, tally: &'a Tally) -> Self {
        self.tally = Some(tally);
        self
    }

    /// Detects, seals, and detects again on the result until nothing is found that is not a tag; see
    /// [`crate::seal_checked`].
    ///
    /// # Errors
    /// [`SealError`]; the map is then as it was.
    pub fn seal(&self, text: &str, map: &mut PseudonymMap) -> Result<Redacted, SealError> {
        self.watched(map, SealError::code, |eyes, map| {
            sealed_twice(text, eyes, map)
        })
    }

    /// Seals the parts that are marked, and no others but what the map knows and what looks like a tag; see
    /// [`crate::seal_marks`]. The detector is not asked.
    ///
    /// # Errors
    /// [`SealError`]; the map is then as it was.
    pub fn seal_marks(
        &self,
        text: &str,
        marks: &[Mark],
        map: &mut PseudonymMap,
    ) -> Result<Redacted, SealError> {
        self.watched(map, SealError::code, |_, map| seal_marks(text, marks, map))
    }

    /// Runs `work` with the eyes of this gate, its tags of this provenance, and counts what came of it.
    pub(crate) fn watched<T, E>(
        &self,
        map: &mut PseudonymMap,
        code: fn(&E) -> &'static str,
        work: impl FnOnce(Eyes<'_>, &mut PseudonymMap) -> Result<T, E>,
    ) -> Result<T, E> {
        let none = Known::default();
        let eyes = Eyes {
            known: self.known.unwrap_or(&none),
            detector: self.detector,
            up: &|| self.up.is_some_and(|up| up()),
        };
        let done = map.said_by(self.provenance, |map| work(eyes, map));
        if let Some(tally) = self.tally {
            tally.count(done.as_ref().err().map(code));
        }
        done
    }
}

impl fmt::Debug for Gate<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gate({:?})", self.provenance)
    }
}

/// How many texts and documents were sealed, and how many were not, by the code of the error
/// ([`StructuredError::CODES`]): numbers for a metric, no text.
#[derive(Debug, Default)]
pub struct Tally {
    sealed: AtomicU64,
    refused: [AtomicU64; StructuredError::CODES.len()],
}

impl Tally {
    /// Texts and documents that were sealed.
    #[must_use]
    pub fn sealed(&self) -> u64 {
        self.sealed.load(Ordering::Relaxed)
    }

    /// Texts and documents that were refused with this code; 0 for a code that is none.
    #[must_use]
    pub fn refused(&self, code: &str) -> u64 {
        let place = StructuredError::CODES.iter().position(|c| *c == code);
        let count = place.and_then(|place| self.refused.get(place));
        count.map_or(0, |count| count.load(Ordering::Relaxed))
    }

    /// Every code and how often it came.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, u64)> {
        let count = |count: &AtomicU64| count.load(Ordering::Relaxed);
        StructuredError::CODES
            .into_iter()
            .zip(self.refused.iter().map(count))
    }

    fn count(&self, error: Option<&str>) {
        let place = error.map(|code| StructuredError::CODES.iter().position(|c| *c == code));
        let counter = match place {
            None => Some(&self.sealed),
            Some(place) => place.and_then(|place| self.refused.get(place)),
        };
        if let Some(counter) = counter {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }
}
