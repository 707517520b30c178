//! Towns, regions and countries.

use crate::cues::{Class, phrase_at};
use crate::lexicon::{lookup, phrase};
use crate::token::{Gap, Token, Tokens};

/// Words of a town's name.
const LONGEST: usize = 5;

/// The end of the town that begins at `at`, the longest that the lexicon knows, in any case.
pub(super) fn at(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let first = tokens.get(at)?;
    if !first.word() {
        return None;
    }
    let entry = first.read();
    let mut longest = (entry.town() > 0).then_some(at + 1);
    if entry.town_head() {
        let mut hash = first.hash;
        for next in at + 1..at + LONGEST {
            let near = matches!(
                tokens.gap(next),
                Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Dot
            );
            let Some(token) = tokens.get(next) else { break };
            if !near || !token.word() {
                break;
            }
            hash = phrase(hash, token.hash);
            if lookup(hash).town() > 0 && token.capital() == first.capital() {
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
    (token.capital() && token.read().country() && token.chars > 3 && !token.read().name())
        .then_some(at + 1)
}
