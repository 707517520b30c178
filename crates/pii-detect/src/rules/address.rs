//! Postal addresses, postcodes, towns and countries.
//!
//! A street line is found by its type word (before it in Romance languages, behind it in English, as an
//! ending in German and Dutch) and its house number; postcode, town, floor and country that stand beside it
//! join it to one address. What stands alone is a postcode or a location.

mod american;
mod extend;
mod join;
mod postcode;
mod street;
mod town;

pub(crate) use join::join;

use crate::cues::{self, Class};
use crate::token::{Look, Token, Tokens};

/// What kind of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceKind {
    /// Street, with what belongs to it.
    Address,
    /// A postcode alone.
    Postcode,
    /// A town, a region or a country.
    Location,
}

/// A place, as a range of tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// First token.
    pub(crate) from: usize,
    /// Token behind the last.
    pub(crate) to: usize,
    /// What kind.
    pub(crate) kind: PlaceKind,
    /// How sure, 0 to 1.
    pub(crate) score: f32,
    /// `rule:cue:validator`.
    pub(crate) why: &'static str,
}

/// Lists of what a street or a part of one begins with.
const FIRST: Class = Class::STREET_FRONT.or(Class::UNIT);

/// Whether a street or a postcode may be told by this token.
#[inline]
fn begins(tokens: &Tokens<'_>, token: &Token, class: Class) -> bool {
    if token.digits() || class.has(FIRST) {
        return true;
    }
    token.capital()
        && (token.chars <= 2
            || token.class.has(Class::STREET)
            || street::bare_length(token)
            || american::may_begin(tokens, token))
}

/// Finds streets and postcodes, with the towns beside them.
pub(crate) fn find(tokens: &Tokens<'_>) -> Vec<Place> {
    let mut places: Vec<Place> = Vec::new();
    // What stands before this token has been looked at.
    let mut next = 0;
    let classes = tokens.phrases.begins();
    // Most words are passed over, many of them at once.
    let looks = tokens.looks();
    let cheap = looks.each(|word| {
        let part = classes.get(64 * word..).unwrap_or(&[]).iter().take(64);
        let mut cues = 0u64;
        for (bit, class) in part.enumerate() {
            cues |= u64::from(class.has(FIRST)) << bit;
        }
        cues | looks.word(word, Look::Digits) | looks.word(word, Look::Capital)
    });
    for at in cheap {
        let Some(token) = tokens.get(at) else { break };
        if at < next || !begins(tokens, token, cues::classes_at(tokens, at)) {
            continue;
        }
        let after = places.last().map_or(0, |place| place.to);
        if let Some(mut place) = street::at(tokens, at, after) {
            place.from = extend::backward(tokens, place.from).max(after);
            if tokens.before(place.to).is_some_and(Token::digits) {
                place.from = extend::number_before(tokens, place.from).max(after);
            }
            place.to = extend::forward(tokens, place.to);
            next = place.to;
            places.push(place);
        } else if postcode::begins(token)
            && let Some(end) = postcode::alone(tokens, at, &mut places)
        {
            next = end;
        }
    }
    places
}
