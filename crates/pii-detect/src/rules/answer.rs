//! Answers of a chat that are a code, and little else.
//!
//! Whoever is asked for a number answers with the number, "4711" or "g 75 f 34", and no word beside it says what it is; asked
//! for a name too, with both: "sure it is raman and 4711". A whole message, or the line behind a question, that is a code, or a
//! code behind such words and a name, is taken for an identifier. Five digits and more beside a name may be how somebody
//! signs in, four are the last of a number: agents ask for those.

use crate::cues::Class;
use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::locale::function_word;
use crate::rules::secret::words::{self, Role};
use crate::scan::Scan;
use crate::span::Span;
use crate::taken::Taken;
use crate::token::{Gap, Shape, Signs, Token};
use crate::trigger::Set;

/// Most tokens of an answer.
const PARTS: usize = 10;
/// Most words of a name.
const NAMES: usize = 3;
/// Most letters and digits of a code.
const LONGEST: usize = 24;

/// What stands behind a number that counts, beside the measures of the cue lists.
const COUNTS: [&str; 6] = ["x", "h", "am", "pm", "in", "ft"];

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    if scan.numeric().next().is_none() {
        return;
    }
    let tokens = &scan.tokens;
    let count = tokens.all().len();
    // Where no line answers a question, the whole text has to be one.
    if count > PARTS && !tokens.signs().has(Signs::ASKED) {
        return;
    }
    let taken = Taken::new(out.iter().filter(|f| f.score() >= 0.5));
    let mut behind = 0;
    for at in scan.numeric() {
        if at < behind {
            continue;
        }
        let mut from = at;
        while from > 0 && at - from < PARTS && !tokens.line_start(from) {
            from -= 1;
        }
        behind = tokens.line_end(at);
        let whole = from == 0 && behind == count;
        // The agent asked on the line before.
        let asked = tokens.gap(from) == Gap::Line && tokens.between(from).contains('?');
        if !(tokens.line_start(from) && (whole || asked) && behind - from <= PARTS) {
            continue;
        }
        if let Some((span, kind, why)) = answer(scan, from, behind)
            && !taken.meets(span.start(), span.end())
        {
            out.push(Finding::new(span, kind, 0.5, Why::new(why)));
        }
    }
}

/// The code of the message `from..behind`: behind words that only lead to it, and a name.
fn answer(scan: &Scan<'_>, from: usize, behind: usize) -> Option<(Span, Kind, &'static str)> {
    let tokens = &scan.tokens;
    let ends = scan.byte(tokens.before(behind)?.end);
    if !matches!(ends, 0 | b'\n' | b'\r' | b' ' | b'.' | b'!') {
        return None;
    }
    // "raman 4711" is a name and a code.
    let named = behind == from + 2
        && name(scan, from)
        && tokens
            .get(from + 1)
            .is_some_and(|t| t.shape == Shape::Number && t.chars >= 4);
    if !named && let Some(code) = code(scan, from, behind) {
        return Some(if code.telephone(scan) {
            (code.span, Kind::Phone, "phone:answer:length")
        } else {
            (code.span, Kind::Id, "id:answer:alone")
        });
    }
    let mut at = from;
    while at < behind && filler(scan, at) {
        at += 1;
    }
    let named = at;
    while at < behind && at - named < NAMES && name(scan, at) {
        at += 1;
    }
    // "kumar khl 546": what might be a name may begin the code; the shortest name that leaves a code counts.
    for first in named..=at {
        let mut start = first;
        while start < behind && filler(scan, start) {
            start += 1;
        }
        if start == from {
            continue;
        }
        let Some(code) = code(scan, start, behind) else {
            continue;
        };
        if code.letters == 0 && (code.digits < 4 || code.year(scan)) {
            continue;
        }
        let number = code.letters == 0 && (5..=8).contains(&code.digits);
        let person = first - named > 1 || (named..first).any(|at| given(scan, at));
        return Some(match (first > named, number) {
            (true, true) if person => (code.span, Kind::Secret, "secret:answer:name"),
            // A word that is nobody's name, and five or six digits: a town and its postcode.
            (true, true) if code.digits <= 6 => (code.span, Kind::Postcode, "postcode:answer:name"),
            (true, _) => (code.span, Kind::Id, "id:answer:name"),
            (false, _) => (code.span, Kind::Id, "id:answer:filler"),
        });
    }
    None
}

/// A word that leads to the code and says nothing of it.
fn filler(scan: &Scan<'_>, at: usize) -> bool {
    let near = matches!(
        scan.tokens.gap(at),
        Gap::Start | Gap::Space | Gap::Comma | Gap::Apostrophe | Gap::Line
    );
    near && words::of(&scan.tokens, at).has(Role::FILLER)
}

/// A word that may be somebody's name, and is none of running text.
fn name(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens.get(at).is_some_and(|t| {
        let entry = t.known();
        t.word()
            && t.chars >= 3
            && matches!(t.gap, Gap::Start | Gap::Space | Gap::Line)
            && t.trigger == Set::NONE
            && t.class == Class::NONE
            && !entry.mostly_plain()
            // Running text holds names in lower case too, other words of it more often.
            && (entry.given()
                || entry.surname()
                || entry.lower_bucket() <= 1 && entry.town() == 0 && !entry.country())
    })
}

/// A name, and no town that bears one.
fn given(scan: &Scan<'_>, at: usize) -> bool {
    scan.tokens.get(at).is_some_and(|t| {
        let entry = t.known();
        entry.given() || entry.surname() && entry.town() == 0
    })
}

/// A code: what stands in `span`, and how many letters and digits it has.
struct Code {
    span: Span,
    digits: usize,
    letters: usize,
}

impl Code {
    /// Ten digits in one, as numbers of North America and mobile ones of India have; orders have as many, less often.
    fn telephone(&self, scan: &Scan<'_>) -> bool {
        let first = scan.byte(self.span.start());
        self.digits == 10 && self.span.len() == 10 && matches!(first, b'2'..=b'9')
    }

    /// Four digits that may be a year.
    fn year(&self, scan: &Scan<'_>) -> bool {
        let text = scan.slice(self.span.start(), self.span.end());
        text.len() == 4 && (text.starts_with("19") || text.starts_with("20"))
    }
}

/// The tokens `from..behind` as one code.
fn code(scan: &Scan<'_>, from: usize, behind: usize) -> Option<Code> {
    let tokens = &scan.tokens;
    let parts = tokens.all().get(from..behind)?;
    let (mut digits, mut letters) = (0, 0);
    // "5 kg", "4 x 100 ml", "2 h 30": letters that only count what stands before them.
    let mut counting = parts.first()?.digits();
    for (i, token) in parts.iter().enumerate() {
        let near = i == 0 || matches!(token.gap, Gap::Space | Gap::Hyphen);
        let word = tokens.word(from + i);
        if !near || !word.is_ascii() || !part(token) {
            return None;
        }
        let here = word.bytes().filter(u8::is_ascii_digit).count();
        digits += here;
        letters += word.len() - here;
        counting &= here > 0
            || token.class.has(Class::MEASURE)
            || COUNTS.iter().any(|unit| word.eq_ignore_ascii_case(unit));
    }
    let last = parts.last()?;
    let counts = letters > 0 && counting || last.class.has(Class::MEASURE) && last.chars > 1;
    let enough = digits >= 4 || digits >= 3 && letters >= 1 || digits >= 2 && letters >= 3;
    if counts || !enough || digits + letters > LONGEST {
        return None;
    }
    let span = Span::new(parts.first()?.start, parts.last()?.end)?;
    Some(Code {
        span,
        digits,
        letters,
    })
}

/// Whether a token can be part of a code: digits, or letters that are no word and no name.
fn part(token: &Token) -> bool {
    if token.digits() {
        return true;
    }
    // Of single letters every list holds some.
    token.chars == 1
        || token.chars <= 4
            && token.trigger == Set::NONE
            && token.shape != Shape::Inner
            && if token.chars == 2 {
                !function_word(token)
            } else {
                !token.known().common_word()
            }
}
