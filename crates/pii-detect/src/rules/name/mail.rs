//! Names that a mail address in the text spells: `john.smith@example.org` speaks for John Smith.

use super::Name;
use crate::cues::Class;
use crate::token::{Gap, Look, Shape, Signs, Tokens};

/// Finds runs of capitalised words all of which stand in the local part of a mail address.
pub(super) fn find(tokens: &Tokens<'_>, names: &mut Vec<Name>) {
    if tokens.signs().has(Signs::AT) {
        spelled(tokens, names);
    }
}

#[inline(never)]
fn spelled(tokens: &Tokens<'_>, names: &mut Vec<Name>) {
    let words = words(tokens);
    if words.is_empty() {
        return;
    }
    let spelled = |at: usize| {
        tokens
            .get(at)
            .is_some_and(|t| t.capital() && words.binary_search(&t.hash).is_ok())
            && !glued(tokens, at)
    };
    let mut at = 0;
    for from in tokens.looks().ones(Look::Capital) {
        let Some(token) = tokens.get(from) else { break };
        if from < at || !spelled(from) {
            continue;
        }
        at = from + 1;
        while spelled(at) && matches!(tokens.gap(at), Gap::Space | Gap::Hyphen | Gap::Apostrophe) {
            at += 1;
        }
        let known = token.read();
        if at - from > 1 || !known.common_word() && !known.mostly_plain() {
            names.push(Name {
                from,
                to: at,
                score: 0.75,
                why: "name:mail:-",
            });
        }
    }
}

/// Whether a word is part of an address of mail or web itself.
fn glued(tokens: &Tokens<'_>, at: usize) -> bool {
    let joint = |at: usize| matches!(tokens.between(at), "." | "_" | "@" | "/" | "-");
    joint(at + 1) && !matches!(tokens.between(at + 1), "-") || at > 0 && joint(at)
}

/// Hashes of the words in local parts of mail addresses, sorted.
fn words(tokens: &Tokens<'_>) -> Vec<u64> {
    let mut words = Vec::new();
    for at in tokens.looks().ones(Look::Apart) {
        if at == 0 || tokens.between(at) != "@" {
            continue;
        }
        let mut back = at;
        while back > 0 {
            back -= 1;
            if let Some(token) = tokens.get(back)
                && token.chars >= 3
                && token.shape != Shape::Number
                && !token
                    .class
                    .has(Class::STOP.or(Class::TEAMWORD).or(Class::ORG))
            {
                words.push(token.hash);
            }
            if !matches!(tokens.between(back), "." | "_" | "-" | "+") {
                break;
            }
        }
    }
    words.sort_unstable();
    words.dedup();
    words
}
