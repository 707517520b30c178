//! Numbers of devices and banks that no run of digits is: UUIDs, hardware addresses with hyphens or dots, BICs.

use crate::checksum;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::rules::number::Compact;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape};
use crate::trigger::{self, Set};

/// A group of hexadecimal digits of some length.
fn hex(scan: &Scan<'_>, at: usize, len: usize) -> bool {
    let word = scan.tokens.word(at);
    word.len() == len && word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Groups of hexadecimal digits between equal joiners, of which `at` may be any; returns the first and the one behind.
fn groups(
    scan: &Scan<'_>,
    at: usize,
    free: usize,
    joiner: &str,
    len: usize,
) -> Option<(usize, usize)> {
    let tokens = &scan.tokens;
    let mut from = at;
    while from > free && at - from < 6 && tokens.between(from) == joiner && hex(scan, from - 1, len)
    {
        from -= 1;
    }
    let mut behind = at + 1;
    while behind - from < 7 && tokens.between(behind) == joiner && hex(scan, behind, len) {
        behind += 1;
    }
    (tokens.between(from) != joiner && tokens.between(behind) != joiner).then_some((from, behind))
}

/// Finds a UUID or a hardware address at a token with digits; returns the token behind it.
pub(crate) fn at(scan: &Scan<'_>, at: usize, free: usize, out: &mut Vec<Finding>) -> Option<usize> {
    let len = scan.tokens.get(at)?.chars;
    // Nothing of the sort stands alone.
    let joined = |at: usize| matches!(scan.tokens.gap(at), Gap::Hyphen | Gap::Dot);
    if !joined(at) && !joined(at + 1) {
        return None;
    }
    let (from, behind, why) = match len {
        8 | 4 | 12 if let Some(from) = uuid(scan, at, free) => (from, from + 5, "id:hyphens:uuid"),
        2 => {
            let (from, behind) = groups(scan, at, free, "-", 2)?;
            (from, behind, "id:hyphens:mac")
        }
        4 => {
            let (from, behind) = groups(scan, at, free, ".", 4)?;
            (from, behind, "id:dots:mac")
        }
        _ => return None,
    };
    let wanted = match len {
        2 => 6,
        4 if why == "id:dots:mac" => 3,
        _ => 5,
    };
    if behind - from != wanted {
        return None;
    }
    let tokens = &scan.tokens;
    // Digits alone are dates, telephones and lottery numbers.
    let letters =
        (from..behind).any(|here| tokens.word(here).bytes().any(|b| b.is_ascii_alphabetic()));
    let cue = trigger::before(scan, from);
    if cue.noun.has(Set::ORDER.or(Set::CUSTOMER).or(Set::TRACKING))
        || !letters && wanted != 5 && !cue.noun.has(Set::ID)
    {
        return None;
    }
    let span = Span::new(tokens.get(from)?.start, tokens.before(behind)?.end)?;
    out.push(Finding::new(span, Kind::Id, 0.9, Why::new(why)));
    Some(behind)
}

/// The first token of a UUID (RFC 9562) that `at` is part of: groups of 8, 4, 4, 4 and 12.
fn uuid(scan: &Scan<'_>, at: usize, free: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let mut from = at;
    while from > free && at - from < 4 && tokens.between(from) == "-" {
        from -= 1;
    }
    let sizes = [8, 4, 4, 4, 12];
    sizes
        .iter()
        .zip(from..)
        .all(|(len, here)| hex(scan, here, *len) && (here == from || tokens.between(here) == "-"))
        .then_some(from)
}

/// BICs: eight or eleven letters and digits with a country in them, where the word stands before.
pub(crate) fn bics(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    if !scan.triggers().has(Set::BIC) {
        return;
    }
    for (at, token) in tokens.all().iter().enumerate() {
        if !matches!(token.chars, 8 | 11) || !matches!(token.shape, Shape::Upper | Shape::Mixed) {
            continue;
        }
        let mut compact = Compact::new();
        if compact.push(tokens, at)
            && checksum::bic(compact.bytes())
            && trigger::before(scan, at).all.has(Set::BIC)
            && let Some(span) = Span::new(token.start, token.end)
        {
            out.push(Finding::new(span, Kind::Id, 0.95, Why::new("id:cue:bic")));
        }
    }
}
