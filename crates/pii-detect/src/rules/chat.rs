//! What people type into a chat: answers that are nothing but a code, and mail addresses without their signs.
//!
//! Whoever is asked for a number answers with the number, "4711" or "g 75 f 34", and no word beside it says what it is. A whole
//! message, or the line behind a question, that holds a code and nothing else is taken for an identifier.

use crate::cues::Class;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::taken::Taken;
use crate::token::{Gap, Shape, Signs, Token};
use crate::trigger::{self, Set};
use crate::words::Marks;

/// Most tokens of an answer.
const PARTS: usize = 8;
/// Most letters and digits of an answer.
const LONGEST: usize = 24;
/// Ends of words that were mail addresses before their signs were lost.
const GLUED: [&str; 8] = [
    "mailcom",
    "yahoocom",
    "outlookcom",
    "icloudcom",
    "livecom",
    "gmxde",
    "gmxnet",
    "webde",
];
/// Whether four letters are the last ones of one of those.
fn glued(four: [u8; 4]) -> bool {
    let small = four.map(|b| b | 0x20);
    // The cheap question first.
    matches!(small[3], b'm' | b'e' | b't')
        && matches!(
            &small,
            b"lcom" | b"ocom" | b"kcom" | b"dcom" | b"ecom" | b"mxde" | b"xnet" | b"ebde"
        )
}

/// Words that are all that is left of the part behind the sign.
const HOSTS: [&str; 4] = ["gmailcom", "hotmailcom", "yahoocom", "outlookcom"];

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    if !scan.numeric.is_empty() {
        answers(scan, out);
    }
    addresses(scan, out);
}

/// Lines that hold a code and nothing else.
fn answers(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let count = tokens.all().len();
    // Where none answers a question, the whole text is one.
    if count > PARTS && !tokens.signs().has(Signs::ASKED) {
        return;
    }
    let taken = Taken::new(out.iter().filter(|f| f.score() >= 0.5));
    let mut behind = 0;
    for &at in &scan.numeric {
        if at < behind {
            continue;
        }
        let mut from = at;
        while from > 0 && at - from < PARTS && !tokens.line_start(from) {
            from -= 1;
        }
        if !tokens.line_start(from) {
            continue;
        }
        let most = count.min(from + PARTS + 1);
        let end = (at + 1..most).find(|at| tokens.gap(*at) == Gap::Line);
        let Some(end) = end.or_else(|| (most <= from + PARTS).then_some(most)) else {
            continue;
        };
        behind = end;
        let whole = from == 0 && behind == count;
        // The agent asked on the line before.
        let asked = tokens.gap(from) == Gap::Line && tokens.between(from).contains('?');
        if !(whole || asked) {
            continue;
        }
        if whole && let Some(span) = credentials(scan, behind) {
            if !taken.meets(span.start(), span.end()) {
                let why = Why::new("secret:answer:name");
                out.push(Finding::new(span, Kind::Secret, 0.5, why));
            }
            continue;
        }
        let (mut digits, mut letters) = (0, 0);
        let code = (from..behind).all(|i| {
            let near = i == from || matches!(tokens.gap(i), Gap::Space | Gap::Hyphen);
            let word = tokens.word(i);
            let here = word.bytes().filter(u8::is_ascii_digit).count();
            digits += here;
            letters += word.len() - here;
            near && word.is_ascii() && tokens.get(i).is_some_and(|t| part(scan, i, t))
        });
        let enough = digits >= 4 || digits >= 3 && letters >= 1 || digits >= 2 && letters >= 3;
        if !code || !enough || digits + letters > LONGEST {
            continue;
        }
        if let (Some(first), Some(last)) = (tokens.get(from), tokens.before(behind))
            && let Some(span) = Span::new(first.start, last.end)
            && !taken.meets(span.start(), span.end())
        {
            let why = Why::new("id:answer:alone");
            out.push(Finding::new(span, Kind::Id, 0.5, why));
        }
    }
}

/// "raman 4711": a message of a name and a code of four to eight digits is how people answer when they are asked for both; the
/// digits, where nothing in front of them is a word of running text.
fn credentials(scan: &Scan<'_>, count: usize) -> Option<Span> {
    let tokens = &scan.tokens;
    let last = count.checked_sub(1)?;
    let code = tokens.get(last)?;
    let digits = tokens.word(last);
    let year = digits.len() == 4 && (digits.starts_with("19") || digits.starts_with("20"));
    let number = code.shape == Shape::Number && (4..=8).contains(&code.chars) && !year;
    if !number || !(1..=3).contains(&last) || tokens.gap(last) != Gap::Space {
        return None;
    }
    let name = (0..last).all(|at| {
        tokens.get(at).is_some_and(|t| {
            let entry = t.known();
            t.word()
                && t.chars >= 3
                && (at == 0 || t.gap == Gap::Space)
                && t.trigger == Set::NONE
                && t.class == Class::NONE
                && !entry.common_word()
                && !entry.mostly_plain()
                && entry.town() == 0
                && !entry.country()
        })
    });
    let tail = scan.slice(code.end, scan.text.len()).trim();
    (name && matches!(tail, "" | "." | "!")).then(|| Span::new(code.start, code.end))?
}

/// Whether a token can be part of a code: digits, or letters that are no word and no unit.
fn part(scan: &Scan<'_>, at: usize, token: &Token) -> bool {
    if token.digits() {
        return true;
    }
    token.chars <= 4
        && trigger::of(&scan.tokens, at) == Set::NONE
        && !token.class.has(Class::MEASURE)
        && (token.chars == 1 || !token.known().common_word())
}

/// "sam 27 gmailcom": what is left of an address when its signs are gone.
fn addresses(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    for (at, token) in tokens.marked(Marks::UNLISTED) {
        if !(5..=40).contains(&token.chars) || !token.word() {
            continue;
        }
        // The cheap question first: all of these end alike.
        let bytes = scan.text.as_bytes();
        let last = bytes.get(token.end - 4..token.end);
        if !last.is_some_and(|last| last.try_into().is_ok_and(glued)) {
            continue;
        }
        let word = tokens.word(at);
        let tail = |ends: &[&str]| {
            ends.iter().any(|end| {
                word.len()
                    .checked_sub(end.len())
                    .and_then(|from| word.get(from..))
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            })
        };
        if !tail(&GLUED) {
            continue;
        }
        let mut from = at;
        let host = HOSTS.iter().any(|host| word.eq_ignore_ascii_case(host));
        // The local part: digits behind a word, and the word.
        while from > 0 && at - from < 3 && tokens.gap(from) == Gap::Space {
            let Some(before) = tokens.before(from) else {
                break;
            };
            let digits = before.shape == Shape::Number && before.chars <= 4;
            let named = before.word()
                && (2..=24).contains(&before.chars)
                && (before.known().name() || !before.known().common_word());
            if !(digits || named && (host || tokens.get(from).is_some_and(Token::digits))) {
                break;
            }
            from -= 1;
            if named {
                break;
            }
        }
        if let (Some(first), Some(last)) = (tokens.get(from), tokens.get(at))
            && let Some(span) = Span::new(first.start, last.end)
        {
            out.push(Finding::new(
                span,
                Kind::Email,
                0.7,
                Why::new("email:glued:host"),
            ));
        }
    }
}
