//! A name that was sure once is a name wherever else it stands in the text.

use super::Name;
use crate::bits::{Bits, few};
use crate::cues::Class;
use crate::token::{Gap, Token, Tokens};

/// From this score on a name is looked for again.
const SURE: f32 = 0.7;

/// Finds repetitions, in parts and in lower case.
pub(super) fn find(tokens: &Tokens<'_>, taken: &Bits, names: &mut Vec<Name>) {
    let mut parts: Vec<u64> = Vec::new();
    for name in names.iter().filter(|name| name.score >= SURE) {
        let tokens = tokens.all().get(name.from..name.to).unwrap_or(&[]);
        parts.extend(tokens.iter().filter(|t| worth(t)).map(|t| t.hash));
    }
    if !parts.is_empty() {
        repeated(tokens, taken, parts, names);
    }
}

/// Finds the words of `parts` outside the names.
#[inline(never)]
fn repeated(tokens: &Tokens<'_>, taken: &Bits, mut parts: Vec<u64>, names: &mut Vec<Name>) {
    let mut covered = taken.clone();
    for name in names.iter() {
        covered.fill(name.from, name.to);
    }
    parts.sort_unstable();
    parts.dedup();
    // One bit a part: nearly all other words meet none.
    let bit = |hash: u64| 1u64 << (hash >> 58);
    let some = parts.iter().fold(0, |bits, hash| bits | bit(*hash));
    let hit = |at: usize| {
        tokens.get(at).is_some_and(|token| {
            !covered.has(at)
                && parts.binary_search(&token.hash).is_ok()
                && (token.capital() || !token.read().common_word() && !token.read().mostly_plain())
                && !(tokens.sentence_start(at) && token.read().common_word())
        })
    };
    let mut at = 0;
    for (from, _) in few(tokens.all(), |_, token| some & bit(token.hash) != 0) {
        if from < at || !hit(from) {
            continue;
        }
        at = from + 1;
        while hit(at) && matches!(tokens.gap(at), Gap::Space | Gap::Hyphen | Gap::Apostrophe) {
            at += 1;
        }
        names.push(Name {
            from,
            to: at,
            score: 0.7,
            why: "name:again:-",
        });
    }
}

/// A part that can stand for the whole name.
fn worth(token: &Token) -> bool {
    let entry = token.read();
    let plain = entry.mostly_plain() || entry.common_word();
    (entry.name() || !plain)
        && token.chars >= 3
        && !token
            .class
            .has(Class::PARTICLE.or(Class::STOP).or(Class::TITLE))
}
