//! Tags in brackets: any case, any accepted word for the label, any separator, doubled, escaped, wrapped.

use super::glyph::{Class, Glyph, Part, Peek, Separator, Window, closes, opens, part};
use super::{Found, Halt, Reading, Seen, Step, View};
use crate::tag::alias::fold;

/// Most brackets that are read as one: `[[[PERSON_1]]]`.
const DOUBLED: usize = 3;

/// Most characters between the brackets.
pub(super) const BODY: usize = 120;

/// Most separators, spaces and noise in a row.
const RUN: usize = 12;

/// Where an opening bracket stands, and where its escape.
#[derive(Clone, Copy, Default)]
struct Opener {
    escaped: usize,
    plain: usize,
}

/// A bracket, maybe behind a backslash.
struct Bracket {
    plain: usize,
    end: usize,
    class: Class,
    canonical: bool,
}

pub(super) fn read(window: &Window<'_>, at: usize, view: View<'_>) -> Result<Step, Halt> {
    // Nearly every tag a model writes: no word to look up, nothing to undo.
    if let Some((label, digits, len)) = window.canonical(at)
        && let Some(reading) = view.canonical(label, digits)
    {
        return Ok(Step::Tag(Found {
            start: at,
            end: at + len,
            reading,
        }));
    }
    let Some(first) = bracket(window, at, opens)? else {
        return Ok(Step::Literal);
    };
    let class = first.class;
    let mut openers = [Opener::default(); DOUBLED];
    let mut count = 0;
    let mut pos = at;
    while let Some(next) = bracket(window, pos, opens)? {
        let Some(slot) = openers.get_mut(count) else {
            return Ok(Step::Literal);
        };
        if next.class != class {
            return Ok(Step::Literal);
        }
        *slot = Opener {
            escaped: pos,
            plain: next.plain,
        };
        count += 1;
        pos = next.end;
    }
    let canonical = first.canonical && count == 1;
    let body = match body(window, pos, class, canonical, view)? {
        Body::Closed(body) => body,
        Body::Open(end) => return Ok(Step::Open(end)),
        Body::Broken => return Ok(Step::Literal),
    };
    let mut end = body.end;
    let mut closers = 1;
    while closers < count
        && let Some(next) = bracket(window, end, closes)?
        && next.class == class
    {
        closers += 1;
        end = next.end;
    }
    let opener = openers.get(count - closers).copied().unwrap_or_default();
    Ok(Step::Tag(match class {
        Class::Round => Found {
            start: first.end,
            end: body.closer,
            reading: body.reading,
        },
        _ => Found {
            // The backslash belongs to the tag only where the closing bracket has one too: a path may end here.
            start: if body.escaped {
                opener.escaped
            } else {
                opener.plain
            },
            end,
            reading: body.reading,
        },
    }))
}

/// The bracket at `at`, behind at most one backslash.
fn bracket(
    window: &Window<'_>,
    at: usize,
    class: fn(char) -> Option<Class>,
) -> Result<Option<Bracket>, Halt> {
    let Peek::Glyph(mut glyph) = window.glyph(at)? else {
        return Ok(None);
    };
    let mut plain = at;
    if glyph.ch == '\\' {
        plain += glyph.len;
        let Peek::Glyph(next) = window.glyph(plain)? else {
            return Ok(None);
        };
        glyph = next;
    }
    Ok(class(glyph.ch).map(|class| Bracket {
        plain,
        end: plain + glyph.len,
        class,
        canonical: plain == at && glyph.ch == '[' && !glyph.is_entity,
    }))
}

struct Closed {
    reading: Reading,
    /// First byte of the closing bracket.
    closer: usize,
    end: usize,
    /// A backslash stood before it.
    escaped: bool,
}

enum Body {
    Closed(Closed),
    /// Cut off there.
    Open(usize),
    Broken,
}

/// What has been read between the brackets.
struct Label {
    folded: String,
    /// As it stands, while it is canonical.
    raw: Option<String>,
    /// Where in `folded` the last run of digits begins.
    run: usize,
    in_run: bool,
    separator: Option<Separator>,
    /// What stood before the run.
    before_run: Option<Separator>,
}

impl Label {
    fn letter(&mut self, glyph: Glyph) {
        self.in_run = false;
        self.separator = None;
        fold(glyph.ch, &mut |c| self.folded.push(c));
        // Letters may fold to digits, as superscripts do: they belong to the label.
        self.run = self.folded.len();
        self.keep(glyph, glyph.ch.is_ascii_uppercase());
    }

    fn digit(&mut self, glyph: Glyph, digit: char) {
        if !self.in_run {
            self.run = self.folded.len();
            self.before_run = self.separator;
            self.in_run = true;
        }
        self.separator = None;
        self.folded.push(digit);
        self.keep(glyph, glyph.ch == digit);
    }

    fn separator(&mut self, glyph: Glyph, separator: Separator) {
        self.in_run = false;
        self.separator = Some(separator);
        self.keep(glyph, glyph.ch == '_');
    }

    fn keep(&mut self, glyph: Glyph, canonical: bool) {
        match &mut self.raw {
            Some(raw)
                if canonical
                    && !glyph.is_entity
                    && raw.len() < BODY
                    && (!raw.is_empty() || glyph.ch.is_ascii_uppercase()) =>
            {
                raw.push(glyph.ch);
            }
            _ => self.raw = None,
        }
    }

    fn split(&self) -> (&str, &str) {
        self.folded
            .split_at_checked(self.run)
            .unwrap_or((&self.folded, ""))
    }

    /// Whether what stands there is a label with its number.
    fn is_whole(&self, class: Class, view: View<'_>) -> bool {
        let (label, digits) = self.split();
        if !(1..=9).contains(&digits.len()) {
            return false;
        }
        let separated = match (class, self.before_run) {
            (Class::Round, Some(Separator::Underscore | Separator::Dash)) => false,
            (Class::Round, _) => return false,
            (_, before) => before.is_some(),
        };
        view.has_label(label, separated)
    }

    /// The canonical label and digits, while they stand in canonical form.
    fn canonical(&self) -> Option<(&str, &str)> {
        self.raw.as_deref()?.rsplit_once('_')
    }

    fn is_invented(&self) -> bool {
        self.canonical().is_some_and(|(label, digits)| {
            crate::tag::TagKind::new(label).is_some()
                && (1..=9).contains(&digits.len())
                && digits.bytes().all(|b| b.is_ascii_digit())
        })
    }

    /// Whether this may still become a tag.
    fn may_grow(&self, class: Class, view: View<'_>) -> bool {
        self.raw.is_some() || view.has_prefix(&self.folded) || self.is_whole(class, view)
    }

    /// Whether the end of the text cuts a tag here rather than something else.
    fn is_cut(&self, class: Class, view: View<'_>) -> bool {
        let letters = match class {
            Class::Square => 0,
            Class::Angle | Class::Curly => 3,
            Class::Round => return false,
        };
        self.folded.len() >= letters
            && (view.has_prefix(&self.folded) || self.is_whole(class, view) || self.is_invented())
    }
}

fn body(
    window: &Window<'_>,
    start: usize,
    class: Class,
    canonical: bool,
    view: View<'_>,
) -> Result<Body, Halt> {
    if window.is_wordy(start, class) {
        return Ok(Body::Broken);
    }
    in_full(window, start, class, canonical, view)
}

fn in_full(
    window: &Window<'_>,
    start: usize,
    class: Class,
    canonical: bool,
    view: View<'_>,
) -> Result<Body, Halt> {
    let mut label = Label {
        folded: String::new(),
        raw: canonical.then(String::new),
        run: 0,
        in_run: false,
        separator: None,
        before_run: None,
    };
    let mut pos = start;
    let mut in_a_row = 0;
    let mut escaped = false;
    let mut quoted = false;
    for _ in 0..BODY {
        let glyph = match window.glyph(pos)? {
            Peek::Glyph(glyph) => glyph,
            Peek::End | Peek::Wall(_) if label.is_cut(class, view) => return Ok(Body::Open(pos)),
            Peek::End | Peek::Wall(_) | Peek::Far => return Ok(Body::Broken),
        };
        // A quoted mail is wrapped with a mark at the beginning of the line.
        let quote = quoted && class != Class::Angle && matches!(glyph.ch, '>' | '|');
        if !quote && closes(glyph.ch) == Some(class) {
            return Ok(close(&label, class, view, pos, glyph, escaped));
        }
        in_a_row += 1;
        escaped = glyph.ch == '\\';
        match part(glyph.ch) {
            // Round brackets are kept as they stand, so nothing may stand between them and the tag.
            Part::Letter => {
                in_a_row = 0;
                label.letter(glyph);
            }
            Part::Digit(digit) => {
                in_a_row = 0;
                label.digit(glyph, digit);
            }
            Part::Separator(Separator::Space | Separator::LineBreak) | Part::Noise
                if class == Class::Round =>
            {
                return Ok(Body::Broken);
            }
            Part::Separator(_) if class == Class::Round && label.folded.is_empty() => {
                return Ok(Body::Broken);
            }
            Part::Separator(separator) => label.separator(glyph, separator),
            Part::Noise => label.raw = None,
            Part::Other if quote => label.raw = None,
            Part::Other => return Ok(Body::Broken),
        }
        quoted = match part(glyph.ch) {
            Part::Separator(Separator::LineBreak) => true,
            Part::Separator(Separator::Space) => quoted,
            _ => quote,
        };
        if in_a_row > RUN || !label.folded.is_empty() && !label.may_grow(class, view) {
            return Ok(Body::Broken);
        }
        pos += glyph.len;
    }
    Ok(Body::Broken)
}

fn close(
    label: &Label,
    class: Class,
    view: View<'_>,
    closer: usize,
    glyph: Glyph,
    escaped: bool,
) -> Body {
    if !label.is_whole(class, view) && !label.is_invented() {
        return Body::Broken;
    }
    if class == Class::Round && label.separator.is_some() {
        return Body::Broken;
    }
    let (folded, digits) = label.split();
    let canonical = label
        .canonical()
        .map(|(label, _)| label)
        .filter(|_| glyph.ch == ']' && !glyph.is_entity);
    let reading = view.resolve(&Seen {
        folded,
        canonical,
        digits,
    });
    match reading {
        // In round brackets only what is certainly a tag: "(order-2)" may be the customer's own words.
        Some(Reading::Unknown(_)) if class == Class::Round => Body::Broken,
        Some(reading) => Body::Closed(Closed {
            reading,
            closer,
            end: closer + glyph.len,
            escaped,
        }),
        None => Body::Broken,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::map::table::Table;
    use crate::scan::Mode;

    proptest! {
        #![proptest_config(ProptestConfig { cases: crate::times(5_000), failure_persistence: None, ..ProptestConfig::default() })]

        /// What is passed in one step would have been no tag.
        #[test]
        fn what_is_wordy_is_no_tag(
            text in "([A-Za-z_ \n\\-]{0,9}[\u{c0}-\u{ff}*`~'.|>\"&\\\\)\\]}1-3,;\u{ad}\u{301}]{0,1}){1,8}",
            json in any::<bool>(),
            last in any::<bool>(),
        ) {
            let table = Table::default();
            let mode = if json { Mode::Json(1) } else { Mode::Text };
            let window = Window::new(&text, last, mode);
            for class in [Class::Square, Class::Angle, Class::Curly, Class::Round] {
                for view in [View::Any, View::Table(&table)] {
                    if window.is_wordy(0, class) {
                        prop_assert!(matches!(in_full(&window, 0, class, true, view), Ok(Body::Broken)));
                    }
                }
            }
        }
    }
}
