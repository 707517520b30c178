//! Codes for one use: "your code is ...", "code de verification : ...", "482913 is your code".
//!
//! "code" alone says nothing, so words beside it, or the one it is for, have to make it a secret.

use super::cue::{self, Lead, copula_before};
use super::words::{self, Role};
use super::{Hit, digits_back};
use crate::scan::Scan;
use crate::token::{Gap, Shape};
use crate::trigger::{self, Set};

/// Fewest and most digits.
const LEAST: usize = 4;
const MOST: usize = 8;
/// How many words back a message may be spoken of.
const MESSAGE: usize = 10;

fn near(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe)
}

/// The code that belongs to the word for code at `at`.
pub(super) fn find(scan: &Scan<'_>, at: usize) -> Option<Hit> {
    let tokens = &scan.tokens;
    let (mut onetime, mut other, mut yours) = (false, false, false);
    for back in 1..=3 {
        let here = at.checked_sub(back);
        if !here.is_some_and(|here| near(tokens.gap(here + 1))) {
            break;
        }
        let role = words::before(tokens, at, back);
        onetime |= role.has(Role::ONETIME);
        other |= back == 1 && role.has(Role::NOTCODE);
        yours |= role.has(Role::YOURS);
    }
    let mut next = at + 1;
    for here in at + 1..at + 6 {
        let role = words::of(tokens, here);
        if !near(tokens.gap(here)) {
            break;
        }
        if role.has(Role::ONETIME) {
            onetime = true;
            next = here + 1;
        } else if role.has(Role::COPULA) || !trigger::of(tokens, here).has(Set::GENERIC) {
            other |= role.has(Role::NOTCODE);
            break;
        }
    }
    if other && !onetime {
        return None;
    }
    if let Some(is) = copula_before(scan, at)
        && let Some(hit) = before(scan, is)
    {
        return Some(hit);
    }
    if onetime {
        return cue::number(scan, next, 3, MOST, true).or_else(|| letters(scan, next));
    }
    let (lead, _) = cue::lead(scan, next, |_| false)?;
    let hit = cue::number(scan, next, LEAST, MOST, true)?;
    let sure = yours && matches!(lead, Lead::Copula | Lead::Sign)
        || message_before(scan, at)
        || purpose_behind(scan, hit.end, next);
    sure.then_some(hit)
}

/// "verification code: A7K9Q2".
fn letters(scan: &Scan<'_>, next: usize) -> Option<Hit> {
    let (lead, at) = cue::lead(scan, next, |_| false)?;
    let token = scan.tokens.get(at)?;
    let fits = token.shape == Shape::Mixed && (5..=8).contains(&token.chars);
    (fits && matches!(lead, Lead::Sign | Lead::Copula)).then_some(Hit {
        start: token.start,
        end: token.end,
        score: 0.8,
        why: "secret:cue:shape",
    })
}

/// The number before "is your code"; `is` is the token of "is".
pub(super) fn before(scan: &Scan<'_>, is: usize) -> Option<Hit> {
    let tokens = &scan.tokens;
    let last = is.checked_sub(1)?;
    if tokens.gap(is) != Gap::Space {
        return None;
    }
    let (mut start, count) = digits_back(scan, last)?;
    // "G-482913"
    let bytes = scan.text.as_bytes();
    if start >= 2 && scan.byte_before(start) == b'-' && bytes.get(start - 2)?.is_ascii_uppercase() {
        start -= 2;
    }
    (LEAST..=MOST).contains(&count).then_some(Hit {
        start,
        end: tokens.get(last)?.end,
        score: 0.9,
        why: "secret:cue-behind:digits",
    })
}

/// Whether a text message, or another way such codes come, is spoken of before, on the line.
fn message_before(scan: &Scan<'_>, at: usize) -> bool {
    let tokens = &scan.tokens;
    (1..=MESSAGE.min(at))
        .take_while(|back| tokens.gap(at + 1 - back) != Gap::Line)
        .any(|back| words::before(tokens, at, back).has(Role::MESSAGE))
}

/// "use code 482913 to log in".
fn purpose_behind(scan: &Scan<'_>, end: usize, next: usize) -> bool {
    let tokens = &scan.tokens;
    (next..next + 12)
        .skip_while(|at| tokens.get(*at).is_some_and(|t| t.start < end))
        .take(6)
        .take_while(|at| near(tokens.gap(*at)))
        .any(|at| words::of(tokens, at).has(Role::ONETIME))
}
