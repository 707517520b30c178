//! Special categories of personal data (GDPR Articles 9 and 10), by the words of a lexicon.
//!
//! The lists are short on purpose: a word stands in them only if it hardly ever means anything else.

use std::sync::LazyLock;

use crate::finding::{Finding, Why};
use crate::kind::Kind;
use crate::scan::Scan;
use crate::span::Span;
use crate::trigger::WordTable;

static LISTS: &str = include_str!("../../data/special.txt");

/// Sections of the lists; bit 0 of the table marks the first word of a phrase.
const SECTIONS: [(&str, Kind, &str); 8] = [
    ("HEALTH", Kind::Art9Health, "special:health:lexicon"),
    ("RELIGION", Kind::Art9Religion, "special:religion:lexicon"),
    ("POLITICS", Kind::Art9Politics, "special:politics:lexicon"),
    ("UNION", Kind::Art9Union, "special:union:lexicon"),
    (
        "ETHNICITY",
        Kind::Art9Ethnicity,
        "special:ethnicity:lexicon",
    ),
    ("SEX", Kind::Art9Sex, "special:sex:lexicon"),
    (
        "BIOMETRIC",
        Kind::Art9Biometric,
        "special:biometric:lexicon",
    ),
    ("CRIMINAL", Kind::Art10Criminal, "special:criminal:lexicon"),
];

static TABLE: LazyLock<WordTable> = LazyLock::new(|| {
    WordTable::parse(LISTS, |name| {
        SECTIONS
            .iter()
            .position(|(section, _, _)| *section == name)
            .map_or(0, |at| 2 << at)
    })
});

/// Adds what stands in the text.
pub(crate) fn find(scan: &Scan<'_>, out: &mut Vec<Finding>) {
    let tokens = &scan.tokens;
    let mut behind = 0;
    for at in 0..tokens.all().len() {
        if at < behind || tokens.get(at).is_none_or(|t| t.digits()) {
            continue;
        }
        let Some((len, bits)) = TABLE.phrase(tokens, at, !1) else {
            continue;
        };
        let section = SECTIONS
            .iter()
            .enumerate()
            .find(|(i, _)| bits & (2 << i) != 0);
        let ends = (tokens.get(at), tokens.before(at + len));
        if let (Some((_, (_, kind, why))), (Some(first), Some(last))) = (section, ends)
            && let Some(span) = Span::new(first.start, last.end)
        {
            out.push(Finding::new(span, *kind, 0.6, Why::new(why)));
            behind = at + len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LISTS, SECTIONS};

    #[test]
    fn every_section_has_a_kind() {
        for line in LISTS.lines().filter_map(|l| l.strip_prefix('[')) {
            let name = line.trim_end_matches(']');
            assert!(
                SECTIONS.iter().any(|(section, _, _)| *section == name),
                "{name}"
            );
        }
    }
}
