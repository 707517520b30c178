//! A text restored in every way it can arrive, with values that bite. For tests outside and beside the code.

use redact::{Format, Kind, MapId, Mark, PseudonymMap, Report, Restorer, seal_marks};

/// Quotes, backslashes, line breaks, control characters, characters beyond 16 bits.
pub(crate) const HARD: &str =
    "Zo\u{eb} \"Z\" \\Quirk\\\r\n\u{1}\u{8}\u{c}\t/\u{1f600}\u{2028}'{[,;";

pub(crate) fn map() -> PseudonymMap {
    let mut map = PseudonymMap::new(MapId([6; 16]));
    for (kind, value) in [
        (Kind::Person, HARD),
        (Kind::Person, "Orla Marchetti"),
        (Kind::Address, "12 Lane, Lyon; France"),
        (Kind::Order, "\"A-1791\""),
    ] {
        let mark = Mark::new(0..value.len(), kind).unwrap();
        seal_marks(value, &[mark], &mut map).unwrap();
    }
    map
}

pub(crate) fn chunks<'c>(
    map: &PseudonymMap,
    format: Format,
    chunks: impl IntoIterator<Item = &'c str>,
) -> (String, Report) {
    let mut restorer = Restorer::new(map, format);
    let mut out: String = chunks.into_iter().map(|c| restorer.push(c)).collect();
    let (rest, report) = restorer.finish();
    out.push_str(&rest);
    (out, report)
}

/// What comes of a text in one piece, by the character, by the byte and cut in two; all the same.
pub(crate) fn streamed(map: &PseudonymMap, format: Format, text: &str) -> (String, Report) {
    let whole = chunks(map, format, [text]);
    let single: Vec<String> = text.chars().map(String::from).collect();
    assert_eq!(
        chunks(map, format, single.iter().map(String::as_str)),
        whole
    );
    let mut restorer = Restorer::new(map, format);
    let mut out = String::new();
    for byte in text.bytes() {
        out += &restorer.push_bytes(&[byte]).unwrap();
    }
    let (rest, report) = restorer.finish();
    assert_eq!((out + &rest, report), whole);
    let step = text.len() / 400 + 1;
    for (at, _) in text.char_indices().step_by(step) {
        let (a, b) = text.split_at(at);
        assert_eq!(chunks(map, format, [a, b]), whole, "{at}");
    }
    whole
}
