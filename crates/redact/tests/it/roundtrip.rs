//! restore(seal(x)) == x for any text, any marks, any cut; and later values of the map change nothing.

use proptest::prelude::*;
use redact::{
    Format, Kind, MapId, Mark, PseudonymMap, Redacted, Restorer, TagKind, restore, seal_marks,
};

/// Pieces that tags, values and noise are made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "[", "]", "[[", "]]", "{", "}", "<", ">", "(", ")", "\\", "_", "-", " ", "\n", "> ", "*", "`", "&", "&#91;",
            "&#93;", "&lt;", "&gt;", "&#95;", "\u{200b}", "\u{ff3b}", "\u{ff3d}", "\u{2011}", "\u{a0}", "'", ".",
            "1", "10", "01", "0", "s", "PERSON", "person", "PERSON_", "PERSON_1", "[PERSON_1]", "EMAIL", "Nom", "TEXT",
            "[TEXT_1]", "FOO", "FOO_1", "[foo 2]", "ART9_HEALTH", "Marie", "marie", "Dupont", "Marie Dupont", "Zo\u{eb}",
            "a@b.example", "06 12 34 56 78", "0612345678", "12345678", "ab", "\u{301}", "\u{1f600}", "\0", "\"", "/",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(piece(), 0..24).prop_map(|pieces| pieces.concat())
}

fn kind() -> impl Strategy<Value = TagKind> {
    prop::sample::select(vec![
        TagKind::from(Kind::Person),
        TagKind::from(Kind::Email),
        TagKind::from(Kind::Phone),
        TagKind::from(Kind::Order),
        TagKind::new("FOO").unwrap(),
        TagKind::new("FOO_1").unwrap(),
    ])
}

/// Ranges by character numbers, scaled to the text; they may overlap.
fn marks() -> impl Strategy<Value = Vec<(usize, usize, TagKind)>> {
    prop::collection::vec((0usize..64, 1usize..12, kind()), 0..6)
}

fn marks_in(text: &str, wanted: &[(usize, usize, TagKind)]) -> Vec<Mark> {
    let mut edges: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
    edges.push(text.len());
    wanted
        .iter()
        .filter_map(|(start, length, kind)| {
            let start = start % edges.len();
            let end = (start + length).min(edges.len() - 1);
            Mark::new(edges[start]..edges[end], kind.clone())
        })
        .collect()
}

fn seal(text: &str, wanted: &[(usize, usize, TagKind)], map: &mut PseudonymMap) -> Redacted {
    let marks = marks_in(text, wanted);
    let redacted = seal_marks(text, &marks, map).unwrap();
    for mark in &marks {
        let value = &text[mark.range()];
        let hidden = map
            .tags()
            .any(|tag| map.expose(tag).unwrap().contains(value));
        assert!(hidden, "a marked part has no tag");
    }
    redacted
}

fn same(redacted: &Redacted, map: &PseudonymMap, text: &str) {
    let restored = restore(redacted, map).unwrap();
    assert_eq!(restored.expose(), text);
    assert!(restored.report().unknown().is_empty());
    assert!(!restored.report().truncated());
    let mut names: Vec<_> = redacted.tags().to_vec();
    let mut back = restored.report().restored().to_vec();
    names.sort();
    back.sort();
    assert_eq!(names, back);
}

/// `TACTFUL_CASES` sets how many; `.ci/full gate` tries a million.
fn cases() -> u32 {
    std::env::var("TACTFUL_CASES").map_or(10_000, |n| n.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restore_undoes_seal(text in text(), wanted in marks()) {
        let mut map = PseudonymMap::new(MapId([1; 16]));
        let redacted = seal(&text, &wanted, &mut map);
        same(&redacted, &map, &text);
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(500), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn later_turns_change_nothing(
        first in text(),
        first_marks in marks(),
        second in text(),
        second_marks in marks(),
    ) {
        let mut map = PseudonymMap::new(MapId([1; 16]));
        let one = seal(&first, &first_marks, &mut map);
        let two = seal(&second, &second_marks, &mut map);
        // Every kind and many numbers, so that whatever looks like a tag would now be restored.
        for i in 0..12 {
            let value = format!("\u{3b1}{i}\u{3c9}");
            for kind in ["PERSON", "EMAIL", "ORDER", "TEXT", "FOO", "FOO_1", "ART9_HEALTH"] {
                let mark = Mark::new(0..value.len(), TagKind::new(kind).unwrap()).unwrap();
                seal_marks(&value, &[mark], &mut map).unwrap();
            }
        }
        same(&one, &map, &first);
        same(&two, &map, &second);
        let read = PseudonymMap::from_bytes(&map.to_bytes().unwrap()).unwrap();
        same(&one, &read, &first);
    }

    #[test]
    fn however_it_is_cut(
        text in text(),
        values in prop::collection::vec((kind(), text()), 0..4),
        cuts in prop::collection::vec(0usize..80, 0..6),
        format in prop::sample::select(vec![Format::Text, Format::Json, Format::Html, Format::Line]),
        quoted in any::<bool>(),
    ) {
        let mut map = PseudonymMap::new(MapId([1; 16]));
        for (kind, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
            let _ = seal_marks(value, &[Mark::new(0..value.len(), kind.clone()).unwrap()], &mut map);
        }
        let text = if quoted { format!("{{\"a\": \"{text}\", \"b\":\"{text}") } else { text };
        let run = |chunks: &[&str]| {
            let mut restorer = Restorer::new(&map, format);
            let mut out = String::new();
            for chunk in chunks {
                out.push_str(&restorer.push(chunk));
            }
            let (rest, report) = restorer.finish();
            (out + &rest, report)
        };
        let whole = run(&[&text]);
        let mut edges: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        edges.push(text.len());
        let mut at: Vec<usize> = cuts.iter().map(|c| edges[c % edges.len()]).collect();
        at.extend([0, text.len()]);
        at.sort_unstable();
        let chunks: Vec<&str> = at.windows(2).map(|w| &text[w[0]..w[1]]).collect();
        prop_assert_eq!(&run(&chunks), &whole);
        let single: Vec<&str> = text.char_indices().map(|(i, c)| &text[i..i + c.len_utf8()]).collect();
        prop_assert_eq!(&run(&single), &whole);
    }

    #[test]
    fn a_map_is_read_back_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(map) = PseudonymMap::from_bytes(&bytes) {
            let again = map.to_bytes().unwrap();
            prop_assert!(bytes[0] == 0 || *again == bytes);
        }
    }
}
