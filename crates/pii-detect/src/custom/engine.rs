//! All expressions of a set in one automaton.

use regex_automata::meta::{Config, Regex};
use regex_automata::{Anchored, Input, PatternID};
use regex_syntax::hir::Hir;

use super::compile::{Compiled, first_bytes, has_byte};

/// Room for the lazy automaton of all expressions together, per search thread. Too small a cache makes the
/// engine fall back to a simulation that is a hundred times slower.
const CACHE_BYTES: usize = 64 << 20;
/// Largest automaton of all expressions together, before it is made lazily deterministic.
const MAX_COMPILED: usize = 64 << 20;
/// What the engine is shown at a time: an expression that must read far ahead reads no farther, however long the text.
const WINDOW: usize = 32 << 10;
/// Longest match that is found wherever it stands.
const LONGEST: usize = 2 << 10;

/// How many shorter matches are looked at where one ends within a word, and how far back a border is looked for.
const SHORTER: usize = 4;
const LONGEST_WORD: usize = 64;

/// Expressions, each with the rule it belongs to.
pub(super) struct Engine {
    regex: Regex,
    entries: Vec<Entry>,
}

struct Entry {
    rule: usize,
    /// Whether a word must begin or end at the start, and at the end.
    borders: (bool, bool),
    /// Whether neither letter nor digit may stand before or behind: a number pattern.
    number: bool,
    group: bool,
    first: [u64; 4],
}

/// An expression on its way into an engine.
pub(super) struct Expression {
    pub(super) rule: usize,
    pub(super) compiled: Compiled,
    pub(super) number: bool,
}

impl Engine {
    /// Compiles expressions; `None` for none. The error is the rule that made it too large.
    pub(super) fn new(list: Vec<Expression>) -> Result<Option<Self>, usize> {
        if list.is_empty() {
            return Ok(None);
        }
        let hirs: Vec<&Hir> = list.iter().map(|e| &e.compiled.hir).collect();
        let config = Config::new()
            .hybrid_cache_capacity(CACHE_BYTES)
            .nfa_size_limit(Some(MAX_COMPILED));
        let regex = Regex::builder()
            .configure(config)
            .build_many_from_hir(&hirs)
            .map_err(|e| {
                let at = e.pattern().map_or(list.len() - 1, |p| p.as_usize());
                list.get(at).map_or(0, |e| e.rule)
            })?;
        let entries = list
            .iter()
            .map(|e| Entry {
                rule: e.rule,
                borders: e.compiled.borders,
                number: e.number,
                group: e.compiled.group,
                first: first_bytes(&e.compiled.hir),
            })
            .collect();
        Ok(Some(Self { regex, entries }))
    }

    /// Shows every match to `accept`, which says whether it believes it.
    ///
    /// At each place where an expression matches, all that match there are shown. What is believed is passed over;
    /// behind what is not, the search goes on at the next word, as long as that has not cost more than the text itself.
    pub(super) fn find(&self, text: &str, mut accept: impl FnMut(usize, usize, usize) -> bool) {
        let len = text.len();
        let mut again = len + WINDOW;
        let mut at = 0;
        while at < len {
            let limit = border(text, at + WINDOW);
            let sure = if limit == len {
                len
            } else {
                border(text, limit - LONGEST)
            };
            let hit = self.regex.search(&Input::new(text).range(at..limit));
            // Where a match might need more than is left of the window, it is shown a new one.
            let Some(hit) = hit.filter(|hit| hit.start() <= sure) else {
                at = sure;
                continue;
            };
            let mut end = 0;
            let byte = text.as_bytes().get(hit.start()).copied().unwrap_or(0);
            for (i, entry) in self
                .entries
                .iter()
                .enumerate()
                .skip(hit.pattern().as_usize())
            {
                let found = if i == hit.pattern().as_usize() {
                    Some(hit.end())
                } else if has_byte(&entry.first, byte) {
                    self.anchored(text, hit.start(), limit, i)
                } else {
                    None
                };
                if let Some(to) = found
                    && let Some(to) = self.bordered(text, hit.start(), to, i, entry)
                    && let Some((from, to)) = self.value(text, hit.start(), to, i, entry.group)
                    && accept(entry.rule, from, to)
                {
                    end = end.max(to);
                }
            }
            at = if end > 0 {
                end
            } else {
                let next = next_word(text, hit.start(), hit.end());
                let cost = hit.end() - next;
                if cost <= again {
                    again -= cost;
                    next
                } else {
                    hit.end()
                }
            };
        }
    }

    /// The end of what the `i`th expression matches at `start`.
    fn anchored(&self, text: &str, start: usize, limit: usize, i: usize) -> Option<usize> {
        let limit = border(text, start + LONGEST).min(limit);
        let input = Input::new(text)
            .range(start..limit)
            .anchored(Anchored::Pattern(PatternID::new(i).ok()?));
        self.regex.search(&input).map(|hit| hit.end())
    }

    /// The end of a match whose borders are as they should be: this one, or that of a shorter match.
    fn bordered(
        &self,
        text: &str,
        start: usize,
        end: usize,
        i: usize,
        entry: &Entry,
    ) -> Option<usize> {
        let alone = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        if entry.number {
            let before = text.get(..start)?.chars().next_back();
            let behind = text.get(end..)?.chars().next();
            return (alone(before) && alone(behind)).then_some(end);
        }
        if entry.borders.0 && !word_border(text, start) {
            return None;
        }
        let mut end = end;
        for _ in 0..SHORTER {
            if !entry.borders.1 || word_border(text, end) {
                return Some(end);
            }
            let part = text.get(start..end)?;
            let mut cuts = part.char_indices().rev().take(LONGEST_WORD);
            let (cut, _) = cuts.find(|(at, _)| word_border(text, start + at))?;
            let input = Input::new(text)
                .range(start..start + cut)
                .anchored(Anchored::Pattern(PatternID::new(i).ok()?));
            end = self.regex.search(&input)?.end();
        }
        None
    }

    /// The part of a match that is meant.
    fn value(
        &self,
        text: &str,
        start: usize,
        end: usize,
        i: usize,
        group: bool,
    ) -> Option<(usize, usize)> {
        if !group {
            return Some((start, end));
        }
        let pattern = PatternID::new(i).ok()?;
        let input = Input::new(text)
            .range(start..end)
            .anchored(Anchored::Pattern(pattern));
        let mut captures = self.regex.create_captures();
        self.regex.search_captures(&input, &mut captures);
        let value = captures.get_group_by_name("value")?;
        (value.start < value.end).then_some((value.start, value.end))
    }
}

/// Whether a word begins or ends here, as `\b` means it.
fn word_border(text: &str, at: usize) -> bool {
    let word = |c: Option<char>| {
        c.is_some_and(|c| regex_syntax::try_is_word_character(c).unwrap_or(false))
    };
    let before = text.get(..at).and_then(|t| t.chars().next_back());
    let behind = text.get(at..).and_then(|t| t.chars().next());
    word(before) != word(behind)
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
