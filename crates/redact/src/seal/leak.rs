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

use std::ops::Range;
use std::sync::OnceLock;

use pii_detect::Kind;

use crate::map::table::Table;
use crate::seal::escaped::{runs, unescaped};
use crate::tag::TagKind;

mod filter;
mod find;
mod folded;
mod forms;

use filter::Filter;
use find::Index;
pub(crate) use folded::words as folded_words;
use folded::{Buffer, Folded};
use forms::Forms;

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
#[derive(Default)]
pub(crate) struct Needles {
    words: Forms,
    word_forms: Vec<Form>,
    compact: Forms,
    compact_forms: Vec<Form>,
    /// Tells of nearly every text that it holds none of them. Large, so a plan that moves leaves it where it is.
    filter: Box<Filter>,
    /// Where forms begin; made for the first text that the filter lets through.
    index: OnceLock<Index>,
    /// Entries of the table whose forms are here.
    known: usize,
}

impl Needles {
    /// The forms of every value.
    pub(crate) fn new(table: &Table) -> Self {
        let mut all = Self::default();
        all.follow(table);
        all
    }

    /// Adds the forms of what the table got since.
    pub(crate) fn follow(&mut self, table: &Table) {
        if self.known == table.len() {
            return;
        }
        let new = table.len().saturating_sub(self.known);
        self.word_forms.reserve(2 * new);
        let mut buffers = [Buffer::new(), Buffer::new()];
        for (tag, value) in table.entries().skip(self.known) {
            if *tag.kind() != TagKind::TEXT {
                self.add(tag.kind(), value, &mut buffers);
            }
        }
        self.known = table.len();
        self.index = OnceLock::new();
    }

    /// The values that stand in a piece of text, sorted, without overlap.
    ///
    /// `lenient` passes over a word of a name at the beginning of a sentence, where any word has a capital.
    pub(crate) fn hits(&self, text: &str, lenient: bool) -> Vec<Hit> {
        if self.words.is_empty() && self.compact.is_empty() {
            return Vec::new();
        }
        let mut hits = Vec::new();
        self.layer(text, lenient, LAYERS, &mut hits);
        merged(hits)
    }

    /// The values in a text and in what it stands for, `deeper` layers of escapes down.
    fn layer(&self, text: &str, lenient: bool, deeper: usize, hits: &mut Vec<Hit>) {
        // No form is shorter: most of what stands between two tags is a sign or a space.
        if text.len() < 3 {
            return;
        }
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
        self.filter.places(text, &mut |place| {
            self.around(text, &place, lenient, hits);
        });
    }

    /// The values that begin in a part of a text. What stands around it decides whether they end as words do.
    fn around(&self, text: &str, place: &Range<usize>, lenient: bool, hits: &mut Vec<Hit>) {
        let part = text.get(place.clone()).unwrap_or_default();
        let there = |(start, end): (usize, usize)| (place.start + start, place.start + end);
        let index = self
            .index
            .get_or_init(|| Index::new(&self.words, &self.compact));
        if !self.words.is_empty() {
            let folded = Folded::words(part);
            index.words(&self.words, &folded, &mut |pattern, from, to| {
                let form = self.word_forms.get(pattern)?;
                let (start, end) = folded.source(from, to).map(there)?;
                let found = text.get(start..end)?;
                let before = text.get(..start)?;
                let whole = folded.is_whole(to)
                    && !glued(before.chars().next_back(), found.chars().next())
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
                fits.then(|| {
                    hits.push(Hit {
                        start,
                        end,
                        kind: form.kind.clone(),
                    });
                })
            });
        }
        if !self.compact.is_empty() {
            let folded = Folded::compact(part);
            index.compact(&self.compact, &folded, &mut |pattern, from, to| {
                let form = self.compact_forms.get(pattern)?;
                if !folded.is_tight(part, from, to, form.shape) {
                    return None;
                }
                let (start, end) = folded.source(from, to).map(there)?;
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
                        .take(LONGEST)
                        .take_while(word)
                        .map(char::len_utf8)
                        .sum::<usize>();
                if form.kind.kind() == Some(Kind::Phone) {
                    start -= prefix_of_phone(text.get(..start)?);
                }
                let end = end
                    + after
                        .chars()
                        .take(LONGEST)
                        .take_while(word)
                        .map(char::len_utf8)
                        .sum::<usize>();
                (edge || form.shape == Shape::Digits || to - from >= 12).then(|| {
                    hits.push(Hit {
                        start,
                        end,
                        kind: form.kind.clone(),
                    });
                })
            });
        }
    }

    fn add(&mut self, kind: &TagKind, value: &str, [one, other]: &mut [Buffer; 2]) {
        let of = kind.kind();
        let whole = cut(one.words(value).trim());
        let compact = other.compact(value);
        let count = compact.chars().count();
        let digits = compact.bytes().all(|b| b.is_ascii_digit());
        if count < 3 || digits && count < 4 {
            return;
        }
        let one_word = value.trim().chars().all(char::is_alphabetic);
        let nameable = matches!(
            of,
            None | Some(Kind::Person | Kind::Location | Kind::Org | Kind::Username | Kind::Custom)
        );
        let capital = value.contains(char::is_uppercase);
        let shape = if one_word && capital && (nameable || count < 4) {
            Shape::Capital
        } else {
            Shape::Words
        };
        self.word(whole, kind, shape);
        if of == Some(Kind::Person) {
            self.parts(kind, value, one);
        }
        if digits && count >= 7 {
            self.compact_form(cut(compact), kind, Shape::Digits);
        } else if count >= 8 && !one_word && !matches!(of, Some(Kind::Amount | Kind::Age)) {
            self.compact_form(cut(compact), kind, Shape::Compact);
        }
        if of == Some(Kind::Phone) {
            // An extension may stand behind it in letters.
            let number = if digits { compact } else { one.digits(compact) };
            if number.len() >= 9 {
                let tail = number.get(number.len() - 8..).unwrap_or_default();
                self.compact_form(tail, kind, Shape::Digits);
            }
        }
    }

    fn parts(&mut self, kind: &TagKind, value: &str, buffer: &mut Buffer) {
        let parts = || {
            value
                .split(|c: char| !c.is_alphabetic())
                .filter(|w| !w.is_empty())
        };
        if parts().nth(1).is_none() {
            return;
        }
        for word in parts().filter(|w| w.starts_with(char::is_uppercase)) {
            let folded = buffer.words(word);
            if word.chars().count() >= 4 && !PARTICLES.contains(&folded) {
                self.word(folded, kind, Shape::Part);
            }
        }
    }

    fn word(&mut self, form: &str, kind: &TagKind, shape: Shape) {
        if !form.is_empty() {
            self.filter.add_words(form, form.len() + 4 > LONGEST);
            self.words.add(form);
            self.word_forms.push(Form {
                kind: kind.clone(),
                shape,
            });
        }
    }

    fn compact_form(&mut self, form: &str, kind: &TagKind, shape: Shape) {
        self.filter.add_compact(form);
        self.compact.add(form);
        self.compact_forms.push(Form {
            kind: kind.clone(),
            shape,
        });
    }
}

fn cut(form: &str) -> &str {
    form.get(..form.floor_char_boundary(LONGEST))
        .unwrap_or(form)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::provenance::Provenance;

    fn piece() -> impl Strategy<Value = String> {
        let pieces = vec![
            "Marie",
            "marie",
            "MARIE",
            "Dupont",
            "Du\u{200b}pont",
            "Zo\u{eb}",
            "Zoe\u{301}",
            " ",
            " ",
            "\n",
            "   ",
            "-",
            "'",
            ".",
            "@",
            "+33 6 12 34 56 78",
            "06.12.34.56.78",
            "0612345678",
            "12",
            "3",
            "a",
            "marie.dupont",
            "@mail.example",
            "mail",
            "%20",
            "%C3%AB",
            "\\u00eb",
            "TWFyaWUgRHVwb250",
            "\u{df}",
            "\u{fb03}",
            "\u{1f600}",
            "the parcel",
            "A-17",
            "\u{410}\u{43d}\u{43d}\u{430}",
            " \u{41f}\u{435}\u{442}\u{440}\u{43e}\u{432}\u{430}",
            "abcdefg",
            "ABC-DEF",
            "h",
            "!!",
            "\u{2026}\u{2026}\u{2026}",
            "_",
            "MARIE.DUPONT@MAIL.EXAMPLE",
            "m a r i e",
            "Stras",
            "Stra\u{df}",
            "\u{2122}",
            "\u{bd}",
            "\u{ac00}\u{b098}",
            "\u{b09c}",
            "\u{ff94}\u{ff9e}",
            "# 12345",
            "\u{ab} Zoe \u{bb}",
        ];
        prop_oneof![
            9 => prop::sample::select(pieces).prop_map(str::to_owned),
            1 => ".{0,4}",
            1 => (1usize..200).prop_map(|n| "x y ".repeat(n)),
            1 => (1usize..99).prop_map(|n| ". ".repeat(n)),
            1 => "[a-f\u{e9}\u{df}]{1,12}",
        ]
    }

    fn text(most: usize) -> impl Strategy<Value = String> {
        prop::collection::vec(piece(), 1..most).prop_map(|pieces| pieces.concat())
    }

    /// The forms of one value.
    fn of(kind: Kind, value: &str) -> Needles {
        let mut table = Table::default();
        let _ = table.tag_of(&kind.into(), value, Provenance::Customer);
        Needles::new(&table)
    }

    /// The last group of the number is judged when "z" is there; a place that another form has opened by then begins too late.
    #[test]
    fn a_number_is_found_behind_which_another_form_begins() {
        let needles = of(Kind::Phone, "x y +33 6 12 34 56 78");
        for signs in 0..99 {
            let text = format!("a 12 34 56 78{}x y z", ". ".repeat(signs));
            assert_eq!(needles.hits(&text, false).len(), 1, "{signs}");
        }
    }

    #[test]
    fn a_name_is_found_before_a_sign_that_stands_for_letters() {
        let needles = of(Kind::Org, "Quirk Parcels");
        assert_eq!(needles.hits("by Quirk Parcels\u{2122}", false).len(), 1);
    }

    #[test]
    fn what_the_filter_cannot_judge_is_searched() {
        for (kind, value, text) in [
            // Letters that fold to nothing: half-width marks of voice.
            (
                Kind::Person,
                "\u{ff94}\u{ff8f}\u{ff80}\u{ff9e}",
                "\u{ff94}\u{ff8f}\u{ff80}\u{ff9e}",
            ),
            // Spaces that the form has once.
            (Kind::Order, "# 12345", &format!("#{}12345", " ".repeat(70))),
            (
                Kind::Order,
                "(((((((((( 12345",
                &format!("(((((((((({}12345", " ".repeat(70)),
            ),
            // What stands between two words may be nothing to see.
            (Kind::Person, "Marie Zoe", "Marie Zoe\u{200b}Quirk"),
        ] {
            assert_eq!(of(kind, value).hits(text, false).len(), 1, "{text}");
        }
    }

    /// "Stras" is not in "Stra\u{df}e", though it begins what that folds to.
    #[test]
    fn a_letter_is_found_whole() {
        for (value, text) in [
            ("An Stras", "An Stra\u{df}."),
            ("Lee \u{ac00}\u{b098}", "Lee \u{ac00}\u{b09c}"),
        ] {
            assert!(
                of(Kind::Order, value).hits(text, false).is_empty(),
                "{text}"
            );
        }
    }

    /// Where a part of the text that is searched ends is no end of a word.
    #[test]
    fn a_word_goes_on_behind_a_mark() {
        let needles = of(Kind::Person, "Zoe");
        for (letters, spaces) in (0..99).flat_map(|n| [0, 1, 2, 3].map(|k| (n, k))) {
            let between = "x y ".repeat(letters) + &" ".repeat(spaces);
            let text = format!("Zoe. {between}Zoe\u{301}Marie");
            assert_eq!(needles.hits(&text, false).len(), 1, "{letters} {spaces}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::times(4_000), failure_persistence: None, ..ProptestConfig::default() })]

        /// The filter decides how long it takes, never what is found.
        #[test]
        fn the_filter_hides_nothing(
            values in prop::collection::vec((0usize..4, text(4)), 1..6),
            text in text(40),
            lenient in any::<bool>(),
        ) {
            let kinds = [Kind::Person, Kind::Email, Kind::Phone, Kind::Order];
            let mut table = Table::default();
            for (kind, value) in &values {
                let kind = kinds.get(*kind).copied().unwrap_or(Kind::Person);
                let _ = table.tag_of(&kind.into(), value, Provenance::Customer);
            }
            let needles = Needles::new(&table);
            let mut open = Needles::new(&table);
            open.filter.switch_off();
            prop_assert_eq!(needles.hits(&text, lenient), open.hits(&text, lenient));
        }
    }
}
