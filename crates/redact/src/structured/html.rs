//! HTML read into segments: text between tags, and attributes. Tags and their names stay.
//!
//! The tokenizer is html5gum's (WHATWG HTML, section 13.2.5), which says where each token lies; every byte that no token
//! accounts for must be white space or punctuation of a tag, or the document is refused.

use std::collections::BTreeMap;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use zeroize::Zeroizing;

use super::dropped::Dropped;
use super::escape::Escape;
use super::segments::{Hold, Joint, Segment, Traced, cue};
use crate::error::StructuredError;

mod entity;
mod names;
mod url;

use names::{LOOSE, UNREAD, VOID};

/// Deepest nesting of elements, the limit of browsers.
const MAX_ELEMENTS: usize = 512;

/// What stands at a place of the source.
enum Token {
    Open(Zeroizing<String>),
    Name(Zeroizing<String>),
    Value,
    /// The end of a start tag, with a slash or not.
    Close(bool),
    End(Zeroizing<String>),
    Text,
    Comment,
    Doctype,
}

/// The tokens of a document with their bytes.
fn tokens(source: &str) -> Vec<(Token, Range<usize>)> {
    let mut tokens = Vec::new();
    let name = |bytes: &[u8]| Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let mut emitter = CallbackEmitter::new(
        |event: CallbackEvent<'_>, span: Span<usize>| -> Option<()> {
            let token = match event {
                CallbackEvent::OpenStartTag { name: n } => Token::Open(name(n)),
                CallbackEvent::AttributeName { name: n } => Token::Name(name(n)),
                CallbackEvent::AttributeValue { .. } => Token::Value,
                CallbackEvent::CloseStartTag { self_closing } => Token::Close(self_closing),
                CallbackEvent::EndTag { name: n } => Token::End(name(n)),
                CallbackEvent::String { .. } => Token::Text,
                CallbackEvent::Comment { .. } => Token::Comment,
                CallbackEvent::Doctype { .. } => Token::Doctype,
                // What they are about is seen in the bytes.
                CallbackEvent::Error(_) => return None,
            };
            tokens.push((token, span.start..span.end));
            None
        },
    );
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(source, emitter) {
        let (Ok(()) | Err(_)) = token;
    }
    tokens
}

/// The document without what no model may be given: comments, scripts, styles and what is like them.
pub(super) fn clean(
    source: &str,
    dropped: &mut Dropped,
) -> Result<Zeroizing<String>, StructuredError> {
    let mut text = Zeroizing::new(source.to_owned());
    // Taking one out may join what stood around it to another.
    for _ in 0..4 {
        let ranges = unread(&text, dropped);
        if ranges.is_empty() {
            return Ok(text);
        }
        let mut out = Zeroizing::new(String::with_capacity(text.len()));
        let mut at = 0;
        for range in ranges {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            at = at.max(range.end);
        }
        out.push_str(text.get(at..).unwrap_or_default());
        text = out;
    }
    Err(malformed(0))
}

const fn malformed(at: usize) -> StructuredError {
    StructuredError::Malformed { format: "HTML", at }
}

/// What is left out, in order, without overlap.
fn unread(source: &str, dropped: &mut Dropped) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    // The unread element that is open: its name, where it begins, how many of its name are in it.
    let mut open: Option<(Zeroizing<String>, usize, usize)> = None;
    let mut attribute = Zeroizing::new(String::new());
    let sort = |name: &str| {
        UNREAD
            .iter()
            .find(|n| **n == name)
            .copied()
            .unwrap_or("script")
    };
    for (token, range) in tokens(source) {
        if let Some((name, start, inside)) = &mut open {
            match token {
                Token::Open(other) if other == *name => *inside += 1,
                Token::End(other) if other == *name && *inside > 0 => *inside -= 1,
                Token::End(other) if other == *name => {
                    dropped.add(sort(name), range.end - *start);
                    ranges.push(*start..range.end);
                    open = None;
                }
                _ => {}
            }
            continue;
        }
        match token {
            Token::Open(name) if UNREAD.contains(&name.as_str()) => {
                open = Some((name, range.start, 0));
            }
            Token::Comment => {
                dropped.add("comment", range.len());
                ranges.push(range);
            }
            Token::Doctype if !is_plain_doctype(source.get(range.clone()).unwrap_or_default()) => {
                dropped.add("doctype", range.len());
                ranges.push(range);
            }
            Token::Name(name) => attribute = name,
            Token::Value => {
                let value = source.get(range.clone()).unwrap_or_default();
                let value = Zeroizing::new(htmlize::unescape_attribute(value).into_owned());
                let scheme = names::scheme(&value);
                let what = match scheme.as_ref().map(|scheme| scheme.as_str()) {
                    _ if names::is_script(&attribute) => "script",
                    Some("javascript" | "vbscript") => "script",
                    Some("data") => "data URL",
                    _ => continue,
                };
                dropped.add(what, range.len());
                ranges.push(range);
            }
            _ => {}
        }
    }
    if let Some((name, start, _)) = open {
        dropped.add(sort(&name), source.len() - start);
        ranges.push(start..source.len());
    }
    ranges
}

/// Whether a doctype names a standard and nothing else.
fn is_plain_doctype(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let rest = text
        .strip_prefix("<!doctype")
        .and_then(|rest| rest.strip_suffix('>'))
        .unwrap_or("x");
    let mut words = rest.split(['"', '\'']);
    let head = words.next().unwrap_or_default();
    head.split_whitespace()
        .all(|word| matches!(word, "html" | "public" | "system"))
        && words.all(|word| {
            let word = word.trim();
            word.is_empty()
                || word.starts_with("-//w3c//dtd ")
                || word.starts_with("http://www.w3.org/tr/")
                || word.starts_with("about:legacy-compat")
        })
}

/// The segments of a document. Of one that is sealed, `is_clean` says that nothing unread may be left.
pub(super) fn parse(source: &str, is_clean: bool) -> Result<Vec<Segment>, StructuredError> {
    if is_clean && !unread(source, &mut Dropped::default()).is_empty() {
        return Err(malformed(0));
    }
    let mut reader = Reader {
        source,
        out: Vec::new(),
        at: 0,
        joint: Joint::Line,
        depth: 0,
        is_counted: false,
        kept: 0,
        unread: None,
        tag: Vec::new(),
        tables: Vec::new(),
        term: None,
        heading: None,
    };
    for (token, range) in tokens(source) {
        reader.token(token, range)?;
    }
    reader.gap(source.len())?;
    let mut out = reader.out;
    out.sort_by_key(|segment| segment.range.start);
    Ok(out)
}

/// An attribute of the tag that is open.
struct Attribute {
    name: Zeroizing<String>,
    value: Option<Range<usize>>,
}

/// A table: the names of its columns, and the column that is read.
#[derive(Default)]
struct Table {
    names: Vec<Zeroizing<String>>,
    column: usize,
    has_rows: bool,
}

struct Reader<'s> {
    source: &'s str,
    out: Vec<Segment>,
    /// Up to here every byte is accounted for.
    at: usize,
    /// What stands before the next text.
    joint: Joint,
    depth: usize,
    /// Whether the tag that is open made it deeper.
    is_counted: bool,
    /// How many elements are open in which white space counts.
    kept: usize,
    /// The unread element that is open.
    unread: Option<Zeroizing<String>>,
    tag: Vec<Attribute>,
    tables: Vec<Table>,
    /// The last `dt`.
    term: Option<Zeroizing<String>>,
    /// Text of a `th` or `dt` that is open.
    heading: Option<Zeroizing<String>>,
}

impl Reader<'_> {
    /// Between tokens stands nothing but punctuation of tags.
    fn gap(&mut self, until: usize) -> Result<(), StructuredError> {
        let gap = self
            .source
            .get(self.at.min(until)..until)
            .unwrap_or_default();
        let fits =
            |c: char| c.is_ascii_whitespace() || matches!(c, '<' | '>' | '/' | '=' | '"' | '\'');
        if let Some(at) = gap.find(|c| !fits(c)) {
            return Err(malformed(self.at + at));
        }
        Ok(())
    }

    fn token(&mut self, token: Token, range: Range<usize>) -> Result<(), StructuredError> {
        if let Some(name) = &self.unread {
            // Of a document that a model wrote: it stays as it is, tags in it are not restored.
            if let Token::End(end) = &token
                && end == name
            {
                self.unread = None;
            }
            self.at = range.end;
            return Ok(());
        }
        self.gap(range.start)?;
        self.at = range.end;
        match token {
            Token::Text => self.text(range),
            Token::Open(name) => self.open(&name, range)?,
            Token::Name(name) => {
                if !names::is_attribute(&name) {
                    self.markup(range);
                }
                self.tag.push(Attribute { name, value: None });
            }
            Token::Value => {
                if let Some(attribute) = self.tag.last_mut() {
                    attribute.value = Some(range);
                }
            }
            Token::Close(is_empty) => {
                // In foreign content the slash ends the element.
                self.depth -= usize::from(is_empty && self.is_counted);
                self.attributes();
            }
            Token::End(name) => self.end(&name, &range)?,
            Token::Comment | Token::Doctype => {}
        }
        Ok(())
    }

    /// A name that is not of the standard: it may be anything.
    fn markup(&mut self, range: Range<usize>) {
        let text = self.source.get(range.clone()).unwrap_or_default();
        let data = Traced::plain(text, range.start);
        let mut segment = Segment::new(range, data, Joint::Line, Escape::Text);
        segment.hold = Hold::Markup;
        segment.aside = true;
        segment.is_name = true;
        self.out.push(segment);
    }

    fn text(&mut self, range: Range<usize>) {
        let raw = self.source.get(range.clone()).unwrap_or_default();
        let data = entity::decoded(raw, range.start, false, self.kept == 0);
        if data.text().trim().is_empty() {
            // Space between two words, written as markup.
            if matches!(self.joint, Joint::None) && !data.text().is_empty() {
                self.joint = Joint::Space;
            }
            return;
        }
        if let Some(heading) = &mut self.heading
            && heading.len() + data.text().len() < heading.capacity()
        {
            heading.push_str(data.text());
        }
        let joint = std::mem::take(&mut self.joint);
        self.out
            .push(Segment::new(range, data, joint, Escape::Html));
    }

    /// A new line for what follows, unless a cue stands there already.
    fn line(&mut self) {
        if !matches!(self.joint, Joint::Field(_)) {
            self.joint = Joint::Line;
        }
    }

    fn open(&mut self, name: &str, range: Range<usize>) -> Result<(), StructuredError> {
        if !names::is_element(name) {
            let start = range.start + 1;
            self.markup(start..start + name.len());
        }
        if UNREAD.contains(&name) {
            self.unread = Some(Zeroizing::new(name.to_owned()));
        }
        self.is_counted = is_counted(name);
        if self.is_counted {
            self.depth += 1;
            if self.depth > MAX_ELEMENTS {
                return Err(StructuredError::TooDeep {
                    limit: MAX_ELEMENTS,
                });
            }
        }
        if !names::is_inline(name) && names::is_element(name) {
            self.line();
        }
        match name {
            "pre" | "textarea" => self.kept += 1,
            "table" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.column = 0;
                }
            }
            "th" | "dt" => self.heading = Some(Zeroizing::new(String::with_capacity(120))),
            "td" => {
                if let Some(table) = self.tables.last_mut() {
                    table.has_rows = true;
                    if let Some(name) = table.names.get(table.column) {
                        self.joint = Joint::Field(name.clone());
                    }
                    table.column += 1;
                }
            }
            "dd" => {
                if let Some(term) = &self.term {
                    self.joint = Joint::Field(term.clone());
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str, range: &Range<usize>) -> Result<(), StructuredError> {
        // Attributes of an end tag are dropped by every reader, and so seen by nobody but a model.
        let raw = self.source.get(range.clone()).unwrap_or_default();
        let bare = raw
            .trim_start_matches("</")
            .trim_end_matches('>')
            .trim_end_matches('/');
        if bare.trim_end().len() != name.len() {
            return Err(malformed(range.start));
        }
        self.tag.clear();
        if !names::is_element(name) {
            self.markup(range.start + 2..range.start + 2 + name.len());
        } else if !names::is_inline(name) {
            self.line();
        }
        if is_counted(name) {
            self.depth = self.depth.saturating_sub(1);
        }
        match name {
            "pre" | "textarea" => self.kept = self.kept.saturating_sub(1),
            "table" => drop(self.tables.pop()),
            "th" => {
                if let (Some(table), Some(heading)) = (self.tables.last_mut(), self.heading.take())
                {
                    // A row of heads at the top names columns; a head in a row names what follows it.
                    if table.has_rows || table.names.is_empty() && table.column > 0 {
                        self.joint = Joint::Field(cue(&heading));
                    } else {
                        table.names.push(cue(&heading));
                    }
                }
            }
            "dt" => self.term = self.heading.take().map(|heading| cue(&heading)),
            _ => {}
        }
        Ok(())
    }

    /// The attributes of a tag that has been read to its end.
    fn attributes(&mut self) {
        let tag = std::mem::take(&mut self.tag);
        let named: BTreeMap<&str, &str> = tag
            .iter()
            .filter_map(|attribute| {
                let value = self.source.get(attribute.value.clone()?)?;
                Some((attribute.name.as_str(), value))
            })
            .collect();
        for attribute in &tag {
            let Some(range) = attribute.value.clone() else {
                continue;
            };
            let raw = self.source.get(range.clone()).unwrap_or_default();
            let data = entity::decoded(raw, range.start, true, true);
            let is_quoted = self
                .source
                .get(..range.start)
                .is_some_and(|before| before.ends_with(['"', '\'']));
            let name = attribute.name.as_str();
            let is_link = names::scheme(data.text())
                .is_some_and(|s| matches!(s.as_str(), "http" | "https" | "mailto" | "tel" | "sms"));
            if names::is_url(name) || is_link || url::is_query(data.text()) {
                url::segments(&data, &mut self.out);
                continue;
            }
            let of = match name {
                "value" | "placeholder" | "content" => named
                    .get("name")
                    .or_else(|| named.get("property"))
                    .or_else(|| named.get("itemprop"))
                    .copied()
                    .unwrap_or_default(),
                _ => name.strip_prefix("data-").unwrap_or_default(),
            };
            let of = cue(of);
            let joint = if of.is_empty() {
                Joint::Line
            } else {
                Joint::Field(of)
            };
            let escape = if is_quoted {
                Escape::Html
            } else {
                Escape::Bare
            };
            let mut segment = Segment::new(range, data, joint, escape);
            segment.aside = true;
            segment.is_name = matches!(
                name,
                "class" | "id" | "name" | "type" | "rel" | "lang" | "style" | "role"
            );
            self.out.push(segment);
        }
    }
}

fn is_counted(name: &str) -> bool {
    !VOID.contains(&name) && !LOOSE.contains(&name)
}

/// What a reader sees: the text of a document, a line for every block.
#[cfg(feature = "mail")]
pub(super) fn text(
    source: &str,
    dropped: &mut Dropped,
) -> Result<Zeroizing<String>, StructuredError> {
    let clean = clean(source, dropped)?;
    let segments = parse(&clean, true)?;
    let length = segments.iter().map(|s| s.data.text().len() + 1).sum();
    let mut out = Zeroizing::new(String::with_capacity(length));
    for segment in segments.iter().filter(|segment| !segment.aside) {
        match segment.joint {
            Joint::None => {}
            Joint::Space => out.push(' '),
            Joint::Line | Joint::Field(_) if out.is_empty() => {}
            Joint::Line | Joint::Field(_) => out.push('\n'),
        }
        out.push_str(segment.data.text());
    }
    Ok(out)
}
