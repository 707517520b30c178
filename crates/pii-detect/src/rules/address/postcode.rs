//! Postcodes by the shapes of European countries.

use super::{Place, PlaceKind, town};
use crate::cues::{Class, phrase_at};
use crate::token::{Gap, Shape, Token, Tokens};

/// Whether a postcode can begin with a token at all.
#[inline]
pub(super) const fn begins(token: &Token) -> bool {
    match token.shape {
        Shape::Number => token.chars >= 2 && token.chars <= 5,
        Shape::Mixed => token.chars <= 7,
        Shape::Initial | Shape::Upper => token.chars <= 2,
        _ => false,
    }
}

/// The end of a postcode that begins at `at`, and whether its shape alone says that it is one.
#[inline]
pub(super) fn at(tokens: &Tokens<'_>, at: usize) -> Option<(usize, bool)> {
    let token = tokens.get(at)?;
    if !begins(token) {
        return None;
    }
    if token.shape == Shape::Number {
        numeric(tokens, at, token)
    } else {
        lettered(tokens, at, token)
    }
}

/// So many digits and nothing else.
fn digits(token: &Token, count: u8) -> bool {
    token.shape == Shape::Number && token.chars == count && token.ascii()
}

/// A postcode that begins with a number.
#[inline(never)]
fn numeric(tokens: &Tokens<'_>, at: usize, token: &Token) -> Option<(usize, bool)> {
    let behind = tokens.get(at + 1);
    let two = |count: u8, next: u8| digits(token, count) && behind.is_some_and(|t| digits(t, next));
    match tokens.gap(at + 1) {
        // 1200-195 Lisboa, 00-950 Warszawa
        Gap::Hyphen if two(4, 3) => return Some((at + 2, true)),
        Gap::Hyphen if two(2, 3) => return Some((at + 2, false)),
        Gap::Hyphen => return None,
        // 1017 AB Amsterdam
        Gap::Space
            if digits(token, 4)
                && behind.is_some_and(|t| t.shape == Shape::Upper)
                && dutch(tokens.word(at + 1)) =>
        {
            return Some((at + 2, true));
        }
        // 110 00 Praha, 114 55 Stockholm
        Gap::Space if two(3, 2) => return Some((at + 2, false)),
        _ => {}
    }
    (digits(token, 5) || digits(token, 4)).then_some((at + 1, false))
}

/// A postcode that begins with letters, or with letters and digits.
#[inline(never)]
fn lettered(tokens: &Tokens<'_>, at: usize, token: &Token) -> Option<(usize, bool)> {
    let word = tokens.word(at);
    let next = tokens.word(at + 1);
    match token.shape {
        Shape::Mixed => {
            if word.len() == 6
                && let Some((number, letters)) = word.split_at_checked(4)
                && formed(number, b"9999")
                && dutch(letters)
            {
                return Some((at + 1, true));
            }
            let two = tokens.gap(at + 1) == Gap::Space;
            if two && british_out(word) && british_in(next) {
                return Some((at + 2, true));
            }
            if (5..=7).contains(&word.len())
                && let Some((out, inner)) = word.split_at_checked(word.len() - 3)
                && british_out(out)
                && british_in(inner)
            {
                return Some((at + 1, true));
            }
            (two && irish(word, next)).then_some((at + 2, true))
        }
        // D-10115 Berlin, L-1009 Luxembourg, LV-1050
        Shape::Initial | Shape::Upper if token.chars <= 2 && tokens.gap(at + 1) == Gap::Hyphen => {
            let next = tokens.get(at + 1)?;
            (digits(next, 5) || digits(next, 4)).then_some((at + 2, false))
        }
        _ => None,
    }
}

/// The two letters of a Dutch postcode: never SA, SD, SS.
fn dutch(word: &str) -> bool {
    word.len() == 2
        && word.bytes().all(|b| b.is_ascii_uppercase())
        && !matches!(word, "SA" | "SD" | "SS")
}

/// Whether a word has a form of letters (A) and digits (9).
fn formed(word: &str, form: &[u8]) -> bool {
    word.len() == form.len()
        && word.bytes().zip(form).all(|(b, sort)| {
            if *sort == b'A' {
                b.is_ascii_alphabetic()
            } else {
                b.is_ascii_digit()
            }
        })
}

/// The first half of a British postcode.
fn british_out(word: &str) -> bool {
    let forms: &[&[u8]] = match word.len() {
        2 => &[b"A9"],
        3 => &[b"A99", b"AA9", b"A9A"],
        4 => &[b"AA99", b"AA9A"],
        _ => &[],
    };
    forms.iter().any(|form| formed(word, form))
}

/// The second half: 9AA.
fn british_in(word: &str) -> bool {
    formed(word, b"9AA")
}

/// An Eircode: routing key and unique identifier.
fn irish(key: &str, rest: &str) -> bool {
    (formed(key, b"A99") || key == "D6W")
        && rest.len() == 4
        && rest.starts_with(|c: char| c.is_ascii_uppercase())
        && rest.bytes().any(|b| b.is_ascii_digit())
        && rest
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// A postcode outside a street address; its town, if one stands beside it, becomes a location.
pub(super) fn alone(tokens: &Tokens<'_>, from: usize, places: &mut Vec<Place>) -> Option<usize> {
    let (to, strong) = at(tokens, from)?;
    let glued = to == from + 1;
    // In lower case and in one word, letters and digits may be anything; beside a street they are read.
    let strong = strong
        && !tokens
            .text
            .get(tokens.get(from)?.start..tokens.get(to - 1)?.end)?
            .bytes()
            .any(|b| b.is_ascii_lowercase());
    if tokens.gap(from) != Gap::Space
        && tokens.gap(from) != Gap::Colon
        && tokens
            .between(from)
            .ends_with(['/', '#', '-', '.', '_', ':'])
        || matches!(tokens.gap(to), Gap::Hyphen | Gap::Apostrophe)
        || matches!(tokens.gap(to), Gap::Other | Gap::Line | Gap::Start)
            && tokens
                .between(to)
                .starts_with(['/', '@', '%', '\u{20ac}', '$'])
    {
        return None;
    }
    let behind = matches!(tokens.gap(to), Gap::Space | Gap::Comma)
        .then(|| town::at(tokens, to))
        .flatten()
        .filter(|end| {
            tokens
                .get(*end - 1)
                .is_some_and(|t| t.capital() && !t.read().mostly_plain())
        });
    let cue = (1..=4).any(|back| {
        from.checked_sub(back).is_some_and(|start| {
            phrase_at(tokens, start, Class::POSTCODE_CUE).is_some_and(|len| {
                start + len == from
                    || start + len + 1 == from && tokens.get(from - 1).is_some_and(|t| t.chars <= 3)
            })
        })
    });
    let year = || {
        let word = tokens.word(from);
        word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))
    };
    let (score, why) = match (cue, strong, behind) {
        (true, _, _) => (0.85, "postcode:cue:shape"),
        (_, true, Some(_)) => (0.9, "postcode:shape:town"),
        (_, true, None) if !glued => (0.6, "postcode:shape:-"),
        (_, false, Some(_)) if tokens.get(from)?.shape != Shape::Mixed && !year() => {
            (0.75, "postcode:shape:town")
        }
        _ => return town_before(tokens, from, to, places),
    };
    places.push(Place {
        from,
        to,
        kind: PlaceKind::Postcode,
        score,
        why,
    });
    if let Some(end) = behind {
        places.push(Place {
            from: to,
            to: end,
            kind: PlaceKind::Location,
            score,
            why: "town:postcode:lexicon",
        });
        return Some(end);
    }
    Some(to)
}

/// "Madrid, 28013": five digits behind a town.
fn town_before(
    tokens: &Tokens<'_>,
    from: usize,
    to: usize,
    places: &mut Vec<Place>,
) -> Option<usize> {
    let five = tokens.get(from)?.shape == Shape::Number && tokens.get(from)?.chars == 5;
    if !five || !matches!(tokens.gap(from), Gap::Space | Gap::Comma) {
        return None;
    }
    let start = (1..=4).rev().find_map(|back| {
        let start = from.checked_sub(back)?;
        (town::at(tokens, start)? == from).then_some(start)
    })?;
    let big = tokens.get(start)?.read();
    if big.town() < 2 && from - start == 1 || big.mostly_plain() || big.name() {
        return None;
    }
    places.push(Place {
        from: start,
        to: from,
        kind: PlaceKind::Location,
        score: 0.7,
        why: "town:postcode:lexicon",
    });
    places.push(Place {
        from,
        to,
        kind: PlaceKind::Postcode,
        score: 0.7,
        why: "postcode:town:shape",
    });
    Some(to)
}
