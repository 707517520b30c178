//! Ages, in figures and in words: a number with an age's words, or beside somebody.

use super::value;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::Locale;
use crate::rules::few::{Few, is_any};
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Token, Tokens};
use crate::trigger::{self, Set};

/// From here on a bare number behind "I'm" is an age; younger people say so, and are [`Kind::Child`].
const BARE: u32 = 16;

/// Finds an age whose number stands at `at`; returns the token behind it.
pub(crate) fn age(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    at: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let token = scan.tokens.get(at)?;
    let (end, why) = match (token.shape, token.chars) {
        (Shape::Mixed, _) => (joined(&scan.tokens, at)?, "age:joined:number"),
        (_, 1..=3) => of_number(scan, locale, (at, at + 1), value(scan, at)?.0)?,
        _ => return None,
    };
    push(scan, (at, end), why, out)
}

pub(super) fn push(
    scan: &Scan<'_>,
    range: (usize, usize),
    why: &'static str,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let (first, last) = (scan.tokens.get(range.0)?, scan.tokens.before(range.1)?);
    let span = Span::new(first.start, last.end)?;
    out.push(Finding::new(span, Kind::Age, 0.75, Why::new(why)));
    Some(range.1)
}

/// "34enne", "27yo", "op mijn 61e".
fn joined(tokens: &Tokens<'_>, at: usize) -> Option<usize> {
    let word = tokens.word(at);
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    let years: u32 = word.get(..digits)?.parse().ok()?;
    let unit = word.get(digits..)?;
    let is = |words: &[&str]| words.iter().any(|w| unit.eq_ignore_ascii_case(w));
    let turned = is(&["e", "ste"])
        && years >= BARE
        && at >= 2
        && is_any!(tokens, at - 1, "mijn", "zijn", "haar")
        && is_any!(tokens, at - 2, "op");
    ((1..=120).contains(&years) && (turned || is(&["enne", "enni", "yo"]))).then_some(at + 1)
}

/// The token behind the age whose number takes the tokens `range`, and the reason.
pub(super) fn of_number(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    range: (usize, usize),
    years: u32,
) -> Option<(usize, &'static str)> {
    let tokens = &scan.tokens;
    let (from, to) = range;
    if !(1..=120).contains(&years) {
        return None;
    }
    let near = matches!(tokens.gap(to), Gap::Space | Gap::Hyphen | Gap::Apostrophe);
    let set = trigger::of(tokens, to);
    if near && set.has(Set::YEARS.or(Set::MINOR)) {
        return with_unit(scan, locale, range, years);
    }
    if matches!(tokens.gap(to), Gap::Dot | Gap::Space)
        && is_any!(tokens, to, "lebensjahr", "lebensjahres", "levensjaar")
    {
        return Some((to + 1, "age:cue:years"));
    }
    // "34-jarige", "34-jaehrige"
    let adjective = || {
        let word = tokens.word(to);
        word.starts_with(['j', 'J'])
            && ["jarig", "j\u{e4}hrig", "jaehrig"].iter().any(|w| {
                word.get(..w.len())
                    .is_some_and(|h| h.eq_ignore_ascii_case(w))
            })
    };
    if matches!(tokens.gap(to), Gap::Space | Gap::Hyphen) && adjective() {
        return (!of_thing(tokens, from, to + 1)).then_some((to + 1, "age:years:old"));
    }
    (age_before(scan, locale, from, false) || bare(tokens, range, years))
        .then_some((to, "age:cue:number"))
}

fn with_unit(
    scan: &Scan<'_>,
    locale: Option<Locale>,
    (from, to): (usize, usize),
    years: u32,
) -> Option<(usize, &'static str)> {
    let tokens = &scan.tokens;
    // "27 y/o"
    if tokens.between(to + 1) == "/" && is_any!(tokens, to + 1, "o") {
        return Some((to + 2, "age:years:old"));
    }
    for here in to + 1..to + 3 {
        let near = matches!(tokens.gap(here), Gap::Space | Gap::Hyphen);
        let set = trigger::of(tokens, here);
        if near && set.has(Set::OLD) && !is_any!(tokens, here, "age", "aged", "ages") {
            return (!of_thing(tokens, from, here + 1)).then_some((here + 1, "age:years:old"));
        }
        if !near || !set.has(Set::OFDATE) {
            break;
        }
    }
    let next_near = tokens.gap(to + 1) == Gap::Space;
    // "2 ans de garantie"; "un homme de 76 ans de Lyon" has somebody before it.
    // "15 years with the company", "5 y 6" (and, in Spanish).
    let other = is_any!(tokens, to + 1, "with", "in", "ago", "bei", "im");
    let letter = tokens.get(to).is_some_and(|t| t.chars == 1);
    let goes_on = letter || (trigger::of(tokens, to + 1).has(Set::OFDATE) || other) && next_near;
    let minor = !trigger::of(tokens, to).has(Set::YEARS);
    let somebody = person_before(tokens, from, minor) && years >= u32::from(!minor) * 3;
    let said = !goes_on
        && (age_before(scan, locale, from, !minor)
            || mine_before(tokens, from)
            || with_years(tokens, (from, to), years));
    let linked = goes_on
        && person_before(tokens, from, minor)
        && from > 0
        && trigger::of(tokens, from - 1).has(Set::OFDATE);
    ((said || somebody && !goes_on || linked) && !of_thing(tokens, from, to + 1))
        .then_some((to + 1, "age:cue:years"))
}

/// Whether a thing is meant: "the phone is 2 years old", "2 years warranty".
fn of_thing(tokens: &Tokens<'_>, from: usize, behind: usize) -> bool {
    if tokens.gap(behind) == Gap::Space && trigger::of(tokens, behind).has(Set::THING) {
        return true;
    }
    // "the account holder is a fifty-year-old woman": what is meant stands behind.
    if tokens.gap(behind - 1) == Gap::Hyphen {
        return false;
    }
    let mut here = from;
    while let Some(before) = here.checked_sub(1).filter(|b| from - b <= 5) {
        if !matches!(tokens.gap(here), Gap::Space | Gap::Hyphen | Gap::Apostrophe) {
            break;
        }
        let set = trigger::of(tokens, before);
        if set.has(Set::THING) || is_any!(tokens, before, "it") {
            return true;
        }
        if set.has(Set::PERSON) && tokens.get(before).is_some_and(|t| t.chars > 2) {
            return false;
        }
        here = before;
    }
    false
}

/// "ma femme, 34 ans", "un homme de 40 ans", "mijn moeder is 84 jaar": somebody stands before the number.
fn person_before(tokens: &Tokens<'_>, from: usize, minor: bool) -> bool {
    let mut here = from;
    let mut verb = false;
    let mut link = false;
    while let Some(before) = here.checked_sub(1).filter(|b| from - b <= 4) {
        let comma = tokens.gap(here) == Gap::Comma && !verb;
        if !comma && !matches!(tokens.gap(here), Gap::Space) && tokens.between(here) != " (" {
            return false;
        }
        let set = trigger::of(tokens, before);
        // A pronoun needs a verb: "il 2 ans" and "er 3 Jahre" are no ages.
        let pronoun = tokens.get(before).is_some_and(|t| t.chars <= 2);
        if set.has(Set::PERSON) && (!pronoun || verb) {
            return !minor || verb || link;
        }
        let of =
            set.has(Set::OFDATE) || is_any!(tokens, before, "von", "van", "com", "con", "with");
        if !set.has(Set::AGE) && !of && !ADVERBS.hold(tokens, before) {
            return false;
        }
        verb |= set.has(Set::AGE);
        link |= of;
        here = before;
    }
    false
}

static ADVERBS: Few = Few::new(&[
    "now", "already", "only", "just", "about", "almost", "schon", "jetzt", "bereits", "fast",
    "erst", "bald", "nu", "al", "bijna", "pas", "ya", "casi", "quasi", "ja", "quase", "presque",
]);

/// "a mes 34 ans", "aos meus 34 anos".
fn mine_before(tokens: &Tokens<'_>, from: usize) -> bool {
    from >= 2
        && is_any!(tokens, from - 1, "mes", "mis", "miei", "meus")
        && (trigger::of(tokens, from - 2).has(Set::AGE) || is_any!(tokens, from - 2, "aos"))
}

/// "mit 52 Jahren bekam ich": no noun behind it, which would be what lasts so long.
fn with_years(tokens: &Tokens<'_>, (from, to): (usize, usize), years: u32) -> bool {
    let verb = tokens.gap(to + 1) == Gap::Space
        && tokens.get(to + 1).is_some_and(|t| t.word() && !t.capital());
    years >= BARE && verb && from > 0 && is_any!(tokens, from - 1, "mit")
}

/// The verbs of [`bare`].
static VERBS: Few = Few::new(&[
    "m", "am", "bin", "ben", "turned", "turning", "turns", "wurde", "wird", "werde", "werd",
    "word", "wordt", "is", "was", "ist", "war",
]);

/// "I'm 34,", "mein Mann ist 47.", "he turned 40 last week": nothing behind the number that could be counted.
fn bare(tokens: &Tokens<'_>, (from, to): (usize, usize), years: u32) -> bool {
    // A verb in the past or present, or an adverb, and both behind a space: most numbers have neither.
    if !(BARE..=110).contains(&years) || tokens.gap(from) != Gap::Space {
        return false;
    }
    let mut verb = from.checked_sub(1);
    if let Some(at) =
        verb.filter(|at| tokens.gap(*at + 1) == Gap::Space && ADVERBS.hold(tokens, *at))
    {
        verb = at.checked_sub(1);
    }
    let Some(verb) = verb.filter(|at| tokens.gap(*at + 1) == Gap::Space && *at > 0) else {
        return false;
    };
    let subject = verb - 1;
    if !matches!(tokens.gap(verb), Gap::Space | Gap::Apostrophe)
        || !VERBS.hold(tokens, verb)
        || !ends(tokens, to)
    {
        return false;
    }
    if is_any!(tokens, verb, "m", "am", "bin", "ben") {
        return is_any!(tokens, subject, "i", "ich", "ik");
    }
    let becomes = is_any!(
        tokens, verb, "turned", "turning", "turns", "wurde", "wird", "werde", "werd", "word",
        "wordt"
    );
    let is = is_any!(tokens, verb, "is", "was", "ist", "war");
    (becomes || is) && trigger::of(tokens, subject).has(Set::PERSON)
        || becomes && is_any!(tokens, subject, "i", "ich", "ik", "just")
}

/// Whether nothing behind `to` can be what the number counts.
fn ends(tokens: &Tokens<'_>, to: usize) -> bool {
    let between = tokens.between(to);
    match tokens.gap(to) {
        Gap::Start | Gap::Line => !between
            .trim_start()
            .starts_with(['%', '\u{20ac}', '$', '\u{b0}']),
        Gap::Dot | Gap::Comma => between.len() > 1 || tokens.get(to).is_some_and(Token::word),
        Gap::Space => is_any!(
            tokens,
            to,
            "and",
            "und",
            "en",
            "but",
            "aber",
            "maar",
            "last",
            "this",
            "next",
            "yesterday",
            "today",
            "gestern",
            "heute",
            "gisteren",
            "when",
            "als"
        ),
        Gap::Other => between.starts_with(['!', '?', ';', ')']),
        _ => false,
    }
}

/// Whether the words before speak of an age; with a unit behind the number, "I am" and "tengo" do as well.
fn age_before(scan: &Scan<'_>, locale: Option<Locale>, at: usize, unit: bool) -> bool {
    let tokens = &scan.tokens;
    (1..=2).any(|back| {
        let Some(here) = at.checked_sub(back) else {
            return false;
        };
        let set = trigger::of(tokens, here);
        if !set.has(Set::AGE)
            || (here + 1..=at).any(|i| !matches!(tokens.gap(i), Gap::Space | Gap::Colon))
        {
            return false;
        }
        let plain = set.has(Set::AGE) && set.has(Set::OLD);
        let arrival = locale == Some(Locale::English) && is_any!(tokens, here, "eta");
        plain && !arrival || unit && back == 1 && set.has(Set::AGE) && !since(tokens, locale, here)
    })
}

/// Words that speak of a time gone as well: "there is", "il y a 2 ans", "h\u{e1} 2 anos", "a 2 years plan".
fn since(tokens: &Tokens<'_>, locale: Option<Locale>, at: usize) -> bool {
    let ago = at > 0 && is_any!(tokens, at - 1, "y");
    // With its accent the word is no other language's.
    let word = tokens.word(at);
    let portuguese = word.chars().count() == 2
        && word.starts_with(['h', 'H'])
        && (locale == Some(Locale::Portuguese) || !word.is_ascii());
    let article = tokens.get(at).is_some_and(|t| t.chars == 1)
        && !matches!(locale, Some(Locale::French) | None);
    is_any!(tokens, at, "is", "ist", "im") || ago || portuguese || article
}
