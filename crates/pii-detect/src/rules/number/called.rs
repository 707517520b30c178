//! "My number is 12 345 678": an identifier written in groups, which nothing but the word before it tells from a quantity.

use crate::cues::Class;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{Cue, Set};

/// Score of a number that is called one and no more.
pub(super) const SCORE: f32 = 0.5;
pub(super) const WHY: &str = "id:number:length";

/// Digits of a number in groups: more than a price or a date, no more than anybody issues.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=20;
/// Longest group.
const GROUP: u8 = 6;

/// What makes "a number of" count.
const OF: [&str; 8] = ["of", "von", "vom", "de", "di", "van", "av", "af"];
/// Units that are too short for a list of words: there they are initials, and articles.
const UNITS: [&str; 17] = [
    "m", "g", "h", "w", "v", "mg", "kg", "km", "cm", "mm", "ml", "cl", "gb", "mb", "kb", "ha", "qm",
];

/// Whether a word for "number" stands close before, and none that means a telephone.
pub(super) fn by(cue: Cue) -> bool {
    cue.strong && cue.near && !cue.phone && cue.all.has(Set::NUMBER)
}

/// Whether a number that a plan knows is no telephone all the same: it is written as thousands are, lacks the zero before the
/// telephones of its language, and is called a number, as it would be in one group, or counts something.
pub(super) fn no_telephone(scan: &Scan<'_>, locale: Option<Locale>, at: usize, cue: Cue) -> bool {
    let zero = matches!(
        locale,
        Some(Locale::German | Locale::French | Locale::English | Locale::Dutch)
    );
    let Some(behind) = run(scan, at).filter(|_| zero) else {
        return false;
    };
    let rest = scan.tokens.all().get(at + 1..behind).unwrap_or(&[]);
    let thousands = rest.len() >= 2 && rest.iter().all(|group| group.chars == 3);
    thousands && (by(cue) || counts(scan, behind))
}

/// Adds the number in groups that begins with the token `at` and is called one; returns the token behind it.
pub(super) fn add(scan: &Scan<'_>, at: usize, cue: Cue, out: &mut Vec<Finding>) -> Option<usize> {
    if !by(cue) || of(scan, at) {
        return None;
    }
    let behind = run(scan, at).filter(|behind| !counts(scan, *behind))?;
    let span = Span::new(scan.tokens.get(at)?.start, scan.tokens.before(behind)?.end)?;
    out.push(Finding::new(span, Kind::Id, SCORE, Why::new(WHY)));
    Some(behind)
}

/// The token behind a number of three groups and more, or of two long ones.
fn run(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let first = tokens.get(at)?;
    if first.shape != Shape::Number {
        return None;
    }
    let joint = tokens.between(at + 1);
    if !matches!(
        joint,
        " " | "-" | "." | "/" | "\u{a0}" | "\u{202f}" | "\u{2009}"
    ) {
        return None;
    }
    let rest = tokens.all().get(at..).unwrap_or(&[]).iter().zip(at..);
    let groups: Vec<&Token> = rest
        .take_while(|(token, here)| {
            token.shape == Shape::Number && (*here == at || tokens.between(*here) == joint)
        })
        .map(|(token, _)| token)
        .take(*DIGITS.end())
        .collect();
    let digits = groups.iter().map(|t| usize::from(t.chars)).sum();
    let sizes = |sizes: std::ops::RangeInclusive<u8>| {
        groups.iter().skip(1).all(|t| sizes.contains(&t.chars)) && first.chars <= *sizes.end()
    };
    let fits = match groups.as_slice() {
        [one, two] => {
            let year = |here| {
                let word = tokens.word(here);
                word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
            };
            one.chars >= 4 && two.chars >= 4 && sizes(4..=GROUP) && !(year(at) && year(at + 1))
        }
        [day, month, year] if year.chars == 4 && day.chars <= 2 && month.chars <= 2 => false,
        [_, _, _, ..] => sizes(2..=GROUP) && groups.iter().any(|t| t.chars >= 3),
        _ => false,
    };
    (fits && DIGITS.contains(&digits)).then_some(at + groups.len())
}

/// "a number of 12 345 678", and the digits behind a decimal sign.
fn of(scan: &Scan<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return false;
    };
    let word = scan.tokens.word(before);
    OF.iter().any(|of| of.eq_ignore_ascii_case(word))
        || scan.tokens.before(at).is_some_and(Token::digits)
            && !matches!(scan.tokens.gap(at), Gap::Line)
}

/// Whether what follows a number says that it is an amount or a measure, or that it goes on.
fn counts(scan: &Scan<'_>, behind: usize) -> bool {
    let tokens = &scan.tokens;
    let between = tokens.between(behind);
    if between
        .trim_start()
        .starts_with(['\u{20ac}', '$', '\u{a3}', '%', '\u{b0}', '\u{2030}'])
    {
        return true;
    }
    let Some(next) = tokens.get(behind) else {
        return false;
    };
    if next.digits() && between.chars().count() == 1 {
        return true;
    }
    let said = next
        .trigger
        .has(Set::CURRENCY.or(Set::MAGNITUDE).or(Set::MONTH));
    let word = tokens.word(behind);
    matches!(next.gap, Gap::Space | Gap::Hyphen)
        && (said
            || next.class.has(Class::MEASURE)
            || UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word)))
}
