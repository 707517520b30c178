//! Keys and tokens in settings, headers, cookies and commands, and beside the words that name them.

use super::cue::{self, Lead};
use super::look::{Look, counted, placeholder};
use super::value::{alone, chunk, in_query};
use super::words::{self, Role};
use super::{Hit, Hits};
use crate::scan::Scan;
use crate::token::Gap;

/// Longest line of cookies, and of a command.
const LINE: usize = 4096;

/// Whether a word beside "key" says that it opens something.
pub(super) fn qualified(scan: &Scan<'_>, at: usize, role: Role) -> bool {
    let says = Role::QUALIFIER.or(Role::PROVIDER);
    let tokens = &scan.tokens;
    role.has(Role::NOUN)
        || tokens.gap(at) != Gap::Line && words::before(tokens, at, 1).has(says)
        || words::before(tokens, at, 2).has(says) && !tokens.between(at).contains('\n')
        // "clave de acceso", "chave da API"
        || (1..=3).any(|on| {
            matches!(tokens.gap(at + on), Gap::Space | Gap::Hyphen)
                && words::of(tokens, at + on).has(says)
        })
}

/// The value of a key, token or secret named by the token `at`; up to the byte `dull` there is none.
pub(super) fn key(scan: &Scan<'_>, at: usize, role: Role, dull: &mut usize) -> Option<Hit> {
    let name = scan.tokens.get(at)?;
    if name.end < *dull {
        return None;
    }
    let (lead, first) = cue::lead(scan, at + 1, |_| false)?;
    let assigned = lead == Lead::Sign && scan.byte(name.end) == b'=';
    let from = cue::from(scan, lead, first)?;
    let query = assigned.then(|| in_query(scan, name.start)).flatten();
    let value = chunk(scan, from, query)?;
    let text = scan.slice(value.start, value.end);
    let look = Look::of(text);
    if look.digits == 0 {
        *dull = value.end;
    }
    if look.digits == 0 || placeholder(text) || text.contains("://") {
        return None;
    }
    let named = qualified(scan, at, role);
    let sure = look.random() && (named || !look.hexadecimal());
    let short = named
        && (lead == Lead::Sign || lead == Lead::Line && alone(scan, value.end))
        && look.chars >= 8
        && look.made_up()
        && look.digits > 0
        && !counted(text);
    let score = match lead {
        _ if !sure && !short => return None,
        Lead::Sign if sure => 0.96,
        _ if sure => 0.9,
        _ => 0.8,
    };
    Some(Hit {
        start: value.start,
        end: value.end,
        score,
        why: "secret:cue:random",
    })
}

/// The value of a name that is a setting only with a sign behind it: "pass=", "sig=", "auth:".
pub(super) fn setting(scan: &Scan<'_>, at: usize) -> Option<Hit> {
    let name = scan.tokens.get(at)?;
    let (lead, first) = cue::lead(scan, at + 1, |_| false)?;
    let joined = matches!(scan.byte(name.end), b'=' | b':' | b'"' | b'\'');
    if lead != Lead::Sign || first != at + 1 || !joined {
        return None;
    }
    let value = chunk(scan, name.end, in_query(scan, name.start))?;
    let text = scan.slice(value.start, value.end);
    let look = Look::of(text);
    let fits = look.random() || look.made_up() && look.digits > 0 && look.chars >= 6;
    (fits && !placeholder(text) && !counted(text) && !text.contains("://")).then_some(Hit {
        start: value.start,
        end: value.end,
        score: if look.random() { 0.96 } else { 0.8 },
        why: "secret:cue:sign",
    })
}

/// The value of a session's name: "PHPSESSID=...", "connect.sid=...".
pub(super) fn session(scan: &Scan<'_>, at: usize) -> Option<Hit> {
    let name = scan.tokens.get(at)?;
    if !matches!(scan.byte(name.end), b'=' | b':' | b'"' | b'\'') {
        return None;
    }
    let value = chunk(scan, name.end, Some(b'&'))?;
    let text = scan.slice(value.start, value.end);
    let look = Look::of(text);
    let fits = look.chars >= 16 && look.distinct() >= 8 && look.digits > 0;
    (fits && !placeholder(text) && !text.contains("://")).then_some(Hit {
        start: value.start,
        end: value.end,
        score: 0.96,
        why: "secret:cookie:random",
    })
}

/// The credentials of an authorization header (RFC 9110 11.4), or behind the name of their scheme.
pub(super) fn header(scan: &Scan<'_>, at: usize, role: Role) -> Option<Hit> {
    let tokens = &scan.tokens;
    let mut last = at;
    if role.has(Role::HEADER) {
        if !tokens.between(at + 1).contains([':', '=']) {
            return None;
        }
        let scheme = words::of(tokens, at + 1).has(Role::SCHEME.or(Role::NOUN));
        if scheme && scan.byte(tokens.get(at + 1)?.end) == b' ' {
            last = at + 1;
        }
    }
    let end = tokens.get(last)?.end;
    if last != at || role.has(Role::SCHEME) {
        // "Basic" and "Bearer" are words; a line break is no space.
        if scan.byte(end) != b' ' {
            return None;
        }
    }
    let value = chunk(scan, end, None)?;
    let text = scan.slice(value.start, value.end);
    let look = Look::of(text);
    let fits = if role.has(Role::HEADER) {
        look.chars >= 8 && (look.digits > 0 || look.chars >= 20 || last != at)
    } else {
        look.random()
    };
    (fits && !placeholder(text) && !text.contains("://")).then_some(Hit {
        start: value.start,
        end: value.end,
        score: 0.96,
        why: "secret:header:random",
    })
}

/// Adds the random values of a `Cookie:` or `Set-Cookie:` header (RFC 6265 4); returns the end of the line.
pub(super) fn cookies(scan: &Scan<'_>, at: usize, hits: &mut Hits<'_>) -> Option<usize> {
    let name = scan.tokens.get(at)?;
    if scan.byte(name.end) != b':' {
        return None;
    }
    let from = name.end + 1;
    let line = line(scan, from);
    let mut start = from;
    for pair in line.split(';') {
        let here = start;
        start += pair.len() + 1;
        let Some((name, value)) = pair.split_once('=') else {
            continue;
        };
        let value = value.trim_end_matches([' ', '"', '\'', '\r']);
        let first = here + name.len() + 1;
        let open = value.len() - value.trim_start_matches('"').len();
        if Look::of(value).random() && !value.contains(' ') {
            hits.add(Hit {
                start: first + open,
                end: first + value.len(),
                score: 0.96,
                why: "secret:cookie:random",
            });
        }
    }
    Some(from + line.len())
}

/// Adds what a command gives as user and password, `-u name:password`; returns the end of the line.
pub(super) fn command(scan: &Scan<'_>, at: usize, hits: &mut Hits<'_>) -> Option<usize> {
    let from = scan.tokens.get(at)?.end;
    let line = line(scan, from);
    for option in [" -u ", " --user ", " --password=", " -p "] {
        let Some(found) = line.find(option) else {
            continue;
        };
        let start = from + found + option.len();
        let Some(value) = chunk(scan, start, None) else {
            continue;
        };
        let text = scan.slice(value.start, value.end);
        let text = text.strip_suffix(':').unwrap_or(text);
        if placeholder(text) || text.contains("://") {
            continue;
        }
        let (user, password) = text.split_once(':').unwrap_or(("", text));
        let both = Look::of(user).random() || user.is_empty();
        let worth = Look::of(password).random() || !user.is_empty() && !password.is_empty();
        if worth && !placeholder(password) {
            let skipped = if both { 0 } else { user.len() + 1 };
            hits.add(Hit {
                start: value.start + skipped,
                end: value.start + text.len(),
                score: 0.96,
                why: "secret:command:password",
            });
        }
    }
    Some(from + line.len())
}

fn line<'t>(scan: &Scan<'t>, from: usize) -> &'t str {
    let rest = scan.text.as_bytes().get(from..).unwrap_or(&[]);
    let rest = rest.get(..LINE).unwrap_or(rest);
    let mut len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    while !scan.text.is_char_boundary(from + len) {
        len -= 1;
    }
    scan.slice(from, from + len)
}
