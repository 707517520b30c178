//! Streets by a name and a number behind it: the name ends in its type ("Hauptstra\u{df}e 5"), begins like one ("Am Markt 5"), or
//! what stands around says that it is one.

use super::{Found, LONGEST, counts, ends_in, house, near};
use crate::cues::{self, Class, phrase_at};
use crate::lexicon::hash_word;
use crate::rules::address::{extend, postcode, town};
use crate::token::{Gap, Shape, Token, Tokens};

/// "Hauptstra\u{df}e 5", "Lange Str. 12", "Prinsengracht 263".
pub(super) fn suffix(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
    let mut last = at.checked_sub(1)?;
    if tokens.get(last)?.class.has(Class::NUMBERWORD) && last > after {
        last -= 1;
    }
    if last < after || !tokens.get(last)?.word() || counts(tokens, to) {
        return None;
    }
    let own_word = tokens.get(last)?.class.has(Class::STREET_SUFFIX);
    // Three letters at least stand before three of an ending.
    let long = tokens.get(last)?.chars >= 6;
    let typed = own_word || long && compound(tokens.word(last));
    if !typed {
        return None;
    }
    let token = tokens.get(last)?;
    let hyphened = tokens.gap(last) == Gap::Hyphen;
    if own_word && !hyphened && (last == after || !near(tokens.gap(last))) {
        return None;
    }
    let from = leading(tokens, last, after, own_word);
    if own_word && from == last {
        return None;
    }
    // Ordinary words share the endings (Umweg 2, voorhof 3): then a capital or a strong ending is needed.
    let score = if strong_suffix(tokens.word(last)) {
        0.9
    } else {
        0.7
    };
    let lower = !token.capital() && !tokens.get(from)?.capital();
    if score < 0.9
        && (lower || token.read().mostly_plain() && postcode_behind(tokens, to).is_none())
    {
        return None;
    }
    Some((from, to, score, "address:suffix:number"))
}

/// The first word of a street whose last word stands at `last`.
pub(super) fn leading(tokens: &Tokens<'_>, last: usize, after: usize, needs: bool) -> usize {
    let mut from = last;
    let lower = tokens.get(last).is_some_and(|t| !t.capital());
    while from > after && last - from < 4 {
        let gap = tokens.gap(from);
        let Some(before) = tokens.get(from - 1) else {
            break;
        };
        let hyphen = gap == Gap::Hyphen;
        if !(hyphen || gap == Gap::Space || gap == Gap::Dot && before.chars <= 3) {
            break;
        }
        let cue = Class::STOP
            .or(Class::TITLE)
            .or(Class::GREETING)
            .or(Class::LABEL)
            .or(Class::ADDRESS_CUE);
        let particle = before.class.has(Class::PARTICLE)
            && !before.class.has(Class::ADDRESS_CUE)
            && from - 1 > after
            && tokens
                .get(from - 2)
                .is_some_and(|t| t.capital() && !tokens.line_start(from - 1));
        let capital = before.capital()
            && before.word()
            && !before.class.has(cue)
            && (needs
                || !(before.read().mostly_plain()
                    || before.read().common_word() && tokens.sentence_start(from - 1)));
        let lower_word = lower
            && needs
            && from == last
            && before.word()
            && !before.class.has(Class::PLACE_CUE.or(cue));
        if !(hyphen && before.word() || capital || particle || lower_word) {
            break;
        }
        from -= 1;
    }
    // A particle left over at the front belongs to the sentence.
    while from < last
        && tokens
            .get(from)
            .is_some_and(|t| !t.capital() && t.class.has(Class::PARTICLE))
    {
        from += 1;
    }
    from
}

/// Whether a word ends in a street suffix, something standing before it.
fn compound(word: &str) -> bool {
    let ends = word.char_indices().rev().take(9).skip(2);
    ends.take_while(|(at, _)| {
        let before = word.get(..*at).unwrap_or("");
        before.chars().take(3).count() == 3
    })
    .filter_map(|(at, _)| word.get(at..))
    .any(|end| cues::class(hash_word(end)).has(Class::STREET_SUFFIX))
}

fn strong_suffix(word: &str) -> bool {
    ends_in(
        word,
        &[
            "stra\u{df}e",
            "strasse",
            "str",
            "gasse",
            "straat",
            "gracht",
            "laan",
            "plein",
            "weg",
            "platz",
            "allee",
            "gatan",
            "v\u{e4}gen",
            "vej",
            "gade",
            "plantsoen",
            "singel",
            "kade",
            "dreef",
        ],
    )
}

/// "Am Markt 5", "Unter den Linden 77", "Op de Wallen 3".
pub(super) fn lead(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
    if tokens.gap(at) != Gap::Space || tokens.get(at)?.chars > 3 {
        return None;
    }
    let closed = matches!(tokens.gap(to), Gap::Comma | Gap::Line | Gap::Start)
        || postcode_behind(tokens, to).is_some();
    if !closed {
        return None;
    }
    (2..=4).find_map(|back| {
        let from = at.checked_sub(back)?;
        if from < after || !tokens.get(from)?.capital() {
            return None;
        }
        let len = phrase_at(tokens, from, Class::STREET_LEAD)?;
        let words = tokens.all().get(from + len..at)?;
        let named = !words.is_empty()
            && words
                .iter()
                .all(|t| t.capital() && !t.class.has(Class::STOP));
        named.then_some((from, to, 0.7, "address:lead:number"))
    })
}

/// Capitalised words and a number in front of a postcode and its town: "Noorderhaven 12, 9712 AB Groningen".
pub(super) fn before_postcode(
    tokens: &Tokens<'_>,
    at: usize,
    to: usize,
    after: usize,
) -> Option<Found> {
    postcode_behind(tokens, to)?;
    let last = at.checked_sub(1)?;
    if last < after || !matches!(tokens.gap(at), Gap::Space | Gap::Comma) {
        return None;
    }
    let token = tokens.get(last)?;
    if !token.capital() || token.class.has(Class::STOP) {
        return None;
    }
    let from = leading(tokens, last, after, true);
    Some((from, to, 0.75, "address:number:postcode"))
}

/// A postcode behind `to`, with a town behind it or strong by its shape.
fn postcode_behind(tokens: &Tokens<'_>, to: usize) -> Option<usize> {
    if !matches!(
        tokens.gap(to),
        Gap::Comma | Gap::Line | Gap::Space | Gap::Other
    ) {
        return None;
    }
    let (end, strong) = postcode::at(tokens, to)?;
    let town =
        matches!(tokens.gap(end), Gap::Space | Gap::Comma) && town::at(tokens, end).is_some();
    (strong || town).then_some(end)
}

/// Capitalised words and a number in front of a part of a house: "Brisas 6802, Apt. 84", "Allika 46" and "Suite 501" below it.
pub(super) fn before_unit(
    tokens: &Tokens<'_>,
    at: usize,
    to: usize,
    after: usize,
) -> Option<Found> {
    let last = at.checked_sub(1)?;
    let token = tokens.get(last)?;
    if last < after || !token.capital() || !token.word() || tokens.gap(at) != Gap::Space {
        return None;
    }
    let near = match tokens.gap(to) {
        Gap::Space | Gap::Comma => true,
        Gap::Line => tokens.between(to).matches('\n').count() == 1,
        _ => false,
    };
    if !near || token.class.has(Class::STOP.or(Class::UNIT)) {
        return None;
    }
    let end = extend::unit(tokens, to)?;
    // "Room 12 floor 3" counts rooms; a part of a house is written with a capital, and its number behind it.
    let part = tokens.get(to)?;
    let valued = tokens.before(end)?.digits() && part.word() && part.capital();
    let from = leading(tokens, last, after, true);
    valued.then_some((from, to, 0.75, "address:number:unit"))
}

/// Words and a number behind what announces an address: "lives at 255 hersnapvej 18", "my address is Brisas 6802".
pub(super) fn cued(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
    let last = at.checked_sub(1)?;
    let word = tokens.get(last)?.word();
    if last < after || tokens.gap(at) != Gap::Space || !word || counts(tokens, to) {
        return None;
    }
    let mut from = at;
    while from > after && at - from < LONGEST {
        let here = from - 1;
        let token = tokens.get(here)?;
        let stops = Class::STOP
            .or(Class::WEAK)
            .or(Class::PLACE_CUE)
            .or(Class::ADDRESS_CUE)
            .or(Class::MY)
            .or(Class::AND);
        let particle = token.class.has(Class::PARTICLE);
        let name = token.word() && token.chars > 1 && !token.class.has(stops) && !frequent(token);
        let number =
            here + 2 < at && house(token) || token.shape == Shape::Number && here + 2 <= at;
        if !(name || particle && !token.class.has(Class::ADDRESS_CUE) || number) {
            break;
        }
        from = here;
        if number || !matches!(tokens.gap(here), Gap::Space | Gap::Hyphen | Gap::Dot) {
            break;
        }
    }
    let named = (from..at).any(|i| tokens.get(i).is_some_and(|t| t.word() && t.chars > 2));
    (named && announced(tokens, from)).then_some((from, to, 0.7, "address:cue:number"))
}

/// A word of running text.
fn frequent(token: &Token) -> bool {
    let entry = token.read();
    !token.capital() && entry.common_word() && entry.lower_bucket() >= 2
}

/// Whether what announces an address ends before `at`.
pub(in crate::rules::address) fn announced(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.gap(at),
        Gap::Space | Gap::Colon | Gap::Line | Gap::Other
    ) && (1..=4).any(|back| {
        at.checked_sub(back)
            .is_some_and(|start| phrase_at(tokens, start, Class::ADDRESS_CUE) == Some(back))
    })
}
