//! Numbers of a known plan: national and tax ids, parcels, devices. Form and check digits prove some of them, a word
//! beside them the rest.

use crate::checksum::{self, Scheme, Written};
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::rules::number::Compact;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{self, Cue, Set};

/// Most tokens of one number: a French NIR is written in up to seven groups, a Swiss VAT number in five.
const PARTS: usize = 10;
/// Most characters of a word that may begin a number: six letters of a codice fiscale.
const HEAD: u8 = 6;
/// Most characters of a word within or at the end of one.
const WORD: u8 = 4;

/// The words before a number, read when the first scheme asks.
struct Words<'s, 't> {
    scan: &'s Scan<'t>,
    at: usize,
    cue: Option<Cue>,
}

impl Words<'_, '_> {
    fn cue(&mut self) -> Cue {
        let (scan, at) = (self.scan, self.at);
        *self.cue.get_or_insert_with(|| trigger::before(scan, at))
    }
}

/// The tokens `from..behind`, read as one number.
struct Reading {
    from: usize,
    behind: usize,
    how: Written,
}

/// Finds a number of a known plan; returns the token behind it.
pub(crate) fn by_form(
    scan: &Scan<'_>,
    at: usize,
    free: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    // "AB 123..." and "X-1234567-L" begin with letters of their own.
    let starts = [
        (at > free && begins(scan, at - 1, at)).then(|| at - 1),
        Some(at),
    ];
    if !long_enough(scan, at) {
        return None;
    }
    for from in starts.into_iter().flatten() {
        let mut words = Words {
            scan,
            at: from,
            cue: None,
        };
        if let Some((finding, behind)) = longest(scan, from, &mut words) {
            out.push(finding);
            return Some(behind);
        }
    }
    None
}

/// Whether what stands here can have the length of a number at all; the cheap question first.
fn long_enough(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    let goes_on = |here: usize| {
        tokens.gap(here) != Gap::Line && checksum::separator(tokens.between(here)).is_some()
    };
    let chars = |here: usize| tokens.get(here).map_or(0, |t| usize::from(t.chars));
    let head = if at > 0 {
        chars(at - 1).min(usize::from(HEAD))
    } else {
        0
    };
    head + chars(at) >= checksum::SHORTEST || goes_on(at + 1)
}

/// Whether the word at `at` can be the beginning of the number at `next`.
fn begins(scan: &Scan<'_>, at: usize, next: usize) -> bool {
    let between = scan.tokens.between(next);
    scan.tokens.get(at).is_some_and(|token| {
        token.word()
            && token.chars <= HEAD
            && checksum::separator(between).is_some()
            // "Passport NR 123456": what says that a number follows is no part of it.
            && !trigger::of(&scan.tokens, at).has(trigger::CODES.or(Set::NUMBER))
            && (token.shape == Shape::Upper || token.shape == Shape::Initial || between != " ")
    })
}

/// The longest reading from a token that is a number of some plan.
fn longest(scan: &Scan<'_>, from: usize, words: &mut Words<'_, '_>) -> Option<(Finding, usize)> {
    let tokens = &scan.tokens;
    let mut compact = Compact::new();
    let mut how = Written {
        groups: 0,
        separators: 0,
    };
    let mut best = None;
    for here in from..from + PARTS {
        let Some(token) = tokens.get(here) else {
            break;
        };
        if here > from {
            let Some(bit) = checksum::separator(tokens.between(here)) else {
                break;
            };
            if token.word() && !goes_on(token, bit) {
                break;
            }
            how.separators |= bit;
        }
        if !compact.push(tokens.word(here)) {
            break;
        }
        how.groups = how.groups << 4 | u64::from(token.chars.min(15));
        let bytes = compact.bytes();
        let next = here + 1;
        if bytes.len() < checksum::SHORTEST || joined(scan, next) {
            continue;
        }
        let reading = Reading {
            from,
            behind: next,
            how,
        };
        if let Some(found) = judge(scan, bytes, &reading, words) {
            best = Some((found, next));
        }
    }
    best
}

/// Whether a word can stand within a number, behind that separator.
fn goes_on(token: &Token, separator: u8) -> bool {
    token.chars <= WORD
        && (matches!(token.shape, Shape::Upper | Shape::Initial) || separator != checksum::SPACE)
}

/// Nothing is proved by the beginning of something longer.
fn joined(scan: &Scan<'_>, next: usize) -> bool {
    let tokens = &scan.tokens;
    tokens.get(next).is_some_and(|token| {
        matches!(
            tokens.between(next),
            "-" | "." | "/" | "\u{2010}" | "\u{2011}" | "\u{2013}" | "_"
        ) && tokens.gap(next) != Gap::Line
            && (token.digits() || token.chars == 1)
    })
}

/// What a compact number is, where a check proves it or a word says so.
fn judge(
    scan: &Scan<'_>,
    text: &[u8],
    reading: &Reading,
    words: &mut Words<'_, '_>,
) -> Option<Finding> {
    let tokens = &scan.tokens;
    let digits = text.iter().all(u8::is_ascii_digit);
    let mut named = None;
    for scheme in checksum::schemes(text) {
        let alone = checksum::alone(scheme, text, reading.how) && !loose_end(scan, reading.behind);
        let cue = words.cue();
        if digits && (cue.noun.has(Set::PHONE.or(Set::CARD)) || counted(scan, reading)) {
            return None;
        }
        // What an order or a customer is numbered by stays theirs, whatever the digits prove; a parcel does not.
        let other = cue.noun.has(Set::ORDER.or(Set::CUSTOMER)) && !cue.noun.has(Set::ID);
        if other && (scheme.kind() != Kind::Tracking || digits) {
            continue;
        }
        let proved = alone && (scheme.kind() == Kind::Tracking || !cue.noun.has(Set::TRACKING));
        if proved && !(digits && plus(scan, reading.from)) {
            let span = Span::new(
                tokens.get(reading.from)?.start,
                tokens.before(reading.behind)?.end,
            )?;
            let score = if digits { 0.9 } else { 0.97 };
            return Some(Finding::new(
                span,
                scheme.kind(),
                score,
                Why::new(scheme.why(false)),
            ));
        }
        if named.is_none() && says(scan, scheme, cue, reading.behind) {
            named = Some(scheme);
        }
    }
    let scheme = named?;
    let span = Span::new(
        tokens.get(reading.from)?.start,
        tokens.before(reading.behind)?.end,
    )?;
    Some(Finding::new(
        span,
        scheme.kind(),
        0.95,
        Why::new(scheme.why(true)),
    ))
}

/// Whether the words before or behind name a number of that kind.
fn says(scan: &Scan<'_>, scheme: &Scheme, cue: Cue, behind: usize) -> bool {
    let (noun, own) = match scheme.kind() {
        Kind::Tracking => (Set::TRACKING, Set::CARRIER),
        _ => (Set::ID.or(Set::ACCOUNT), Set::ID),
    };
    if cue.noun != Set::NONE {
        return cue.noun.has(noun);
    }
    scheme.kind() == Kind::Tracking && cue.all.has(own)
        || trigger::named_behind(scan, behind).has(noun)
}

/// "12345678 A parcel": a single letter that begins a phrase is no check letter.
fn loose_end(scan: &Scan<'_>, behind: usize) -> bool {
    let tokens = &scan.tokens;
    let last = behind.saturating_sub(1);
    tokens.get(last).is_some_and(|t| t.word() && t.chars == 1)
        && tokens.gap(last) == Gap::Space
        && tokens.gap(behind) == Gap::Space
        && tokens.get(behind).is_some_and(|t| t.shape == Shape::Lower)
}

/// A `+` before the digits: a telephone number.
fn plus(scan: &Scan<'_>, from: usize) -> bool {
    let before = scan.tokens.between(from).trim_end_matches(['(', ' ']);
    before.ends_with('+')
}

/// A currency before or behind: an amount, however many digits it has.
fn counted(scan: &Scan<'_>, reading: &Reading) -> bool {
    const SIGNS: [char; 4] = ['\u{20ac}', '$', '\u{a3}', '\u{a5}'];
    let tokens = &scan.tokens;
    let behind = tokens.between(reading.behind);
    tokens.between(reading.from).trim_end().ends_with(SIGNS)
        || behind.trim_start().starts_with(SIGNS)
        || behind.trim().is_empty() && trigger::of(tokens, reading.behind).has(Set::CURRENCY)
}
