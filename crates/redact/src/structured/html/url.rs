//! URLs in attributes (RFC 3986): percent-encoding decoded, the parts of a query with their names as cues.

use std::ops::Range;

use super::super::escape::Escape;
use super::super::segments::{Joint, Segment, Traced, cue};
use super::names::scheme;
use zeroize::Zeroizing;

/// Whether a value of any attribute holds a query: "0;url=/reset?e=zoe%40example.org". What says so is never replaced, so
/// that a sealed and a restored document are read alike.
pub(super) fn is_query(value: &str) -> bool {
    !value.contains(char::is_whitespace)
        && value
            .split_once('?')
            .is_some_and(|(_, query)| query.contains('='))
}

/// The segments of a URL that stands in an attribute.
pub(super) fn segments(value: &Traced, out: &mut Vec<Segment>) {
    let text = value.text();
    let scheme = scheme(text);
    let start = match scheme.as_ref().map(|scheme| scheme.as_str()) {
        Some("mailto" | "tel" | "sms" | "callto" | "skype" | "xmpp" | "sip" | "sips") => {
            text.find(':').map_or(0, |at| at + 1)
        }
        _ => 0,
    };
    let name = match scheme.as_ref().map(|scheme| scheme.as_str()) {
        Some("mailto") => "e-mail",
        Some("tel" | "sms" | "callto") => "phone",
        _ => "",
    };
    let rest = text.get(start..).unwrap_or_default();
    let query = rest.find(['?', '#']).map_or(text.len(), |at| start + at);
    let joint = || {
        if name.is_empty() {
            Joint::Line
        } else {
            Joint::Field(Zeroizing::new(name.to_owned()))
        }
    };
    part(value, start..query, joint(), Escape::Url, false, out);
    // Behind the question mark or the number sign: pairs, and what only looks like them.
    let mut at = query;
    while at < text.len() {
        at += 1;
        let rest = text.get(at..).unwrap_or_default();
        let end = rest
            .find(['&', ';', '#', '?'])
            .map_or(text.len(), |next| at + next);
        let pair = text.get(at..end).unwrap_or_default();
        match pair.find('=') {
            Some(equals) => {
                let name = at..at + equals;
                let word = cue(text.get(name.clone()).unwrap_or_default());
                part(value, name, Joint::Line, Escape::Query, true, out);
                part(
                    value,
                    at + equals + 1..end,
                    Joint::Field(word),
                    Escape::Query,
                    false,
                    out,
                );
            }
            None => part(value, at..end, Joint::Line, Escape::Query, false, out),
        }
        at = end;
    }
}

fn part(
    value: &Traced,
    range: Range<usize>,
    joint: Joint,
    escape: Escape,
    is_name: bool,
    out: &mut Vec<Segment>,
) {
    if range.is_empty() {
        return;
    }
    let source = value.source(range.clone());
    let data = decoded(value, range, escape == Escape::Query);
    let mut segment = Segment::new(source, data, joint, escape);
    segment.aside = true;
    segment.is_name = is_name;
    out.push(segment);
}

/// Percent-encoded UTF-8 as characters; what is none stays as it is written.
fn decoded(value: &Traced, range: Range<usize>, plus_is_space: bool) -> Traced {
    let text = value.text();
    let mut out = Traced::with_capacity(range.len(), value.source(range.clone()).start);
    let mut at = range.start;
    while let Some(c) = text.get(at..range.end).and_then(|rest| rest.chars().next()) {
        if c == '%'
            && let Some((c, length)) = encoded(text.get(at..range.end).unwrap_or_default())
        {
            out.push(c, value.source(at..at + length));
            at += length;
            continue;
        }
        let end = at + c.len_utf8();
        match c {
            // Written as %20, so that a plus that was one stays one.
            '+' if plus_is_space => out.push(' ', value.source(at..end)),
            c => out.push(c, value.source(at..end)),
        }
        at = end;
    }
    out
}

/// The character that a text begins with in percent-encoding, and the bytes that it takes.
fn encoded(text: &str) -> Option<(char, usize)> {
    let mut bytes = [0_u8; 4];
    let mut at = 0;
    for count in 1..=4 {
        let pair = text.get(at..at + 3)?.strip_prefix('%')?;
        if !pair.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        *bytes.get_mut(count - 1)? = u8::from_str_radix(pair, 16).ok()?;
        at += 3;
        if let Ok(done) = std::str::from_utf8(bytes.get(..count)?) {
            return done.chars().next().map(|c| (c, at));
        }
    }
    None
}
