//! What the detector takes for a person or a place, and is a word: the sign-off of a team, the first word of a sentence,
//! an inflected word of a passage.

use std::collections::HashSet;
use std::ops::Range;

use redact::{Detector, Known, Locale, Span};

use crate::guard::phrases::{self, Kind};
use crate::text;

/// Words of a line that signs.
const SIGNS: usize = 6;

/// Bytes of a sentence that are read again.
const REREAD: usize = 160;

/// Words of a greeting.
const GREETING: usize = 3;

/// Letters a stem has from which it says which word it is.
const STEM: usize = 4;

/// Words of what a draft may rest on.
pub(super) struct Ordinary<'a> {
    detector: &'a Detector,
    locale: Locale,
    stemmer: Option<rust_stemmers::Stemmer>,
    words: HashSet<String>,
    stems: HashSet<String>,
}

impl<'a> Ordinary<'a> {
    pub(super) fn new<'t>(
        detector: &'a Detector,
        locale: Locale,
        public: impl Iterator<Item = &'t str>,
    ) -> Self {
        let stemmer = text::stemmer(Some(locale));
        let (mut words, mut stems) = (HashSet::new(), HashSet::new());
        for text in public {
            words.extend(text::words(text).into_iter().map(|word| word.folded));
            stems.extend(text::stems(text, stemmer.as_ref()));
        }
        Self {
            detector,
            locale,
            stemmer,
            words,
            stems,
        }
    }

    /// Whether a span is one word in small letters that a passage has in another form. A German noun has a capital, and
    /// may be the last part of a word of a passage: `Porto` of `R\u{fc}cksendeporto`.
    pub(super) fn is_inflected(&self, raw: &str) -> bool {
        let german = self.locale == Locale::German;
        let known = |stem: &String| {
            stem.len() >= STEM
                && (self.stems.contains(stem)
                    || german
                        && self
                            .stems
                            .iter()
                            .any(|other| other.ends_with(stem.as_str())))
        };
        (german || !raw.contains(char::is_uppercase))
            && !raw.contains(char::is_whitespace)
            && text::stems(raw, self.stemmer.as_ref()).iter().all(known)
    }

    /// Whether a span stands in the last lines and says which team or shop signs. A name beside it is still a name.
    pub(super) fn signs(&self, plain: &str, span: Span) -> bool {
        let from = line_start(plain, span.start());
        let rest = plain.get(from..).unwrap_or_default().trim_end();
        let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
        if from == 0 || behind.trim().contains('\n') || span.end() > from + line.len() {
            return false;
        }
        // The parts of `Harbour-Desk` are words of their own.
        let words = parts(line);
        let small = |word: &Part| {
            line.get(word.at.clone())
                .is_some_and(|raw| raw.starts_with(char::is_lowercase))
        };
        let team = |word: &Part| phrases::is(Kind::Sign, &word.folded, self.locale);
        let article = |word: &Part| phrases::is(Kind::Signs, &word.folded, self.locale);
        let thing = words.first().is_some_and(article)
            && words.len() > 1
            && words.iter().skip(1).all(small);
        // `The Quayside Office`: an English article stands before no name.
        let firm = self.locale == Locale::English
            && words.first().is_some_and(|word| word.folded == "the")
            && words.last().is_some_and(team);
        words.len() <= SIGNS
            && (thing || words.iter().any(team))
            && words
                .iter()
                .filter(|word| {
                    from + word.at.start < span.end() && from + word.at.end > span.start()
                })
                .all(|word| {
                    // `the Brightwell-Team` is a firm.
                    let joined = words.iter().any(|next| {
                        team(next)
                            && next.at.start == word.at.end + 1
                            && line.get(word.at.end..next.at.start) == Some("-")
                    });
                    small(word)
                        || team(word)
                        || article(word)
                        || joined
                        || firm
                        || self.words.contains(&word.folded)
                })
    }

    /// Whether a span is the first word of a sentence and no name once its capital is gone. With a greeting before it,
    /// as the tags of a draft are blanked, that is judged as well.
    pub(super) fn begins(&self, plain: &str, span: Span) -> bool {
        let raw = span.of(plain).unwrap_or_default();
        let (before, word) = raw.rsplit_once('\n').unwrap_or(("", raw));
        let greeting = before.trim_matches(|c: char| !c.is_alphanumeric());
        let one = |text: &str| !text.contains(char::is_whitespace);
        one(word)
            && !word.is_empty()
            && one(greeting)
            && !ends_draft(plain, span.end())
            && begins_sentence(plain, span.end() - word.len())
            && !goes_on_capital(plain, span.end())
            && self.is_plain(plain, span.end() - word.len())
            && (greeting.is_empty() || self.is_plain(greeting, 0))
    }

    /// Whether the detector finds no name at the beginning of a sentence that begins with a small letter.
    fn is_plain(&self, plain: &str, from: usize) -> bool {
        let rest = text::head(plain.get(from..).unwrap_or_default(), REREAD);
        let rest = rest.split('\n').next().unwrap_or_default();
        let mut chars = rest.chars();
        let Some(first) = chars.next() else {
            return false;
        };
        let lower: String = first.to_lowercase().chain(chars).collect();
        let end = lower
            .find(|c: char| !c.is_alphanumeric())
            .unwrap_or(lower.len());
        self.detector
            .detect(&lower, &Known::default())
            .is_ok_and(|found| found.iter().all(|finding| finding.span().start() >= end))
    }
}

struct Part {
    at: Range<usize>,
    folded: String,
}

fn parts(line: &str) -> Vec<Part> {
    let mut from = 0;
    line.split_inclusive(|c: char| !c.is_alphanumeric())
        .filter_map(|chunk| {
            let start = from;
            from += chunk.len();
            let part = chunk.trim_end_matches(|c: char| !c.is_alphanumeric());
            (!part.is_empty()).then(|| Part {
                at: start..start + part.len(),
                folded: text::fold(part),
            })
        })
        .collect()
}

fn line_start(plain: &str, at: usize) -> usize {
    plain
        .get(..at)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1)
}

/// Whether a place stands in one of the last two lines, and no sentence ends there: who signs stands so.
fn ends_draft(plain: &str, at: usize) -> bool {
    let rest = plain.get(at..).unwrap_or_default().trim_end();
    let (line, behind) = rest.split_once('\n').unwrap_or((rest, ""));
    !behind.trim().contains('\n') && !line.contains(['.', '!', '?', ':', ';'])
}

/// Whether nothing stands between a place and the beginning of its line or the end of the sentence before it.
fn begins_sentence(plain: &str, at: usize) -> bool {
    let before = plain.get(..at).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default().trim();
    // The mark of a list item: `a)`, `2.`, a dash.
    let mark = line.trim_end_matches([')', '.', ':']);
    let item = mark.len() < line.len() && mark.chars().filter(|c| c.is_alphanumeric()).count() <= 2;
    // `Hi [PERSON_1], schade, dass`: the tag is blank here.
    let greeting = line.ends_with(',') && line.split_whitespace().count() <= GREETING;
    line.is_empty()
        || item
        || greeting
        || line.chars().all(|c| !c.is_alphanumeric())
        || line.ends_with(['.', '!', '?', ':', '\u{bf}', '\u{a1}'])
}

/// Whether a word with a capital follows: a surname behind a given name.
fn goes_on_capital(plain: &str, at: usize) -> bool {
    let rest = plain.get(at..).unwrap_or_default();
    rest.trim_start_matches([' ', '-', '\''])
        .starts_with(char::is_uppercase)
        && !rest.starts_with('\n')
}
