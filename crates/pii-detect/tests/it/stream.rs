//! A text in pieces is found like the text as a whole, whatever the pieces are.

use pii_detect::{Cut, Detector, Error, Finding, Known, Stream};
use proptest::prelude::*;

use crate::support::tickets;

fn known() -> Known {
    let mut known = Known::new();
    known.add_name("Orla Brennigan").add_order("FL-204417");
    known
}

/// Pushes a text in pieces of these lengths, over and over.
fn pieces<'d>(
    mut stream: Stream<'d>,
    text: &str,
    lengths: &[usize],
) -> Result<(Vec<Finding>, usize), Error> {
    let mut all: Vec<Finding> = Vec::new();
    let mut safe = 0;
    let mut rest = text.as_bytes();
    let mut lengths = lengths.iter().cycle();
    while !rest.is_empty() {
        let len = lengths.next().copied().unwrap_or(1).clamp(1, rest.len());
        let (piece, behind) = rest.split_at(len);
        let step = stream.push(piece)?;
        assert!(step.safe >= safe && step.findings.iter().all(|f| f.span().end() <= step.safe));
        safe = step.safe;
        all.extend(step.findings.iter().cloned());
        rest = behind;
    }
    let step = stream.finish()?;
    all.extend(step.findings.iter().cloned());
    Ok((all, step.safe))
}

fn whole_and_segments(text: &str, lengths: &[usize], cut: Cut) {
    let detector = Detector::new();
    let known = known();
    let whole = detector.detect(text, &known).expect("short");
    let (got, safe) = pieces(detector.stream(&known), text, lengths).expect("short");
    assert_eq!(got, whole.iter().cloned().collect::<Vec<_>>());
    assert_eq!(safe, text.len());
    let segments = detector.detect_segments(text, &known, cut).expect("short");
    let stream = detector.stream_segments(&known, cut);
    let (got, safe) = pieces(stream, text, lengths).expect("short");
    assert_eq!(got, segments.iter().cloned().collect::<Vec<_>>());
    assert_eq!(safe, text.len());
    let mut behind = 0;
    for finding in &segments {
        assert!(finding.span().start() >= behind && finding.span().of(text).is_some());
        behind = finding.span().end();
    }
}

#[test]
fn tickets_in_pieces() {
    let texts = tickets();
    assert!(texts.len() >= 150);
    for (at, text) in texts.iter().enumerate() {
        let lengths = [1 + at % 7, 1 + at % 61, 3];
        whole_and_segments(text, &lengths, Cut::new(at % 200, 40 + at));
    }
    let all = texts.join("\n\n");
    whole_and_segments(&all, &[1], Cut::new(500, 2000));
    whole_and_segments(&all, &[4096, 1, 777], Cut::new(4000, 8000));
    let detector = Detector::new();
    let known = Known::new();
    let one = detector.detect_segments(&all, &known, Cut::new(1 << 20, 1 << 20));
    assert_eq!(
        one.expect("short"),
        detector.detect(&all, &known).expect("short")
    );
}

#[test]
fn segments_end_where_the_text_says() {
    let detector = Detector::new();
    let known = Known::new();
    let ends = |text: &str, cut: Cut| -> Vec<usize> {
        let mut stream = detector.stream_segments(&known, cut);
        let mut ends = Vec::new();
        for byte in text.as_bytes() {
            let safe = stream.push([*byte]).expect("short").safe;
            if safe > ends.last().copied().unwrap_or(0) {
                ends.push(safe);
            }
        }
        ends.push(stream.finish().expect("whole").safe);
        ends
    };
    for (text, wanted) in [
        ("one\n\ntwo three\r\n\r\nfour", vec![5, 18, 22]),
        ("one\ntwo three four five six seven", vec![4, 24, 33]),
        ("one two three four five six seven", vec![19, 33]),
        ("0123456789012345678901234567890", vec![20, 31]),
        ("\u{e9}12345678901234567\u{e9}2345", vec![19, 25]),
        ("", vec![0]),
        ("12345678901234567890", vec![20]),
    ] {
        assert_eq!(ends(text, Cut::new(2, 20)), wanted, "{text:?}");
    }
}

#[test]
fn a_chat_is_looked_at_while_it_is_typed() {
    let detector = Detector::new();
    let known = Known::new();
    let mut stream = detector.stream(&known);
    let mut seen = 0;
    for piece in ["my mail is zq@", "example.org", "\nand"] {
        assert_eq!(stream.push(piece).expect("short").safe, 0);
        seen = stream.so_far().expect("short").len();
    }
    assert_eq!(seen, 1);
    assert_eq!(stream.finish().expect("short").findings.len(), 1);
}

#[test]
fn what_is_no_text_or_too_long_ends_the_stream() {
    let detector = Detector::builder().max_bytes(8).build().expect("fine");
    let known = Known::new();
    for (pieces, at) in [
        (&[&b"ab\xff"[..]][..], 2),
        (&[b"a\xe2\x82", b"b"], 1),
        (&[b"\xc3", b"\xc3"], 0),
        (&[b"abc", b"\x80"], 3),
    ] {
        let mut stream = detector.stream(&known);
        let (last, before) = pieces.split_last().expect("one");
        before
            .iter()
            .for_each(|piece| drop(stream.push(piece).expect("good so far")));
        assert!(matches!(stream.push(last), Err(Error::NotUtf8 { at: a }) if a == at));
        assert!(matches!(stream.push("a"), Err(Error::StreamOver)));
        assert!(matches!(stream.so_far(), Err(Error::StreamOver)));
        assert!(matches!(stream.finish(), Err(Error::StreamOver)));
    }
    let mut stream = detector.stream(&known);
    stream.push(b"abc\xe2").expect("it may go on");
    assert!(matches!(stream.finish(), Err(Error::NotUtf8 { at: 3 })));
    let mut stream = detector.stream(&known);
    stream.push("abcd").expect("half");
    let printed = format!("{stream:?}");
    assert!(!printed.contains("abcd"), "{printed}");
    assert!(matches!(
        stream.push("efghi"),
        Err(Error::TooLarge { len: 9, limit: 8 })
    ));
    assert!(matches!(stream.finish(), Err(Error::StreamOver)));
    // Segments have no limit but that of one.
    let mut stream = detector.stream_segments(&known, Cut::default());
    for _ in 0..100 {
        stream.push("abc def ghi\n").expect("any length");
    }
    assert_eq!(stream.finish().expect("any length").safe, 1200);
}

/// Pieces of text that cuts and characters meet in.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "\\PC{0,12}",
        "[ -~]{0,12}",
        prop::sample::select(vec![
            "\n",
            "\n\n",
            "\r\n\r\n",
            " ",
            "zq@example.org",
            "06 12 34 56 78",
            "\u{1f600}",
            "\u{301}",
            "Orla Brennigan",
            "FL-204417",
            "\u{202e}",
            "my name is ",
            "\u{a0}",
            "\n\n\n",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..20).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_pieces_of_any_text(
        text in text(),
        lengths in prop::collection::vec(1usize..20, 1..8),
        least in 0usize..40,
        most in 0usize..80,
    ) {
        whole_and_segments(&text, &lengths, Cut::new(least, most));
    }

    #[test]
    fn any_pieces_of_tickets(at in 0usize..150, lengths in prop::collection::vec(1usize..60, 1..8), least in 0usize..300) {
        let texts = tickets();
        whole_and_segments(&texts[at], &lengths, Cut::new(least, least + 100));
    }
}
