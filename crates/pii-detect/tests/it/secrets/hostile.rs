//! Two megabytes of one anchor: whatever reads on from each of them without a bound does not come back.

use pii_detect::{Detector, Known};

const LEN: usize = 2_000_000;
/// Anchors beside the first, less of each: a test run has its patience.
const SHORT: usize = 250_000;

#[test]
fn repeated_anchors() {
    let detector = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .expect("fine");
    let words = "river apple stone cloud tiger metal paper lemon chair house green silver ";
    let long = [
        "-----BEGIN ",
        "password: ",
        "eyJ",
        "eyJ-",
        "://a:b@",
        "sk-",
        "sk-ant-",
        "a1-token-",
        "a1B2c3D4e5F6g7H8-key-",
        words,
    ];
    let pieces = [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nAAAA ",
        "-----BEGIN PRIVATE KEY-----\n@ -----END ",
        "-----END ",
        "password is ",
        "password=",
        "token=",
        "token=a1B2",
        "token a1B2c3D4e5F6g7H8i9 ",
        "key a1b2://c3D4e5F6g7H8i9 ",
        "eyJ.",
        "eyJhbGci.eyJhbGci.",
        "://",
        "Cookie: ",
        "Cookie: a=b;",
        "curl -u ",
        "curl ",
        "SG.",
        "hooks.slack.com/services/T",
        "AKIA",
        "code ",
        "your code is ",
        "1234 is your code ",
        "1234 5678 ",
        "seed ",
        "seed: ",
        "seed phrase is ",
        "my api key a1 ",
        "Authorization: Bearer ",
        "mot de passe ",
        "seed phrase: river apple stone cloud ",
    ];
    let long = long.into_iter().map(|piece| (piece, LEN));
    let short = pieces.into_iter().map(|piece| (piece, SHORT));
    for (piece, len) in long.chain(short) {
        let text = piece.repeat(len / piece.len());
        let found = detector.detect(&text, &Known::new()).expect("short enough");
        let mut behind = 0;
        for finding in &found {
            assert!(finding.span().start() >= behind, "{piece}");
            behind = finding.span().end();
        }
    }
    let all = format!("seed phrase: {words}").repeat(LEN / 90);
    let found = detector.detect(&all, &Known::new()).expect("short enough");
    assert!(found.len() > 10_000);
    // One value without end.
    let long = format!("token={}", "a1B2c3D4".repeat(LEN / 8));
    let found = detector.detect(&long, &Known::new()).expect("short enough");
    assert!(!found.is_empty());
}

#[test]
fn debug_tells_no_secret() {
    let text = "password: hunter22x and token 9f8e7d6c5b4a39281706";
    let found = Detector::new().detect(text, &Known::new()).expect("short");
    assert!(!found.is_empty());
    let told = format!("{found:?}");
    assert!(!told.contains("hunter22x") && !told.contains("9f8e7d6c"));
}
