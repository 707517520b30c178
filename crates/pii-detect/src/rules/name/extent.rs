//! Where a name ends, once something says that one begins.

use crate::cues::Class;
use crate::token::{Gap, Shape, Token, Tokens};

/// Words of a name, particles not counted.
const LONGEST: usize = 4;

/// How readily a word is taken as the first word of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// Any word that is not plainly something else, in any case.
    Any,
    /// A capitalised word that is not plainly something else, or a known name in lower case.
    Capital,
    /// A known name only.
    Known,
}

/// The end of the name that begins at `from`, or `None` when no name begins there.
pub(super) fn name_from(tokens: &Tokens<'_>, from: usize, trust: Trust) -> Option<usize> {
    let mut start = from;
    // "van Dijk", "de la Cruz": particles before the first word belong to the name.
    let mut particles = 0;
    while tokens.get(start)?.class.has(Class::PARTICLE)
        && !opens(tokens, start, trust)
        && particles < 3
    {
        start += 1;
        particles += 1;
        if !matches!(tokens.gap(start), Gap::Space | Gap::Apostrophe) {
            return None;
        }
    }
    let first = tokens.get(start)?;
    if particles > 0 && !(first.capital() || first.read().surname()) {
        return None;
    }
    if !opens(tokens, start, trust) {
        return None;
    }
    Some(extend(tokens, start, first.capital()))
}

/// Whether a name may begin with this word.
fn opens(tokens: &Tokens<'_>, at: usize, trust: Trust) -> bool {
    let Some(token) = tokens.get(at) else {
        return false;
    };
    if !token.word()
        || token
            .class
            .has(Class::STOP.or(Class::TEAMWORD).or(Class::TITLE))
    {
        return false;
    }
    let entry = token.read();
    let known = entry.given() || entry.surname() || entry.mostly_name();
    match (token.shape, trust) {
        (Shape::Initial, Trust::Known) => false,
        (Shape::Initial, _) => {
            // An initial stands before a dot or a capitalised word, or it is no name.
            matches!(tokens.gap(at + 1), Gap::Dot | Gap::Space | Gap::Apostrophe)
                && tokens.get(at + 1).is_some_and(Token::capital)
        }
        (Shape::Capital | Shape::Upper, Trust::Any | Trust::Capital) => {
            known || !(entry.mostly_plain() || entry.common_word() || entry.mostly_place())
        }
        (Shape::Capital | Shape::Upper, Trust::Known) => known && !plain_too(token),
        (Shape::Lower, Trust::Any) => {
            token.chars >= 2 && (known && !very_common(token) || !frequent(token))
        }
        (Shape::Lower, Trust::Capital) => token.chars >= 3 && known && !plain_too(token),
        (Shape::Lower, Trust::Known) => token.chars >= 3 && !plain_too(token) && entry.given(),
        _ => false,
    }
}

/// A name that is an ordinary word as well.
fn plain_too(token: &Token) -> bool {
    let entry = token.read();
    entry.ambiguous() || entry.common_word()
}

/// A word so common that even a cue does not make it a name.
fn very_common(token: &Token) -> bool {
    let entry = token.read();
    entry.common_word() && entry.lower_bucket() >= 3
}

/// A word of running text, not merely one that was met: people's names are met in lower case, too.
fn frequent(token: &Token) -> bool {
    let entry = token.read();
    let cue = Class::WEAK
        .or(Class::AND)
        .or(Class::PLACE_CUE)
        .or(Class::MY);
    token.class.has(cue) || entry.mostly_plain() || entry.common_word() && entry.lower_bucket() >= 3
}

/// A word that running text holds in lower case.
fn listed_word(token: &Token) -> bool {
    let entry = token.read();
    entry.capital_share().is_some_and(|share| share <= 1) || entry.mostly_plain()
}

/// The end of a name whose first word stands at `start`.
fn extend(tokens: &Tokens<'_>, start: usize, capital: bool) -> usize {
    let mut end = start + 1;
    let mut count = 1;
    while count < LONGEST {
        let Some(next) = following(tokens, end, capital) else {
            break;
        };
        end = next;
        count += 1;
    }
    end
}

/// The end of the next part of a name (particles and one word) that begins at `at`.
fn following(tokens: &Tokens<'_>, at: usize, capital: bool) -> Option<usize> {
    let token = tokens.get(at)?;
    match tokens.gap(at) {
        Gap::Space => {}
        Gap::Hyphen => return joined(tokens, at).then_some(at + 1),
        // O'Brien, D'Angelo; never the possessive s.
        Gap::Apostrophe if token.chars >= 2 && tokens.before(at).is_some_and(|t| t.chars <= 4) => {
            return joined(tokens, at).then_some(at + 1);
        }
        Gap::Dot
            if tokens
                .before(at)
                .is_some_and(|before| before.shape == Shape::Initial) => {}
        _ => return None,
    }
    if continues(token, capital) {
        return Some(at + 1);
    }
    // "de la Cruz": up to three particles, then a word. "Meier in der Altstadt" is where somebody is.
    if tokens.word(at) == "in" {
        return None;
    }
    let mut next = at;
    while next < at + 3 && tokens.get(next)?.class.has(Class::PARTICLE) {
        next += 1;
        if !matches!(tokens.gap(next), Gap::Space | Gap::Apostrophe) {
            return None;
        }
    }
    let behind = tokens.get(next)?;
    let word = if capital {
        behind.capital() && continues(behind, true)
    } else {
        behind.read().surname() && !listed_word(behind)
    };
    (next > at && word).then_some(next + 1)
}

/// A part behind a hyphen or an apostrophe: as the part before it, or capitalised.
fn joined(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.get(at).is_some_and(|token| {
        token.word() && (token.capital() || token.read().name() || !listed_word(token))
    })
}

/// Whether a word goes on with a name.
fn continues(token: &Token, capital: bool) -> bool {
    if !token.word()
        || token
            .class
            .has(Class::STOP.or(Class::ORG).or(Class::SIGNOFF))
    {
        return false;
    }
    let entry = token.read();
    if capital {
        let plain = entry.mostly_plain() || entry.common_word();
        token.capital() && (entry.name() || !plain)
    } else {
        let cue = Class::WEAK
            .or(Class::AND)
            .or(Class::PLACE_CUE)
            .or(Class::MY);
        token.shape == Shape::Lower
            && token.chars >= 2
            && !token.class.has(cue)
            && (entry.name() && !very_common(token) && !entry.common_word() || !listed_word(token))
    }
}
