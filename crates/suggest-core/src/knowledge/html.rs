//! HTML to sections of plain text: what a reader sees of an article, and nothing that is hidden from them.
//!
//! The tokenizer is html5gum's (WHATWG HTML, section 13.2.5). Help centres wrap articles in menus and footers; those, scripts,
//! forms and everything marked as hidden are left out: text that no reader sees is a place for orders to a model.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

use crate::error::{Error, FrontMatterFault};
use crate::knowledge::article::Article;
use crate::knowledge::front::{Fields, is_id};
use crate::knowledge::section::{Section, Sections};

/// Elements whose text is not the article's.
const SKIPPED: [&str; 17] = [
    "script", "style", "noscript", "template", "nav", "footer", "aside", "form", "button",
    "select", "svg", "iframe", "object", "dialog", "video", "audio", "canvas",
];

/// Elements without an end tag.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements that stand on a line of their own.
const BLOCKS: [&str; 24] = [
    "address",
    "article",
    "blockquote",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "header",
    "hr",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "thead",
    "tbody",
    "ul",
];

/// What a document says of itself and to its readers.
struct Document {
    title: String,
    /// The first heading, whether or not anything stands under it.
    heading: String,
    lang: String,
    meta: Vec<(String, String)>,
    sections: Vec<Section>,
}

/// Reads a file.
pub(super) fn read(name: &str, source: &str) -> Result<Vec<Article>, Error> {
    let document = document(source);
    let fault = |fault| Error::FrontMatter {
        article: name.to_owned(),
        line: 1,
        fault,
    };
    let mut fields = Fields::default();
    for (key, value) in &document.meta {
        match fields.take(key, value) {
            // Pages carry much that is none of our business.
            Ok(()) | Err(FrontMatterFault::UnknownKey) => {}
            Err(found) => return Err(fault(found)),
        }
    }
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or_default();
    if is_id(stem) {
        fields.or_take("id", stem).map_err(fault)?;
    }
    for title in [document.heading.as_str(), document.title.trim()] {
        if !title.is_empty() {
            fields.or_take("title", title).map_err(fault)?;
        }
    }
    if !document.lang.is_empty() {
        fields.or_take("lang", &document.lang).map_err(fault)?;
    }
    Ok(vec![Article {
        front: fields.done().map_err(fault)?,
        sections: document.sections,
        name: name.to_owned(),
        line: 1,
    }])
}

/// Cuts at every heading.
pub(super) fn sections(source: &str) -> Vec<Section> {
    document(source).sections
}

fn document(source: &str) -> Document {
    let tokens = tokens(source);
    // Where a page says what its main part is, the rest is not.
    let main = tokens
        .iter()
        .any(|token| matches!(token, Token::StartTag(tag) if *tag.name == *b"main"));
    let mut reader = Reader {
        document: Document {
            title: String::new(),
            heading: String::new(),
            lang: String::new(),
            meta: Vec::new(),
            sections: Vec::new(),
        },
        sections: Sections::new(),
        skipped: None,
        in_title: false,
        in_head: false,
        main: if main { Some(0) } else { None },
        cells: 0,
    };
    for token in tokens {
        match token {
            Token::StartTag(tag) => reader.opens(&tag),
            Token::EndTag(tag) => reader.closes(&text_of(&tag.name)),
            Token::String(text) => reader.says(&text_of(&text.value)),
            _ => {}
        }
    }
    (reader.document.heading, reader.document.sections) = reader.sections.titled();
    reader.document
}

fn tokens(source: &str) -> Vec<Token> {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(source, emitter)
        .filter_map(|token| {
            let Ok(token) = token;
            Some(token).filter(|token| !matches!(token, Token::Error(_)))
        })
        .collect()
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

struct Reader {
    document: Document,
    sections: Sections,
    /// The element that is left out, and how many of its name are open in it.
    skipped: Option<(String, usize)>,
    in_title: bool,
    in_head: bool,
    /// How many `main` are open, where the page has one.
    main: Option<usize>,
    cells: usize,
}

impl Reader {
    fn opens(&mut self, tag: &StartTag<()>) {
        let name = text_of(&tag.name);
        if let Some((of, depth)) = &mut self.skipped {
            *depth += usize::from(*of == name && !tag.self_closing);
            return;
        }
        let attribute = |key: &str| {
            let found = tag
                .attributes
                .iter()
                .find(|(of, _)| of.eq_ignore_ascii_case(key.as_bytes()));
            found.map(|(_, value)| text_of(value))
        };
        match name.as_str() {
            "html" => self.document.lang = attribute("lang").unwrap_or_default(),
            "head" => self.in_head = true,
            "body" => self.in_head = false,
            "title" => self.in_title = true,
            "meta" => {
                if let (Some(key), Some(value)) = (attribute("name"), attribute("content")) {
                    self.document.meta.push((key.to_ascii_lowercase(), value));
                }
            }
            _ => {}
        }
        let void = VOID.contains(&name.as_str());
        let hidden = attribute("hidden").is_some()
            || attribute("aria-hidden").is_some_and(|v| v.trim().eq_ignore_ascii_case("true"))
            || attribute("style").is_some_and(|style| hides(&style));
        if hidden || SKIPPED.contains(&name.as_str()) {
            if !void && !tag.self_closing {
                self.skipped = Some((name, 1));
            }
            return;
        }
        if name == "main" {
            self.main = self.main.map(|open| open + 1);
        }
        if !self.is_read() {
            return;
        }
        match name.as_str() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.sections.heading(),
            "br" => self.sections.line(),
            "li" => self.sections.item(),
            "tr" => {
                self.sections.line();
                self.cells = 0;
            }
            "td" | "th" => {
                if self.cells > 0 {
                    self.sections.say(": ");
                }
                self.cells += 1;
            }
            name if BLOCKS.contains(&name) => self.sections.paragraph(),
            _ => {}
        }
    }

    fn closes(&mut self, name: &str) {
        if let Some((of, depth)) = &mut self.skipped {
            if of == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        match name {
            "head" => self.in_head = false,
            "title" => self.in_title = false,
            "main" => self.main = self.main.map(|open| open.saturating_sub(1)),
            _ => {}
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.sections.heading_ends(),
            "li" | "tr" => self.sections.line(),
            name if BLOCKS.contains(&name) => self.sections.line(),
            _ => {}
        }
    }

    fn says(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
        if self.in_title {
            self.document.title.push_str(text);
            return;
        }
        if !self.is_read() {
            return;
        }
        // White space is one space, however it was written.
        let mut words = text.split_whitespace().peekable();
        if words.peek().is_none() || text.starts_with(char::is_whitespace) {
            self.sections.space();
        }
        let mut first = true;
        for word in words {
            if !first {
                self.sections.say(" ");
            }
            self.sections.say(word);
            first = false;
        }
        if !first && text.ends_with(char::is_whitespace) {
            self.sections.space();
        }
    }

    fn is_read(&self) -> bool {
        !self.in_head && self.main != Some(0)
    }
}

/// Whether a style hides its element from readers.
fn hides(style: &str) -> bool {
    style.split(';').any(|rule| {
        let Some((key, value)) = rule.split_once(':') else {
            return false;
        };
        let value = value.trim().to_ascii_lowercase();
        let value = value.trim_end_matches("!important").trim_end();
        match key.trim().to_ascii_lowercase().as_str() {
            "display" => value == "none",
            "visibility" => value == "hidden" || value == "collapse",
            "opacity" => value.parse() == Ok(0.0),
            "font-size" => value.trim_end_matches(|c: char| c.is_alphabetic() || c == '%') == "0",
            _ => false,
        }
    })
}
