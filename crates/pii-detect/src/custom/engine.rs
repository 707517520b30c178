//! All expressions of a set: one automaton says which of them match, those are then searched for one by one.
//!
//! Most expressions match nowhere in a text, so that most texts are read once. Each expression has its own matches, from
//! left to right and without overlap as the `regex` crate gives them; those of different expressions may overlap, and the
//! resolver chooses.

use regex_automata::meta::{Config, Regex};
use regex_automata::{Anchored, Input, MatchKind, PatternSet};
use regex_syntax::hir::Hir;

use super::compile::Compiled;

/// Room for the lazy automaton of all expressions together, per search thread. Too small a cache makes the
/// engine fall back to a simulation that is a hundred times slower.
const CACHE_BYTES: usize = 64 << 20;
/// Largest automaton of all expressions together, before it is made lazily deterministic.
const MAX_COMPILED: usize = 64 << 20;
/// What the engine is shown at a time: an expression that must read far ahead reads no farther, however long the text.
const WINDOW: usize = 8 << 10;
/// Longest match that is found wherever it stands.
const LONGEST: usize = 2 << 10;

/// Expressions, each with the rule it belongs to.
pub(super) struct Engine {
    /// Says which expressions match anywhere; now and then it names one too many.
    which: Regex,
    entries: Vec<Entry>,
}

/// An expression on its way into an engine.
pub(super) struct Expression {
    pub(super) rule: usize,
    pub(super) compiled: Compiled,
    /// Whether neither letter nor digit may stand before or behind: a number pattern.
    pub(super) number: bool,
}

struct Entry {
    rule: usize,
    regex: Regex,
    number: bool,
    group: bool,
}

/// How far an expression has been searched for.
#[derive(Clone)]
struct Searched {
    /// The byte behind its last match.
    behind: usize,
    /// Bytes that may yet be read a second time.
    again: usize,
}

/// A part of the text that is searched at a time.
struct Window {
    from: usize,
    /// Matches that begin here and farther on belong to the next one.
    sure: usize,
    to: usize,
}

impl Engine {
    /// Compiles expressions; `None` for none. The error is the rule that made it too large.
    pub(super) fn new(list: Vec<Expression>) -> Result<Option<Self>, usize> {
        if list.is_empty() {
            return Ok(None);
        }
        let hirs: Vec<&Hir> = list.iter().map(|e| &e.compiled.loose).collect();
        let config = Config::new()
            .match_kind(MatchKind::All)
            .hybrid_cache_capacity(CACHE_BYTES)
            .nfa_size_limit(Some(MAX_COMPILED));
        let which = Regex::builder()
            .configure(config)
            .build_many_from_hir(&hirs)
            .map_err(|e| {
                let at = e.pattern().map_or(list.len() - 1, |p| p.as_usize());
                list.get(at).map_or(0, |e| e.rule)
            })?;
        let entries = list
            .into_iter()
            .map(|e| Entry {
                rule: e.rule,
                regex: e.compiled.regex,
                number: e.number,
                group: e.compiled.group,
            })
            .collect();
        Ok(Some(Self { which, entries }))
    }

    /// Shows every match to `accept`, which says whether it believes it.
    ///
    /// What is believed is passed over by its expression; behind what is not, it is searched for again from the next word,
    /// as long as that has not cost more than the text itself.
    pub(super) fn find(&self, text: &str, mut accept: impl FnMut(usize, usize, usize) -> bool) {
        let mut matching = PatternSet::new(self.entries.len());
        let mut searched = Vec::new();
        let mut from = 0;
        while from < text.len() {
            let to = border(text, from + WINDOW);
            let sure = if to == text.len() {
                to
            } else {
                border(text, to - LONGEST)
            };
            let window = Window { from, sure, to };
            matching.clear();
            let input = Input::new(text).range(from..to);
            self.which.which_overlapping_matches(&input, &mut matching);
            if searched.is_empty() && !matching.is_empty() {
                let begin = Searched {
                    behind: 0,
                    again: text.len() + WINDOW,
                };
                searched.resize(self.entries.len(), begin);
            }
            for which in matching.iter() {
                let which = which.as_usize();
                if let (Some(entry), Some(searched)) =
                    (self.entries.get(which), searched.get_mut(which))
                {
                    entry.find(text, &window, searched, &mut accept);
                }
            }
            from = sure;
        }
    }
}

impl Entry {
    /// Shows the matches that begin in a window.
    fn find(
        &self,
        text: &str,
        window: &Window,
        searched: &mut Searched,
        accept: &mut impl FnMut(usize, usize, usize) -> bool,
    ) {
        let mut at = window.from.max(searched.behind);
        while at < window.sure {
            let input = Input::new(text).range(at..window.to);
            let Some(hit) = self.regex.search(&input) else {
                break;
            };
            if hit.start() >= window.sure {
                break;
            }
            let believed = self
                .value(text, hit.start(), hit.end())
                .filter(|(from, to)| accept(self.rule, *from, *to));
            at = match believed {
                // What stands round the part that is meant may stand round the next one too.
                Some((_, to)) => to,
                None => {
                    let next = next_word(text, hit.start(), hit.end());
                    let cost = hit.end() - next;
                    if cost <= searched.again {
                        searched.again -= cost;
                        next
                    } else {
                        hit.end()
                    }
                }
            };
        }
        searched.behind = searched.behind.max(at);
    }

    /// The part of a match that is meant; a number within a longer one is none.
    fn value(&self, text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
        if self.number {
            let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
            let before = text.get(..start)?.chars().next_back();
            let behind = text.get(end..)?.chars().next();
            return (alone(before) && alone(behind)).then_some((start, end));
        }
        if !self.group {
            return Some((start, end));
        }
        let input = Input::new(text).range(start..end).anchored(Anchored::Yes);
        let mut captures = self.regex.create_captures();
        self.regex.search_captures(&input, &mut captures);
        let value = captures.get_group_by_name("value")?;
        (value.start < value.end).then_some((value.start, value.end))
    }
}

/// The last character border up to `at`, the end of the text at most.
fn border(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The end of the word that stands at `at`, or of the character where there is none; `end` at most.
fn next_word(text: &str, at: usize, end: usize) -> usize {
    let rest = text.get(at..end).unwrap_or("");
    match rest.find(|c: char| !c.is_alphanumeric()) {
        Some(0) => at + rest.chars().next().map_or(1, char::len_utf8),
        Some(len) => at + len,
        None => end,
    }
}
