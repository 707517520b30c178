//! Web and e-mail addresses.

use super::{Value, What};

const AROUND: [char; 18] = [
    '<', '>', '(', ')', '"', '|', '.', ',', ';', ':', '!', '?', '*', '`', '[', ']', '\'',
    '\u{2026}',
];

/// Takes web and e-mail addresses out of a text; what is left keeps its offsets.
pub(super) fn take(text: &str, out: &mut Vec<Value>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut from = 0;
    for chunk in text.split_inclusive(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | '(' | ')' | '"' | '|' | '\u{201c}' | '\u{201d}' | '\u{ab}' | '\u{bb}'
            )
    }) {
        let start = from;
        from += chunk.len();
        let around = |c: char| {
            c.is_whitespace()
                || AROUND.contains(&c)
                || matches!(
                    c,
                    '\u{201c}'
                        | '\u{201d}'
                        | '\u{201e}'
                        | '\u{ab}'
                        | '\u{bb}'
                        | '\u{2019}'
                        | '\u{2018}'
                )
        };
        let body = chunk.trim_matches(around);
        let lead = chunk.len() - chunk.trim_start_matches(around).len();
        let what = if body.is_empty() {
            None
        } else if let Some((user, host)) = body.split_once('@') {
            (!user.is_empty() && host.contains('.')).then(|| {
                let body = body.to_lowercase();
                What::Email(body.strip_prefix("mailto:").unwrap_or(&body).to_owned())
            })
        } else {
            url(body)
        };
        match what {
            Some(what) => {
                out.push(Value::new(start + lead..start + lead + body.len(), what));
                let (before, behind) = (chunk.get(..lead), chunk.get(lead + body.len()..));
                plain.push_str(before.unwrap_or_default());
                plain.extend(std::iter::repeat_n(' ', body.len()));
                plain.push_str(behind.unwrap_or_default());
            }
            None => plain.push_str(chunk),
        }
    }
    plain
}

/// The normal form of a web address (RFC 3986, section 6.2.2): scheme and host in lower case, no `www.`, no slash at
/// the end. A path is not folded: it is compared in lower case, since nobody has two pages that differ in that alone.
fn url(body: &str) -> Option<What> {
    const ENDS: [&str; 40] = [
        "com", "net", "org", "info", "biz", "shop", "store", "online", "io", "co", "app", "dev",
        "eu", "de", "at", "ch", "fr", "be", "lu", "es", "it", "nl", "pt", "uk", "ie", "pl", "cz",
        "dk", "se", "example", "test", "invalid", "ru", "cn", "us", "no", "fi", "gr", "ro", "hu",
    ];
    let lower = body.to_lowercase();
    let (scheme, rest) = match lower.split_once("://") {
        Some((scheme, rest)) => (Some(scheme.to_owned()), rest),
        None => (None, lower.as_str()),
    };
    if let Some(scheme) = &scheme
        && !scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    {
        return None;
    }
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let (name, end) = host.rsplit_once('.')?;
    let named = !name.is_empty()
        && name.contains(|c: char| c.is_alphabetic())
        && !name.ends_with('.')
        && host
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let known = ENDS.contains(&end);
    let path = rest.len() > host.len() && end.len() >= 2 && end.chars().all(char::is_alphabetic);
    // `it.se` at a sentence without a space is no address: the name must be longer than two letters there.
    let long = name.chars().count() > 2 && !body.starts_with(char::is_uppercase) || path;
    let written = scheme.is_some() || lower.starts_with("www.");
    (written
        || (named && known && (long || name.len() > 3))
        || (named && path && rest.contains('/')))
    .then(|| What::Url(scheme, rest.trim_end_matches('/').to_owned()))
}
