//! The caller's own values, wherever and however they are written.

mod address;
mod name;
mod word;

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::known::Known;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Tokens};
use zeroize::Zeroizing;

/// Most bytes between two words of one value.
const GAP: usize = 3;
/// Fewest digits of a phone number that may stand for the whole: countries differ in what comes before.
const PHONE_TAIL: usize = 7;
/// Why some words of a name are found.
pub(super) const NAME_PART: &str = "known:name:part";

/// Adds every place where a known value stands.
pub(crate) fn find(scan: &Scan<'_>, known: &Known, out: &mut Vec<Finding>) {
    for (kind, value) in known.expose() {
        let words = hashes(value);
        match kind {
            Kind::Person => name::find(scan, value, out),
            Kind::Address => address::find(scan, value, &words, out),
            Kind::Phone => {
                whole(scan, &words, kind, "known:phone:exact", out);
                phones(scan, value, out);
            }
            Kind::Email => whole(scan, &words, kind, "known:email:exact", out),
            Kind::Order
            | Kind::CustomerId
            | Kind::Tracking
            | Kind::Id
            | Kind::Iban
            | Kind::Card => {
                whole(scan, &words, kind, "known:number:exact", out);
                compact(scan, value, kind, out);
            }
            _ => whole(scan, &words, kind, "known:value:exact", out),
        }
    }
}

fn hashes(value: &str) -> Vec<u64> {
    Tokens::new(value).all().iter().map(|t| t.hash).collect()
}

fn add(
    scan: &Scan<'_>,
    from: usize,
    to: usize,
    kind: Kind,
    score: f32,
    why: &'static str,
    out: &mut Vec<Finding>,
) {
    let ends = (scan.tokens.get(from), scan.tokens.before(to));
    if let (Some(first), Some(last)) = ends
        && let Some(span) = Span::new(first.start, last.end)
    {
        out.push(Finding::new(span, kind, score, Why::new(why)));
    }
}

/// The words of a value, one after the other.
fn whole(scan: &Scan<'_>, words: &[u64], kind: Kind, why: &'static str, out: &mut Vec<Finding>) {
    let Some(first) = words.first() else {
        return;
    };
    let tokens = &scan.tokens;
    for (at, token) in tokens.all().iter().enumerate() {
        if token.hash != *first {
            continue;
        }
        let fits = words.iter().enumerate().all(|(i, word)| {
            tokens.get(at + i).is_some_and(|t| t.hash == *word)
                && (i == 0 || tokens.between(at + i).len() <= GAP)
        });
        if fits {
            add(scan, at, at + words.len(), kind, 1.0, why, out);
        }
    }
}

/// A phone number by its digits: country code and trunk zero may be there or not.
fn phones(scan: &Scan<'_>, value: &str, out: &mut Vec<Finding>) {
    let wanted: Vec<u8> = value.bytes().filter(u8::is_ascii_digit).collect();
    let strip = |digits: &[u8]| {
        let zeros = digits.iter().take_while(|b| **b == b'0').count();
        digits.get(zeros..).unwrap_or(&[]).to_vec()
    };
    let wanted = strip(&wanted);
    if wanted.len() < PHONE_TAIL {
        return;
    }
    let tokens = &scan.tokens;
    let mut free = 0;
    for at in scan.numeric() {
        if at < free {
            continue;
        }
        let mut digits: Vec<u8> = Vec::new();
        let mut here = at;
        let mut best = None;
        while tokens.get(here).is_some() {
            let near = here == at
                || tokens.between(here).len() <= GAP && !tokens.between(here).contains('\n');
            let word = tokens.word(here);
            // Digits of other scripts are none of a telephone here, and would never fill the number.
            let some = word.bytes().any(|b| b.is_ascii_digit());
            if !near || !some || digits.len() > 17 {
                break;
            }
            digits.extend(word.bytes().filter(u8::is_ascii_digit));
            here += 1;
            if same_phone(&strip(&digits), &wanted) {
                best = Some(here);
            }
        }
        if let Some(end) = best {
            let plus = tokens
                .between(at)
                .trim_end_matches([' ', '('])
                .ends_with('+');
            let start = tokens.get(at).map_or(0, |t| t.start);
            let start = if plus {
                scan.slice(0, start).rfind('+').unwrap_or(start)
            } else {
                start
            };
            if let Some(last) = tokens.before(end)
                && let Some(span) = Span::new(start, last.end)
            {
                out.push(Finding::new(
                    span,
                    Kind::Phone,
                    1.0,
                    Why::new("known:phone:digits"),
                ));
            }
            free = end;
        }
    }
}

/// One is the end of the other, and what is more is a country code with its trunk zero at most.
fn same_phone(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    if short.len() < PHONE_TAIL || long.len() - short.len() > 4 {
        return false;
    }
    if long.ends_with(short) {
        return true;
    }
    // "+44 (0)20": the zero stands in the middle.
    (1..=3).any(|code| {
        long.get(code) == Some(&b'0')
            && long
                .get(code + 1..)
                .is_some_and(|rest| short.ends_with(rest) && rest.len() >= PHONE_TAIL)
    })
}

/// A number by its letters and digits alone, spaced or not.
fn compact(scan: &Scan<'_>, value: &str, kind: Kind, out: &mut Vec<Finding>) {
    let wanted: Zeroizing<Vec<u8>> =
        Zeroizing::new(value.bytes().filter(u8::is_ascii_alphanumeric).collect());
    if wanted.len() < 4 {
        return;
    }
    for at in 0..scan.tokens.all().len() {
        if let Some(to) = spelled(scan, at, &wanted) {
            add(scan, at, to, kind, 1.0, "known:number:compact", out);
        }
    }
    // "204417" of "FL-204417": the digits alone, where they are many enough to mean it.
    let digits: Zeroizing<Vec<u8>> =
        Zeroizing::new(wanted.iter().copied().filter(u8::is_ascii_digit).collect());
    if digits.len() < 5 || digits.len() == wanted.len() {
        return;
    }
    for at in scan.numeric() {
        let Some(to) = spelled(scan, at, &digits) else {
            continue;
        };
        let goes_on =
            scan.tokens.get(to).is_some_and(|t| t.digits()) && scan.tokens.between(to).len() == 1;
        if !goes_on {
            add(scan, at, to, kind, 0.95, "known:number:digits", out);
        }
    }
}

/// The token behind those that spell `wanted` from `at` on, in any case and with short gaps.
fn spelled(scan: &Scan<'_>, at: usize, wanted: &[u8]) -> Option<usize> {
    let tokens = &scan.tokens;
    let mut matched = 0;
    let mut here = at;
    while matched < wanted.len() {
        let word = tokens.word(here).as_bytes();
        let near = here == at || tokens.between(here).len() <= GAP && tokens.gap(here) != Gap::Line;
        let fits = wanted
            .get(matched..matched + word.len())
            .is_some_and(|part| part.eq_ignore_ascii_case(word));
        if word.is_empty() || !near || !fits {
            return None;
        }
        matched += word.len();
        here += 1;
    }
    Some(here)
}

#[cfg(test)]
mod tests {
    use super::same_phone;

    #[test]
    fn phones_with_and_without_country() {
        assert!(same_phone(b"33612345678", b"612345678"));
        assert!(same_phone(b"442079460000", b"2079460000"));
        assert!(
            same_phone(b"4402079460000", b"442079460000")
                || same_phone(b"4402079460000", b"2079460000")
        );
        assert!(!same_phone(b"612345678", b"612345679"));
        assert!(!same_phone(b"345678", b"345678"));
    }
}
