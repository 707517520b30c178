//! Tags without brackets: canonical upper case alone, with `_` or `-`, as a word of its own.

use std::sync::LazyLock;

use pii_detect::Kind;

use super::glyph::{Glyph, Peek, Window, invisible};
use super::{Found, Halt, Seen, Step, View};
use crate::tag::alias::folded;
use crate::tag::{MAX_LABEL, TagKind};

/// A label with its number, and where it ends.
struct Whole {
    end: usize,
    label: usize,
    digits: usize,
    hyphen: bool,
}

pub(super) fn read(window: &Window<'_>, at: usize, view: View<'_>) -> Result<Step, Halt> {
    if window.is_bare_word(at) {
        return Ok(Step::Literal);
    }
    in_full(window, at, view)
}

fn in_full(window: &Window<'_>, at: usize, view: View<'_>) -> Result<Step, Halt> {
    let mut raw = String::new();
    let mut digits = None;
    let mut hyphen = false;
    let mut wholes: Vec<Whole> = Vec::new();
    let mut pos = at;
    let mut noise = 0;
    loop {
        let glyph = match window.glyph(pos)? {
            Peek::Glyph(glyph) => glyph,
            Peek::End | Peek::Wall(_) if wholes.is_empty() && is_cut(&raw, hyphen, view) => {
                return Ok(Step::Open(pos));
            }
            Peek::End | Peek::Wall(_) | Peek::Far => break,
        };
        match glyph.ch {
            'A'..='Z' => {
                digits = None;
                raw.push(glyph.ch);
            }
            '0'..='9' => {
                if digits.is_none() {
                    digits = Some(raw.len());
                }
                raw.push(glyph.ch);
                // No number of a tag is so long, but what stands before this one may be a tag.
                if let Some(begin) = digits
                    && raw.len() > begin + 9
                {
                    wholes.retain(|whole| whole.digits != begin);
                    break;
                }
            }
            '_' | '\u{ff3f}' | '-' | '\u{2010}' | '\u{2011}' => {
                if raw.ends_with('_') {
                    break;
                }
                digits = None;
                let dash = !matches!(glyph.ch, '_' | '\u{ff3f}');
                if dash && !wholes.is_empty() {
                    break;
                }
                hyphen |= dash;
                raw.push('_');
            }
            // `PERSON\_1`, and what nobody sees.
            '\\' if noise < 4 => noise += 1,
            c if invisible(c) && noise < 4 => noise += 1,
            _ => break,
        }
        pos += glyph.len;
        if let Some(begin) = digits
            && let Some(label) = raw.get(..begin).and_then(|l| l.strip_suffix('_'))
            && is_label(label, hyphen, view)
        {
            // One more digit replaces what the digits before it made.
            wholes.retain(|whole| whole.digits != begin);
            wholes.push(Whole {
                end: pos,
                label: label.len(),
                digits: begin,
                hyphen,
            });
            continue;
        }
        if !is_prefix(&raw, hyphen, view) {
            break;
        }
    }
    // The longest that ends as a word does: a tenant's label may go on where a built-in one could end.
    let mut best = None;
    for whole in wholes.into_iter().rev() {
        if ends_word(window, whole.end, whole.hyphen)? {
            best = Some(whole);
            break;
        }
    }
    let Some(whole) = best else {
        return Ok(Step::Literal);
    };
    let (Some(label), Some(digits)) = (
        raw.get(..whole.label),
        raw.get(whole.digits..).map(|rest| {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            rest.get(..end).unwrap_or(rest)
        }),
    ) else {
        return Ok(Step::Literal);
    };
    let reading = view.resolve(&Seen {
        folded: &folded(label),
        canonical: Some(label),
        digits,
    });
    Ok(reading.map_or(Step::Literal, |reading| {
        Step::Tag(Found {
            start: at,
            end: whole.end,
            reading,
        })
    }))
}

/// All labels but a tenant's own, in the order of the alphabet.
static BUILT_IN: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let labels = Kind::ALL.iter().map(|kind| kind.label());
    let mut labels: Vec<&str> = labels.chain(["TEXT"]).collect();
    labels.sort_unstable();
    labels
});

/// Whether one of them begins like this, or is this with a separator behind it.
fn is_built_in_prefix(raw: &str) -> bool {
    let label = raw.strip_suffix('_').unwrap_or(raw);
    let from = BUILT_IN.partition_point(|built_in| *built_in < label);
    let mut rest = BUILT_IN.iter().skip(from);
    rest.next()
        .is_some_and(|built_in| built_in.starts_with(raw) || *built_in == label)
        // "ART9_" begins what "ART9" is not.
        || rest.take_while(|built_in| built_in.starts_with(label)).any(|built_in| built_in.starts_with(raw))
}

fn is_prefix(raw: &str, hyphen: bool, view: View<'_>) -> bool {
    // A label, or a label and the separator behind it.
    let begins =
        |label: &str| label.starts_with(raw) || raw.strip_suffix('_').is_some_and(|r| r == label);
    let own = |view| match view {
        View::Any => raw.len() <= MAX_LABEL + 10,
        View::Table(table) => table.own().any(|label| begins(label.as_str())),
    };
    !hyphen && own(view) || is_built_in_prefix(raw)
}

/// A hyphen is read only where the map has that kind: "IP-68" and "ORDER-2024" are words of the trade.
fn is_label(label: &str, hyphen: bool, view: View<'_>) -> bool {
    let Some(kind) = TagKind::new(label) else {
        return false;
    };
    match view {
        View::Any => !(hyphen && kind.is_own()),
        View::Table(table) if hyphen => !kind.is_own() && table.holds(&kind),
        View::Table(table) => !kind.is_own() || table.holds(&kind),
    }
}

/// Whether the text ends in a label and an underscore.
fn is_cut(raw: &str, hyphen: bool, view: View<'_>) -> bool {
    !hyphen
        && raw
            .strip_suffix('_')
            .is_some_and(|label| is_label(label, hyphen, view))
}

/// Whether a bare tag that ends at `at` ends there as a word does.
fn ends_word(window: &Window<'_>, at: usize, hyphen: bool) -> Result<bool, Halt> {
    let mut pos = at;
    let mut first = true;
    // `__PERSON_1__` is emphasis, `PERSON_1_2` is not.
    for _ in 0..4 {
        let Peek::Glyph(Glyph { ch, len, .. }) = window.glyph(pos)? else {
            return Ok(true);
        };
        let (skip, word) = match ch {
            '_' => (true, false),
            '-' if first && hyphen => (true, false),
            // The genitive: "PERSON_1s".
            's' if first => {
                let Peek::Glyph(next) = window.glyph(pos + len)? else {
                    return Ok(true);
                };
                return Ok(!(next.ch.is_alphanumeric() || next.ch == '_'));
            }
            _ => (false, ch.is_alphanumeric()),
        };
        if !skip {
            return Ok(!word);
        }
        first = false;
        pos += len;
    }
    Ok(true)
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
        fn a_word_of_capitals_is_no_tag(
            text in "(PERSON|TEXT|ORDER|[A-Z]{1,4})([A-Z0-9]{0,4}[_\\-\\\\& a\".;\u{2010}\u{ad}]{0,1}[0-9]{0,3}){1,4}",
            json in any::<bool>(),
            last in any::<bool>(),
        ) {
            let table = Table::default();
            let mode = if json { Mode::Json(1) } else { Mode::Text };
            let window = Window::new(&text, last, mode);
            for view in [View::Any, View::Table(&table)] {
                if window.is_bare_word(0) {
                    prop_assert!(matches!(in_full(&window, 0, view), Ok(Step::Literal)));
                }
            }
        }
    }
}
