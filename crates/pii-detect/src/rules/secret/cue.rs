//! Passwords that somebody tells: "password: ...", "mi clave es ...", "password is john 1234", "... is my password".

use super::look::{Look, counted, placeholder};
use super::value::{alone, chunk, in_query};
use super::words::{self, Role};
use super::{Hit, digits};
use crate::locale::function_word;
use crate::scan::Scan;
use crate::token::{Gap, Shape, Token};
use crate::trigger::{self, Set};

/// How a cue leads to its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// A colon or an equals sign.
    Sign,
    /// A colon, and the value on the next line.
    Line,
    /// "is", "lautet".
    Copula,
    /// "changed to", "in".
    Link,
    /// Nothing but a space.
    Space,
}

/// Words that may stand between a cue and what joins it to its value.
const BETWEEN: Set = Set::GENERIC
    .or(Set::NUMBER)
    .or(Set::ORDER)
    .or(Set::CUSTOMER)
    .or(Set::ACCOUNT)
    .or(Set::CARD);

/// How the cue before the token `next` leads on, and the token at which the value begins or behind which it does;
/// `fits` tells whether the token behind a word such as "to" can be the value.
pub(super) fn lead(
    scan: &Scan<'_>,
    next: usize,
    fits: impl Fn(usize) -> bool,
) -> Option<(Lead, usize)> {
    let tokens = &scan.tokens;
    // "Passwort (WLAN): ..."
    if tokens.between(next).trim() == "(" {
        let close = (next + 1..=next + 4).find(|at| tokens.between(*at).contains(')'))?;
        let signed = tokens.between(close).contains(':') && !tokens.between(close).contains('\n');
        return (signed && tokens.get(close).is_some()).then_some((Lead::Sign, close));
    }
    // "password for the shop is ...": a few words may stand between.
    for at in next..next + 6 {
        let between = tokens.between(at);
        let sign = between.contains([':', '=']);
        if between.contains('\n') {
            let one = between.matches('\n').count() == 1;
            return (sign && one && tokens.get(at).is_some()).then_some((Lead::Line, at));
        }
        if sign {
            return Some((Lead::Sign, at));
        }
        if between.contains(['.', '!', '?', ',', ';']) {
            break;
        }
        tokens.get(at)?;
        let role = words::of(tokens, at);
        if role.has(Role::COPULA) {
            // "is: ...", "is the following: ..."
            for ahead in 1..=3 {
                let between = tokens.between(at + ahead);
                if between.contains([':', '=']) && !between.contains('\n') {
                    return Some((Lead::Sign, at + ahead));
                }
                if !trigger::of(tokens, at + ahead).has(Set::GENERIC) {
                    break;
                }
            }
            return Some((Lead::Copula, at + 1));
        }
        if role.has(Role::LINK) && fits(at + 1) {
            return Some((Lead::Link, at + 1));
        }
        // "c'est"
        let short = tokens.get(at).is_some_and(|t| t.chars == 1 && t.word());
        if !short && !trigger::of(tokens, at).has(BETWEEN) {
            break;
        }
    }
    let between = tokens.between(next);
    let space = between.starts_with([' ', '\u{a0}'])
        && !between.contains(['.', '!', '?', ',', ';', ':', '\n']);
    (space && tokens.get(next).is_some()).then_some((Lead::Space, next))
}

/// The byte from which a value is looked for.
pub(super) fn from(scan: &Scan<'_>, lead: Lead, at: usize) -> Option<usize> {
    let end = scan.tokens.before(at)?.end;
    Some(match lead {
        Lead::Line => end + scan.tokens.between(at).find('\n')? + 1,
        _ => end,
    })
}

/// Whether nobody would take the text for words: what stands behind "to" or a space alone.
fn told(text: &str) -> bool {
    let look = Look::of(text);
    let mail = text
        .split_once('@')
        .is_some_and(|(_, host)| host.contains('.'));
    look.made_up()
        && look.chars >= 6
        && (look.digits > 0 || look.signs > 0)
        && !counted(text)
        && !mail
        && !text.contains("://")
        && !placeholder(text)
}

/// The password that the cue before the token `next` leads to.
pub(super) fn password(scan: &Scan<'_>, next: usize) -> Option<Hit> {
    let tokens = &scan.tokens;
    let name = tokens.before(next)?;
    let fits = |at: usize| {
        tokens
            .before(at)
            .and_then(|link| chunk(scan, link.end, None))
            .is_some_and(|value| told(scan.slice(value.start, value.end)))
    };
    let (lead, at) = lead(scan, next, fits)?;
    let assigned = lead == Lead::Sign && scan.byte(name.end) == b'=';
    let inner = assigned.then(|| in_query(scan, name.start)).flatten();
    let query = inner.is_some();
    let value = chunk(scan, from(scan, lead, at)?, inner)?;
    let text = scan.slice(value.start, value.end);
    let look = Look::of(text);
    let idle = words::of(tokens, at).has(Role::NOTVALUE)
        && tokens.get(at).is_some_and(|t| t.end >= value.end);
    if look.chars < 3 || placeholder(text) || counted(text) || text.contains("://") {
        return None;
    }
    let hit = |end: usize, score: f32, why| {
        Some(Hit {
            start: value.start,
            end,
            score,
            why,
        })
    };
    if let Some(end) = words_and_number(scan, at, lead) {
        return hit(end, 0.75, "secret:cue:words");
    }
    let number = look.digits == look.chars;
    let many = tokens.get(at).is_some_and(|t| t.end == value.end)
        && words::of(tokens, at + 1).has(Role::UNIT);
    let range = look.digits + look.signs == look.chars && look.chars < 6 && !number;
    if many || range && !value.quoted {
        return None;
    }
    match lead {
        Lead::Sign if idle && !value.quoted => None,
        Lead::Sign if query || assigned && look.digits + look.signs > 0 => {
            hit(value.end, 0.96, "secret:cue:sign")
        }
        Lead::Sign
            if look.digits > 0
                || text.contains(|c: char| {
                    !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}' | '-' | '/')
                })
                || value.quoted
                || alone(scan, value.end) =>
        {
            hit(value.end, 0.9, "secret:cue:sign")
        }
        Lead::Line if alone(scan, value.end) && look.made_up() => {
            hit(value.end, 0.8, "secret:cue:line")
        }
        Lead::Copula if look.made_up() || number && look.chars >= 4 || value.quoted && !idle => {
            hit(value.end, 0.85, "secret:cue:shape")
        }
        // "password is raman": whatever ends the text there and is no word of running text.
        Lead::Copula
            if !idle
                && alone(scan, value.end)
                && tokens.get(at).is_some_and(|t| t.end == value.end && odd(t)) =>
        {
            hit(value.end, 0.6, "secret:cue:last")
        }
        Lead::Link | Lead::Space if told(text) => hit(value.end, 0.75, "secret:cue:shape"),
        Lead::Space if number && look.chars >= 4 => hit(value.end, 0.7, "secret:cue:shape"),
        _ => None,
    }
}

/// A word that is hardly one of running text: "the password is derp", but not "the password is wrong" or "is here".
fn odd(token: &Token) -> bool {
    let entry = token.known();
    token.word()
        && token.chars >= 3
        && !function_word(token)
        && !entry.mostly_plain()
        && !(entry.common_word() && entry.lower_bucket() >= 2)
        && token.trigger == Set::NONE
}

/// "john 1234", "blue horse 77": words and then a number that ends the sentence.
fn words_and_number(scan: &Scan<'_>, at: usize, lead: Lead) -> Option<usize> {
    let tokens = &scan.tokens;
    if matches!(lead, Lead::Link | Lead::Line) {
        return None;
    }
    let most = if lead == Lead::Space { 2 } else { 3 };
    for count in 0..=most {
        let here = at + count;
        let token = tokens.get(here)?;
        if count > 0 && tokens.gap(here) != Gap::Space {
            return None;
        }
        if token.shape == Shape::Number {
            let least = if lead == Lead::Space { 3 } else { 2 };
            let ends = match tokens.gap(here + 1) {
                Gap::Space => function_word(tokens.get(here + 1)?) && lead != Lead::Space,
                Gap::Hyphen | Gap::Apostrophe => false,
                _ => !matches!(scan.byte(token.end), b'%' | b':' | b'/'),
            };
            let counted = words::of(tokens, here + 1).has(Role::UNIT);
            return (count > 0 && (least..=8).contains(&token.chars) && ends && !counted)
                .then_some(token.end);
        }
        let plain = token.word()
            && (2..=14).contains(&token.chars)
            && !words::of(tokens, here).has(Role::NOTVALUE.or(Role::COPULA).or(Role::PASSWORD))
            && !function_word(token)
            && !token.trigger.has(Set::GENERIC.or(Set::NUMBER));
        if !plain {
            return None;
        }
    }
    None
}

/// "... is my password", "4821 ist meine PIN", "482 913 est votre code": the token at which "is" stands.
pub(super) fn copula_before(scan: &Scan<'_>, at: usize) -> Option<usize> {
    let tokens = &scan.tokens;
    let mut owned = false;
    for back in 1..=5 {
        let here = at.checked_sub(back)?;
        if !matches!(
            tokens.gap(here + 1),
            Gap::Space | Gap::Hyphen | Gap::Apostrophe
        ) {
            return None;
        }
        let role = words::of(tokens, here);
        if owned && role.has(Role::COPULA) && here > 0 {
            return Some(here);
        }
        owned |= role.has(Role::POSSESSIVE);
    }
    None
}

/// The password that stands before "is my password"; `at` is the cue.
pub(super) fn password_behind(scan: &Scan<'_>, at: usize) -> Option<Hit> {
    let is = copula_before(scan, at)?;
    let end = scan.tokens.before(is)?.end;
    if scan.tokens.between(is).contains(['.', '\n', ',']) {
        return None;
    }
    let head = scan.text.as_bytes().get(end.saturating_sub(64)..end)?;
    let len = head
        .iter()
        .rev()
        .take_while(|b| !b.is_ascii_whitespace() && **b != b'"')
        .count();
    // Signs behind the last letter belong to it too.
    let behind = scan.tokens.between(is).find([' ', '"']).unwrap_or(0);
    let (start, end) = (end - len, end + behind);
    told(scan.slice(start, end)).then_some(Hit {
        start,
        end,
        score: 0.75,
        why: "secret:cue-behind:shape",
    })
}

/// The number that the cue before the token `next` leads to: PINs, check numbers of cards, codes.
pub(super) fn number(
    scan: &Scan<'_>,
    next: usize,
    least: usize,
    most: usize,
    joined: bool,
) -> Option<Hit> {
    let tokens = &scan.tokens;
    let mut next = next;
    // "PIN code 4821"
    if words::of(tokens, next).has(Role::CODE) && tokens.gap(next) != Gap::Line {
        next += 1;
    }
    let number = |at: usize| tokens.get(at).is_some_and(|t| t.shape == Shape::Number);
    let (lead, mut at) = lead(scan, next, number)?;
    // "est le 4821"
    if lead != Lead::Space && !number(at) && trigger::of(tokens, at).has(Set::GENERIC) {
        at += 1;
    }
    let (end, count) = digits(scan, at, joined)?;
    (least..=most).contains(&count).then_some(Hit {
        start: tokens.get(at)?.start,
        end,
        score: 0.9,
        why: "secret:cue:digits",
    })
}
