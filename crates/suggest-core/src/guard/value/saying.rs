//! Numbers of sayings, which count nothing: `two birds with one stone`.

use redact::Locale;

use super::{Value, What};
use crate::guard::phrases::{self, Kind};
use crate::text;

/// Words on each side of a number in which a saying is looked for.
const NEAR: usize = 9;

/// Takes the claim from numbers in words that stand within a saying.
pub(super) fn take(values: &mut [Value], text: &str, locale: Locale) {
    let cues = phrases::cues(Kind::Idiom, locale);
    let mut words = None;
    for value in values.iter_mut().filter(|value| value.claims) {
        let spelled = text
            .get(value.at.clone())
            .is_some_and(|raw| raw.starts_with(char::is_alphabetic));
        if !(spelled && matches!(value.what, What::Number(..) | What::Time(..))) {
            continue;
        }
        let words = words.get_or_insert_with(|| text::words(text));
        let at = words.partition_point(|word| word.at.end <= value.at.start);
        let from = at.saturating_sub(NEAR);
        let near: Vec<String> = words
            .iter()
            .skip(from)
            .take(2 * NEAR + 1)
            .map(|word| word.folded.clone())
            .collect();
        let within = cues.iter().any(|cue| {
            (0..=at - from).any(|start| {
                near.get(start..)
                    .and_then(|rest| cue.find(rest))
                    .is_some_and(|place| place.contains(&(at - from - start)))
            })
        });
        value.claims = !within;
    }
}
