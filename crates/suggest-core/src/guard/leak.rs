//! Values of the map that stand in a draft in clear, in the spellings a model gives them.
//!
//! `redact::verify_beside` refuses such a draft too; this guard says where the value stands, and also sees values
//! that are spelled out letter by letter or cut down to their digits.

use redact::{Kind, Span};
use zeroize::Zeroizing;

use crate::guard::{Code, Context, Finding};
use crate::text;

/// Fewer letters and digits than this make words, not values.
const CHARS: usize = 5;

/// Digits of a value from which they give it away without its letters.
const DIGITS: usize = 6;

pub(super) fn findings(plain: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    let draft = Squeezed::new(plain);
    let public: Vec<Squeezed> = cx
        .cited()
        .map(|p| Squeezed::new(p.text()))
        .chain(cx.own.iter().map(|line| Squeezed::new(line)))
        .collect();
    for tag in cx.map.tags() {
        let Some(value) = cx.map.expose(tag) else {
            continue;
        };
        let shared = tag.kind().kind().is_some_and(is_shared);
        for needle in needles(value) {
            if shared && public.iter().any(|text| !text.find(&needle).is_empty()) {
                continue;
            }
            for (start, end) in draft.find(&needle) {
                out.push(Finding::block(Code::LeakedValue, Span::new(start, end)));
            }
        }
    }
}

/// Kinds that many people share: a passage may name the same town or day.
fn is_shared(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Location
            | Kind::Postcode
            | Kind::Org
            | Kind::Date
            | Kind::Amount
            | Kind::Url
            | Kind::Age
    )
}

/// What is looked for: the value without separators, and its digits alone when there are many.
fn needles(value: &str) -> Vec<Zeroizing<String>> {
    let squeezed = Zeroizing::new(std::mem::take(&mut Squeezed::new(value).chars));
    let digits: Zeroizing<String> =
        Zeroizing::new(squeezed.chars().filter(char::is_ascii_digit).collect());
    let mut needles = Vec::new();
    if digits.len() >= DIGITS && digits.len() < squeezed.len() {
        needles.push(digits);
    }
    if squeezed.chars().count() >= CHARS {
        needles.push(squeezed);
    }
    needles
}

/// The letters and digits of a text, folded, with the place of each.
struct Squeezed {
    chars: String,
    /// For every byte of `chars`: where its character stands in the text.
    at: Vec<(usize, usize)>,
}

impl Drop for Squeezed {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.chars);
    }
}

impl Squeezed {
    fn new(text: &str) -> Self {
        let (mut chars, mut at) = (String::new(), Vec::new());
        let mut buffer = [0; 4];
        for (start, c) in text.char_indices().filter(|(_, c)| c.is_alphanumeric()) {
            for folded in text::fold(c.encode_utf8(&mut buffer)).chars() {
                chars.push(folded);
                at.extend(std::iter::repeat_n(
                    (start, start + c.len_utf8()),
                    folded.len_utf8(),
                ));
            }
        }
        Self { chars, at }
    }

    /// Where a needle stands as whole words: no letter or digit touches it, but a `0` may touch digits.
    fn find(&self, needle: &str) -> Vec<(usize, usize)> {
        let number = needle.bytes().all(|b| b.is_ascii_digit());
        self.chars
            .match_indices(needle)
            .filter_map(|(from, found)| {
                let to = from + found.len();
                let (start, _) = *self.at.get(from)?;
                let (_, end) = *self.at.get(to - 1)?;
                let before = from.checked_sub(1).and_then(|i| self.at.get(i));
                let behind = self.at.get(to);
                let zero = number
                    && self
                        .chars
                        .get(..from)
                        .is_some_and(|text| text.ends_with('0'));
                let touches = (before.is_some_and(|(_, e)| *e == start) && !zero)
                    || behind.is_some_and(|(s, _)| *s == end);
                (!touches).then_some((start, end))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_value() {
        for (value, draft, found) in [
            ("LM-7720-4193", "your order LM 7720 4193 is", true),
            ("LM-7720-4193", "your order 77204193 is", true),
            ("LM-7720-4193", "L M 7 7 2 0 4 1 9 3", true),
            ("LM-7720-4193", "order LM-7720-41935", false),
            ("+44 7700 900317", "call 447700900317", true),
            ("+44 7700 900317", "call 4477009003170", false),
            ("Rowena Hartsfield", "Dear rowena hartsfield,", true),
            ("Rowena Hartsfield", "Dear R o w e n a Hartsfield,", true),
            ("Ann", "an annual report", false),
            ("Anna L", "Hanna lent it", false),
        ] {
            let draft = Squeezed::new(draft);
            let hit = needles(value).iter().any(|n| !draft.find(n).is_empty());
            assert_eq!(hit, found, "{value}");
        }
    }
}
