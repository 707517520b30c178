//! A text for a reader that is written here, piece by piece, with what of it is data.

#[cfg(feature = "mail")]
use {
    super::escape::Escape,
    super::segments::{Joint, Segment, Traced},
    crate::tag::TagKind,
    zeroize::Zeroizing,
};

/// The text and its segments.
#[cfg(feature = "mail")]
pub(super) struct View {
    pub(super) text: Zeroizing<String>,
    pub(super) segments: Vec<Segment>,
}

#[cfg(feature = "mail")]
impl View {
    /// Room for so many bytes, so that no half-grown copy stays behind.
    pub(super) fn with_capacity(length: usize) -> Self {
        Self {
            text: Zeroizing::new(String::with_capacity(length)),
            segments: Vec::new(),
        }
    }

    /// Text that is nobody's.
    pub(super) fn fixed(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Data, with what the detector sees before it and what it is for sure.
    pub(super) fn data(&mut self, text: &str, joint: Joint, kind: Option<TagKind>) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let data = Traced::plain(text, start);
        let mut segment = Segment::new(start..start + text.len(), data, joint, Escape::Text);
        segment.kind = kind;
        self.segments.push(segment);
    }
}

/// The bytes of the marks before a quoted line: "> > ".
pub(super) fn quote_marks(line: &str) -> usize {
    let run = line
        .find(|c: char| !matches!(c, '>' | ' ' | '\t'))
        .unwrap_or(line.len());
    let marks = line
        .get(..run)
        .and_then(|run| run.rfind('>'))
        .map_or(0, |at| at + 1);
    let space = line
        .get(marks..)
        .is_some_and(|rest| marks > 0 && rest.starts_with(' '));
    marks + usize::from(space)
}

/// Longest address, and longest name before one, in bytes (RFC 3696: 320).
const LONGEST: usize = 320;

/// The name that stands before an address in angle brackets: "Marie Dupont <m@dupont.example>".
pub(super) fn names_before_addresses(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut names = Vec::new();
    for (at, _) in line.match_indices('<') {
        let rest = line.get(at + 1..).unwrap_or_default();
        let rest = rest
            .get(..rest.floor_char_boundary(LONGEST))
            .unwrap_or_default();
        let is_address = rest.split_once('>').is_some_and(|(inside, _)| {
            inside.contains('@') && !inside.contains(char::is_whitespace)
        });
        if !is_address {
            continue;
        }
        let first = line.floor_char_boundary(at.saturating_sub(LONGEST));
        let before = line.get(first..at).unwrap_or_default();
        let end = before.trim_end_matches([' ', '"']).len();
        let mut start = end;
        let mut words = 0;
        while let Some(head) = before.get(..start) {
            let head = head.trim_end_matches(' ');
            let from = head.rfind(' ').map_or(0, |space| space + 1);
            let word = head.get(from..).unwrap_or_default();
            let bare = word.trim_start_matches('"');
            let is_name = bare.starts_with(char::is_uppercase)
                || words > 0
                    && matches!(
                        bare,
                        "de" | "van" | "von" | "der" | "den" | "di" | "da" | "del" | "la" | "le"
                    );
            if words == 4
                || !is_name
                || bare.contains(char::is_numeric)
                || bare.ends_with([',', ':', ';', '.']) && bare.len() > 2
            {
                break;
            }
            start = from + (word.len() - bare.len());
            words += 1;
            if word.len() != bare.len() || from == 0 {
                break;
            }
        }
        if words > 0 {
            names.push(first + start..first + end);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_quoted_lines() {
        for (line, marks) in [
            ("text", 0),
            ("> text", 2),
            (">text", 1),
            ("> > > text", 6),
            (" >>  text", 4),
            (">", 1),
            ("  text", 0),
        ] {
            assert_eq!(quote_marks(line), marks, "{line}");
        }
    }

    #[test]
    fn names_of_those_who_wrote() {
        for (line, names) in [
            (
                "On Mon, 1 May 2024 at 10:32, Marie Dupont <m@x.example> wrote:",
                vec!["Marie Dupont"],
            ),
            (
                "Am 1. Mai schrieb \"Zoe van der Quirk\" <z@x.example>:",
                vec!["Zoe van der Quirk"],
            ),
            (
                "Le 1 mai, Ana <a@x.example>, Bo <b@x.example> :",
                vec!["Ana", "Bo"],
            ),
            ("see <b@x.example> or a <b> c", vec![]),
        ] {
            let found: Vec<&str> = names_before_addresses(line)
                .into_iter()
                .map(|r| &line[r])
                .collect();
            assert_eq!(found, names, "{line}");
        }
    }
}
