//! What ends an address in the United States: town, state and ZIP code, or the post of the forces.
//!
//! Forms and codes of the United States Postal Service, Publication 28 (Postal Addressing Standards), sections 22 and 225 and
//! appendix B.

use crate::token::{Gap, Shape, Token, Tokens};

/// States, the District of Columbia and territories.
const STATES: [&str; 59] = [
    "AL", "AK", "AS", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FM", "FL", "GA", "GU", "HI", "ID",
    "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MH", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE",
    "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "MP", "OH", "OK", "OR", "PW", "PA", "PR", "RI", "SC",
    "SD", "TN", "TX", "UT", "VT", "VI", "VA", "WA", "WV", "WI", "WY",
];
/// Post offices of army and air force, fleet, and embassies.
const OFFICES: [&str; 3] = ["APO", "FPO", "DPO"];
/// The Americas, Europe, the Pacific.
const FORCES: [&str; 3] = ["AA", "AE", "AP"];
/// What the first line of such an address begins with.
const UNITS: [&str; 8] = ["PSC", "CMR", "OMC", "UNIT", "USS", "USNS", "USCGC", "USNV"];
/// Words of a town.
const TOWN: usize = 4;
/// Tokens between the beginning of a first line and the post office.
const LINE: usize = 8;

/// The end of "Port Helena, OR 97031" that begins at `from`, the town known or not.
pub(super) fn town(tokens: &Tokens<'_>, from: usize) -> Option<usize> {
    let mut at = from;
    while at < from + TOWN {
        let token = tokens.get(at)?;
        let near = at == from || matches!(tokens.gap(at), Gap::Space | Gap::Hyphen | Gap::Dot);
        if !near || !token.word() || !token.capital() || token.chars < 2 {
            break;
        }
        at += 1;
    }
    (at > from && tokens.gap(at) == Gap::Comma)
        .then(|| coded(tokens, at, &STATES))
        .flatten()
}

/// The end of the code of a state and a ZIP code at `at`.
fn coded(tokens: &Tokens<'_>, at: usize, states: &[&str]) -> Option<usize> {
    let state = tokens.get(at)?;
    let zip = tokens.get(at + 1)?;
    let fits = state.shape == Shape::Upper
        && states.contains(&tokens.word(at))
        && tokens.gap(at + 1) == Gap::Space
        && number(zip, 5);
    let more =
        tokens.gap(at + 2) == Gap::Hyphen && tokens.get(at + 2).is_some_and(|t| number(t, 4));
    fits.then_some(at + 2 + usize::from(more))
}

fn number(token: &Token, digits: u8) -> bool {
    token.shape == Shape::Number && token.chars == digits
}

/// Whether an address of the forces may begin with a token, by its length and first letter.
#[inline]
pub(super) fn may_begin(tokens: &Tokens<'_>, first: &Token) -> bool {
    let initial = || tokens.text.as_bytes().get(first.start);
    (3..=5).contains(&first.chars)
        && first.capital()
        && matches!(
            initial(),
            Some(b'A' | b'P' | b'F' | b'D' | b'C' | b'O' | b'U')
        )
}

/// The end of an address of the forces that begins at `from`: "PSC 1204, Box 3310, APO AP 96201".
pub(super) fn forces(tokens: &Tokens<'_>, from: usize) -> Option<usize> {
    let word = tokens.word(from);
    if OFFICES.contains(&word) {
        return coded(tokens, from + 1, &FORCES);
    }
    if !UNITS.iter().any(|unit| word.eq_ignore_ascii_case(unit)) {
        return None;
    }
    let mut lines = 0;
    for at in from + 1..from + 1 + LINE {
        let broken = tokens.between(at).bytes().filter(|b| *b == b'\n').count();
        lines += broken;
        if lines > 1 || tokens.gap(at) == Gap::Other {
            return None;
        }
        if OFFICES.contains(&tokens.word(at)) {
            return coded(tokens, at + 1, &FORCES);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{forces, town};
    use crate::token::Tokens;

    #[test]
    fn town_state_and_code() {
        for (text, end) in [
            ("Port Helena, OR 97031", Some(4)),
            ("St. Agnes, ME 04330-1122", Some(5)),
            ("Port Helena, or 97031", None),
            ("Port Helena, QX 97031", None),
            ("Port Helena, OR 9703", None),
            ("please, OR 97031", None),
        ] {
            assert_eq!(town(&Tokens::new(text), 0), end, "{text}");
        }
    }

    #[test]
    fn posts_of_the_forces() {
        for (text, end) in [
            ("PSC 1204, Box 3310\nAPO AP 96201", Some(7)),
            ("Unit 4410 Box 2231\nDPO AE 09733", Some(7)),
            ("USS Marlin\nFPO AE 09502", Some(5)),
            ("APO AE 09502", Some(3)),
            ("Unit 4410 of the box", None),
            ("USS Marlin\n\nFPO AE 09502", None),
        ] {
            assert_eq!(forces(&Tokens::new(text), 0), end, "{text}");
        }
    }
}
