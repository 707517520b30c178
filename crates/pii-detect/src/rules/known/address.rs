//! Known addresses: whole, by their lines, abbreviated, in another order, with other signs between.

use super::word::{Likeness, Word, distance};
use super::{add, hashes, whole};
use crate::finding::Finding;
use crate::kind::Kind;
use crate::lexicon::folded;
use crate::scan::Scan;
use crate::token::{Gap, Tokens};
use zeroize::Zeroizing;

/// Words for streets that people write in full or short, folded; a form of each row stands for the others.
const TYPES: [&[&str]; 14] = [
    &["strasse", "str", "straat"],
    &["street", "st"],
    &["road", "rd"],
    &["avenue", "av", "ave", "avenida", "avda", "avd"],
    &["boulevard", "bd", "blvd", "boul"],
    &["drive", "dr"],
    &["lane", "ln"],
    &["square", "sq"],
    &[
        "place", "pl", "platz", "plaza", "pza", "plz", "piazza", "pzza",
    ],
    &["calle", "c", "cl"],
    &["via", "v"],
    &["viale", "vle"],
    &["rua", "r", "rue"],
    &[
        "apartment",
        "apt",
        "appartement",
        "app",
        "appt",
        "apartamento",
        "apto",
    ],
];

/// Adds where the address stands, or enough of it.
pub(super) fn find(scan: &Scan<'_>, value: &str, words: &[u64], out: &mut Vec<Finding>) {
    whole(scan, words, Kind::Address, "known:address:exact", out);
    let parts: Vec<&str> = value.split(['\n', ',', ';']).collect();
    for part in parts.iter().filter(|_| parts.len() > 1) {
        let words = hashes(part);
        // A single number would be found all over the text.
        if words.len() > 1 || part.chars().filter(|c| c.is_alphabetic()).count() >= 4 {
            whole(scan, &words, Kind::Address, "known:address:part", out);
        }
    }
    respelt(scan, value, out);
}

/// A word of the address: its number, the sort of street it is, or a name.
enum Part {
    Digits(Zeroizing<Vec<u8>>),
    Type(usize),
    Name(Word),
}

fn part(word: &str) -> Option<Part> {
    let bytes = Zeroizing::new(folded(word));
    if word.bytes().any(|b| b.is_ascii_digit()) {
        return Some(Part::Digits(bytes));
    }
    if let Some(row) = street_type(&bytes) {
        return Some(Part::Type(row));
    }
    (bytes.len() >= 2).then(|| Part::Name(Word::new(word)))
}

fn street_type(bytes: &[u8]) -> Option<usize> {
    TYPES
        .iter()
        .position(|row| row.iter().any(|t| t.as_bytes() == bytes))
}

/// The stem of a compound street name: `haupt` of `hauptstrasse` and `hauptstr`.
fn stem(bytes: &[u8]) -> Option<&[u8]> {
    [&b"strasse"[..], b"straat", b"str"]
        .iter()
        .find_map(|end| bytes.strip_suffix(*end))
        .filter(|stem| stem.len() >= 3)
}

/// Runs of words that are the address's own.
fn respelt(scan: &Scan<'_>, value: &str, out: &mut Vec<Finding>) {
    let own = Tokens::new(value);
    let parts: Vec<Part> = (0..own.all().len())
        .filter_map(|at| part(own.word(at)))
        .collect();
    let tokens = &scan.tokens;
    // 0 none, 1 sort of street or letter of a house, 2 number, 3 name.
    let belongs = |at: usize| -> u8 {
        let Some(token) = tokens.get(at) else {
            return 0;
        };
        let bytes = Zeroizing::new(folded(tokens.word(at)));
        let mut best = 0;
        for part in &parts {
            let here = match part {
                Part::Digits(digits) => {
                    let number = digits.iter().take_while(|b| b.is_ascii_digit()).count();
                    if digits.as_slice() == bytes.as_slice()
                        || number > 0 && digits.get(..number) == Some(bytes.as_slice())
                    {
                        2
                    } else {
                        u8::from(digits.get(number..) == Some(bytes.as_slice()) && bytes.len() == 1)
                    }
                }
                Part::Type(row) => u8::from(street_type(&bytes) == Some(*row)),
                Part::Name(word) => {
                    let compound = stem(&word.bytes)
                        .zip(stem(&bytes))
                        .is_some_and(|(a, b)| a == b || a.len() >= 5 && distance(a, b, 1) <= 1);
                    match word.like(tokens, at) {
                        _ if compound => 3,
                        Some(Likeness::Same) if token.chars >= 4 => 3,
                        Some(Likeness::Same) => 1,
                        Some(_) => 3,
                        None => 0,
                    }
                }
            };
            best = best.max(here);
        }
        best
    };
    let mut at = 0;
    while at < tokens.all().len() {
        if belongs(at) == 0 {
            at += 1;
            continue;
        }
        let from = at;
        let (mut names, mut numbers) = (0, 0);
        let mut to = at;
        loop {
            match belongs(at) {
                0 => break,
                2 => {
                    numbers += 1;
                    to = at + 1;
                }
                3 => {
                    names += 1;
                    to = at + 1;
                }
                _ => to = at + 1,
            }
            at += 1;
            let near = !matches!(tokens.gap(at), Gap::Start) && tokens.between(at).len() <= 4;
            if !near {
                break;
            }
        }
        // A number and a name, or two names beside each other with a sort of street.
        if names >= 1 && numbers >= 1 || names >= 2 && to - from >= 3 {
            add(
                scan,
                from,
                to,
                Kind::Address,
                0.95,
                "known:address:words",
                out,
            );
        }
    }
}
