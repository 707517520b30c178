//! Street lines.

use super::{Place, PlaceKind, american, extend, postcode, town};
use std::sync::LazyLock;

use crate::cues::{self, Class, phrase_at};
use crate::lexicon::hash_word;
use crate::token::{Gap, Shape, Token, Tokens};

/// Words of a street name.
const LONGEST: usize = 6;

/// The street whose trigger (type word or house number) stands at `at`; nothing before `after` is used.
pub(super) fn at(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Place> {
    let token = tokens.get(at)?;
    let found = if let Some(to) = american::forces(tokens, at) {
        Some((at, to, 0.85, "address:forces:code"))
    } else if token.digits() {
        numbered(tokens, at, after)
    } else if token.class.has(Class::STREET_FRONT) {
        front(tokens, at, after)
    } else {
        None
    };
    found
        .or_else(|| post_box(tokens, at))
        .or_else(|| bare(tokens, at, after))
        .map(|(from, to, score, why)| Place {
            from: from.max(after),
            to,
            kind: PlaceKind::Address,
            score,
            why,
        })
}

type Found = (usize, usize, f32, &'static str);

/// The street that the house number at `at` belongs to.
fn numbered(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Found> {
    let to = house_end(tokens, at)?;
    if let Some(found) = number_first(tokens, at) {
        return Some(found);
    }
    // Behind a word, with nothing between that ends one thing and begins another.
    if at <= after || !matches!(tokens.gap(at), Gap::Space | Gap::Dot | Gap::Comma) {
        return None;
    }
    suffix(tokens, at, to, after)
        .or_else(|| lead(tokens, at, to, after))
        .or_else(|| before_postcode(tokens, at, to, after))
        .or_else(|| before_unit(tokens, at, to, after))
        .or_else(|| cued(tokens, at, to, after))
}

/// A house number: 12, 12b, 1234; never a year-long or postcode-long run.
fn house(token: &Token) -> bool {
    match token.shape {
        Shape::Number => token.chars <= 4,
        Shape::Mixed => token.chars <= 5,
        _ => false,
    }
}

/// The end of a house number that begins at `at`: `12`, `12 b`, `12-14`, `12/3`, `nr. 12`, `n\u{ba} 12`.
fn house_end(tokens: &Tokens<'_>, mut at: usize) -> Option<usize> {
    if tokens.get(at)?.class.has(Class::NUMBERWORD) && !tokens.get(at)?.digits() {
        at += 1;
        if !matches!(tokens.gap(at), Gap::Space | Gap::Dot | Gap::Other) {
            return None;
        }
    }
    let token = tokens.get(at)?;
    if !house(token) || !starts_with_digit(tokens, at) {
        return None;
    }
    let mut end = at + 1;
    // Ranges and staircases.
    while end < at + 4 {
        let range = matches!(tokens.between(end), "-" | "/" | " - " | "\u{2013}");
        if range
            && tokens
                .get(end)
                .is_some_and(|t| t.digits() && t.chars <= 4 || t.chars == 1)
        {
            end += 1;
        } else {
            break;
        }
    }
    // A lone letter behind the number ("12 b"), or bis, ter.
    if tokens.gap(end) == Gap::Space
        && tokens.get(end).is_some_and(|t| {
            t.chars == 1
                && t.word()
                && matches!(
                    tokens.gap(end + 1),
                    Gap::Comma | Gap::Line | Gap::Start | Gap::Dot
                )
                && !matches!(tokens.word(end), "a" | "y" | "e" | "o" | "i" | "\u{e0}")
                || t.class.has(Class::NUMBERWORD)
                    && matches!(tokens.word(end), "bis" | "ter" | "quater")
        })
    {
        end += 1;
    }
    Some(end)
}

/// Whether a number that ends at `to` counts something: "3 Stunden", "12 euro", "5 %".
fn counts(tokens: &Tokens<'_>, to: usize) -> bool {
    tokens.gap(to) == Gap::Space && tokens.get(to).is_some_and(|t| t.class.has(Class::MEASURE))
        || tokens
            .between(to)
            .trim_start()
            .starts_with(['%', '\u{20ac}', '$', '\u{a3}'])
}

fn starts_with_digit(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.word(at).starts_with(|c: char| c.is_ascii_digit())
}

fn near(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe)
}

/// "12 High Street", "221b Baker St".
fn number_first(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    if !house(tokens.get(at)?) || !starts_with_digit(tokens, at) {
        return None;
    }
    // The minutes of a time.
    if tokens.between(at) == ":" {
        return None;
    }
    let mut words = at + 1;
    if tokens.gap(words) == Gap::Hyphen && tokens.get(words)?.shape == Shape::Number {
        words += 1;
    }
    if !matches!(tokens.gap(words), Gap::Space | Gap::Comma) {
        return None;
    }
    let mut end = words;
    let mut typed = None;
    while end < words + 5 {
        let token = tokens.get(end)?;
        let gap = tokens.gap(end);
        // "St. James Road" is the one dot inside.
        if end > words && !(near(gap) || gap == Gap::Dot && tokens.before(end)?.chars <= 3) {
            break;
        }
        if !token.word() && !ordinal(tokens.word(end)) {
            break;
        }
        if end > words && token.class.has(Class::STREET) {
            typed = Some(end);
        } else if typed.is_some() {
            break;
        }
        end += 1;
        if end >= tokens.all().len() {
            break;
        }
    }
    let typed = typed?;
    let inner = tokens.all().get(words..typed)?;
    let capital = inner
        .iter()
        .all(|t| t.capital() || t.digits() || t.class.has(Class::PARTICLE));
    let kind = tokens.get(typed)?;
    let lower_ok = strong_type(kind.hash)
        && inner.len() <= 3
        && inner
            .iter()
            .any(|t| !t.class.has(Class::PLACE_CUE.or(Class::MY).or(Class::WEAK)))
        && !inner
            .iter()
            .any(|t| t.class.has(Class::PLACE_CUE.or(Class::WEAK).or(Class::AND)));
    let mut to = typed + 1;
    if capital && (kind.capital() || strong_type(kind.hash)) {
        if tokens.gap(to) == Gap::Space
            && tokens.get(to).is_some_and(|t| compass(tokens.word(to), t))
        {
            to += 1;
        }
        return Some((at, to, 0.85, "address:street:number"));
    }
    lower_ok.then_some((at, to, 0.7, "address:street:number"))
}

fn ordinal(word: &str) -> bool {
    ["st", "nd", "rd", "th"].iter().any(|end| {
        word.strip_suffix(end)
            .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
    })
}

fn compass(word: &str, token: &Token) -> bool {
    token.capital()
        && matches!(
            word,
            "N" | "S" | "E" | "W" | "NE" | "NW" | "SE" | "SW" | "North" | "South" | "East" | "West"
        )
}

/// Type words that name a street even in lower case.
fn strong_type(hash: u64) -> bool {
    static HASHES: LazyLock<[u64; 12]> = LazyLock::new(|| {
        [
            "street",
            "road",
            "avenue",
            "lane",
            "rd",
            "ave",
            "boulevard",
            "blvd",
            "crescent",
            "terrace",
            "st",
            "drive",
        ]
        .map(hash_word)
    });
    HASHES.contains(&hash)
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

/// "12, rue de la Paix", "Calle Mayor, 5", "Via Roma 12".
fn front(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Found> {
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
        .is_some_and(|t| t.known().mostly_plain() && !t.class.has(Class::PARTICLE))
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

/// "Hauptstra\u{df}e 5", "Lange Str. 12", "Prinsengracht 263".
fn suffix(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
    let mut last = at.checked_sub(1)?;
    if tokens.get(last)?.class.has(Class::NUMBERWORD) && last > after {
        last -= 1;
    }
    if last < after || !tokens.get(last)?.word() || counts(tokens, to) {
        return None;
    }
    let own_word = tokens.get(last)?.class.has(Class::STREET_SUFFIX);
    if !own_word && !compound(tokens.word(last)) {
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
        && (lower || token.known().mostly_plain() && postcode_behind(tokens, to).is_none())
    {
        return None;
    }
    Some((from, to, score, "address:suffix:number"))
}

/// The first word of a street whose last word stands at `last`.
fn leading(tokens: &Tokens<'_>, last: usize, after: usize, needs: bool) -> usize {
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
                || !(before.known().mostly_plain()
                    || before.known().common_word() && tokens.sentence_start(from - 1)));
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

/// Whether a word ends so, in whatever case.
fn ends_in(word: &str, ends: &[&str]) -> bool {
    if word.is_ascii() {
        return ends.iter().any(|end| {
            let from = word.len().checked_sub(end.len());
            from.and_then(|from| word.get(from..))
                .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
        });
    }
    let lower = word.to_lowercase();
    ends.iter().any(|end| lower.ends_with(end))
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
fn lead(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
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
fn before_postcode(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
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

/// Capitalised words and a number in front of a part of a house: "Brisas 6802, Apt. 84", "Allika 46" and "Suite 501" below it.
fn before_unit(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
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
fn cued(tokens: &Tokens<'_>, at: usize, to: usize, after: usize) -> Option<Found> {
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
    let entry = token.known();
    !token.capital() && entry.common_word() && entry.lower_bucket() >= 2
}

/// Whether what announces an address ends before `at`.
pub(super) fn announced(tokens: &Tokens<'_>, at: usize) -> bool {
    matches!(
        tokens.gap(at),
        Gap::Space | Gap::Colon | Gap::Line | Gap::Other
    ) && (1..=4).any(|back| {
        at.checked_sub(back)
            .is_some_and(|start| phrase_at(tokens, start, Class::ADDRESS_CUE) == Some(back))
    })
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

/// "PO Box 12", "Postfach 10 20 30".
fn post_box(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    const BOXES: [&str; 8] = [
        "box", "postfach", "postbus", "bp", "apartado", "postale", "cp", "postbox",
    ];
    let len = phrase_at(tokens, at, Class::UNIT)?;
    let last = at + len - 1;
    if !BOXES
        .iter()
        .any(|b| tokens.word(last).eq_ignore_ascii_case(b))
        || len == 1 && tokens.get(at)?.chars < 4
    {
        return None;
    }
    let mut to = at + len;
    while to < at + len + 3
        && matches!(tokens.gap(to), Gap::Space)
        && tokens
            .get(to)
            .is_some_and(|t| t.shape == Shape::Number && t.chars <= 7)
    {
        to += 1;
    }
    (to > at + len).then_some((at, to, 0.75, "address:box:number"))
}

/// A street without a number: "Oak Street", "in der Goethestra\u{df}e".
fn bare(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    if !token.capital() {
        return None;
    }
    if token.class.has(Class::STREET) && token.chars >= 2 && strong_type(token.hash) {
        let from = leading(tokens, at, after, false);
        let dotless = !(token.chars == 2 && tokens.gap(at + 1) == Gap::Dot);
        let spoken = tokens.get(from).is_some_and(|t| !t.class.has(Class::LABEL));
        return (from < at
            && dotless
            && spoken
            && tokens.gap(at) == Gap::Space
            && !(token.chars == 2 && token.shape != Shape::Capital))
            .then_some((from, at + 1, 0.55, "address:street:-"));
    }
    let word = tokens.word(at);
    // The cheap question first: all of these end in one of two letters.
    if token.chars < 8 || !word.ends_with(['e', 't', 'E', 'T']) {
        return None;
    }
    // Three letters at least stand before it.
    let strong = ends_in(word, &["gasse"])
        || token.chars >= 9 && ends_in(word, &["straat", "gracht", "stra\u{df}e"])
        || token.chars >= 10 && ends_in(word, &["strasse"]);
    if strong && token.word() {
        // The number may still follow; then the number finds it.
        if tokens.get(at + 1).is_some_and(house) && tokens.gap(at + 1) != Gap::Line {
            return None;
        }
        return Some((at, at + 1, 0.55, "address:suffix:-"));
    }
    None
}
