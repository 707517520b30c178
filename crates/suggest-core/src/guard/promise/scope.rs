//! Clauses, and what stands within the reach of a negation or of a condition.

use std::ops::Range;

use redact::Locale;

use crate::guard::words;
use crate::intent::Cue;
use crate::text;

/// A part of a sentence between two signs of punctuation.
pub(super) struct Clause {
    pub(super) words: Vec<String>,
    pub(super) locale: Locale,
}

/// The clauses of a sentence: what punctuation or an `and` parts.
pub(super) fn clauses(sentence: &str, locale: Locale) -> Vec<Clause> {
    let mut out = Vec::new();
    for part in sentence.split([',', ';', ':', '(', ')', '\u{2013}', '\u{2014}', '\n']) {
        let words = words::folded(part);
        out.extend(
            words
                .split(|word| words::is_and(word, locale))
                .filter(|words| !words.is_empty())
                .map(|words| Clause {
                    words: words.to_vec(),
                    locale,
                }),
        );
    }
    out
}

impl Clause {
    /// Whether a place of the clause is denied: a negation stands before it or within it, in German and Dutch also
    /// behind it, because there the verb comes first. `before` is the clause it goes on with.
    pub(super) fn is_denied(&self, place: &Range<usize>, before: Option<&Self>) -> bool {
        let verb_first = matches!(self.locale, Locale::German | Locale::Dutch);
        let end = if verb_first {
            self.words.len()
        } else {
            place.end
        };
        let denies = |words: &[String]| {
            words.iter().enumerate().any(|(at, word)| {
                words::is_not(word, self.locale)
                    && !words.get(at + 1).is_some_and(|next| words::is_only(next))
            })
        };
        let own = self.words.get(..end).unwrap_or(&self.words);
        let goes_on = place.start == 0 && self.words.len() > place.end;
        denies(own) || (goes_on && before.is_some_and(|clause| denies(&clause.words)))
    }

    /// Whether it speaks of an earlier promise: `as promised`.
    pub(super) fn is_told(&self, place: &Range<usize>) -> bool {
        place
            .start
            .checked_sub(1)
            .and_then(|at| self.words.get(at))
            .is_some_and(|word| words::tells_before(word))
    }
}

/// The clause that one behind a word or two between commas goes on with: `we cannot, sadly, promise`.
pub(super) fn goes_on_with(clauses: &[Clause], at: usize) -> Option<&Clause> {
    let between = clauses.get(at.checked_sub(1)?)?;
    let before = clauses.get(at.checked_sub(2)?)?;
    (between.words.len() <= 2).then_some(before)
}

/// Whether a cue stands in a sentence and is not denied. A cue may reach over a comma.
pub(super) fn says(clauses: &[Clause], sentence: &str, cues: &[Cue], locale: Locale) -> bool {
    let mut within = clauses.iter().enumerate().flat_map(|(at, clause)| {
        let before = goes_on_with(clauses, at);
        cues.iter()
            .filter_map(|cue| cue.find(&clause.words))
            .map(move |place| clause.is_denied(&place, before))
    });
    let (mut found, mut stands) = (false, false);
    for denied in &mut within {
        found = true;
        stands |= !denied;
    }
    if found {
        return stands;
    }
    let whole = Clause {
        words: words::folded(sentence),
        locale,
    };
    cues.iter()
        .filter_map(|cue| cue.find(&whole.words))
        .any(|place| !whole.is_denied(&place, None))
}

/// Whether a passage vows something or names a guarantee, and does not deny it: what it says may be restated.
pub(super) fn vows(sentence: &str, locale: Locale) -> bool {
    let words = words::folded(sentence);
    let cues = words::vows(locale);
    if cues.iter().any(|cue| cue.matches(&words)) {
        says(&clauses(sentence, locale), sentence, cues, locale)
    } else {
        words.iter().any(|word| is_guarantee(word))
    }
}

/// The word for guarantee in seven languages, and compounds that end in it.
pub(super) fn is_guarantee(folded: &str) -> bool {
    ["guarant", "garant", "garanz", "warrant"]
        .iter()
        .any(|stem| folded.contains(stem))
}

/// The part of a sentence that is not asked: all of it, or what stands before the question.
pub(super) fn stated(sentence: &str) -> &str {
    if !sentence.trim_end().ends_with('?') {
        return sentence;
    }
    let from = sentence
        .rfind([';', ':', '\u{bf}', '.', '!'])
        .unwrap_or_default();
    sentence.get(..from).unwrap_or_default()
}

/// Whether a sentence holds a condition, or says what would be.
pub(super) fn is_conditional(sentence: &str, locale: Locale) -> bool {
    let words = text::words(sentence);
    words.iter().any(|word| words::is_if(&word.folded, locale))
}
