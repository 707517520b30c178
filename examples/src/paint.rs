//! What the terminal looks like: colours where there is a terminal, plain text in a pipe or under NO_COLOR.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style};

/// Width that text is wrapped to.
pub const WIDTH: usize = 92;

/// A heading, in bold cyan.
pub const HEADING: Style = AnsiColor::Cyan.on_default().bold();
/// What is found and will be hidden.
pub const FOUND: Style = Style::new()
    .fg_color(Some(Color::Ansi(AnsiColor::Black)))
    .bg_color(Some(Color::Ansi(AnsiColor::Yellow)));
/// A tag.
pub const TAG: Style = AnsiColor::Magenta.on_default().bold();
/// What came back.
pub const RESTORED: Style = AnsiColor::Green.on_default();
/// Side notes.
pub const DIM: Style = Style::new().dimmed();
/// Good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Bad news.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// Emphasis.
pub const BOLD: Style = Style::new().bold();

/// `text` in `style`.
#[must_use]
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// A piece of text with or without a style.
#[derive(Debug, Clone)]
#[expect(clippy::exhaustive_structs, reason = "a pair with names")]
pub struct Piece {
    /// The text.
    pub text: String,
    /// How it looks.
    pub style: Option<Style>,
}

/// Cuts `text` at byte ranges (sorted, not overlapping) and styles these.
#[must_use]
pub fn pieces(text: &str, marks: &[(usize, usize)], style: Style) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut push = |slice: Option<&str>, style: Option<Style>| {
        if let Some(slice) = slice.filter(|s| !s.is_empty()) {
            out.push(Piece {
                text: slice.to_owned(),
                style,
            });
        }
    };
    for &(start, end) in marks {
        push(text.get(at..start), None);
        push(text.get(start..end), Some(style));
        at = end;
    }
    push(text.get(at..), None);
    out
}

/// Wraps styled pieces to `width` columns behind `margin`, keeping line breaks of the text.
#[must_use]
pub fn wrap(pieces: &[Piece], margin: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    let _ = write!(out, "{margin}");
    for piece in pieces {
        for (n, line) in piece.text.split('\n').enumerate() {
            if n > 0 {
                let _ = write!(out, "\n{margin}");
                column = 0;
            }
            for word in line.split_inclusive(' ') {
                let length = word.trim_end().chars().count();
                if column > 0 && column + length > width {
                    while out.ends_with(' ') && !out.ends_with(margin) {
                        out.pop();
                    }
                    let _ = write!(out, "\n{margin}");
                    column = 0;
                }
                let shown: String = word.chars().filter(|c| !c.is_control()).collect();
                column += shown.chars().count();
                match piece.style {
                    Some(style) => {
                        let _ = write!(out, "{style}{shown}{style:#}");
                    }
                    None => out.push_str(&shown),
                }
            }
        }
    }
    out
}

/// A rule with a title in it.
#[must_use]
pub fn rule(title: &str) -> String {
    let used = title.chars().count() + 4;
    styled(
        HEADING,
        &format!(
            "\u{2500}\u{2500} {title} {}",
            "\u{2500}".repeat(WIDTH.saturating_sub(used))
        ),
    )
}

/// The byte ranges of canonical tags in `text`.
#[must_use]
pub fn tag_ranges(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|t| t.find('[')).map(|i| i + from) {
        let Some(close) = text.get(open..).and_then(|t| t.find(']')).map(|i| i + open) else {
            break;
        };
        let inner = text.get(open + 1..close).unwrap_or_default();
        let tag = inner.rsplit_once('_').is_some_and(|(kind, number)| {
            !kind.is_empty()
                && kind
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        });
        if tag {
            out.push((open, close + 1));
            from = close + 1;
        } else {
            from = open + 1;
        }
    }
    out
}
