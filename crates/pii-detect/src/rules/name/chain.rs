//! Runs of capitalised words, scored by what the lexicon knows of each.

use super::Name;
use crate::cues::Class;
use crate::token::{Gap, Shape, Token, Tokens};

/// Lists whose words end a run, unless they are given names as well.
const CUTS: Class = Class::STOP
    .or(Class::TITLE)
    .or(Class::STREET_SUFFIX)
    .or(Class::RELATION)
    .or(Class::GREETING)
    .or(Class::SIGNOFF)
    .or(Class::MY);

/// Finds names among capitalised runs.
pub(super) fn find(tokens: &Tokens<'_>, mail: &[u64], names: &mut Vec<Name>) {
    let shouting = shouting(tokens);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if !token.capital() {
            at += 1;
            continue;
        }
        let end = run(tokens, at);
        let company = tokens
            .get(end.saturating_sub(1))
            .is_some_and(|last| last.class.has(Class::ORG) && end - at > 1);
        if !company {
            segments(tokens, at, end, mail, shouting, names);
        }
        at = end.max(at + 1);
    }
}

/// Whether most words of the text are written in capitals, so that capitals say nothing.
fn shouting(tokens: &Tokens<'_>) -> bool {
    let words = tokens.all().iter().filter(|t| t.word() && t.chars > 1);
    let (mut upper, mut all) = (0usize, 0usize);
    for word in words {
        all += 1;
        upper += usize::from(word.shape == Shape::Upper);
    }
    all >= 3 && upper * 10 >= all * 6
}

/// The end of the run of capitalised words (with particles between them) that begins at `from`.
fn run(tokens: &Tokens<'_>, from: usize) -> usize {
    let mut end = from + 1;
    loop {
        let near = match tokens.gap(end) {
            Gap::Space | Gap::Hyphen => true,
            Gap::Apostrophe => tokens.get(end).is_some_and(|t| t.chars >= 2),
            Gap::Dot => tokens
                .before(end)
                .is_some_and(|t| t.shape == Shape::Initial),
            _ => false,
        };
        if !near {
            return end;
        }
        let mut next = end;
        while next < end + 3
            && tokens
                .get(next)
                .is_some_and(|t| !t.capital() && t.class.has(Class::PARTICLE))
            && matches!(tokens.gap(next + 1), Gap::Space | Gap::Apostrophe)
        {
            next += 1;
        }
        if !tokens.get(next).is_some_and(Token::capital) {
            return end;
        }
        end = next + 1;
    }
}

/// Cuts a run at words that belong to no name and judges what is left.
fn segments(
    tokens: &Tokens<'_>,
    from: usize,
    to: usize,
    mail: &[u64],
    shouting: bool,
    names: &mut Vec<Name>,
) {
    let mut start = from;
    for at in from..=to {
        let cut = at == to
            || tokens.get(at).is_some_and(|token| {
                token.class.has(CUTS) && (!token.known().given() || token.known().ambiguous())
                    || strength(tokens, at, mail, shouting) <= -1.0
            });
        if cut {
            judge(tokens, start, at, mail, shouting, names);
            start = at + 1;
        }
    }
}

/// How much a word speaks for a name (above 0) or against (below).
fn strength(tokens: &Tokens<'_>, at: usize, mail: &[u64], shouting: bool) -> f32 {
    let Some(token) = tokens.get(at) else {
        return 0.0;
    };
    if token.class.has(Class::PARTICLE) && token.chars <= 4 && !token.known().mostly_name() {
        return 0.0;
    }
    if token.shape == Shape::Initial {
        return 0.2;
    }
    let entry = token.known();
    let mut sum = 0.0;
    if mail.contains(&token.hash) {
        sum += 1.5;
    }
    let weight = if entry.ambiguous() { 0.35 } else { 1.0 };
    if entry.given() {
        sum += 2.0 * weight;
    } else if entry.surname() {
        sum += 1.5 * weight;
    }
    if entry.mostly_name() {
        sum += 1.0;
    }
    let named = sum > 0.0;
    if entry.mostly_plain() {
        sum -= if named { 1.0 } else { 1.5 };
    }
    if entry.mostly_place() {
        sum -= 1.0;
    }
    if entry.common_word() {
        sum -= if named { 0.8 } else { 1.5 };
    }
    if !named && (entry.town() >= 2 || entry.country()) {
        sum -= 0.8;
    }
    // An unknown capitalised word speaks a little for a name, an unknown acronym against.
    if !named && entry.bits() == 0 {
        sum += if token.shape == Shape::Upper && !shouting {
            -0.6
        } else {
            0.4
        };
    }
    sum
}

/// Accepts or refuses the words `from..to`.
fn judge(
    tokens: &Tokens<'_>,
    mut from: usize,
    mut to: usize,
    mail: &[u64],
    shouting: bool,
    names: &mut Vec<Name>,
) {
    // No name begins or ends with a particle left over from the cut, nor ends with an initial.
    let edge = |at: usize| strength(tokens, at, mail, shouting);
    while to > from
        && tokens
            .get(to - 1)
            .is_some_and(|t| !t.capital() || t.shape == Shape::Initial || (edge(to - 1) < 0.0))
    {
        to -= 1;
    }
    while from < to && (tokens.get(from).is_some_and(|t| !t.capital()) || edge(from) < -0.3) {
        from += 1;
    }
    let words: Vec<usize> = (from..to)
        .filter(|at| tokens.get(*at).is_some_and(Token::capital))
        .collect();
    let scores = words.iter().map(|at| edge(*at));
    let best = scores.clone().fold(f32::MIN, f32::max);
    let sum: f32 = scores.sum();
    if guarded(tokens, from, to) {
        return;
    }
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return;
    };
    let entry = tokens.get(*first).map(Token::known).unwrap_or_default();
    let end = tokens.get(*last).map(Token::known).unwrap_or_default();
    let count = words.len();
    if count == 1 {
        let town = entry.town() >= 2 && !entry.mostly_name();
        let placed = tokens
            .before(from)
            .is_some_and(|t| t.class.has(Class::PLACE_CUE) && !t.class.has(Class::WEAK));
        let mid = !tokens.sentence_start(from);
        // A name that fills a line, or that a comma sets off at its beginning, is addressed or signed.
        let own_line = tokens.line_start(from)
            && matches!(tokens.gap(to), Gap::Line | Gap::Start | Gap::Comma);
        let needed = if mid || own_line { 2.0 } else { 2.5 };
        if best >= needed && !(town && placed) && !entry.mostly_place() {
            let score = if mid && entry.given() { 0.6 } else { 0.5 };
            names.push(Name {
                from,
                to,
                score,
                why: "name:chain:lexicon",
            });
        }
        return;
    }
    if count > 5 || best < 1.4 || sum < 2.0 {
        return;
    }
    let score = if entry.given() && (end.surname() || end.mostly_name()) {
        0.9
    } else if entry.given() || end.given() {
        0.75
    } else if tokens.sentence_start(from) && entry.bits() != 0 && !entry.name() {
        0.4
    } else {
        0.6
    };
    if score >= 0.5 {
        names.push(Name {
            from,
            to,
            score,
            why: "name:chain:lexicon",
        });
    }
}

/// A date, a company or a street is no name, whatever its words are.
fn guarded(tokens: &Tokens<'_>, from: usize, to: usize) -> bool {
    let month = |at: usize| {
        matches!(
            tokens.word(at).to_ascii_lowercase().as_str(),
            "april" | "may" | "june" | "august" | "abril" | "juan"
        )
    };
    let digit_before = tokens
        .before(from)
        .is_some_and(|t| t.shape == Shape::Number);
    let digit_after = tokens.get(to).is_some_and(|t| t.shape == Shape::Number);
    let dated = to - from == 1
        && month(from)
        && (digit_before || digit_after)
        && matches!(
            tokens.word(from).to_ascii_lowercase().as_str(),
            "april" | "may" | "june" | "august" | "abril"
        );
    let company = tokens.get(to).is_some_and(|t| {
        t.class.has(Class::ORG) && t.capital() && matches!(tokens.gap(to), Gap::Space)
    });
    // "Anna-Str. 5", "Maria hilfer Strasse".
    let street = tokens.get(to).is_some_and(|t| {
        t.class.has(Class::STREET.or(Class::STREET_SUFFIX))
            && t.capital()
            && matches!(tokens.gap(to), Gap::Space | Gap::Hyphen)
    });
    // Inside an address of mail or web.
    let glued = tokens.between(from).ends_with(['@', '/', '#', '_'])
        || tokens.between(to).starts_with(['@', '/', '_'])
        || (tokens.between(to) == "." && tokens.get(to).is_some_and(|t| t.shape == Shape::Lower));
    dated || company || street || glued
}
