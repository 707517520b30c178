//! Streets whose type stands in front: "12, rue de la Paix", "Calle Mayor, 5", "Via Roma 12".

use std::sync::LazyLock;

use super::{Found, LONGEST, counts, house, house_end, near, starts_with_digit};
use crate::cues::Class;
use crate::lexicon::hash_word;
use crate::rules::address::postcode;
use crate::token::{Gap, Shape, Tokens};

/// "12, rue de la Paix", "Calle Mayor, 5", "Via Roma 12".
pub(super) fn front(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Found> {
    let kind = tokens.get(at)?;
    let mut words = at + 1;
    // One letter (c/ Mayor, v. Roma) needs its slash or dot.
    let first_gap = tokens.gap(words);
    let sign = tokens.between(words).trim();
    if kind.chars <= 1 && !matches!(sign, "/" | "." | "/.") {
        return None;
    }
    if !(near(first_gap) || first_gap == Gap::Dot || sign == "/")
        || kind.chars > 4 && first_gap == Gap::Dot
    {
        return None;
    }
    if kind.class.has(Class::PARTICLE) && kind.chars <= 2 && sign != "/" && sign != "." {
        return None;
    }
    let number_before =
        (at > after && matches!(tokens.gap(at), Gap::Space | Gap::Comma)).then(|| {
            let before = tokens.get(at - 1)?;
            // The minutes of a time.
            if tokens.between(at - 1) == ":" {
                return None;
            }
            if house(before) && starts_with_digit(tokens, at - 1) {
                return Some(at - 1);
            }
            let bis = before.class.has(Class::NUMBERWORD) && at - 1 > after;
            (bis && house(tokens.get(at - 2)?)).then(|| at - 2)
        });
    let number_before = number_before.flatten();

    let mut end = words;
    let mut capital_end = None;
    let mut number_after = None;
    while end < at + 1 + LONGEST {
        let Some(token) = tokens.get(end) else { break };
        let gap = tokens.gap(end);
        let inside =
            near(gap) || gap == Gap::Dot && tokens.before(end).is_some_and(|t| t.chars <= 4);
        if end > words {
            if let Some(house) = (matches!(gap, Gap::Space | Gap::Comma)
                || gap == Gap::Dot && inside)
                .then(|| house_end(tokens, end))
                .flatten()
                && !dated(tokens, end)
                && !counts(tokens, house)
            {
                number_after = Some(house);
                break;
            }
            if !inside {
                break;
            }
        }
        if token.class.has(Class::STOP) && !token.capital() {
            break;
        }
        if token.capital() || dated(tokens, end) || month_of_date(tokens, end) {
            capital_end = Some(end + 1);
        } else if !token.word()
            || !token.class.has(Class::PARTICLE) && capital_end.is_some()
            || token.class.has(Class::MY) && token.chars > 3
        {
            break;
        }
        end += 1;
    }
    words = at + 1;
    let from = number_before.unwrap_or(at);
    if let Some(to) = number_after
        && (capital_end.is_some() || lower_name(tokens, words, end))
    {
        return Some((from, to, 0.85, "address:front:number"));
    }
    let named = tokens
        .get(words)
        .is_some_and(|t| t.capital() || t.class.has(Class::PARTICLE));
    match (capital_end, number_before) {
        (Some(to), Some(_)) => Some((from, to, 0.85, "address:front:number")),
        (None, Some(_)) if kind.chars >= 3 && !everyday(kind.hash) => {
            // Lower-case text: particles and the word behind them.
            let mut to = words;
            while to < end && tokens.get(to).is_some_and(|t| t.class.has(Class::PARTICLE)) {
                to += 1;
            }
            let cue = Class::PLACE_CUE.or(Class::WEAK).or(Class::AND);
            (to < end
                && tokens
                    .get(to)
                    .is_some_and(|t| t.word() && !t.class.has(cue)))
            .then_some((from, to + 1, 0.7, "address:front:number"))
        }
        (Some(to), None) if named && strong_front(kind.hash) && !plain_next(tokens, words) => {
            Some((from, to, 0.6, "address:front:-"))
        }
        (Some(to), None) if postcode::at(tokens, to).is_some() => {
            Some((from, to, 0.7, "address:front:postcode"))
        }
        _ => None,
    }
}

/// Type words in front that name a street even without a number.
fn strong_front(hash: u64) -> bool {
    static HASHES: LazyLock<[u64; 21]> = LazyLock::new(|| {
        [
            "rue",
            "boulevard",
            "calle",
            "avenida",
            "viale",
            "piazza",
            "rua",
            "chemin",
            "impasse",
            "allee",
            "travessa",
            "praca",
            "ulica",
            "ul",
            "avda",
            "carrer",
            "vicolo",
            "largo",
            "corso",
            "paseo",
            "avenue",
        ]
        .map(hash_word)
    });
    HASHES.contains(&hash)
}

/// Type words that are counted and taught in lower case: "2 cours de piano", "3 passages en caisse".
fn everyday(hash: u64) -> bool {
    static HASHES: LazyLock<[u64; 7]> = LazyLock::new(|| {
        ["cours", "passage", "via", "port", "parc", "largo", "corso"].map(hash_word)
    });
    HASHES.contains(&hash)
}

/// The number of a date in a street's name: "rue du 8 mai 1945".
fn dated(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| t.shape == Shape::Number && t.chars <= 2 || t.shape == Shape::Mixed)
        && tokens.get(at + 1).is_some_and(|t| {
            t.word()
                && tokens.gap(at + 1) == Gap::Space
                && (t.class.has(Class::STOP) || tokens.word(at + 1) == "de")
        })
        && tokens
            .before(at)
            .is_some_and(|t| t.class.has(Class::PARTICLE))
}

fn month_of_date(tokens: &Tokens<'_>, at: usize) -> bool {
    at > 0 && dated(tokens, at - 1)
        || at > 1
            && dated(tokens, at - 2)
            && tokens
                .get(at)
                .is_some_and(|t| t.shape == Shape::Number && t.chars == 4)
}

fn plain_next(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .get(at)
        .is_some_and(|t| t.read().mostly_plain() && !t.class.has(Class::PARTICLE))
}

/// Lower-case words between a type word and its number that can be a street's name.
fn lower_name(tokens: &Tokens<'_>, from: usize, to: usize) -> bool {
    to > from
        && to - from <= 4
        && tokens
            .all()
            .get(from..to)
            .unwrap_or(&[])
            .iter()
            .all(|t| t.word() && !t.class.has(Class::WEAK) || t.class.has(Class::PARTICLE))
        && tokens
            .get(to - 1)
            .is_some_and(|t| !t.class.has(Class::PARTICLE))
}
