//! Finds tags in every form a model makes of them: one pass, left to right, no regular expression.
//!
//! Everything here is a function of the text alone. A reader that runs off the end of what has arrived answers
//! [`Halt::NeedMore`], so a text cut into chunks anywhere is read exactly like the whole, and no more is held back than
//! what could still become a tag. Every candidate is bounded, so the work is linear.

mod bare;
mod bracket;
mod glyph;
mod skip;

use std::ops::Range;

use crate::map::table::Table;
use crate::tag::alias::Aliases;
use crate::tag::{MAX_LABEL, TagKind, is_label, number};

pub(crate) use glyph::{Glyph, Mode, Peek, Window, invisible};
pub(crate) use skip::{skip, skip_to};

/// Why there is no answer yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    /// It depends on text that has not arrived.
    NeedMore,
    /// The JSON text within so many strings is none: its string holds plain text, which is to be read from here again.
    NotJson(usize),
    /// As [`Self::NotJson`], though it may be one: its escapes are longer than what is read.
    TooLong(usize),
}

/// Which labels count.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    /// Everything any map could ever restore: what must not stand in sealed text by accident.
    Any,
    /// What this table can restore.
    Table(&'a Table),
}

/// What a tag says once its label is understood.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// An entry of the table.
    Value(usize),
    /// A tag the table does not hold, in canonical form.
    Unknown(String),
    /// A form that some map may restore ([`View::Any`]).
    LookAlike,
}

/// What stands at a place of the text.
#[derive(Debug)]
pub(crate) enum Step {
    /// No tag begins here.
    Literal,
    /// A tag.
    Tag(Found),
    /// An unfinished tag reaches from here to there, the end of the text, of a string or of a cell.
    Open(usize),
}

/// A tag in the text, by byte offsets.
#[derive(Debug)]
pub(crate) struct Found {
    /// First byte that belongs to it.
    pub(crate) start: usize,
    /// Byte behind the last.
    pub(crate) end: usize,
    pub(crate) reading: Reading,
}

/// Whether a bare tag may begin: not within a word.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Left {
    blocked: bool,
}

impl Left {
    /// Moves over a character.
    pub(crate) fn pass(&mut self, c: char) {
        // A run of underscores is emphasis or part of a word, as what stands before it.
        if c != '_' {
            self.blocked = c.is_alphanumeric();
        }
    }
}

/// What stands at `at`.
pub(crate) fn step(
    window: &Window<'_>,
    at: usize,
    left: Left,
    view: View<'_>,
) -> Result<Step, Halt> {
    let window = &window.reaching(at);
    let Peek::Glyph(first) = window.unit(at)? else {
        return Ok(Step::Literal);
    };
    if first.ch.is_ascii_uppercase() {
        if left.blocked || window.ends_bare(at + first.len) {
            return Ok(Step::Literal);
        }
        return bare::read(window, at, view);
    }
    if glyph::may_open(first.ch) {
        return bracket::read(window, at, view);
    }
    Ok(Step::Literal)
}

/// All tags of a whole text, and where an unfinished one begins.
pub(crate) fn find_all(text: &str, view: View<'_>) -> (Vec<Found>, Option<usize>) {
    find_others(text, view, &[])
}

/// The same of a text in which canonical tags were written at the places `known`, in their order: these are left out.
pub(crate) fn find_others(
    text: &str,
    view: View<'_>,
    known: &[Range<usize>],
) -> (Vec<Found>, Option<usize>) {
    let window = Window::whole(text);
    let mut known = known.iter().peekable();
    let mut found = Vec::new();
    let mut left = Left::default();
    let mut at = 0;
    loop {
        at = skip(text, at, &mut left);
        // Something else may have taken in the beginning of one.
        while known.next_if(|tag| tag.start < at).is_some() {}
        if let Some(tag) = known.next_if(|tag| tag.start == at) {
            at = tag.end;
            left = Left::default();
            continue;
        }
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else {
            break;
        };
        match step(&window, at, left, view) {
            Ok(Step::Tag(tag)) => {
                at = tag.end;
                // A closing bracket or a digit: nothing bare begins right behind a bare tag.
                left = Left::default();
                found.push(tag);
                continue;
            }
            Ok(Step::Open(_)) => return (found, Some(at)),
            Ok(Step::Literal) | Err(_) => {}
        }
        left.pass(c);
        at += c.len_utf8();
    }
    (found, None)
}

/// Label and number as they were read.
#[derive(Debug)]
pub(crate) struct Seen<'a> {
    /// The label without case, accents and separators.
    folded: &'a str,
    /// The label as it stands, where label and brackets are canonical.
    canonical: Option<&'a str>,
    digits: &'a str,
}

impl View<'_> {
    /// Whether some label begins with these folded letters.
    fn has_prefix(&self, folded: &str) -> bool {
        match self {
            // Asked first: a tenant's own label can be nearly anything.
            Self::Any if any_own(folded) => true,
            Self::Table(table) if table.own_prefix(folded) => true,
            _ => Aliases::get().has_prefix(folded),
        }
    }

    /// Whether these folded letters are a label. A tenant's own needs a separator before the number.
    fn has_label(&self, folded: &str, separated: bool) -> bool {
        let own = match self {
            Self::Any => any_own(folded),
            Self::Table(table) => !table.own_kinds(folded).is_empty(),
        };
        separated && own || !Aliases::get().kinds(folded).is_empty()
    }

    /// What a tag in exactly our form means, where that is all there is to ask.
    fn canonical(&self, label: &str, digits: &str) -> Option<Reading> {
        match self {
            Self::Any => is_label(label).then_some(Reading::LookAlike),
            Self::Table(table) => {
                if let Some(kind) = table.kind_of(label) {
                    return Some(look_up(table, kind, digits));
                }
                let kind = TagKind::new(label).filter(|kind| !kind.is_own())?;
                Some(unknown(kind.as_str(), digits))
            }
        }
    }

    /// What the tag means here; `None` when it is none.
    fn resolve(&self, seen: &Seen<'_>) -> Option<Reading> {
        let table = match self {
            Self::Any => return Some(Reading::LookAlike),
            Self::Table(table) => table,
        };
        let exact = seen.canonical.and_then(TagKind::new);
        if let Some(kind) = &exact
            && (table.holds(kind) || !kind.is_own())
        {
            return Some(look_up(table, kind, seen.digits));
        }
        let words = Aliases::get().kinds(seen.folded);
        let own = table.own_kinds(seen.folded);
        let all = || words.iter().chain(own);
        let mut held = all().filter(|kind| table.holds(kind));
        match (held.next(), held.next()) {
            (Some(kind), None) => Some(look_up(table, kind, seen.digits)),
            (Some(_), Some(_)) => Some(unknown(&seen.folded.to_uppercase(), seen.digits)),
            (None, _) => match (all().next(), all().nth(1), exact) {
                (Some(kind), None, _) => Some(unknown(kind.as_str(), seen.digits)),
                (Some(_), Some(_), _) => Some(unknown(&seen.folded.to_uppercase(), seen.digits)),
                // A label of nobody, in exactly our form: the model made it up.
                (None, _, Some(kind)) => Some(unknown(kind.as_str(), seen.digits)),
                (None, _, None) => None,
            },
        }
    }
}

fn look_up(table: &Table, kind: &TagKind, digits: &str) -> Reading {
    // Never fuzzy on the number: with a leading zero it is another tag, and nobody's.
    number(digits)
        .and_then(|n| table.entry_of(kind, n))
        .map_or_else(|| unknown(kind.as_str(), digits), Reading::Value)
}

fn unknown(label: &str, digits: &str) -> Reading {
    Reading::Unknown(format!("[{label}_{digits}]"))
}

/// Whether a tenant's own label could fold to this.
fn any_own(folded: &str) -> bool {
    folded.len() <= MAX_LABEL
        && folded.starts_with(|c: char| c.is_ascii_alphabetic())
        && folded.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::provenance::Provenance;
    use crate::tag::Tag;

    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            3 => prop::sample::select(vec![
                "PERSON", "person", "PER", "FOO", "FOO_1", "TEXT", "ORDER", "Nom", "A", "1", "2", "07", "123456789",
                "0612345678",
            ]).prop_map(str::to_owned),
            3 => "[_\\-\\\\ \u{200b}\u{ad}\u{2011}\u{ff3f}.s&*]{1,2}",
            1 => "[\\[\\]\\{\\}()<>|\n]{1,2}",
            1 => prop::sample::select(vec!["&#95;", "&lowbar;", "&lsqb;", "&#93;", "&shy;"]).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::times(10_000), failure_persistence: None, ..ProptestConfig::default() })]

        /// What some map would restore, or report, is seen before the text is sealed, whatever that map holds.
        #[test]
        fn what_a_map_reads_is_read_by_any(
            pieces in prop::collection::vec(piece(), 1..14),
            labels in prop::sample::subsequence(vec!["PERSON", "ORDER", "FOO", "FOO_1", "TEXT"], 0..5),
        ) {
            let text = pieces.concat();
            let mut table = Table::default();
            for label in labels {
                let kind = TagKind::new(label).unwrap();
                for number in 1..3 {
                    let value = format!("{label} {number}");
                    table.insert(Tag::new(kind.clone(), number).unwrap(), &value, Provenance::Customer);
                }
            }
            let (any, open) = find_all(&text, View::Any);
            let (of_table, cut) = find_all(&text, View::Table(&table));
            for tag in &of_table {
                prop_assert!(
                    any.iter().any(|seen| seen.start < tag.end && tag.start < seen.end)
                        || open.is_some_and(|open| open < tag.end),
                    "{text:?}: {tag:?}"
                );
            }
            if let Some(cut) = cut {
                prop_assert!(open.is_some() || any.iter().any(|seen| seen.end > cut), "{text:?}: cut at {cut}");
            }
        }
    }
}
