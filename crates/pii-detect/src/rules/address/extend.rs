//! What joins a street: floor and flat, postcode, town, country.

use super::{american, postcode, street, town};
use crate::cues::{Class, phrase_at};
use crate::token::{Gap, Shape, Tokens};

/// The first token of an address whose street begins at `from`: "Flat 3, " joins it.
pub(super) fn backward(tokens: &Tokens<'_>, from: usize) -> usize {
    if !matches!(tokens.gap(from), Gap::Comma | Gap::Space | Gap::Line)
        || tokens.between(from).matches('\n').count() > 1
    {
        return from;
    }
    for back in 2..=4 {
        let Some(start) = from.checked_sub(back) else {
            break;
        };
        let Some(len) = phrase_at(tokens, start, Class::UNIT) else {
            continue;
        };
        let value = start + len;
        if value + 1 == from
            && matches!(tokens.gap(value), Gap::Space | Gap::Dot)
            && tokens
                .get(value)
                .is_some_and(|t| t.chars <= 4 && (t.digits() || t.chars == 1))
            && tokens.get(start).is_some_and(|t| t.chars > 1)
        {
            return start;
        }
    }
    from
}

/// The end of an address whose street ends at `to`.
pub(super) fn forward(tokens: &Tokens<'_>, mut to: usize) -> usize {
    let (mut coded, mut placed, mut landed) = (false, false, false);
    let mut housed = false;
    for _ in 0..8 {
        if tokens.get(to).is_none() {
            break;
        }
        if !joins(tokens, to) {
            // Blocks leave the line of a region empty.
            if !landed && let Some(end) = country_line(tokens, to) {
                to = end;
            }
            break;
        }
        let at = connector(tokens, to);
        if !landed
            && !placed
            && !coded
            && at == to
            && let Some(end) = unit(tokens, to)
        {
            to = end;
            housed = true;
            continue;
        }
        if !placed
            && !coded
            && let Some(end) = american::town(tokens, at)
        {
            (placed, coded) = (true, true);
            to = end;
            continue;
        }
        if !coded && let Some((end, strong)) = postcode::at(tokens, at) {
            let town = matches!(tokens.gap(end), Gap::Space | Gap::Comma | Gap::Hyphen)
                .then(|| town::by_looks(tokens, end))
                .flatten();
            let four = tokens.get(at).is_some_and(|t| t.chars == 4) && !strong;
            let known = town.is_some()
                && (!four || town::at(tokens, end).is_some() || tokens.gap(to) != Gap::Space);
            if strong || placed || known || tokens.get(at).is_some_and(|t| t.chars == 5) {
                coded = true;
                to = end;
                if !placed && let Some(end) = town {
                    placed = true;
                    to = end;
                    to = province(tokens, to);
                }
                continue;
            }
        }
        if !placed && let Some(end) = town::at(tokens, at) {
            let first = tokens.get(at);
            let fine = first.is_some_and(|t| {
                let plain =
                    t.read().mostly_plain() || t.read().common_word() || t.class.has(Class::STOP);
                if t.capital() {
                    !plain || end - at > 1
                } else {
                    t.read().town() >= 2 && !plain && at == to
                }
            });
            if fine {
                placed = true;
                to = province(tokens, end);
                continue;
            }
        }
        // A town the lexicon does not know, by the postcode behind it.
        if !placed
            && !coded
            && at == to
            && let Some(end) = unknown_town(tokens, to)
        {
            placed = true;
            to = end;
            continue;
        }
        if !placed
            && !coded
            && at == to
            && let Some(end) = town_line(tokens, to, housed)
        {
            placed = true;
            to = end;
            continue;
        }
        if !landed && let Some(end) = country_line(tokens, to) {
            to = end;
            break;
        }
        if (placed || coded)
            && !landed
            && at == to
            && let Some(end) = town::country(tokens, at)
            && tokens.get(at).is_some_and(|t| t.capital())
        {
            landed = true;
            to = end;
            continue;
        }
        break;
    }
    to
}

/// A line below the street that holds one to three capitalised words and nothing else: a town, where a part of the house stands
/// above it or a country or postcode below.
fn town_line(tokens: &Tokens<'_>, from: usize, housed: bool) -> Option<usize> {
    if tokens.gap(from) != Gap::Line {
        return None;
    }
    let end = (from + 1..=from + 3).find(|at| matches!(tokens.gap(*at), Gap::Line | Gap::Start))?;
    let named = (from..end).all(|at| {
        tokens.get(at).is_some_and(|t| {
            t.word()
                && t.capital()
                && t.chars > 1
                && !t.class.has(
                    Class::STOP
                        .or(Class::SIGNOFF)
                        .or(Class::GREETING)
                        .or(Class::LABEL),
                )
                && (at == from || matches!(t.gap, Gap::Space | Gap::Hyphen | Gap::Dot))
        })
    });
    let first = tokens.get(from)?.read();
    let plain = first.mostly_plain() || first.common_word();
    let below = country_line(tokens, end).is_some() || postcode::at(tokens, end).is_some();
    (named && (below || housed && !plain)).then_some(end)
}

/// A line that holds a country, and a postcode behind it or nothing: the last of an address, an empty one may stand above it.
fn country_line(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let lines = tokens.between(at).bytes().filter(|b| *b == b'\n').count();
    if tokens.gap(at) != Gap::Line || lines > 2 || !tokens.get(at)?.capital() {
        return None;
    }
    let end = town::country(tokens, at)?;
    let ends = |at: usize| matches!(tokens.gap(at), Gap::Line | Gap::Start);
    let code = tokens.get(end).is_some_and(|t| {
        t.shape == Shape::Number && (4..=6).contains(&t.chars) && t.gap == Gap::Space
    });
    if code && ends(end + 1) {
        Some(end + 1)
    } else {
        ends(end).then_some(end)
    }
}

/// A number in front of a street that has its own behind: "233 Erzs\u{e9}bet t\u{e9}r 19", first on its line or behind a cue.
pub(super) fn number_before(tokens: &Tokens<'_>, from: usize) -> usize {
    let Some(start) = from.checked_sub(1) else {
        return from;
    };
    let number = tokens
        .get(start)
        .is_some_and(|t| t.shape == Shape::Number && (2..=5).contains(&t.chars));
    let first = tokens.line_start(start) || street::announced(tokens, start);
    if number && first && tokens.gap(from) == Gap::Space {
        start
    } else {
        from
    }
}

/// Whether what stands at `to` can belong to the address before it.
fn joins(tokens: &Tokens<'_>, to: usize) -> bool {
    match tokens.gap(to) {
        Gap::Space | Gap::Comma => true,
        Gap::Line => tokens.between(to).matches('\n').count() == 1,
        Gap::Dot => tokens.before(to).is_some_and(|t| t.chars <= 3),
        Gap::Other => matches!(
            tokens.between(to).trim(),
            "-" | "\u{2013}" | "(" | "/" | "|" | ";" | ", -"
        ),
        _ => false,
    }
}

/// One to three words and a postcode behind a street: the words are a town, whatever they are.
fn unknown_town(tokens: &Tokens<'_>, from: usize) -> Option<usize> {
    (1..=3).find_map(|len| {
        let end = from + len;
        let words = tokens.all().get(from..end)?;
        let near = (from + 1..end).all(|at| matches!(tokens.gap(at), Gap::Space | Gap::Hyphen));
        let plain = words.iter().all(|t| {
            t.word()
                && t.chars > 1
                && !t
                    .class
                    .has(Class::STOP.or(Class::MY).or(Class::AND).or(Class::WEAK))
                && (t.capital() || !t.read().common_word())
        });
        let (code, strong) = postcode::at(tokens, end)?;
        let five = tokens.get(end).is_some_and(|t| t.chars == 5);
        let close = match tokens.gap(end) {
            Gap::Space | Gap::Comma => true,
            Gap::Line => tokens.between(end).matches('\n').count() == 1,
            _ => false,
        };
        (near && plain && close && code > end && (strong || five)).then_some(end)
    })
}

/// Skips a preposition between street and town: "Hauptstra\u{df}e 5 in Berlin".
fn connector(tokens: &Tokens<'_>, to: usize) -> usize {
    let short = tokens
        .get(to)
        .is_some_and(|t| t.shape == Shape::Lower && t.chars <= 4 && t.class.has(Class::PLACE_CUE));
    if short
        && matches!(tokens.gap(to), Gap::Space | Gap::Comma)
        && tokens.gap(to + 1) == Gap::Space
    {
        to + 1
    } else {
        to
    }
}

/// "2\u{ba} B", "Apt 4", "3. Stock", "1er \u{e9}tage", "bus 3", "esc. A".
pub(super) fn unit(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let small = |i: usize| {
        tokens
            .get(i)
            .is_some_and(|t| (t.digits() && t.chars <= 4) || (t.chars == 1 && t.capital()))
    };
    if let Some(len) = phrase_at(tokens, at, Class::UNIT)
        && tokens.get(at).is_some_and(|t| t.chars > 1)
    {
        let value = at + len;
        let near = matches!(tokens.gap(value), Gap::Space | Gap::Dot | Gap::Colon);
        if near && small(value) && postcode::at(tokens, value).is_none() {
            return Some(value + 1);
        }
        // "links", "bajo": words that need no value.
        let alone = tokens.get(at).is_some_and(|t| t.chars >= 3) && tokens.gap(at) != Gap::Line;
        let closed = matches!(tokens.gap(value), Gap::Comma | Gap::Line | Gap::Start);
        return (alone && closed).then_some(value);
    }
    let number = tokens.get(at)?;
    if !number.digits() || number.chars > 4 {
        return None;
    }
    let next = at + 1;
    if matches!(tokens.gap(next), Gap::Space | Gap::Dot)
        && let Some(len) = phrase_at(tokens, next, Class::UNIT)
        && tokens.get(next).is_some_and(|t| t.chars > 1)
    {
        return Some(next + len);
    }
    // "2\u{ba} B", "3\u{ba}Dto"
    if number.shape == Shape::Mixed && tokens.word(at).contains(['\u{ba}', '\u{aa}']) {
        return Some(if small(next) && tokens.gap(next) == Gap::Space {
            next + 1
        } else {
            next
        });
    }
    None
}

/// ", IL": the short form of a state behind a town. In brackets it stays outside, no address ends in one.
fn province(tokens: &Tokens<'_>, to: usize) -> usize {
    let short = tokens
        .get(to)
        .is_some_and(|t| t.shape == Shape::Upper && t.chars == 2);
    if short && tokens.gap(to) == Gap::Comma {
        to + 1
    } else {
        to
    }
}
