//! E-mail addresses, web addresses, IP and hardware addresses, handles.
//!
//! Each begins at an anchor byte (`@`, `:`, `.`) and grows from there over a bounded number of bytes.

use memchr::memchr_iter;
use std::net::Ipv6Addr;

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::token::{Gap, Shape, Signs};
use crate::words::Marks;

/// Longest local part and domain (RFC 5321 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;
/// Longest web address looked at.
const URL: usize = 2048;

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let signs = scan.tokens.signs();
    if signs.has(Signs::AT) {
        emails(scan, out);
    }
    obfuscated(scan, out);
    if signs.has(Signs::COLON) && signs.has(Signs::SLASH) {
        urls(scan, out);
    }
    dotted(scan, out);
    if signs.has(Signs::COLON) {
        colons(scan, out);
    }
}

fn add(out: &mut Vec<Finding>, range: (usize, usize), kind: Kind, score: f32, why: &'static str) {
    if let Some(span) = Span::new(range.0, range.1) {
        out.push(Finding::new(span, kind, score, Why::new(why)));
    }
}

/// `name@domain`, and `@handle` where no name stands before the sign.
fn emails(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let bytes = scan.text.as_bytes();
    for at in memchr_iter(b'@', bytes) {
        let start = local_start(scan, at);
        let end = domain_end(scan, at + 1);
        if start < at && end > at + 1 {
            let host = scan.slice(at + 1, end);
            if let Some((_, last)) = host.rsplit_once('.')
                && last.chars().count() >= 2
                && last.chars().all(|c| c.is_alphabetic() || c == '-')
            {
                add(out, (start, end), Kind::Email, 0.99, "email:at:domain");
                continue;
            }
            // "name@localhost" and hosts cut off by a typo still name a person.
            if host.len() >= 3 && host.starts_with(char::is_alphabetic) {
                add(out, (start, end), Kind::Email, 0.6, "email:at:host");
                continue;
            }
        }
        if !word_before(scan, at) {
            handle(scan, at, out);
        }
    }
}

fn word_before(scan: &Scan<'_>, at: usize) -> bool {
    scan.slice(0, at)
        .chars()
        .next_back()
        .is_some_and(|c| c.is_alphanumeric() || c == '@' || c == '.')
}

/// First byte of the local part that ends before `at`.
fn local_start(scan: &Scan<'_>, at: usize) -> usize {
    let mut start = at;
    for (offset, c) in scan.slice(0, at).char_indices().rev() {
        let ok = c.is_ascii_alphanumeric()
            || matches!(
                c,
                '.' | '_' | '-' | '+' | '%' | '\'' | '&' | '=' | '~' | '!' | '$'
            )
            || !c.is_ascii() && c.is_alphanumeric();
        if !ok || at - offset > LOCAL {
            break;
        }
        start = offset;
    }
    // Quotes and dots before the address belong to the sentence.
    let local = scan.slice(start, at);
    let trimmed = local.trim_start_matches(['.', '\'', '-', '=', '!', '&', '~', '$']);
    start + (local.len() - trimmed.len())
}

/// The byte behind the domain that begins at `from`; `from` where none does.
fn domain_end(scan: &Scan<'_>, from: usize) -> usize {
    let mut end = from;
    for (offset, c) in scan.slice(from, scan.text.len()).char_indices() {
        let ok = c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-')
            || !c.is_ascii() && c.is_alphanumeric();
        if !ok || offset > DOMAIN {
            break;
        }
        end = from + offset + c.len_utf8();
    }
    let domain = scan.slice(from, end);
    // A label cannot be empty, nor can the domain end in a full stop that ends the sentence.
    let domain = domain.split("..").next().unwrap_or("");
    from + domain.trim_end_matches(['.', '-']).len()
}

/// `@name` of a social network.
fn handle(scan: &Scan<'_>, at: usize, out: &mut Vec<Finding>) {
    let rest = scan.slice(at + 1, scan.text.len());
    let len = rest
        .bytes()
        .take(41)
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
        .count();
    let name = rest.get(..len).unwrap_or("").trim_end_matches('.');
    if (3..=40).contains(&name.len())
        && name.bytes().any(|b| b.is_ascii_alphabetic())
        && !rest
            .get(name.len()..)
            .is_some_and(|next| next.starts_with(|c: char| c.is_alphanumeric() || c == '@'))
    {
        add(
            out,
            (at, at + 1 + name.len()),
            Kind::Username,
            0.8,
            "username:at:shape",
        );
    }
}

/// "name (at) domain dot com": both words must be there, or brackets round the first.
fn obfuscated(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    for (at, _) in tokens.marked(Marks::SPELLED).filter(|(at, _)| *at > 0) {
        let before = tokens.between(at).trim_start();
        let bracketed = matches!(before, "(" | "[" | "{" | "<");
        let spaced = before.is_empty() && tokens.gap(at) == Gap::Space;
        if !bracketed && !spaced {
            continue;
        }
        let after = tokens.between(at + 1).trim_end();
        if bracketed != matches!(after, ")" | "]" | "}" | ">") {
            continue;
        }
        let Some((end, spelled)) = spelled_domain(scan, at + 1) else {
            continue;
        };
        if !bracketed && !spelled {
            continue;
        }
        // The local part: the word before, and what is joined to it by dots and the like.
        let mut first = at - 1;
        while first > 0 && matches!(tokens.between(first), "." | "_" | "-" | "+") {
            first -= 1;
        }
        if let (Some(start), Some(last)) = (tokens.get(first), tokens.get(end - 1)) {
            add(
                out,
                (start.start, last.end),
                Kind::Email,
                0.85,
                "email:spelled:domain",
            );
        }
    }
}

/// The token behind "domain dot com" or "domain.com" from `from`, and whether a dot was spelled.
fn spelled_domain(scan: &Scan<'_>, from: usize) -> Option<(usize, bool)> {
    let tokens = &scan.tokens;
    let mut at = from;
    let mut spelled = false;
    for _ in 0..4 {
        tokens.get(at)?;
        let next = at + 1;
        let between = tokens.between(next);
        if matches!(between, "." | "-") {
            at = next;
            if between == "." && is_tld(tokens.word(at)) && tokens.between(at + 1) != "." {
                return Some((at + 1, spelled));
            }
            continue;
        }
        let word = tokens.word(next);
        let dot = ["dot", "punkt", "point", "punto", "punt", "ponto"]
            .iter()
            .any(|w| word.eq_ignore_ascii_case(w));
        if !dot || tokens.gap(next) == Gap::Line {
            return None;
        }
        spelled = true;
        at = next + 1;
        if is_tld(tokens.word(at)) {
            return Some((at + 1, true));
        }
    }
    None
}

/// `scheme://...` and `www....`.
fn urls(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let bytes = scan.text.as_bytes();
    let mut behind = 0;
    for at in memchr_iter(b':', bytes) {
        if at < behind {
            continue;
        }
        if bytes.get(at + 1..at + 3) == Some(b"//") {
            let scheme = scheme_start(bytes, at);
            if scheme == at {
                continue;
            }
            let end = url_end(scan, at + 3);
            if end > at + 4 {
                add(out, (scheme, end), Kind::Url, 0.98, "url:scheme:shape");
                behind = end;
            }
        }
    }
}

fn scheme_start(bytes: &[u8], at: usize) -> usize {
    let part = bytes.get(at.saturating_sub(12)..at).unwrap_or(&[]);
    let len = part
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'))
        .count();
    at - len
}

/// The byte behind a web address: to the next space, without the punctuation of the sentence.
fn url_end(scan: &Scan<'_>, from: usize) -> usize {
    let mut end = from;
    for (offset, c) in scan.slice(from, scan.text.len()).char_indices() {
        if c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '<' | '>'
                    | '"'
                    | '`'
                    | '{'
                    | '}'
                    | '|'
                    | '\\'
                    | '\u{ab}'
                    | '\u{bb}'
                    | '\u{201c}'
                    | '\u{201d}'
                    | '\u{201e}'
            )
            || offset > URL
        {
            break;
        }
        end = from + offset + c.len_utf8();
    }
    let mut part = scan.slice(from, end);
    // How many more of each bracket open than close: counted once, however many are cut off.
    let mut round = surplus(part, '(', ')');
    let mut square = surplus(part, '[', ']');
    loop {
        let shorter =
            part.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '\u{2019}']);
        let shorter = match shorter.strip_suffix(')') {
            Some(rest) if round < 0 => {
                round += 1;
                rest
            }
            _ => match shorter.strip_suffix(']') {
                Some(rest) if square < 0 => {
                    square += 1;
                    rest
                }
                _ => shorter,
            },
        };
        if shorter.len() == part.len() {
            return from + part.len();
        }
        part = shorter;
    }
}

/// How many more brackets open than close.
fn surplus(part: &str, open: char, close: char) -> isize {
    part.chars()
        .map(|c| isize::from(c == open) - isize::from(c == close))
        .sum()
}

/// Bare domains and IPv4 addresses: tokens with nothing but a dot between them.
fn dotted(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let number = |at: usize| tokens.get(at).is_some_and(|t| t.shape == Shape::Number);
    let mut dots = tokens.dots().peekable();
    // The byte behind the last web address: no other begins in it.
    let mut behind = 0;
    while let Some(dot) = dots.next() {
        let first = dot - 1;
        let mut last = dot;
        let mut numbers = number(first) && number(last);
        while dots.next_if_eq(&(last + 1)).is_some() {
            last += 1;
            numbers &= number(last);
        }
        if numbers {
            ipv4(scan, first, last, out);
        } else if tokens.get(first).is_some_and(|t| t.start >= behind)
            && let Some(end) = bare_domain(scan, first, last, out)
        {
            behind = end;
        }
    }
}

fn ipv4(scan: &Scan<'_>, first: usize, last: usize, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let (Some(start), Some(end)) = (tokens.get(first), tokens.get(last)) else {
        return;
    };
    if last - first == 3
        && scan
            .slice(start.start, end.end)
            .parse::<std::net::Ipv4Addr>()
            .is_ok()
        && !matches!(scan.byte_before(start.start), b'.' | b'-' | b'v' | b'V')
    {
        add(out, (start.start, end.end), Kind::Ip, 0.95, "ip:dots:ipv4");
    }
}

/// `shop.example.com/path`, `www.example.org`.
fn bare_domain(
    scan: &Scan<'_>,
    first: usize,
    last: usize,
    out: &mut Vec<Finding>,
) -> Option<usize> {
    let tokens = &scan.tokens;
    let (Some(head), Some(tail)) = (tokens.get(first), tokens.get(last)) else {
        return None;
    };
    // Labels joined by hyphens to the first one belong to the host.
    let mut from = first;
    while from > 0 && tokens.between(from) == "-" && first - from < 4 {
        from -= 1;
    }
    let start = tokens.get(from).map_or(head.start, |t| t.start);
    let www = tokens.word(from).eq_ignore_ascii_case("www");
    let tld = tokens.word(last);
    let before = scan.byte_before(start);
    let after = scan.byte(tail.end);
    if matches!(before, b'@' | b'/' | b'.' | b':' | b'\\' | b'_')
        || matches!(after, b'@' | b'(' | b'_')
    {
        return None;
    }
    // "end.It" is a missing space after a full stop, "U.S." an abbreviation.
    let sentence = tail.shape == Shape::Capital || tail.chars < 2;
    let short = tokens.word(last - 1).chars().count() < 2;
    if !www && (!is_tld(tld) || sentence || short) {
        return None;
    }
    let end = if after == b'/' || after == b'?' {
        url_end(scan, tail.end)
    } else {
        tail.end
    };
    let score = if www || last - first > 1 || after == b'/' {
        0.9
    } else {
        0.7
    };
    add(out, (start, end), Kind::Url, score, "url:dot:tld");
    Some(end)
}

/// Country and generic domains that people name in tickets; a file ending is none of them.
fn is_tld(word: &str) -> bool {
    const TLDS: &[&str] = &[
        "com", "org", "net", "edu", "gov", "info", "biz", "io", "co", "eu", "de", "at", "ch", "fr",
        "be", "nl", "lu", "it", "es", "pt", "uk", "ie", "pl", "cz", "sk", "hu", "ro", "bg", "gr",
        "hr", "si", "dk", "se", "no", "fi", "ee", "lv", "lt", "mt", "cy", "us", "ca", "au", "br",
        "mx", "app", "dev", "shop", "store", "online", "example", "test", "me", "tv", "cloud",
        "ai",
    ];
    let lower = word.to_ascii_lowercase();
    (2..=7).contains(&lower.len()) && TLDS.contains(&lower.as_str())
}

/// IPv6 and hardware addresses: runs of hexadecimal digits and colons.
fn colons(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let bytes = scan.text.as_bytes();
    let mut behind = 0;
    for at in memchr_iter(b':', bytes) {
        if at < behind {
            continue;
        }
        let hex = |b: &u8| b.is_ascii_hexdigit() || matches!(b, b':' | b'.');
        let left = bytes.get(at.saturating_sub(5)..at).unwrap_or(&[]);
        let start = at
            - left
                .iter()
                .rev()
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
        let right = bytes.get(at..bytes.len().min(at + 45)).unwrap_or(&[]);
        let end = at + right.iter().take_while(|b| hex(b)).count();
        behind = end;
        if end - start < 3 {
            continue;
        }
        let part = scan.slice(start, end).trim_end_matches(['.', ':']);
        let border = !scan.byte_before(start).is_ascii_alphanumeric()
            && !scan.byte(end).is_ascii_alphanumeric();
        if !border {
            continue;
        }
        let end = start + part.len();
        if part.bytes().filter(|b| *b == b':').count() >= 2 && part.parse::<Ipv6Addr>().is_ok() {
            // "::" alone is an operator, not an address.
            if part.bytes().filter(u8::is_ascii_hexdigit).count() >= 3 {
                add(out, (start, end), Kind::Ip, 0.95, "ip:colons:ipv6");
            }
        } else if part.len() == 17
            && part.split(':').count() == 6
            && part.split(':').all(|p| p.len() == 2)
        {
            add(out, (start, end), Kind::Id, 0.85, "id:colons:mac");
        }
    }
}
