//! What must hold of pii-detect for any bytes: one function a target.

use std::sync::LazyLock;

use pii_detect::{
    Allow, Cut, Detector, Error, Finding, Findings, Kind, Known, NameEngine, Pattern, PatternSet,
    RecogniserFault, Stream, Unit,
};
use regex_automata::meta::Regex;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::new);

/// What any bytes go through.
pub(crate) type Body = fn(&[u8]);

/// Every target by name.
pub(crate) const ALL: [(&str, Body); 7] = [
    ("detect", detect),
    ("stream", stream),
    ("patterns", patterns),
    ("known", known),
    ("allow", allow),
    ("sets", sets),
    ("oracle", oracle),
];

/// In order, without overlap, on character borders.
fn in_order<'f>(text: &str, findings: impl IntoIterator<Item = &'f Finding>) {
    let mut behind = 0;
    for finding in findings {
        let span = finding.span();
        assert!(span.start() >= behind && span.of(text).is_some());
        assert!((0.0..=1.0).contains(&finding.score()));
        behind = span.end();
    }
}

/// Bytes up to the next zero, and those behind it.
fn split(data: &[u8]) -> (String, &[u8]) {
    let end = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (part, rest) = data.split_at(end);
    let part = String::from_utf8_lossy(part).into_owned();
    (part, rest.get(1..).unwrap_or(&[]))
}

/// Any text.
pub(crate) fn detect(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let found = DETECTOR.detect(&text, &Known::new()).expect("short");
    in_order(&text, &found);
    for unit in [Unit::CodePoint, Unit::Utf16] {
        for (range, finding) in found.offsets(&text, unit) {
            let value = finding.span().of(&text).expect("inside");
            assert_eq!(range.len(), unit.count(value));
        }
    }
}

/// The first four bytes say how a text is cut and in which pieces it comes.
pub(crate) fn stream(data: &[u8]) {
    let (head, rest) = data.split_at(data.len().min(4));
    let [a, b, c, d] = [0, 1, 2, 3].map(|at| usize::from(head.get(at).copied().unwrap_or(0)));
    let text = String::from_utf8_lossy(rest);
    let known = Known::new();
    let cut = Cut::new(a, a + 2 * b);
    let run = |mut stream: Stream<'_>| -> Vec<Finding> {
        let mut all = Vec::new();
        let (mut rest, mut n) = (text.as_bytes(), 0);
        while !rest.is_empty() {
            n += 1;
            let len = if n % 2 == 0 { c } else { d };
            let (piece, behind) = rest.split_at((1 + len / 4).min(rest.len()));
            all.extend(stream.push(piece).expect("short").findings.iter().cloned());
            rest = behind;
        }
        all.extend(stream.finish().expect("short").findings.iter().cloned());
        all
    };
    let whole = DETECTOR.detect(&text, &known).expect("short");
    assert!(run(DETECTOR.stream(&known)).iter().eq(&whole));
    let parts = DETECTOR.detect_segments(&text, &known, cut).expect("short");
    assert!(run(DETECTOR.stream_segments(&known, cut)).iter().eq(&parts));
    in_order(&text, &parts);
}

/// An expression, a word, a number pattern, an allowed value, and a text, between zeros.
pub(crate) fn patterns(data: &[u8]) {
    let (expression, rest) = split(data);
    let (word, rest) = split(rest);
    let (number, rest) = split(rest);
    let (allowed, rest) = split(rest);
    let text = String::from_utf8_lossy(rest);
    let mut allow = Allow::default();
    allow.values = vec![allowed.clone()];
    let mut by_expression = Pattern::regex("A", &expression);
    by_expression.context = vec![word.clone()];
    by_expression.score = Some(0.4);
    let by_word = Pattern::words("B", [word.as_str()]);
    let by_number = Pattern::number("C", &number);
    let mut allow_by = Allow::default();
    allow_by.regexes = vec![expression.clone()];
    let mut good = PatternSet::default();
    // Each for itself, so that one that is refused does not spare the others.
    for pattern in [by_expression, by_word, by_number] {
        let mut alone = PatternSet::default();
        alone.patterns = vec![pattern.clone()];
        match Detector::builder().patterns(alone).build() {
            Ok(_) => good.patterns.push(pattern),
            Err(Error::BadPattern { index, fault, .. }) => {
                assert_eq!(index, 0);
                if let RecogniserFault::Syntax { at, .. } = fault {
                    assert!(at <= expression.len());
                }
            }
            Err(other) => panic!("{other}"),
        }
    }
    for allow in [allow, allow_by] {
        if Detector::builder().allow(allow.clone()).build().is_ok() {
            good.allow.push(allow);
        }
    }
    let detector = Detector::builder().patterns(good).build();
    let detector = detector.expect("each was good");
    in_order(
        &text,
        &detector.detect(&text, &Known::new()).expect("short"),
    );
}

/// Values between zeros, the last one a text.
pub(crate) fn known(data: &[u8]) {
    let mut known = Known::new();
    let (first, mut rest) = split(data);
    for kind in [
        Kind::Person,
        Kind::Email,
        Kind::Phone,
        Kind::Address,
        Kind::Order,
    ] {
        let (value, behind) = split(rest);
        known.add(kind, &value);
        rest = behind;
    }
    known.add(Kind::Org, &first);
    let text = format!("{}\n{first}\n", String::from_utf8_lossy(rest));
    let found = DETECTOR.detect(&text, &known).expect("short");
    in_order(&text, &found);
    // A word of ASCII is found where it stands alone on a line.
    if !first.is_empty() && first.bytes().all(|b| b.is_ascii_alphanumeric()) {
        let (from, to) = (text.len() - first.len() - 1, text.len());
        assert!(
            found
                .iter()
                .any(|f| f.span().start() < to && from < f.span().end()),
            "a known value was not found"
        );
    }
}

/// Allowed values, a beginning, an end and an expression between zeros, the last part a text.
pub(crate) fn allow(data: &[u8]) {
    let (value, rest) = split(data);
    let (other, rest) = split(rest);
    let (prefix, rest) = split(rest);
    let (suffix, rest) = split(rest);
    let (expression, rest) = split(rest);
    let (name, rest) = split(rest);
    let text = format!("{}\n{value}\n", String::from_utf8_lossy(rest));
    let mut lists = [(); 4].map(|()| Allow::default());
    lists[0].values = vec![value.clone()];
    lists[1].values = vec![other];
    lists[1].prefixes = vec![prefix];
    lists[2].suffixes = vec![suffix];
    lists[3].regexes = vec![expression];
    // Each for itself, so that one that is refused does not spare the others.
    let mut set = PatternSet::default();
    for list in lists {
        match Detector::builder().allow(list.clone()).build() {
            Ok(_) => set.allow.push(list),
            Err(Error::BadAllow { index: 0, .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    let detector = Detector::builder().patterns(set.clone()).build();
    let detector = detector.expect("each was good");
    let mut known = Known::new();
    known.add(Kind::Person, &name);
    let (found, without) = (
        detector.detect(&text, &known).expect("short"),
        DETECTOR.detect(&text, &known).expect("short"),
    );
    in_order(&text, &found);
    // A list takes away: what is left lies in what was found without it.
    let whole = |at: &Finding, all: &Findings| {
        let covers =
            |f: &&Finding| f.span().start() < at.span().end() && at.span().start() < f.span().end();
        all.iter().any(|f| covers(&f))
    };
    for finding in &found {
        assert!(whole(finding, &without), "a list added a finding");
    }
    // What is known of the customer stays.
    for finding in without.iter().filter(|f| f.why().rule() == "known") {
        assert!(whole(finding, &found), "a list took what is known");
    }
    // The value by itself is none.
    if set
        .allow
        .first()
        .is_some_and(|list| !list.values.is_empty())
    {
        let alone = detector.detect(&value, &Known::new()).expect("short");
        let same = |f: &&Finding| f.span().of(&value) == Some(value.trim());
        assert!(
            !alone.iter().any(|f| same(&f)),
            "an allowed value was found"
        );
    }
}

/// Two words between zeros, each a pattern of a set of its own, then a text in which both stand.
pub(crate) fn sets(data: &[u8]) {
    let (one, rest) = split(data);
    let (two, rest) = split(rest);
    let text = format!("{}\n{one}\n{two}\n", String::from_utf8_lossy(rest));
    let mut all = PatternSet::default();
    for (name, word) in [("one", &one), ("two", &two)] {
        let mut pattern = Pattern::words(&name.to_uppercase(), [word.as_str()]);
        pattern.set = Some(name.to_owned());
        let mut own = Allow::default();
        own.values = vec![word.clone()];
        own.labels = vec!["EMAIL".to_owned()];
        own.set = Some(name.to_owned());
        all.patterns.push(pattern);
        all.allow.push(own);
    }
    let names = |detector: &Detector| -> Vec<String> {
        let found = detector.detect(&text, &Known::new()).expect("short");
        in_order(&text, &found);
        found.iter().map(|f| f.label().to_owned()).collect()
    };
    let Ok(detector) = Detector::builder().patterns(all).build() else {
        return;
    };
    assert_eq!(names(&detector), names(&DETECTOR), "a set was used unasked");
    let [first, second, both] = [&["one"][..], &["two"], &["two", "one", "two"]]
        .map(|chosen| detector.for_sets(chosen).expect("both are there"));
    let has = |detector: &Detector, label: &str| names(detector).iter().any(|l| l == label);
    assert!(!has(&first, "TWO") && !has(&second, "ONE"));
    // From one to the other nothing of the first stays; the order of names says nothing.
    let again = first.for_sets(&["two"]).expect("there");
    assert_eq!(names(&again), names(&second));
    let turned = both.for_sets(&["one", "two"]).expect("there");
    let spans = |detector: &Detector| -> Vec<_> {
        let found = detector.detect(&text, &Known::new()).expect("short");
        found.iter().map(Finding::span).collect()
    };
    assert_eq!(spans(&both), spans(&turned));
    let wrong = detector.for_sets(&["one", "three"]).expect_err("misspelt");
    assert!(matches!(wrong, Error::NoSuchSet { index: 1 }));
}

/// The first bytes make an expression, those behind a zero a text.
pub(crate) fn oracle(data: &[u8]) {
    const LETTERS: [&str; 12] = [
        "a", "b", "B", "\u{e9}", "\u{df}", "1", "2", "_", "-", " ", "\u{301}", "\n",
    ];
    let end = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (made_of, rest) = data.split_at(end.min(24));
    let expression = expression(&mut made_of.iter().copied(), 3);
    let letters = rest.iter().take(400);
    let text: String = letters
        .map(|b| LETTERS[usize::from(*b) % LETTERS.len()])
        .collect();
    same_as_plain(&expression, &text);
}

/// An expression of a small grammar.
fn expression(bytes: &mut impl Iterator<Item = u8>, depth: usize) -> String {
    const ATOMS: [&str; 18] = [
        "a",
        "b",
        "\u{e9}",
        "1",
        "_",
        "-",
        " ",
        "[ab]",
        "[^a]",
        "[b\u{e9}]",
        r"\w",
        r"\W",
        r"\d",
        ".",
        r"\b",
        r"\B",
        r"\b",
        "(?i:b)",
    ];
    const OFTEN: [&str; 12] = [
        "", "", "", "", "?", "*", "+", "{1,2}", "??", "*?", "+?", "{1,3}?",
    ];
    let mut out = String::new();
    while let Some(byte) = bytes.next() {
        let often = OFTEN[usize::from(byte >> 4) % OFTEN.len()];
        match usize::from(byte % 24) {
            18 => out.push('|'),
            19 | 20 if depth > 0 => out += &format!("(?:{}){often}", expression(bytes, depth - 1)),
            at @ 0..=17 => out += &format!("(?:{}){often}", ATOMS[at]),
            _ => break,
        }
    }
    out
}

/// A pattern finds what the engine of the `regex` crate finds, as far as the resolver lets one see it.
pub(crate) fn same_as_plain(expression: &str, text: &str) {
    let mut set = PatternSet::default();
    set.patterns = vec![Pattern::regex("OWN", expression)];
    let builder = Detector::builder().names(NameEngine::None).patterns(set);
    let Ok(detector) = builder.build() else {
        return;
    };
    let plain = Regex::new(expression).expect("the detector took it");
    let found = detector.detect(text, &Known::new()).expect("short");
    let spans = |own: bool| {
        let these = found.iter().filter(move |f| (f.label() == "OWN") == own);
        these.map(|f| (f.span().start(), f.span().end())).collect()
    };
    let (mut own, others): (Vec<_>, Vec<_>) = (spans(true), spans(false));
    let overlap = |a: (usize, usize), b: (usize, usize)| a.0 < b.1 && b.0 < a.1;
    for hit in plain.find_iter(text) {
        let hit = (hit.start(), hit.end());
        let here: Vec<_> = own.iter().copied().filter(|o| overlap(*o, hit)).collect();
        own.retain(|o| !overlap(*o, hit));
        let value = text.get(hit.0..hit.1).expect("on borders");
        if others.iter().any(|other| overlap(*other, hit)) || value.trim().is_empty() {
            continue;
        }
        // Spaces at the ends are cut off.
        let from = hit.0 + value.len() - value.trim_start().len();
        let wanted = (from, from + value.trim().len());
        assert_eq!(here, [wanted], "{expression:?} {text:?}");
    }
    assert!(own.is_empty(), "{expression:?} {text:?} {own:?}");
}
