//! Names of user accounts: `username: ...`, `my login is ...`.

use super::cue::{Lead, lead};
use super::value::chunk;
use crate::scan::Scan;
use crate::token::{Gap, Shape};

/// The name that the cue before the token `next` leads to: where it stands, and the reason.
pub(super) fn find(scan: &Scan<'_>, next: usize) -> Option<(usize, usize, f32, &'static str)> {
    let (lead, at) = lead(scan, next, |_| false)?;
    let from = scan.tokens.before(at)?.end;
    let value = chunk(scan, from, None)?;
    if spoken(scan, at, value.end) {
        return None;
    }
    let score = score(scan.slice(value.start, value.end), lead)?;
    let why = if lead == Lead::Sign {
        "username:cue:sign"
    } else {
        "username:cue:shape"
    };
    Some((value.start, value.end, score, why))
}

/// "User: Vilma Holm", "User: Hello, ...": what somebody says in a transcript, not the name of an account.
fn spoken(scan: &Scan<'_>, at: usize, end: usize) -> bool {
    let tokens = &scan.tokens;
    let word = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.word() && t.shape != Shape::Inner)
    };
    tokens.get(at).is_some_and(|t| t.end == end && t.capital())
        && word(at)
        && word(at + 1)
        && matches!(tokens.gap(at + 1), Gap::Space | Gap::Comma)
}

fn score(text: &str, lead: Lead) -> Option<f32> {
    let chars = text.chars().count();
    if !(3..=60).contains(&chars) || text.contains("://") {
        return None;
    }
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let letters = text.chars().any(char::is_alphabetic);
    let inner =
        text.chars().skip(1).any(char::is_uppercase) && text.chars().any(char::is_lowercase);
    let marked = text.contains('_') || digits && letters || inner && letters;
    let clean = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '#'));
    match lead {
        Lead::Sign if clean && letters => Some(0.8),
        _ if clean && marked && letters => Some(0.75),
        _ => None,
    }
}
