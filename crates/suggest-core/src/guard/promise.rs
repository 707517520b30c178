//! Promises, and actions that are said to be done.
//!
//! Three kinds, from the strongest: a *vow* binds by its words (`we guarantee`, `without fail`), an *offer* by what it
//! announces (`we will refund`), a *state* tells what has happened. A vow is held by a passage that vows the same; an
//! offer also by a condition beside it; a state by a fact. What is denied or asked promises nothing.

mod quoted;
mod scope;

use std::collections::HashSet;
use std::ops::Range;

use redact::{Locale, Span};

use crate::guard::phrases::{self, Kind};
use crate::guard::value;
use crate::guard::words::{self, commands};
use crate::guard::{Code, Context, Finding};
use crate::intent::Cue;
use crate::knowledge::Passage;
use crate::text;

use scope::{Clause, is_conditional, stated};

/// How much of an offer must stand in what the draft rests on.
const HELD: f32 = 0.7;

/// The same where the offer is tied to a condition.
const HELD_IF: f32 = 0.4;

/// How much of a vow must stand in one sentence that vows.
const VOWED: f32 = 0.5;

/// Words an offer must have, and how many of them must stand in one sentence, to be what a passage says.
const RULE: usize = 3;
const RULED: f32 = 0.75;

/// Words an offer must have to be what a passage denies.
const REFUSED: usize = 2;

/// Letters two forms of a word share where stemming has left them apart.
const SHARED: usize = 4;

/// Words before and behind a vow that say what it is about.
const BEFORE: usize = 4;
const BEHIND: usize = 8;

/// Stems of up to this many letters say little.
const SHORT: usize = 3;

pub(super) fn findings(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    let held = Held::new(cx);
    let said = quoted::said(cx);
    for range in whole(plain) {
        let sentence = plain.get(range.clone()).unwrap_or_default();
        let span = Span::new(range.start, range.end);
        if commands(sentence) && held.share(sentence) < HELD {
            out.push(Finding::block(Code::Injection, span));
        }
        if held.is_unheld(&quoted::without(sentence, &said, cx.locale)) {
            out.push(Finding::block(Code::Promise, span));
        }
    }
}

/// The sentences of a draft; the full stop of `12. Mai` ends none.
fn whole(plain: &str) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = Vec::new();
    for range in text::sentences(plain) {
        let month = plain
            .get(range.clone())
            .and_then(|sentence| sentence.split(|c: char| !c.is_alphabetic()).next())
            .is_some_and(|word| words::month(&text::fold(word)).is_some());
        let day = |before: &Range<usize>| {
            plain.get(before.clone()).is_some_and(|sentence| {
                let stopped = sentence.strip_suffix('.');
                stopped.is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()))
            })
        };
        match out.last_mut() {
            Some(last) if month && day(last) => last.end = range.end,
            _ => out.push(range),
        }
    }
    out
}

/// A sentence of a passage: its stems, whether it denies anything, whether something must come first.
struct Rule {
    stems: HashSet<String>,
    denies: bool,
    tied: bool,
}

/// What promises may rest on, prepared once for all sentences.
struct Held {
    locale: Locale,
    stemmer: Option<rust_stemmers::Stemmer>,
    /// All stems of passages, facts and sentences of the engine.
    stems: HashSet<String>,
    /// The stems of each sentence that vows or names a guarantee, and does not deny it.
    vows: Vec<HashSet<String>>,
    /// Each sentence of the passages.
    rules: Vec<Rule>,
    says_free: bool,
    knows_state: bool,
}

impl Held {
    fn new(cx: &Context<'_>) -> Self {
        let locale = cx.locale;
        let stemmer = text::stemmer(Some(locale));
        let texts: Vec<&str> = cx
            .cited()
            .map(Passage::text)
            .chain(cx.own.iter().copied())
            .chain(cx.facts.iter().map(|fact| fact.value().as_str()))
            .collect();
        let mut stems = HashSet::new();
        let (mut vows, mut rules) = (Vec::new(), Vec::new());
        for text in &texts {
            stems.extend(text::stems(text, stemmer.as_ref()));
            for range in text::sentences(text) {
                let sentence = text.get(range).unwrap_or_default();
                let of = || {
                    text::stems(sentence, stemmer.as_ref())
                        .into_iter()
                        .collect()
                };
                if scope::vows(sentence, locale) {
                    vows.push(of());
                }
                rules.push(Rule {
                    stems: of(),
                    denies: scope::denies(sentence, locale),
                    tied: scope::is_tied(sentence, locale),
                });
            }
        }
        let says_free = cx.cited().any(|passage| {
            let of = passage.locale();
            let words = words::folded(passage.text());
            [words::free(of), words::nothing(of)]
                .into_iter()
                .flatten()
                .any(|cue| cue.matches(&words))
        });
        let knows_state = cx
            .facts
            .iter()
            .any(|fact| fact.is_valid(cx.now) && fact.kind().tells_state());
        Self {
            locale,
            stemmer,
            stems,
            vows,
            rules,
            says_free,
            knows_state,
        }
    }

    /// The stems that say something. Numbers do not count: they are judged by themselves.
    fn content(&self, sentence: &str) -> Vec<String> {
        let mut stems = text::stems(sentence, self.stemmer.as_ref());
        stems.retain(|stem| {
            stem.len() > SHORT
                && !stem.bytes().all(|b| b.is_ascii_digit())
                && !value::is_number_word(stem, self.locale)
        });
        stems
    }

    /// The share of the words of a sentence that stand in what the draft rests on.
    fn share(&self, sentence: &str) -> f32 {
        let content = self.content(sentence);
        if content.is_empty() {
            return 0.0;
        }
        let found = content.iter().filter(|stem| self.stems.contains(*stem));
        found.count() as f32 / content.len() as f32
    }

    fn is_unheld(&self, sentence: &str) -> bool {
        let sentence = stated(sentence);
        let clauses = scope::clauses(sentence, self.locale);
        let vowed = clauses.iter().enumerate().any(|(at, clause)| {
            let before = scope::goes_on_with(&clauses, at);
            clause
                .vowed(before)
                .is_some_and(|place| !self.is_vowed(clause, &place, sentence))
        });
        if vowed {
            return true;
        }
        let says = |cues: &[Cue]| scope::says(&clauses, sentence, cues, self.locale);
        let needed = if is_conditional(sentence, self.locale) {
            HELD_IF
        } else {
            HELD
        };
        let offering = self.offering(&clauses);
        if self.is_refused(&offering) {
            return true;
        }
        let offers = says(words::promises(self.locale))
            && !self.is_rule(&offering, scope::is_tied(sentence, self.locale));
        let states = says(words::states(self.locale)) && !self.knows_state;
        let free = says(words::free(self.locale)) && !self.says_free;
        ((offers || free) && self.share(sentence) < needed)
            || (states && self.share(sentence) < HELD)
    }

    /// The clauses that offer something and do not deny it.
    fn offering<'c>(&self, clauses: &'c [Clause]) -> Vec<&'c Clause> {
        let offers = |at: usize, clause: &Clause| {
            let before = scope::goes_on_with(clauses, at);
            words::promises(self.locale)
                .iter()
                .filter_map(|cue| cue.find(&clause.words))
                .any(|place| !clause.is_denied(&place, before))
        };
        let all = clauses.iter().enumerate();
        all.filter(|(at, clause)| offers(*at, clause))
            .map(|(_, clause)| clause)
            .collect()
    }

    /// Whether each clause that offers says what one sentence of a passage says, word for word but for the words that say
    /// nothing: `the card is replaced at every desk` for `every desk replaces a card`. A rule that is tied to something holds
    /// no offer that is not.
    fn is_rule(&self, offering: &[&Clause], tied: bool) -> bool {
        !offering.is_empty()
            && offering.iter().all(|clause| {
                let content = self.telling(clause);
                content.len() >= RULE
                    && self.rules.iter().any(|rule| {
                        !rule.denies && (tied || !rule.tied) && told(&content, &rule.stems) >= RULED
                    })
            })
    }

    /// Whether a clause offers what a passage denies, and no other sentence says it.
    fn is_refused(&self, offering: &[&Clause]) -> bool {
        offering.iter().any(|clause| {
            let content = self.telling(clause);
            let best = |denied: bool| {
                self.rules
                    .iter()
                    .filter(|rule| rule.denies == denied)
                    .map(|rule| told(&content, &rule.stems))
                    .fold(0.0, f32::max)
            };
            content.len() >= REFUSED && best(true) >= RULED && best(false) < HELD_IF
        })
    }

    /// The stems of a clause but for words that say nothing of what is offered.
    fn telling(&self, clause: &Clause) -> Vec<String> {
        let says = |word: &&String| !phrases::is(Kind::Empty, word, self.locale);
        let words: Vec<&str> = clause
            .words
            .iter()
            .filter(says)
            .map(String::as_str)
            .collect();
        self.content(&words.join(" "))
    }

    /// Whether a passage vows what a clause does, by the words around its vow.
    fn is_vowed(&self, clause: &Clause, place: &Range<usize>, sentence: &str) -> bool {
        let from = place.start.saturating_sub(BEFORE);
        let to = (place.end + BEHIND).min(clause.words.len());
        let near = clause.words.get(from..to).unwrap_or_default().join(" ");
        let mut content = self.content(&near);
        content.retain(|stem| !scope::is_guarantee(stem));
        if content.len() <= 1 && self.vows_figures(&near) {
            return true;
        }
        if content.is_empty() {
            // `that we guarantee`: it is about the rest of the sentence.
            return !self.vows.is_empty() && self.share(sentence) >= HELD;
        }
        self.vows.iter().any(|vow| {
            let found = content.iter().filter(|stem| vow.contains(*stem));
            found.count() as f32 >= VOWED * content.len() as f32
        })
    }
}

impl Held {
    /// Whether a sentence that vows has all the figures of a clause: `guaranteed are 99.5 %`.
    fn vows_figures(&self, near: &str) -> bool {
        let mut figures = text::stems(near, self.stemmer.as_ref());
        figures.retain(|stem| stem.starts_with(|c: char| c.is_ascii_digit()));
        !figures.is_empty()
            && self
                .vows
                .iter()
                .any(|vow| figures.iter().all(|figure| vow.contains(figure)))
    }
}

/// The share of some stems that a sentence has.
fn told(content: &[String], rule: &HashSet<String>) -> f32 {
    let found = content
        .iter()
        .filter(|stem| rule.iter().any(|known| alike(known, stem)));
    found.count() as f32 / content.len().max(1) as f32
}

/// Whether two stems are forms of one word.
fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    a == b || (short.len() >= SHARED && long.starts_with(short))
}

impl Clause {
    /// Where a clause vows something that neither it nor the clause it goes on denies.
    fn vowed(&self, before: Option<&Self>) -> Option<Range<usize>> {
        words::vows(self.locale).iter().find_map(|cue| {
            cue.find(&self.words)
                .filter(|place| !self.is_denied(place, before) && !self.is_told(place))
        })
    }
}

#[cfg(test)]
mod tests;
