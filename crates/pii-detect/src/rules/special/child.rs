//! Children: somebody's son or pupil with an age or a school, and who says that they are below eighteen.
//!
//! Ages below eighteen follow Article 8 and recital 38; member states may set the age of consent lower, the protection
//! of a child does not end there.

use super::frame::{Around, SOMEBODY};
use super::table::{BE, KID, NUM, OLD, SELF, SELFBE, YEARS};
use crate::rules::few::Few;
use crate::token::{Gap, Shape, Tokens};
use crate::words::Marks;

/// Whether a token can be the age of who speaks at all; the cheap questions first.
pub(super) fn may_be_age(tokens: &Tokens<'_>, at: usize) -> bool {
    let short = tokens
        .get(at)
        .is_some_and(|t| t.chars <= 2 || t.shape == Shape::Mixed && t.chars <= 12);
    // "am", "tengo" or "aged" is one of the two words before.
    short
        && (1..=2).any(|back| {
            let before = at.checked_sub(back).and_then(|at| tokens.get(at));
            before.is_some_and(|t| t.marks.has(Marks::AGES))
        })
}

/// Words for "and" and "but", behind which a number needs no unit.
static AND: Few = Few::new(&[
    "and", "und", "et", "y", "e", "ed", "en", "but", "aber", "mais", "mas", "maar", "pero", "so",
    "dus", "donc", "who",
]);

/// Months and weeks of the seven languages begin like this, and no word for years does.
fn months(word: &str) -> bool {
    word.len() >= 3 && word.starts_with(['m', 'w', 's', 'M', 'W', 'S'])
}

/// How an age is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// "8 years old", "8yo", "8-j\u{e4}hrig": of nobody but somebody.
    Old,
    /// "8 years": as well how long something takes.
    Years,
    /// "13 geworden".
    Turned,
    /// A number alone.
    Bare,
}

/// Verbs and small words that stand before somebody's age, as those of waiting and owning do not.
static AGE_VERBS: Few = Few::new(&[
    "is",
    "s",
    "was",
    "be",
    "m",
    "turned",
    "turns",
    "turning",
    "just",
    "only",
    "already",
    "almost",
    "nearly",
    "bin",
    "ist",
    "war",
    "wird",
    "werde",
    "wurde",
    "gerade",
    "erst",
    "fast",
    "mal",
    "noch",
    "schon",
    "jetzt",
    "ben",
    "net",
    "pas",
    "bijna",
    "word",
    "wordt",
    "werd",
    "est",
    "a",
    "ai",
    "ont",
    "avait",
    "aura",
    "aurai",
    "avoir",
    "que",
    "presque",
    "ha",
    "ho",
    "aveva",
    "compie",
    "quasi",
    "solo",
    "tengo",
    "tiene",
    "tienen",
    "ten\u{ed}a",
    "tenia",
    "cumple",
    "cumpli\u{f3}",
    "casi",
    "tenho",
    "tem",
    "tinha",
    "faz",
    "fez",
    "fiz",
    "completa",
    "quase",
    "apenas",
    "fa\u{e7}o",
    "cumplo",
]);

/// Between a child and its age: "fils de 8 ans".
static OF: Few = Few::new(&["de", "di", "van", "von", "of", "mit", "com"]);

fn one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// A number of years below eighteen at a token: the token behind the age, and how it is told.
fn age(around: &Around<'_>, at: usize) -> Option<(usize, Told)> {
    let tokens = &around.scan.tokens;
    let token = tokens.get(at)?;
    let word = tokens.word(at);
    let digits = word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let small = match token.shape {
        Shape::Number | Shape::Mixed => word
            .get(..digits)
            .filter(|d| !d.is_empty() && d.len() <= 2)
            .and_then(|d| d.parse::<u8>().ok())
            .is_some_and(|years| years < 18 || years < 60 && months(tokens.word(at + 1))),
        _ => around.says(at, NUM),
    };
    if !small {
        return None;
    }
    if token.shape == Shape::Mixed {
        let unit = word.get(digits..).unwrap_or("");
        if unit.eq_ignore_ascii_case("yo")
            || unit.to_ascii_lowercase().starts_with('j') && unit.len() > 4
        {
            return Some((at + 1, Told::Old));
        }
        let units = ["y", "j", "jr", "yrs", "yr", "ans", "a", "mo", "m"];
        return one_of(unit, &units).then_some((at + 1, Told::Years));
    }
    let joined = matches!(tokens.gap(at + 1), Gap::Space | Gap::Hyphen);
    if joined && around.says(at + 1, YEARS) {
        let old =
            matches!(tokens.gap(at + 2), Gap::Space | Gap::Hyphen) && around.says(at + 2, OLD);
        // "8-j\u{e4}hrige", "8 jarige".
        let told = if old || tokens.word(at + 1).contains("ig") {
            Told::Old
        } else {
            Told::Years
        };
        return Some((at + 2 + usize::from(old), told));
    }
    // "4 and a half years": the unit a little further.
    if joined && (3..=4).any(|d| around.says(at + d, YEARS) && around.says(at + d + 1, OLD)) {
        return Some((at + 1, Told::Old));
    }
    if joined && around.says(at + 1, OLD) {
        return Some((at + 2, Told::Turned));
    }
    let alone = !joined || AND.hold(tokens, at + 1);
    alone.then_some((at + 1, Told::Bare))
}

/// Whether a number behind a child's word is its age, and not how long something takes: "is 8 years", "(8)", "de 8 ans".
fn of_kid(around: &Around<'_>, at: usize, (end, told): (usize, Told)) -> bool {
    if matches!(told, Told::Old | Told::Turned) {
        return true;
    }
    let tokens = &around.scan.tokens;
    let before = |d: usize, few: &Few| at.checked_sub(d).is_some_and(|i| few.hold(tokens, i));
    let kid =
        |reach: usize| (1..=reach).any(|d| at.checked_sub(d).is_some_and(|i| around.says(i, KID)));
    // "is size 8" is none.
    let reach = if told == Told::Bare { 1 } else { 2 };
    let verb = (1..=reach).any(|d| before(d, &AGE_VERBS))
        || (1..=3).any(|d| at.checked_sub(d).is_some_and(|i| around.says(i, OLD)));
    let bracket = tokens.between(at).contains('(') || tokens.gap(at) == Gap::Comma;
    if bracket && kid(3) || told == Told::Bare {
        return verb || bracket && kid(3);
    }
    if kid(1) || before(1, &OF) && kid(3) {
        return true;
    }
    // "tiene 2 a\u{f1}os de garant\u{ed}a" has something behind it that an age has not.
    let ends = !matches!(tokens.gap(end), Gap::Space | Gap::Hyphen)
        || AND.hold(tokens, end)
        || around.says(end, SOMEBODY | BE | SELFBE);
    verb && ends && !OF.hold(tokens, end)
}

/// A child's word with an age near it in the sentence: the tokens to cover.
pub(super) fn with_age(around: &Around<'_>, kid: usize, len: usize) -> Option<(usize, usize)> {
    let mut here = kid;
    for _ in 0..6 {
        if around.breaks(here) {
            break;
        }
        let Some(before) = here.checked_sub(1) else {
            break;
        };
        here = before;
        // "3 weeks for my son" is no age, "8 year old son" and "3 months baby" are.
        if let Some((end, told)) = age(around, here)
            && (told == Told::Old || told == Told::Years && end == kid)
        {
            return Some((here, kid + len));
        }
    }
    for at in kid + len..kid + len + 9 {
        if around.breaks(at) {
            break;
        }
        // "nuestra nena de 10".
        let of = at == kid + len && around.scan.tokens.word(at).eq_ignore_ascii_case("de");
        let number = around.scan.tokens.get(at + 1);
        if of && number.is_some_and(|t| t.shape == Shape::Number && t.chars <= 2) {
            if let Some((end, _)) = age(around, at + 1) {
                return Some((kid, end));
            }
            let small = around
                .scan
                .tokens
                .word(at + 1)
                .parse::<u8>()
                .is_ok_and(|n| n < 18);
            if small {
                return Some((kid, at + 2));
            }
        }
        if let Some(found) = age(around, at)
            && of_kid(around, at, found)
        {
            return Some((kid, found.0));
        }
    }
    None
}

/// Whether a hit holds the age itself: "three year old", "Dreij\u{e4}hriger".
pub(super) fn told_by(around: &Around<'_>, at: usize, len: usize) -> bool {
    let tokens = &around.scan.tokens;
    let years = |i| around.says(i, YEARS) || tokens.word(i).contains("hrig");
    (at..at + len).any(years)
}

/// A child's word in the sentence before or behind.
pub(super) fn kid_near(around: &Around<'_>, at: usize, len: usize) -> bool {
    let mut here = at;
    for _ in 0..10 {
        if around.breaks(here) {
            break;
        }
        let Some(before) = here.checked_sub(1) else {
            break;
        };
        here = before;
        if around.says(here, KID) {
            return true;
        }
    }
    (at + len..at + len + 8)
        .take_while(|i| !around.breaks(*i))
        .any(|i| around.says(i, KID))
}

/// "I am 14 years old", "tengo 15 a\u{f1}os": the age of who speaks, at a number.
pub(super) fn own_age(around: &Around<'_>, at: usize) -> Option<(usize, usize)> {
    let says = |d: usize, bits: u32| at.checked_sub(d).is_some_and(|i| around.says(i, bits));
    if !(1..=2).any(|d| says(d, OLD | BE | SELFBE)) {
        return None;
    }
    let (end, told) = age(around, at)?;
    if around.breaks(at) {
        return None;
    }
    let unit = told != Told::Bare;
    let old = end
        .checked_sub(1)
        .is_some_and(|last| around.says(last, OLD));
    let near = |bits: u32, reach: usize| {
        (1..=reach)
            .take_while(|d| *d == 1 || !around.breaks(at + 1 - d))
            .any(|d| says(d, bits))
    };
    let first_person = near(SELFBE, 2) || near(BE, 2) && near(SELF, 4);
    let tokens = &around.scan.tokens;
    let clause_ends = !matches!(tokens.gap(end), Gap::Space | Gap::Hyphen) || AND.hold(tokens, end);
    let aged = near(OLD, 2) && near(SOMEBODY, 6)
        || told == Told::Turned && near(BE, 3) && near(SOMEBODY, 5);
    // Not "I need 9", "he was at 9", "aspetta da 3 settimane".
    let reach = if unit { 2 } else { 1 };
    let before = |d: usize| at.checked_sub(d).is_some_and(|i| AGE_VERBS.hold(tokens, i));
    let am = || {
        let word = at.checked_sub(1).map_or("", |i| tokens.word(i));
        word.eq_ignore_ascii_case("am") && near(SELF, 3)
    };
    let verb = || old || near(OLD, reach) || (1..=reach).any(before) || am();
    // "tengo 10 a\u{f1}os de experiencia" has something behind it that "old" or an end of the clause has not.
    (aged
        || first_person
            && verb()
            && (old || clause_ends && (unit || near(BE | SELFBE, 1) || near(SELF, 3))))
    .then_some((at, end))
}
