//! Nothing that can end in a log holds text of the input.

use pii_detect::{Detector, Kind, Known, canonical};

const MARK: &str = "Xq7marker";

#[test]
fn debug_hides_values() {
    let mut known = Known::new();
    known.add_name(MARK).add_email("xq7marker@example.org");
    let text = format!(
        "my name is {MARK}, order {MARK}-123, mail xq7marker@example.org, password: {MARK}9"
    );
    let detector = Detector::new();
    let findings = detector.detect(&text, &known).expect("short");
    assert!(findings.len() >= 3);
    let printed = format!("{known:?} {findings:?} {detector:?}");
    assert!(
        !printed.to_lowercase().contains(&MARK.to_lowercase()),
        "{printed}"
    );
    for finding in &findings {
        let said = format!("{finding:?} {} {}", finding.why(), finding.label());
        assert!(
            !said.to_lowercase().contains(&MARK.to_lowercase()),
            "{said}"
        );
    }
}

#[test]
fn labels_are_stable() {
    let labels: Vec<&str> = Kind::ALL.iter().map(|k| k.label()).collect();
    assert_eq!(
        labels.join(" "),
        "PERSON EMAIL PHONE ADDRESS LOCATION POSTCODE ORG DATE AGE CARD IBAN ID ORDER TRACKING CUSTOMER_ID IP URL USERNAME \
         AMOUNT SECRET ART9_HEALTH ART9_RELIGION ART9_POLITICS ART9_UNION ART9_ETHNICITY ART9_SEX ART9_BIOMETRIC \
         ART10_CRIMINAL CHILD CUSTOM"
    );
    for kind in Kind::ALL {
        assert_eq!(Kind::from_label(kind.label()), Some(kind));
        assert_eq!(canonical::of(kind, ""), "");
    }
}
