//! What the tagger says of places, joined with what the rules found: street, postcode and town that stand together are one.

use super::{Place, PlaceKind};
use crate::bits::Bits;
use crate::tagger::{Label, Tagged};
use crate::token::{Gap, Shape, Token, Tokens};

/// Adds the tagger's places and joins neighbours.
pub(crate) fn join(tokens: &Tokens<'_>, taken: &Bits, tagged: &[Tagged], places: &mut Vec<Place>) {
    let free = |t: &Tagged| (t.from..t.to).all(|at| !taken.has(at));
    for t in tagged {
        let (kind, why) = match t.label {
            Label::Location => (PlaceKind::Location, "place:tagger:crf"),
            Label::Address if t.to - t.from == 1 && digits(tokens, t.from) => {
                (PlaceKind::Postcode, "postcode:tagger:crf")
            }
            Label::Address => (PlaceKind::Address, "address:tagger:crf"),
            _ => continue,
        };
        let short = kind == PlaceKind::Postcode && tokens.get(t.from).is_some_and(|t| t.chars < 4);
        if short || !free(t) {
            continue;
        }
        places.push(Place {
            from: t.from,
            to: t.to,
            kind,
            score: t.score,
            why,
        });
    }
    if places.len() < 2 {
        return;
    }
    places.sort_by_key(|place| (place.from, place.to));
    let mut joined: Vec<Place> = Vec::with_capacity(places.len());
    for place in places.drain(..) {
        match joined.last_mut() {
            Some(last) if together(tokens, last, &place) => {
                last.to = place.to;
                last.kind = PlaceKind::Address;
                last.score = last.score.max(place.score);
                last.why = "address:joined:-";
            }
            _ => joined.push(place),
        }
    }
    *places = joined;
}

fn digits(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.get(at).is_some_and(Token::digits)
}

/// Whether two places that follow each other are parts of one address.
fn together(tokens: &Tokens<'_>, one: &Place, two: &Place) -> bool {
    let street = one.kind == PlaceKind::Address || two.kind == PlaceKind::Address;
    if one.to != two.from || !street {
        return false;
    }
    match tokens.gap(two.from) {
        Gap::Space | Gap::Comma => true,
        // On the next line stands the postcode or the town.
        Gap::Line => {
            one.kind == PlaceKind::Address
                && (two.kind != PlaceKind::Address
                    || tokens
                        .get(two.from)
                        .is_some_and(|t| t.shape == Shape::Number))
                && tokens.between(two.from).matches('\n').count() == 1
        }
        Gap::Hyphen => false,
        Gap::Other => matches!(
            tokens.between(two.from),
            " - " | ", - " | " (" | " \u{2013} " | " | "
        ),
        _ => false,
    }
}
