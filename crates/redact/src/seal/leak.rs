//! The egress check: no value of the map, in no spelling of it, stands in text that leaves.
//!
//! What is searched, so that a value like "an" or "12" does not make every text unsendable:
//!
//! | value | is looked for as |
//! |-|-|
//! | fewer than 3 letters or digits; fewer than 4 digits alone | not at all |
//! | any other | whole words, case, accents, spacing and invisible characters folded |
//! | 3 letters; one capitalised word (person, town, organisation, custom) | the same, and written with a capital |
//! | 7 or more digits | these digits, whatever separates them, inside longer numbers too |
//! | 8 or more letters and digits | these, with up to three signs between them, at the edge of a word |
//! | phone of 9 or more digits | its last 8 digits: with or without country code |
//! | person of two or more words | each word of 4 or more letters, capitalised as in the name |
//! | `TEXT` | not at all: a look-alike is no personal data |
//!
//! The same behind escapes and encodings, see [`super::escaped`].

use aho_corasick::{AhoCorasick, Input, MatchKind};
use pii_detect::Kind;
use unicode_normalization::char::is_combining_mark;

use crate::map::table::Table;
use crate::scan::invisible;
use crate::seal::escaped::{runs, unescaped};
use crate::tag::TagKind;
use crate::tag::alias::fold;

/// Longest form that is searched, in bytes; a longer value is found by its beginning.
const LONGEST: usize = 256;

/// Escapes within escapes that are undone.
const LAYERS: usize = 3;

/// Words that are part of many names and of nobody's.
const PARTICLES: [&str; 10] = [
    "della", "delle", "dello", "degli", "dalla", "junior", "senior", "herr", "frau", "madame",
];

/// A value in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: TagKind,
}

/// How a form must stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// As whole words.
    Words,
    /// As whole words, at least one capital among them.
    Capital,
    /// A word of a longer name, capitalised.
    Part,
    /// Digits with anything between them.
    Digits,
    /// Letters and digits with little between them.
    Compact,
}

struct Form {
    kind: TagKind,
    shape: Shape,
}

/// All forms of the values of a map.
pub(crate) struct Needles {
    words: Option<AhoCorasick>,
    word_forms: Vec<Form>,
    compact: Option<AhoCorasick>,
    compact_forms: Vec<Form>,
}

#[derive(Default)]
struct Collected {
    words: Vec<zeroize::Zeroizing<String>>,
    word_forms: Vec<Form>,
    compact: Vec<zeroize::Zeroizing<String>>,
    compact_forms: Vec<Form>,
}

impl Needles {
    /// The forms of every value; `None` where they are too many to search.
    pub(crate) fn new(table: &Table) -> Option<Self> {
        let mut all = Collected::default();
        for (tag, value) in table.entries() {
            if *tag.kind() != TagKind::TEXT {
                all.add(tag.kind(), value);
            }
        }
        Some(Self {
            words: automaton(&all.words)?,
            word_forms: all.word_forms,
            compact: automaton(&all.compact)?,
            compact_forms: all.compact_forms,
        })
    }

    /// The values that stand in a piece of text, sorted, without overlap.
    ///
    /// `lenient` passes over a word of a name at the beginning of a sentence, where any word has a capital.
    pub(crate) fn hits(&self, text: &str, lenient: bool) -> Vec<Hit> {
        if self.words.is_none() && self.compact.is_none() {
            return Vec::new();
        }
        let mut hits = Vec::new();
        self.layer(text, lenient, LAYERS, &mut hits);
        merged(hits)
    }

    /// The values in a text and in what it stands for, `deeper` layers of escapes down.
    fn layer(&self, text: &str, lenient: bool, deeper: usize, hits: &mut Vec<Hit>) {
        self.plain(text, lenient, hits);
        let Some(deeper) = deeper.checked_sub(1) else {
            return;
        };
        let mut below = Vec::new();
        if let Some(plain) = unescaped(text) {
            self.layer(&plain.text, lenient, deeper, &mut below);
            hits.extend(below.drain(..).filter_map(|hit| {
                let (start, end) = plain.source(hit.start, hit.end)?;
                Some(Hit { start, end, ..hit })
            }));
        }
        runs(text, |decoded, start, end| {
            self.layer(decoded, lenient, deeper, &mut below);
            hits.extend(below.drain(..).map(|hit| Hit { start, end, ..hit }));
        });
    }

    /// The values that stand in a text as it is.
    fn plain(&self, text: &str, lenient: bool, hits: &mut Vec<Hit>) {
        if let Some(automaton) = &self.words {
            let folded = Folded::words(text);
            search(automaton, &folded, &mut |pattern, from, to| {
                let form = self.word_forms.get(pattern)?;
                let (start, end) = folded.source(from, to)?;
                let found = text.get(start..end)?;
                let before = text.get(..start)?;
                let whole = !glued(before.chars().next_back(), found.chars().next())
                    && !glued(found.chars().next_back(), text.get(end..)?.chars().next());
                let fits = whole
                    && match form.shape {
                        Shape::Capital => found.chars().any(char::is_uppercase),
                        Shape::Part => {
                            found.starts_with(char::is_uppercase)
                                && !(lenient && begins_sentence(before))
                        }
                        _ => true,
                    };
                fits.then(|| Hit {
                    start,
                    end,
                    kind: form.kind.clone(),
                })
            })
            .for_each_into(hits);
        }
        if let Some(automaton) = &self.compact {
            let folded = Folded::compact(text);
            search(automaton, &folded, &mut |pattern, from, to| {
                let form = self.compact_forms.get(pattern)?;
                if !folded.is_tight(text, from, to, form.shape) {
                    return None;
                }
                let (start, end) = folded.source(from, to)?;
                let before = text.get(..start)?;
                let after = text.get(end..)?;
                let edge = !before.ends_with(char::is_alphanumeric)
                    || !after.starts_with(char::is_alphanumeric);
                // The rest of the word goes with it: "mariedupont75".
                let word = |c: &char| c.is_alphanumeric();
                let mut start = start
                    - before
                        .chars()
                        .rev()
                        .take_while(word)
                        .map(char::len_utf8)
                        .sum::<usize>();
                if form.kind.kind() == Some(Kind::Phone) {
                    start -= prefix_of_phone(text.get(..start)?);
                }
                let end = end
                    + after
                        .chars()
                        .take_while(word)
                        .map(char::len_utf8)
                        .sum::<usize>();
                (edge || form.shape == Shape::Digits || to - from >= 12).then(|| Hit {
                    start,
                    end,
                    kind: form.kind.clone(),
                })
            })
            .for_each_into(hits);
        }
    }
}

impl Collected {
    fn add(&mut self, kind: &TagKind, value: &str) {
        let folded = Folded::words(value);
        let words = cut(folded.text.trim());
        let compact = Folded::compact(value);
        let count = compact.text.chars().count();
        let digits = compact.text.bytes().all(|b| b.is_ascii_digit());
        if count < 3 || digits && count < 4 {
            return;
        }
        let one_word = value.trim().chars().all(char::is_alphabetic);
        let nameable = matches!(
            kind.kind(),
            None | Some(Kind::Person | Kind::Location | Kind::Org | Kind::Username | Kind::Custom)
        );
        let capital = value.contains(char::is_uppercase);
        let shape = if one_word && capital && (nameable || count < 4) {
            Shape::Capital
        } else {
            Shape::Words
        };
        self.word(words, kind, shape);
        if kind.kind() == Some(Kind::Person) {
            self.parts(kind, value);
        }
        if digits && count >= 7 {
            self.compact(cut(&compact.text), kind, Shape::Digits);
        } else if count >= 8 && !one_word && !matches!(kind.kind(), Some(Kind::Amount | Kind::Age))
        {
            self.compact(cut(&compact.text), kind, Shape::Compact);
        }
        if kind.kind() == Some(Kind::Phone) {
            let number: String = compact.text.chars().filter(char::is_ascii_digit).collect();
            let number = zeroize::Zeroizing::new(number);
            if number.len() >= 9 {
                let tail = number.get(number.len() - 8..).unwrap_or_default();
                self.compact(tail, kind, Shape::Digits);
            }
        }
    }

    fn parts(&mut self, kind: &TagKind, value: &str) {
        let words = || {
            value
                .split(|c: char| !c.is_alphabetic())
                .filter(|w| !w.is_empty())
        };
        if words().nth(1).is_none() {
            return;
        }
        for word in words().filter(|w| w.starts_with(char::is_uppercase)) {
            let folded = Folded::words(word);
            if word.chars().count() >= 4 && !PARTICLES.contains(&folded.text.as_str()) {
                self.word(&folded.text, kind, Shape::Part);
            }
        }
    }

    fn word(&mut self, form: &str, kind: &TagKind, shape: Shape) {
        if !form.is_empty() {
            self.words.push(form.to_owned().into());
            self.word_forms.push(Form {
                kind: kind.clone(),
                shape,
            });
        }
    }

    fn compact(&mut self, form: &str, kind: &TagKind, shape: Shape) {
        self.compact.push(form.to_owned().into());
        self.compact_forms.push(Form {
            kind: kind.clone(),
            shape,
        });
    }
}

/// `Some(None)` for no forms, `None` for more than the automaton takes.
#[expect(
    clippy::option_option,
    reason = "nothing to search is no failure to search"
)]
fn automaton(forms: &[zeroize::Zeroizing<String>]) -> Option<Option<AhoCorasick>> {
    if forms.is_empty() {
        return Some(None);
    }
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(forms.iter().map(|form| form.as_bytes()))
        .ok()
        .map(Some)
}

fn cut(form: &str) -> &str {
    form.get(..form.floor_char_boundary(LONGEST))
        .unwrap_or(form)
}

struct Hits(Vec<Hit>);

impl Hits {
    fn for_each_into(self, out: &mut Vec<Hit>) {
        out.extend(self.0);
    }
}

/// Searches from left to right. Behind a match that does not count the search goes on one word later, so it hides
/// nothing; forms are short, so this stays linear.
fn search(
    automaton: &AhoCorasick,
    folded: &Folded,
    judge: &mut dyn FnMut(usize, usize, usize) -> Option<Hit>,
) -> Hits {
    let mut hits = Vec::new();
    let mut at = 0;
    while let Some(found) = automaton.find(Input::new(&folded.text).range(at..)) {
        match judge(found.pattern().as_usize(), found.start(), found.end()) {
            Some(hit) => {
                hits.push(hit);
                at = found.end();
            }
            None => {
                at = (found.start() + 1..=folded.text.len())
                    .find(|&i| folded.text.is_char_boundary(i))
                    .unwrap_or(folded.text.len());
            }
        }
    }
    Hits(hits)
}

/// Text without what does not count, and where each byte of it comes from.
struct Folded {
    text: zeroize::Zeroizing<String>,
    /// For each byte of `text`: first and last-but-one byte of its character in the source.
    from: Vec<(usize, usize)>,
}

impl Folded {
    /// Case, accents, invisible characters and the width of spaces folded.
    fn words(source: &str) -> Self {
        Self::new(source, |c, emit| {
            if invisible(c) || is_combining_mark(c) {
                return;
            }
            if c.is_whitespace() {
                emit(' ');
                return;
            }
            let mut any = false;
            fold(c, &mut |c| {
                any = true;
                emit(c);
            });
            if !any {
                emit(match c {
                    '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                    '\u{2018}' | '\u{2019}' => '\'',
                    other => other,
                });
            }
        })
    }

    /// Letters and digits alone.
    fn compact(source: &str) -> Self {
        Self::new(source, |c, emit| fold(c, emit))
    }

    fn new(source: &str, fold: impl Fn(char, &mut dyn FnMut(char))) -> Self {
        let mut text = zeroize::Zeroizing::new(String::with_capacity(source.len() * 2));
        let mut from = Vec::with_capacity(source.len());
        for (at, c) in source.char_indices() {
            fold(c, &mut |folded| {
                if folded == ' ' && text.ends_with(' ') {
                    return;
                }
                text.push(folded);
                from.extend(std::iter::repeat_n(
                    (at, at + c.len_utf8()),
                    folded.len_utf8(),
                ));
            });
        }
        Self { text, from }
    }

    /// Where a range of the folded text stands in the source.
    fn source(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((self.from.get(from)?.0, self.from.get(to.checked_sub(1)?)?.1))
    }

    /// Whether little enough stands between the characters of a compact match.
    fn is_tight(&self, source: &str, from: usize, to: usize, shape: Shape) -> bool {
        let Some(places) = self.from.get(from..to) else {
            return false;
        };
        places.windows(2).all(|pair| {
            let [(_, end), (next, _)] = pair else {
                return true;
            };
            let between = source.get(*end..*next).unwrap_or_default();
            between.chars().filter(|c| !invisible(*c)).count() <= 3
                && between.matches('\n').count() <= 1
                && (shape != Shape::Compact || !between.contains(['!', '?']))
        })
    }
}

/// Bytes of a country code or trunk digits at the end of `before`: "+33 (0)6 ".
fn prefix_of_phone(before: &str) -> usize {
    let mut length = 0;
    let mut digits = 0;
    let mut taken = 0;
    let mut signs = 0;
    for c in before.chars().rev() {
        length += c.len_utf8();
        match c {
            '0'..='9' if digits < 6 => {
                digits += 1;
                signs = 0;
                taken = length;
            }
            '+' if signs == 0 => return length,
            ' ' | '.' | '-' | '/' | '(' | ')' | '\u{a0}' if signs < 2 => signs += 1,
            // A longer number is another one.
            c if c.is_ascii_digit() || signs == 0 && c.is_alphanumeric() => return 0,
            _ => break,
        }
    }
    taken
}

/// Whether a boundary runs through a word or number.
fn glued(before: Option<char>, after: Option<char>) -> bool {
    matches!((before, after), (Some(b), Some(a)) if b.is_alphanumeric() && a.is_alphanumeric())
}

fn begins_sentence(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t', '"', '\'', '(', '*', '\u{ab}', '\u{201c}']);
    before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n', '\u{2026}'])
}

/// Overlapping hits become one, of the kind of the longest.
fn merged(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let mut out: Vec<Hit> = Vec::with_capacity(hits.len());
    let mut longest = 0;
    for hit in hits {
        let length = hit.end - hit.start;
        match out.last_mut() {
            Some(last) if hit.start < last.end => {
                last.end = last.end.max(hit.end);
                if length > longest {
                    longest = length;
                    last.kind = hit.kind;
                }
            }
            _ => {
                longest = length;
                out.push(hit);
            }
        }
    }
    out
}

/// A text folded as values are, for looking things up in it.
pub(crate) fn folded_words(text: &str) -> String {
    Folded::words(text).text.trim().to_owned()
}
