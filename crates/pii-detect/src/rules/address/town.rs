//! Towns, regions and countries.

use super::{Place, PlaceKind};
use crate::cues::{Class, phrase_at};
use crate::lexicon::{Hash, lookup};
use crate::token::{Gap, Shape, Token, Tokens};

/// Words of a town's name.
const LONGEST: usize = 5;

/// The end of the town that begins at `at`, the longest that the lexicon knows, in any case.
pub(super) fn at(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let first = tokens.get(at)?;
    if !first.word() {
        return None;
    }
    let entry = first.known();
    let mut longest = (entry.town() > 0).then_some(at + 1);
    if entry.town_head() {
        let mut hash = Hash::new().word(tokens.word(at));
        for next in at + 1..at + LONGEST {
            let near = matches!(
                tokens.gap(next),
                Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Dot
            );
            let Some(token) = tokens.get(next) else { break };
            if !near || !token.word() {
                break;
            }
            hash = hash.space().word(tokens.word(next));
            if lookup(hash.finish()).town() > 0 && token.capital() == first.capital() {
                longest = Some(next + 1);
            }
        }
    }
    longest
}

/// The end of a town by its looks: one to three capitalised words, as they stand behind a postcode.
pub(super) fn by_looks(tokens: &Tokens<'_>, from: usize) -> Option<usize> {
    if let Some(end) = at(tokens, from) {
        return Some(end);
    }
    let mut end = from;
    while end < from + 4 {
        let Some(token) = tokens.get(end) else { break };
        let near =
            end == from || matches!(tokens.gap(end), Gap::Space | Gap::Hyphen | Gap::Apostrophe);
        let part =
            token.capital() && !token.class.has(Class::STOP) && token.word() && token.chars > 1
                || end > from
                    && token.class.has(Class::PARTICLE)
                    && tokens.get(end + 1).is_some_and(Token::capital);
        if !near || !part {
            break;
        }
        end += 1;
    }
    (end > from).then_some(end)
}

/// The end of a country that begins at `at`.
pub(super) fn country(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    if let Some(len) = phrase_at(tokens, at, Class::COUNTRY) {
        return Some(at + len);
    }
    let token = tokens.get(at)?;
    (token.capital() && token.entry.country() && token.chars > 3 && !token.entry.name())
        .then_some(at + 1)
}

/// Finds towns and countries that nothing else has taken.
pub(super) fn find(tokens: &Tokens<'_>, taken: &[bool], places: &mut Vec<Place>) {
    let mut at = 0;
    while at < tokens.all().len() {
        let place = found(tokens, at).filter(|place| {
            (place.from..place.to).all(|i| !taken.get(i).copied().unwrap_or(false))
        });
        if let Some(place) = place {
            at = place.to;
            places.push(place);
        } else {
            at += 1;
        }
    }
}

fn found(tokens: &Tokens<'_>, from: usize) -> Option<Place> {
    let token = tokens.get(from)?;
    let glued = tokens.between(from).ends_with(['@', '/', '#', '_', '.'])
        && !tokens.between(from).ends_with(". ")
        || tokens.between(from + 1).starts_with(['@', '_']);
    if !token.word() || glued && tokens.gap(from) != Gap::Start {
        return None;
    }
    // Most words are neither: one look at what is known already, before anything is looked up.
    let led = tokens
        .before(from)
        .is_some_and(|t| t.class.has(Class::PLACE_CUE.or(Class::STRONG_PLACE_CUE)));
    if !token.class.has(Class::COUNTRY.or(Class::HEAD)) {
        let entry = token.entry;
        let place =
            entry.town() > 0 || entry.town_head() || entry.country() || entry.mostly_place();
        if !(led && !token.capital() || place) {
            return None;
        }
    }
    let cue = if led {
        cue_before(tokens, from)
    } else {
        Cue::None
    };
    let place = |to: usize, score: f32, why: &'static str| {
        Some(Place {
            from,
            to,
            kind: PlaceKind::Location,
            score,
            why,
        })
    };
    if let Some(to) = country(tokens, from) {
        if token.capital() || cue > Cue::None {
            return place(to, 0.6, "country:-:lexicon");
        }
        return None;
    }
    if token.class.has(
        Class::STOP
            .or(Class::TEAMWORD)
            .or(Class::TITLE)
            .or(Class::MY),
    ) {
        return None;
    }
    let to = at(tokens, from);
    if !token.capital() {
        let to = to?;
        let entry = token.known();
        let odd = entry.capital_share().is_none_or(|share| share >= 2);
        let fits = entry.town() >= 2 || to - from > 1;
        let known = fits && odd && !entry.mostly_plain() && token.chars >= 4 && !entry.given();
        return if known && cue > Cue::None {
            place(to, 0.55, "town:cue:lexicon")
        } else {
            None
        };
    }
    let entry = token.entry;
    let Some(to) = to else {
        // A region or a quarter that only tagged text knows.
        let known = entry.mostly_place()
            && !entry.common_word()
            && !token.class.has(Class::ORG.or(Class::STREET));
        let sure = cue > Cue::None || !tokens.sentence_start(from);
        return if known && sure && token.chars > 2 {
            place(from + 1, 0.55, "place:-:lexicon")
        } else {
            None
        };
    };
    if company(tokens, to) {
        return None;
    }
    if to - from > 1 {
        let plain = tokens
            .all()
            .get(from..to)
            .unwrap_or(&[])
            .iter()
            .all(|t| t.known().common_word());
        return if plain && cue == Cue::None {
            None
        } else {
            place(to, 0.7, "town:-:lexicon")
        };
    }
    let acronym = token.shape == Shape::Upper && token.chars <= 3;
    if acronym || entry.mostly_plain() && cue < Cue::Strong || token.chars < 3 {
        return None;
    }
    let named = (entry.name()) && !entry.mostly_place();
    let common = entry.common_word();
    let start = tokens.sentence_start(from);
    // Forest, Imperial: words of running text that some town bears.
    let worded = entry.lower_bucket() >= 2 && entry.capital_share().is_some_and(|share| share <= 2);
    let accept = match entry.town() {
        3 if named => cue > Cue::None || !start && !entry.given() && !entry.mostly_name(),
        3 if common => cue == Cue::Strong,
        3 => true,
        2 if named => cue > Cue::None && !entry.mostly_name(),
        2 if common => cue == Cue::Strong,
        2 => entry.mostly_place() || cue > Cue::None || !start && !worded,
        _ if named || common => cue == Cue::Strong,
        _ => entry.mostly_place() || cue > Cue::None,
    };
    if !accept {
        return None;
    }
    place(
        to,
        if cue > Cue::None { 0.75 } else { 0.6 },
        "town:-:lexicon",
    )
}

/// What stands before a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cue {
    None,
    Weak,
    Strong,
}

fn cue_before(tokens: &Tokens<'_>, at: usize) -> Cue {
    if !matches!(tokens.gap(at), Gap::Space | Gap::Apostrophe | Gap::Colon) {
        return Cue::None;
    }
    let strong = (1..=4).any(|back| {
        at.checked_sub(back)
            .is_some_and(|start| phrase_at(tokens, start, Class::STRONG_PLACE_CUE) == Some(back))
    });
    if strong {
        return Cue::Strong;
    }
    match tokens.before(at) {
        Some(before) if before.class.has(Class::PLACE_CUE) => Cue::Weak,
        _ => Cue::None,
    }
}

/// "Berlin GmbH", "Paris Street".
fn company(tokens: &Tokens<'_>, to: usize) -> bool {
    tokens.gap(to) == Gap::Space
        && tokens.get(to).is_some_and(|t| {
            t.capital() && t.chars > 1 && t.class.has(Class::ORG) && t.shape != Shape::Initial
        })
}
