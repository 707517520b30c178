//! Passwords, PINs, keys and tokens; names of user accounts.
//!
//! A cue word leads to the value: `password: ...`, `mon mot de passe est ...`. Keys of known services are found by
//! their prefix alone.

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape};
use crate::trigger::{self, Set};

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let mut behind = 0;
    for at in 0..tokens.all().len() {
        if at < behind {
            continue;
        }
        if let Some(end) = key(scan, at, out) {
            behind = tokens.all().partition_point(|t| t.start < end);
            continue;
        }
        let set = trigger::of(tokens, at);
        if !set.has(Set::SECRET.or(Set::USER).or(Set::HEAD)) {
            continue;
        }
        if let Some(len) = trigger::phrase(tokens, at, Set::SECRET) {
            if let Some(end) = value(scan, at + len, Kind::Secret, out) {
                behind = tokens.all().partition_point(|t| t.start < end);
            }
        } else if let Some(len) = trigger::phrase(tokens, at, Set::USER)
            && let Some(end) = value(scan, at + len, Kind::Username, out)
        {
            behind = tokens.all().partition_point(|t| t.start < end);
        }
    }
}

/// How a cue leads to its value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// A colon or an equals sign.
    Sign,
    /// "is", "lautet".
    Copula,
    /// Nothing but a space.
    Space,
}

/// Finds the value that the cue before the token `next` leads to; returns the byte behind it.
fn value(scan: &Scan<'_>, next: usize, kind: Kind, out: &mut Vec<Finding>) -> Option<usize> {
    let tokens = &scan.tokens;
    let mut at = next;
    let mut lead = None;
    // "password for the shop is ...": a few words may stand between.
    for _ in 0..6 {
        let between = tokens.between(at);
        if between.contains('\n') {
            return None;
        }
        if between.contains([':', '=']) {
            lead = Some(Lead::Sign);
            break;
        }
        if between.contains(['.', '!', '?', ',', ';']) {
            break;
        }
        tokens.get(at)?;
        if is_copula(tokens.word(at)) {
            lead = Some(if tokens.between(at + 1).contains([':', '=']) {
                Lead::Sign
            } else {
                Lead::Copula
            });
            at += 1;
            break;
        }
        if !trigger::of(tokens, at).has(
            Set::GENERIC
                .or(Set::NUMBER)
                .or(Set::ORDER)
                .or(Set::CUSTOMER)
                .or(Set::ACCOUNT),
        ) {
            break;
        }
        at += 1;
    }
    let lead = lead.unwrap_or(Lead::Space);
    if lead == Lead::Space {
        at = next;
        if !matches!(tokens.gap(at), Gap::Space) {
            return None;
        }
    }
    let from = tokens.before(at)?.end;
    let (start, end) = chunk(scan, from)?;
    let text = scan.slice(start, end);
    let score = match kind {
        Kind::Secret => secret_score(scan, text, end, lead)?,
        _ => user_score(text, lead)?,
    };
    let mut end = end;
    // "arun 458": letters and digits that a space parted.
    if kind == Kind::Secret
        && let Some(last) = tokens.get(at + 1)
        && tokens.gap(at + 1) == Gap::Space
        && last.shape == Shape::Number
        && tokens.get(at).is_some_and(|t| t.end == end && t.word())
    {
        end = last.end;
    }
    let (why, kind) = match (kind, lead) {
        (Kind::Secret, Lead::Sign) => ("secret:cue:sign", Kind::Secret),
        (Kind::Secret, _) => ("secret:cue:shape", Kind::Secret),
        (_, Lead::Sign) => ("username:cue:sign", Kind::Username),
        _ => ("username:cue:shape", Kind::Username),
    };
    out.push(Finding::new(
        Span::new(start, end)?,
        kind,
        score,
        Why::new(why),
    ));
    Some(end)
}

fn is_copula(word: &str) -> bool {
    [
        "is", "was", "est", "ist", "lautet", "war", "es", "era", "\u{e8}", "e", "\u{e9}", "luidt",
        "are", "sono", "to", "seria",
    ]
    .iter()
    .any(|w| word.eq_ignore_ascii_case(w))
}

/// The next run without white space on the line, without the signs around it.
fn chunk(scan: &Scan<'_>, from: usize) -> Option<(usize, usize)> {
    let rest = scan.slice(from, scan.text.len());
    let quotes = |c: char| {
        matches!(
            c,
            '"' | '\''
                | '\u{201c}'
                | '\u{201d}'
                | '\u{201e}'
                | '\u{ab}'
                | '\u{bb}'
                | '`'
                | '('
                | '['
        )
    };
    let mut start = None;
    let mut end = from;
    for (offset, c) in rest.char_indices().take(200) {
        let lead = c == ' ' || c == '\u{a0}' || c == '\t' || matches!(c, ':' | '=') || quotes(c);
        match start {
            None if lead => {}
            None if c.is_whitespace() => return None,
            None => {
                start = Some(from + offset);
                end = from + offset + c.len_utf8();
            }
            Some(_)
                if c.is_whitespace()
                    || matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{bb}' | '`') =>
            {
                break;
            }
            Some(_) => end = from + offset + c.len_utf8(),
        }
    }
    let start = start?;
    let text = scan
        .slice(start, end)
        .trim_end_matches(['.', ',', ';', ')', ']', '\'', '?']);
    (!text.is_empty()).then_some((start, start + text.len()))
}

fn secret_score(scan: &Scan<'_>, text: &str, end: usize, lead: Lead) -> Option<f32> {
    let chars = text.chars().count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let signs = text
        .chars()
        .any(|c| !c.is_alphanumeric() && !matches!(c, '\'' | '\u{2019}' | '-' | '/'));
    let stars = text
        .chars()
        .all(|c| matches!(c, '*' | '\u{2022}' | '.' | '-' | '_' | 'x' | 'X'));
    if chars < 3 || stars {
        return None;
    }
    let rest = scan.slice(end, scan.text.len());
    let alone = rest.trim_start_matches(['.', ' ', '"', ')']).is_empty()
        || rest.trim_start_matches([' ', '"', '.']).starts_with('\n');
    match lead {
        Lead::Sign if digits > 0 || signs || alone => Some(0.9),
        Lead::Sign => None,
        Lead::Copula if digits > 0 || signs && chars >= 6 => Some(0.85),
        Lead::Space if digits >= 3 => Some(0.7),
        _ => None,
    }
}

fn user_score(text: &str, lead: Lead) -> Option<f32> {
    let chars = text.chars().count();
    if !(3..=60).contains(&chars) || text.contains("://") {
        return None;
    }
    let digits = text.chars().any(|c| c.is_ascii_digit());
    let letters = text.chars().any(char::is_alphabetic);
    let inner =
        text.chars().skip(1).any(char::is_uppercase) && text.chars().any(char::is_lowercase);
    let marked = text.contains('_') || digits && letters || inner && letters;
    let clean = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '#'));
    match lead {
        Lead::Sign if clean && letters => Some(0.8),
        Lead::Copula | Lead::Space if clean && marked && letters => Some(0.75),
        _ => None,
    }
}

/// Keys of services that print what they are, and JSON web tokens.
fn key(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) -> Option<usize> {
    const PREFIXES: [(&str, usize); 14] = [
        ("sk_live_", 20),
        ("sk_test_", 20),
        ("rk_live_", 20),
        ("pk_live_", 20),
        ("sk-", 20),
        ("ghp_", 30),
        ("gho_", 30),
        ("github_pat_", 30),
        ("glpat-", 20),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("AKIA", 20),
        ("AIza", 35),
        ("eyJ", 30),
    ];
    let token = scan.tokens.get(at)?;
    if !matches!(
        scan.byte(token.start),
        b's' | b'r' | b'p' | b'g' | b'x' | b'A' | b'e'
    ) {
        return None;
    }
    let rest = scan.text.as_bytes().get(token.start..)?;
    let (prefix, least) = PREFIXES
        .iter()
        .find(|(p, _)| rest.starts_with(p.as_bytes()))?;
    let len = rest
        .iter()
        .take(4096)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        .count();
    let text = scan
        .slice(token.start, token.start + len)
        .trim_end_matches(['.', '-']);
    let digits = text.bytes().any(|b| b.is_ascii_digit());
    let web_token = *prefix != "eyJ" || text.matches('.').count() == 2;
    if text.len() < *least || !digits || !web_token {
        return None;
    }
    let end = token.start + text.len();
    out.push(Finding::new(
        Span::new(token.start, end)?,
        Kind::Secret,
        0.97,
        Why::new("secret:prefix:length"),
    ));
    Some(end)
}
