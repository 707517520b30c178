//! Single texts in which some values become coarser instead of going altogether.

use std::collections::BTreeSet;

use pii_detect::Detector;

use super::{Relaxation, WordSketch, short, slotted_as, without_rare};
use crate::error::{AnonymiseError, WrongMap};
use crate::map::PseudonymMap;
use crate::operator::{Granularity, coarser};
use crate::text::{Anonymised, Redacted};

/// Most different coarse forms of a text: a month, a country and an age together may already be one person.
const FORMS: usize = 2;

/// As [`super::anonymise_rare`], and dates, ages, postcodes, towns, amounts and addresses of the network stand in their slots in
/// a coarser form, as [`crate::operator`] makes it: `{DATE 2024-05}`, `{AGE 30s}`, `{LOCATION FR}`.
///
/// At most two different forms of a text stay, the first ones: each alone is shared by many, and several together
/// soon by nobody. What has no coarser form is a plain slot. That many others share a form is not checked, since nobody sees
/// it in one text; a template needs no such trust.
///
/// ```
/// use pii_detect::Detector;
/// use redact::operator::Granularity;
/// use redact::{Gate, Label, MapId, PseudonymMap, Relaxation, WordSketch, anonymise_coarse};
/// let detector = Detector::builder().recall_bias(1.0).build().unwrap();
/// let mut words = WordSketch::new([7; 16]);
/// let mut map = PseudonymMap::new(MapId([6; 16]));
/// for subject in 0..9 {
///     let said = Gate::new(&detector).seal("it was due on and I paid for it", &mut map)?;
///     words.learn(&said, Label([subject; 16]));
/// }
/// let said = Gate::new(&detector).seal("it was due on 12 May 2024 and I paid 149.90 EUR", &mut map)?;
/// let single = Relaxation::SingleText;
/// let text = anonymise_coarse(&said, &map, &detector, &words, Granularity::Month, single)?;
/// assert_eq!(text.as_str(), "it was due on {DATE 2024-05} and I paid {AMOUNT 100-200 (EUR)}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`super::anonymise_rare`], and [`AnonymiseError::WrongMap`] when the text belongs to another map.
pub fn anonymise_coarse(
    text: &Redacted,
    map: &PseudonymMap,
    detector: &Detector,
    words: &WordSketch,
    dates: Granularity,
    relaxation: Relaxation,
) -> Result<Anonymised, AnonymiseError> {
    let Relaxation::SingleText = relaxation;
    if text.map_id() != map.id() {
        return Err(AnonymiseError::WrongMap(WrongMap {
            text: text.map_id(),
            map: map.id(),
        }));
    }
    short(text)?;
    let mut forms = BTreeSet::new();
    let slotted = slotted_as(text, detector, &mut |kind, tag, value| {
        let value = tag.map_or(Some(value), |tag| map.expose(tag));
        let form = value.and_then(|value| coarser(kind, value, dates).into_iter().next());
        let slot = match form {
            Some(form) => format!("{kind} {form}"),
            None => return kind.as_str().to_owned(),
        };
        if forms.contains(&slot) || (forms.len() < FORMS && forms.insert(slot.clone())) {
            slot
        } else {
            kind.as_str().to_owned()
        }
    })?;
    without_rare(&slotted, words).map(Anonymised::new)
}
