//! Stored text whose map is gone.

use pii_detect::{Detector, Known};

use super::{Eyes, Mark, checked, redacted, undone_on_error};
use crate::error::SealError;
use crate::map::PseudonymMap;
use crate::scan::{View, find_all};
use crate::tag::{Tag, TagKind};
use crate::text::Redacted;

/// Takes in redacted text that was stored, after the map of its tags has ended: for what is made anonymous later.
///
/// [`crate::verify()`] cannot do that, since no map knows the tags any more. Here each becomes a tag of `map` that is of the
/// same kind and stands for nothing but itself; then all is as in [`crate::seal_checked`]: what the detector finds beside them
/// becomes a tag as well, and a detector that fails or panics means there is no text.
///
/// ```
/// use redact::{Detector, MapId, PseudonymMap, reseal};
/// let mut map = PseudonymMap::new(MapId([4; 16]));
/// let stored = "Hello [PERSON_7], your order [ORDER_2] is on its way. Write to help@shop.example.";
/// let text = reseal(stored, &Detector::new(), &mut map)?;
/// assert_eq!(text.as_str(), "Hello [PERSON_1], your order [ORDER_1] is on its way. Write to [EMAIL_1].");
/// # Ok::<(), redact::SealError>(())
/// ```
///
/// # Errors
/// [`SealError`]; the map is then as it was.
pub fn reseal(
    text: &str,
    detector: &Detector,
    map: &mut PseudonymMap,
) -> Result<Redacted, SealError> {
    let (found, _) = find_all(text, View::Any);
    let marks = found.iter().filter_map(|tag| {
        let range = tag.start..tag.end;
        let kind = text.get(range.clone()).and_then(Tag::parse);
        // In another form than the canonical one it may be anything somebody typed.
        let kind = kind.map_or(TagKind::TEXT, |tag| tag.kind().clone());
        Mark::new(range, kind)
    });
    let sure: Vec<Mark> = marks.collect();
    let eyes = Eyes {
        known: &Known::default(),
        detector,
        up: &|| false,
    };
    undone_on_error(map, |map| {
        let (plan, rendered) = checked(text, None, &sure, &|_| true, eyes, map)?;
        Ok(redacted(plan, rendered, map))
    })
}
