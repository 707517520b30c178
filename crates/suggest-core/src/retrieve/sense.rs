//! What texts mean beside their words, from the vectors of this crate: it orders anew what shares words with a query.

use redact::Locale;

use crate::classify::{cosine, dot, small, table};
use crate::text;

/// So many texts that share most with a query are looked at; with all of them hardly another one comes first.
pub(super) const LOOKED_AT: usize = 200;

/// What meaning counts beside everything else, whose share is 1.
const SHARE: f32 = 0.6;

/// Texts of one trade are so near whatever they say.
const UNRELATED: f32 = 0.4;

/// What a text means, a byte a number; nothing where no word is known.
pub(super) type Sense = Option<Box<[i8]>>;

/// What a text means. The vectors are those of English words: a text of another language has none.
pub(super) fn sense(source: &str, locale: Option<Locale>) -> Sense {
    if !speaks(locale) {
        return None;
    }
    let vector = table()?.read_text(&text::without_tags(source));
    let known = vector.iter().any(|value| *value != 0.0);
    known.then(|| small(&vector).into())
}

/// Whether a folded word is one the vectors have whole.
pub(super) fn is_word(folded: &str, locale: Option<Locale>) -> bool {
    speaks(locale) && table().is_some_and(|table| table.holds(folded))
}

/// Whether there are vectors to tell words of a language from typos.
pub(super) fn knows_words(locale: Option<Locale>) -> bool {
    speaks(locale) && table().is_some()
}

fn speaks(locale: Option<Locale>) -> bool {
    matches!(locale, None | Some(Locale::English))
}

/// A score, 0 to 1, with what meaning adds to it, 0 to 1 again.
pub(super) fn weighed(score: f32, asked: &[i8], of: &Sense) -> f32 {
    let near = of.as_deref().map_or(0.0, |of| {
        let above = cosine(dot(asked, of)) - UNRELATED;
        (above / (1.0 - UNRELATED)).clamp(0.0, 1.0)
    });
    (score + SHARE * near) / (1.0 + SHARE)
}
