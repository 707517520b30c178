//! Clauses, and what stands within the reach of a negation or of a condition.

use std::ops::Range;

use redact::Locale;

use crate::guard::phrases::{self, Kind};
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
        let words = words::folded(&without_is(part, locale));
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

/// Keeps the verb `is` of Italian and Portuguese, which differs from `and` in its accent alone, from parting a clause.
fn without_is(part: &str, locale: Locale) -> std::borrow::Cow<'_, str> {
    let verb = match locale {
        Locale::Italian => "\u{e8}",
        Locale::Portuguese => "\u{e9}",
        _ => return part.into(),
    };
    let is_verb = |word: &str| word.to_lowercase() == verb;
    if !part.split_whitespace().any(is_verb) {
        return part.into();
    }
    // Left out: a cue that holds the verb is found in the whole sentence.
    part.split_whitespace()
        .filter(|word| !is_verb(word))
        .collect::<Vec<_>>()
        .join(" ")
        .into()
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
                let next = words.get(at + 1);
                let without = words::is_without(word, self.locale)
                    && (at + 1 == place.start
                        || (at < place.start && self.is_infinitive_with_particle(place))
                        || next.is_some_and(|next| words::is_able(next)));
                let behind = words.get(at + 1..).unwrap_or_default();
                // `not only`, and `it would not be wrong`: an emphasis.
                let stressed = behind.first().is_some_and(|next| words::is_only(next))
                    || behind
                        .iter()
                        .take(2)
                        .any(|next| phrases::is(Kind::Wrong, next, self.locale));
                (without || words::is_not(word, self.locale)) && !stressed
            })
        };
        let own = self.words.get(..end).unwrap_or(&self.words);
        let goes_on = place.start == 0 && self.words.len() > place.end;
        denies(own)
            || self.is_denied_behind(place)
            || self.is_put_off(place)
            || (goes_on && before.is_some_and(|clause| denies(&clause.words)))
    }

    /// Whether something else is done than what stands at a place, or whether that would be wrong: `rather than promise
    /// you a day`, `it would be wrong to promise`. Both stand before it, and a denied `wrong` puts nothing off.
    fn is_put_off(&self, place: &Range<usize>) -> bool {
        let before = self.words.get(..place.start).unwrap_or_default();
        let led = [Kind::Rather, Kind::Unsaid]
            .into_iter()
            .flat_map(|kind| phrases::cues(kind, self.locale))
            .any(|cue| cue.matches(before));
        if led {
            return true;
        }
        let first = self.words.get(place.start).map_or("", String::as_str);
        let last = before.last().map_or("", String::as_str);
        let infinitive = match self.locale {
            Locale::English => first == "to" || last == "to",
            Locale::German => last == "zu" || first.contains("zu"),
            Locale::Dutch => last == "te",
            _ => is_infinitive(first),
        };
        infinitive && (self.is_wrong(before) || (place.start <= 1 && self.would_be(place)))
    }

    /// Whether some words call something wrong and do not deny that.
    fn is_wrong(&self, words: &[String]) -> bool {
        words
            .iter()
            .position(|word| phrases::is(Kind::Wrong, word, self.locale))
            .is_some_and(|at| {
                let mut before = words.iter().take(at);
                !before.any(|word| words::is_not(word, self.locale))
            })
    }

    /// `to promise you that would be a lie`, `vous promettre mardi serait mentir`
    fn would_be(&self, place: &Range<usize>) -> bool {
        let behind = self.words.get(place.end..).unwrap_or_default();
        behind
            .iter()
            .position(|word| phrases::is(Kind::Would, word, self.locale))
            .and_then(|at| behind.get(at + 1..))
            .is_some_and(|rest| self.is_wrong(rest))
    }

    /// Whether a clause that begins with an infinitive or a noun denies it behind: `garantizar una hora no es posible`.
    /// What a subordinate clause denies is not that: `garantizar que no se rompe`.
    fn is_denied_behind(&self, place: &Range<usize>) -> bool {
        const THAT: [&str; 10] = [
            "that", "que", "qu", "che", "if", "si", "se", "porque", "perche", "car",
        ];
        let first = self.words.get(place.start).map_or("", String::as_str);
        let article = place.start == 1
            && self
                .words
                .first()
                .is_some_and(|word| is_article(word, self.locale));
        (place.start == 0 || article)
            && is_nominal(first)
            && self
                .words
                .iter()
                .skip(place.end)
                .take_while(|word| !THAT.contains(&word.as_str()))
                .any(|word| words::is_not(word, self.locale))
    }

    /// `ohne einen Termin zu versprechen`: the verb stands at the end, behind its particle.
    fn is_infinitive_with_particle(&self, place: &Range<usize>) -> bool {
        place
            .start
            .checked_sub(1)
            .and_then(|at| self.words.get(at))
            .is_some_and(|word| matches!(word.as_str(), "zu" | "te"))
    }

    /// Whether it speaks of an earlier promise: `as promised`, or `that promise` where nobody of the shop speaks.
    pub(super) fn is_told(&self, place: &Range<usize>) -> bool {
        let before = place
            .start
            .checked_sub(1)
            .and_then(|at| self.words.get(at))
            .map_or("", String::as_str);
        let noun = self
            .words
            .get(place.start)
            .is_some_and(|word| is_promise(word));
        words::tells_before(before)
            || noun
                && place.start == 1
                && phrases::is(Kind::That, before, self.locale)
                && !self
                    .words
                    .iter()
                    .any(|word| phrases::is(Kind::Own, word, self.locale))
    }
}

fn is_article(folded: &str, locale: Locale) -> bool {
    words::atom(folded, locale).is_some_and(|atom| atom.article)
}

/// An infinitive of a Romance language, or a noun for a promise.
fn is_nominal(folded: &str) -> bool {
    const NOUNS: [&str; 5] = ["promise", "promesse", "promesa", "promessa", "garanti"];
    NOUNS.contains(&folded) || is_infinitive(folded)
}

/// A noun for a promise, in any of the languages.
fn is_promise(folded: &str) -> bool {
    const NOUNS: [&str; 10] = [
        "promise",
        "promesse",
        "promesa",
        "promessa",
        "belofte",
        "toezegging",
        "zusage",
        "versprechen",
        "guarantee",
        "garantie",
    ];
    NOUNS.contains(&folded)
}

fn is_infinitive(folded: &str) -> bool {
    const ENDS: [&str; 12] = [
        "ar", "er", "ir", "re", "rlo", "rla", "rle", "rli", "rvi", "rselo", "rlhe", "rnos",
    ];
    ENDS.iter().any(|end| folded.ends_with(end))
}

/// The clause that one behind a word or two between commas goes on with: `we cannot, sadly, promise`.
pub(super) fn goes_on_with(clauses: &[Clause], at: usize) -> Option<&Clause> {
    let between = clauses.get(at.checked_sub(1)?)?;
    // `no podemos confirmar el dia y garantizar la hora`: an infinitive behind `and` has no verb of its own.
    let clause = clauses.get(at)?;
    let romance = !matches!(
        clause.locale,
        Locale::English | Locale::German | Locale::Dutch
    );
    if romance && clause.words.first().is_some_and(|word| is_infinitive(word)) {
        return Some(between);
    }
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

/// Whether a sentence holds a condition, or says what must come first: `after a photo is checked`.
pub(super) fn is_tied(sentence: &str, locale: Locale) -> bool {
    is_conditional(sentence, locale)
        || words::folded(sentence)
            .iter()
            .any(|word| phrases::is(Kind::After, word, locale))
}

/// Whether a sentence of a passage denies anything.
pub(super) fn denies(sentence: &str, locale: Locale) -> bool {
    words::folded(sentence)
        .iter()
        .any(|word| words::is_not(word, locale) || words::is_without(word, locale))
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
