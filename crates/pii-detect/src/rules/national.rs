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
    let token = scan.tokens.get(at)?;
    let long = usize::from(token.chars)
        >= if token.shape == Shape::Number {
            checksum::FEWEST_DIGITS
        } else {
            checksum::SHORTEST
        };
    // "AB 123..." and "X-1234567-L" begin with letters of their own.
    let found = (at > free && begins(scan, at - 1, at))
        .then(|| longest(scan, at - 1))
        .flatten();
    let (judged, from, behind) = match found {
        Some(found) => found,
        None if long || joins(scan, at + 1).is_some() => longest(scan, at)?,
        None => return None,
    };
    let span = Span::new(
        scan.tokens.get(from)?.start,
        scan.tokens.before(behind)?.end,
    )?;
    let (scheme, why) = (judged.scheme, Why::new(judged.scheme.why(judged.cue)));
    out.push(Finding::new(span, scheme.kind(), judged.score, why));
    Some(behind)
}

/// The bit of what stands before `at`, where it can stand within a number: the cheap question first.
fn separator(scan: &Scan<'_>, at: usize) -> Option<u8> {
    match scan.tokens.gap(at) {
        Gap::Space | Gap::Hyphen | Gap::Dot | Gap::Other => {
            checksum::separator(scan.tokens.between(at))
        }
        _ => None,
    }
}

/// The bit of what stands before `at`, where the token there can go on with a number.
fn joins(scan: &Scan<'_>, at: usize) -> Option<u8> {
    let token = scan.tokens.get(at)?;
    if token.word() && token.chars > WORD {
        return None;
    }
    separator(scan, at).filter(|bit| token.digits() || goes_on(token, *bit))
}

/// Whether the word at `at` can be the beginning of the number at `next`.
fn begins(scan: &Scan<'_>, at: usize, next: usize) -> bool {
    scan.tokens.get(at).is_some_and(|token| {
        let upper = matches!(token.shape, Shape::Upper | Shape::Initial);
        token.word()
            && token.chars <= HEAD
            && (upper || scan.tokens.between(next) != " ")
            // "Passport NR 123456": what says that a number follows is no part of it.
            && !token.trigger.has(trigger::CODES.or(Set::NUMBER))
            && separator(scan, next).is_some()
    })
}

/// The longest reading from a token that is a number of some plan.
fn longest(scan: &Scan<'_>, from: usize) -> Option<(Judged, usize, usize)> {
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
            let Some(bit) = joins(scan, here) else {
                break;
            };
            how.separators |= bit;
        }
        if !compact.push(tokens, here) {
            break;
        }
        how.groups = how.groups << 4 | u64::from(token.chars.min(15));
        let next = here + 1;
        if compact.bytes().len() < checksum::SHORTEST || joined(scan, next) {
            continue;
        }
        let reading = Reading {
            from,
            behind: next,
            how,
        };
        if let Some(found) = judge(scan, &compact, &reading) {
            best = Some((found, from, next));
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
        (token.digits() || token.chars == 1)
            && matches!(token.gap, Gap::Hyphen | Gap::Dot | Gap::Other)
            && matches!(
                tokens.between(next),
                "-" | "." | "/" | "\u{2010}" | "\u{2011}" | "\u{2013}" | "_"
            )
    })
}

/// What a reading was found to be.
#[derive(Clone, Copy)]
struct Judged {
    scheme: &'static Scheme,
    score: f32,
    /// Whether a word says so, and not the form alone.
    cue: bool,
}

/// What a compact number is, where a check proves it or a word says so.
fn judge(scan: &Scan<'_>, compact: &Compact, reading: &Reading) -> Option<Judged> {
    let (text, letters) = (compact.bytes(), compact.letters());
    let digits = letters == 0;
    checksum::schemes(text, letters, true).next()?;
    let cue = trigger::before(scan, reading.from);
    // What an order or a customer is numbered by stays theirs, whatever the digits prove; a parcel does not.
    let other = cue.noun.has(Set::ORDER.or(Set::CUSTOMER)) && !cue.noun.has(Set::ID);
    if digits && (other || cue.noun.has(Set::PHONE.or(Set::CARD))) {
        return None;
    }
    let words = Words::of(scan, cue, reading.behind);
    let mut named = None;
    for scheme in checksum::schemes(text, letters, words.parcel || words.other) {
        if other && scheme.kind() != Kind::Tracking {
            continue;
        }
        let says = words.say(scheme.kind());
        let alone = scheme.stands_alone(!digits, reading.how)
            && (scheme.kind() == Kind::Tracking || !cue.noun.has(Set::TRACKING))
            && !loose_end(scan, reading.behind)
            && !(digits && plus(scan, reading.from));
        // A check costs more than what decides whether it is asked.
        if !alone && (!says || named.is_some()) || !scheme.checks(text) {
            continue;
        }
        if digits && counted(scan, reading) {
            return None;
        }
        if alone {
            return Some(Judged {
                scheme,
                score: if digits { 0.9 } else { 0.97 },
                cue: false,
            });
        }
        named = named.or(Some(scheme));
    }
    Some(Judged {
        scheme: named?,
        score: 0.95,
        cue: true,
    })
}

/// What the words before or behind a number name.
struct Words {
    parcel: bool,
    other: bool,
}

impl Words {
    fn of(scan: &Scan<'_>, cue: Cue, behind: usize) -> Self {
        let (noun, carrier) = if cue.noun == Set::NONE {
            (trigger::named_behind(scan, behind), Set::CARRIER)
        } else {
            (cue.noun, Set::NONE)
        };
        Self {
            parcel: noun.has(Set::TRACKING) || cue.all.has(carrier),
            other: noun.has(Set::ID.or(Set::ACCOUNT)),
        }
    }

    /// Whether they name a number of that kind.
    fn say(&self, kind: Kind) -> bool {
        if kind == Kind::Tracking {
            self.parcel
        } else {
            self.other
        }
    }
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
