//! Street lines.
//!
//! Three orders of words: number, name and type ("12 High Street"), type, name and number ("rue de la Paix 12", in `front`), and
//! name and number, in which the name ends in its type or something around says that it is one (in `named`).

mod front;
mod named;

use std::sync::LazyLock;

use super::{Place, PlaceKind, american};
use crate::cues::{Class, phrase_at};
use crate::lexicon::hash_word;
use crate::token::{Gap, Shape, Token, Tokens};
use front::front;
pub(super) use named::announced;
use named::{before_postcode, before_unit, cued, lead, leading, suffix};

/// Words of a street name.
const LONGEST: usize = 6;

/// The street whose trigger (type word or house number) stands at `at`; nothing before `after` is used.
pub(super) fn at(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Place> {
    let token = tokens.get(at)?;
    let mut found = None;
    if token.digits() {
        found = numbered(tokens, at, after);
    } else if american::may_begin(tokens, token)
        && let Some(to) = american::forces(tokens, at)
    {
        found = Some((at, to, 0.85, "address:forces:code"));
    } else if token.class.has(Class::STREET_FRONT) {
        found = front(tokens, at, after);
    }
    if found.is_none()
        && let Some(len) = phrase_at(tokens, at, Class::UNIT)
    {
        found = post_box(tokens, at, len);
    }
    if found.is_none() && token.capital() {
        found = if token.class.has(Class::STREET) && strong_type(token.hash) {
            typed(tokens, at, after)
        } else if bare_length(token) {
            bare(tokens, at)
        } else {
            None
        };
    }
    let (from, to, score, why) = found?;
    Some(Place {
        from: from.max(after),
        to,
        kind: PlaceKind::Address,
        score,
        why,
    })
}

type Found = (usize, usize, f32, &'static str);

/// The street that the house number at `at` belongs to.
#[inline(never)]
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
        let range = matches!(tokens.gap(end), Gap::Hyphen | Gap::Other)
            && matches!(tokens.between(end), "-" | "/" | " - " | "\u{2013}");
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
    match tokens.gap(to) {
        Gap::Space => tokens.get(to).is_some_and(|t| t.class.has(Class::MEASURE)),
        Gap::Other | Gap::Line | Gap::Start => tokens
            .between(to)
            .trim_start()
            .starts_with(['%', '\u{20ac}', '$', '\u{a3}']),
        _ => false,
    }
}

fn starts_with_digit(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens
        .get(at)
        .and_then(|token| tokens.text.as_bytes().get(token.start))
        .is_some_and(u8::is_ascii_digit)
}

fn near(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe)
}

/// "12 High Street", "221b Baker St".
fn number_first(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    // The cheap question first: a type word stands within seven words.
    let all = tokens.all();
    let reach = all.get(at + 2..all.len().min(at + 8)).unwrap_or(&[]);
    if !reach.iter().any(|t| t.class.has(Class::STREET)) {
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

/// "PO Box 12", "Postfach 10 20 30".
#[inline(never)]
fn post_box(tokens: &Tokens<'_>, at: usize, len: usize) -> Option<Found> {
    const BOXES: [&str; 8] = [
        "box", "postfach", "postbus", "bp", "apartado", "postale", "cp", "postbox",
    ];
    // The cheap question first: a number stands behind it.
    let numbered = |t: &Token| t.shape == Shape::Number && t.gap == Gap::Space;
    if !tokens.get(at + len).is_some_and(numbered) {
        return None;
    }
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

/// A street without a number: "Oak Street".
#[inline(never)]
fn typed(tokens: &Tokens<'_>, at: usize, after: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    let from = leading(tokens, at, after, false);
    let dotless = !(token.chars == 2 && tokens.gap(at + 1) == Gap::Dot);
    let spoken = tokens.get(from).is_some_and(|t| !t.class.has(Class::LABEL));
    (from < at
        && dotless
        && spoken
        && tokens.gap(at) == Gap::Space
        && !(token.chars == 2 && token.shape != Shape::Capital))
        .then_some((from, at + 1, 0.55, "address:street:-"))
}

/// Whether a word is long enough for [`bare`].
#[inline]
pub(super) const fn bare_length(token: &Token) -> bool {
    token.chars >= 8
}

/// A street in one word without a number: "in der Goethestra\u{df}e".
#[inline(never)]
fn bare(tokens: &Tokens<'_>, at: usize) -> Option<Found> {
    let token = tokens.get(at)?;
    let word = tokens.word(at);
    // The cheap question first: all of these end in one of two letters.
    let last = word.as_bytes().last()?;
    if !matches!(last, b'e' | b't' | b'E' | b'T') {
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
