//! Mail (RFC 5322, MIME: RFC 2045 to 2047) as a text that a model can read: the headers that matter, then the body.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use pii_detect::Kind;
use zeroize::Zeroizing;

use super::dropped::Dropped;
use super::html;
use super::segments::Joint;
use super::view::{View, quote_marks};
use crate::error::StructuredError;
use crate::tag::TagKind;

/// How many messages inside one another are read; those further inside are counted as dropped.
const MAX_MESSAGES: usize = 4;

/// Most messages that a message may announce inside it: the parser keeps them in one another.
const MAX_ANNOUNCED: usize = 100;

/// Names of types as they are counted: others may be anything, and are "other".
const TYPES: [&str; 36] = [
    "application/gzip",
    "application/json",
    "application/msword",
    "application/octet-stream",
    "application/pdf",
    "application/pgp-encrypted",
    "application/pgp-signature",
    "application/pkcs7-mime",
    "application/pkcs7-signature",
    "application/rtf",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/xml",
    "application/zip",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "image/bmp",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/svg+xml",
    "image/tiff",
    "image/webp",
    "message/delivery-status",
    "message/rfc822",
    "text/calendar",
    "text/csv",
    "text/html",
    "text/plain",
    "text/vcard",
    "video/mp4",
];

const fn malformed() -> StructuredError {
    StructuredError::Malformed {
        format: "mail",
        at: 0,
    }
}

/// The text of a message, and what was left out.
pub(super) fn read(message: &[u8], dropped: &mut Dropped) -> Result<View, StructuredError> {
    let announced = announced(message);
    if announced > MAX_ANNOUNCED {
        return Err(StructuredError::TooMany {
            limit: MAX_ANNOUNCED,
        });
    }
    // It promises not to panic; a message that makes it is not sent.
    let parsed = catch_unwind(AssertUnwindSafe(|| MessageParser::default().parse(message)));
    let parsed = parsed.ok().flatten().ok_or_else(malformed)?;
    let headers = [
        parsed.from().is_some(),
        parsed.to().is_some(),
        parsed.subject().is_some(),
        parsed.date().is_some(),
    ];
    if !headers.contains(&true) {
        return Err(malformed());
    }
    // A byte becomes three at most in any character set.
    let mut view = View::with_capacity(message.len() * 3 + 8192);
    write(&parsed, MAX_MESSAGES, &mut view, dropped)?;
    Ok(view)
}

/// How many messages a message may hold, by the types that it names: the parser keeps one in another, and giving them back
/// goes as deep.
fn announced(message: &[u8]) -> usize {
    let names = |word: &[u8]| {
        let mut count = 0;
        for (at, found) in message.windows(word.len()).enumerate() {
            if found.eq_ignore_ascii_case(word) {
                let before = message.get(..at).unwrap_or_default().trim_ascii_end();
                count += usize::from(before.ends_with(b"/") || before.ends_with(b")"));
            }
        }
        count
    };
    names(b"rfc822") + names(b"global") + names(b"digest")
}

fn write(
    message: &Message<'_>,
    depth: usize,
    view: &mut View,
    dropped: &mut Dropped,
) -> Result<(), StructuredError> {
    headers(message, view, dropped);
    view.fixed("\n");
    let ends = ends(&message.raw_message);
    let mut used: HashSet<u32> = HashSet::new();
    for id in &message.text_body {
        let Some(part) = message.part(*id).filter(|_| used.insert(*id)) else {
            continue;
        };
        if !write_part(part, view, dropped)? {
            used.remove(id);
        }
    }
    for (id, part) in message.parts.iter().enumerate() {
        if u32::try_from(id).is_ok_and(|id| used.contains(&id)) {
            continue;
        }
        match &part.body {
            PartType::Multipart(_) => is_closed(&ends, part, dropped),
            PartType::Message(inner) if depth > 1 => {
                view.fixed("\n---------- message ----------\n");
                write(inner, depth - 1, view, dropped)?;
            }
            PartType::Message(_) => {
                let bytes = part.offset_end.saturating_sub(part.offset_body);
                dropped.add(
                    "message/rfc822",
                    usize::try_from(bytes).unwrap_or(usize::MAX),
                );
            }
            PartType::Text(text) | PartType::Html(text) => dropped.add(type_of(part), text.len()),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                dropped.add(type_of(part), bytes.len());
            }
        }
        damage(part, dropped);
    }
    Ok(())
}

/// Writes a part of the body; `false` when it is none.
fn write_part(
    part: &MessagePart<'_>,
    view: &mut View,
    dropped: &mut Dropped,
) -> Result<bool, StructuredError> {
    match &part.body {
        PartType::Text(text) => body(text, view),
        PartType::Html(source) => body(&html::text(source, dropped)?, view),
        _ => return Ok(false),
    }
    damage(part, dropped);
    Ok(true)
}

/// Counts a part whose encoding was broken: what could be read of it is there.
fn damage(part: &MessagePart<'_>, dropped: &mut Dropped) {
    if part.is_encoding_problem {
        dropped.add("damaged part", 0);
    }
}

/// Counts a multipart that ends without its last boundary: the message was cut.
fn is_closed(ends: &HashSet<&[u8]>, part: &MessagePart<'_>, dropped: &mut Dropped) {
    let boundary = part.content_type().and_then(|t| t.attribute("boundary"));
    if boundary.is_some_and(|boundary| !ends.contains(boundary.as_bytes())) {
        dropped.add("cut message", 0);
    }
}

/// The boundaries that a message ends somewhere: lines like "--boundary--".
fn ends(message: &[u8]) -> HashSet<&[u8]> {
    message
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            line.trim_ascii_end()
                .strip_prefix(b"--")?
                .strip_suffix(b"--")
        })
        .collect()
}

/// The type of a part, of a closed list.
fn type_of(part: &MessagePart<'_>) -> &'static str {
    let Some(content) = part.content_type() else {
        return "text/plain";
    };
    let name = format!(
        "{}/{}",
        content.ctype(),
        content.subtype().unwrap_or_default()
    );
    TYPES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name))
        .copied()
        .unwrap_or("other")
}

fn headers(message: &Message<'_>, view: &mut View, dropped: &mut Dropped) {
    let mut shown = 0;
    let lists = [
        ("From", message.from()),
        ("Reply-To", message.reply_to()),
        ("To", message.to()),
        ("Cc", message.cc()),
    ];
    for (name, list) in lists {
        if let Some(list) = list {
            view.fixed(name);
            view.fixed(": ");
            if let Address::Group(groups) = list {
                for _ in groups.iter().filter(|group| group.name.is_some()) {
                    dropped.add("name of a group", 0);
                }
            }
            addresses(list, view);
            view.fixed("\n");
            shown += 1;
        }
    }
    if let Some(subject) = message.subject() {
        view.fixed("Subject: ");
        view.data(
            &one_line(subject),
            Joint::Field(Zeroizing::new("subject".into())),
            None,
        );
        view.fixed("\n");
        shown += 1;
    }
    if let Some(date) = message.date().filter(|date| date.is_valid()) {
        view.fixed("Date: ");
        // Numbers of the parser, no text of the message.
        view.fixed(&date.to_rfc3339());
        view.fixed("\n");
        shown += 1;
    }
    for _ in shown..message.headers().len() {
        dropped.add("header", 0);
    }
}

fn addresses(list: &Address<'_>, view: &mut View) {
    let mut is_first = true;
    for address in list.iter() {
        if !is_first {
            view.fixed(", ");
        }
        is_first = false;
        let name = address.name.as_deref().map(one_line).unwrap_or_default();
        let mail = address.address.as_deref().map(one_line).unwrap_or_default();
        let field = || Joint::Field(Zeroizing::new("name".into()));
        if !name.is_empty() && *name != *mail {
            view.data(&name, field(), Some(TagKind::from(Kind::Person)));
            if !mail.is_empty() {
                view.fixed(" ");
            }
        }
        if !mail.is_empty() {
            view.fixed("<");
            let field = Joint::Field(Zeroizing::new("e-mail".into()));
            view.data(&mail, field, Some(TagKind::from(Kind::Email)));
            view.fixed(">");
        }
    }
}

/// A value of a header without what would begin another one.
fn one_line(value: &str) -> Zeroizing<String> {
    let mut out = Zeroizing::new(String::with_capacity(value.len()));
    for c in value.trim().chars() {
        // A space is never longer than what it stands for.
        out.push(if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        });
    }
    out
}

/// The lines of a body; the marks of quoted ones are no part of what the detector reads.
fn body(text: &str, view: &mut View) {
    for line in text.trim_end().lines() {
        let line = line.trim_end_matches('\r');
        let marks = quote_marks(line);
        let (quote, rest) = line.split_at_checked(marks).unwrap_or(("", line));
        view.fixed(quote);
        view.data(rest, Joint::Line, None);
        view.fixed("\n");
    }
}
