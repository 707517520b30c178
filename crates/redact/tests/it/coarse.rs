//! Single texts with coarser values in their slots: which stay, how many, and what is refused.

use pii_detect::{Detector, Kind};
use redact::operator::Granularity;
use redact::{
    AnonymiseError, Label, MapId, Mark, PseudonymMap, Redacted, Relaxation, WordSketch,
    anonymise_coarse, anonymise_rare, seal_marks,
};

const SINGLE: Relaxation = Relaxation::SingleText;
const COMMON: &str = "it came on and I paid for it in when I was years old";

fn map() -> PseudonymMap {
    PseudonymMap::new(MapId([6; 16]))
}

/// A sketch in which the words of [`COMMON`] are common.
fn words() -> WordSketch {
    let mut words = WordSketch::new([7; 16]);
    let said = seal_marks(COMMON, &[], &mut map()).unwrap();
    for subject in 0..9 {
        words.learn(&said, Label([subject; 16]));
    }
    words
}

fn sealed(text: &str, values: &[(Kind, &str)], map: &mut PseudonymMap) -> Redacted {
    let marks: Vec<Mark> = values
        .iter()
        .map(|(kind, value)| {
            let at = text.find(value).unwrap();
            Mark::new(at..at + value.len(), *kind).unwrap()
        })
        .collect();
    seal_marks(text, &marks, map).unwrap()
}

#[test]
fn two_forms_stay_and_the_others_are_plain_slots() {
    let mut map = map();
    let said = sealed(
        "it came on 12 May 2024 in Lyon when I was 34 years old and I paid 149.90 EUR for it in Lyon",
        &[
            (Kind::Date, "12 May 2024"),
            (Kind::Location, "Lyon"),
            (Kind::Age, "34 years old"),
            (Kind::Amount, "149.90 EUR"),
        ],
        &mut map,
    );
    let detector = Detector::new();
    let coarse = |dates| {
        let text = anonymise_coarse(&said, &map, &detector, &words(), dates, SINGLE).unwrap();
        text.as_str().to_owned()
    };
    // The same form again is no third one.
    let rest = "in {LOCATION FR} when I was {AGE} and I paid {AMOUNT} for it in {LOCATION FR}";
    let month = coarse(Granularity::Month);
    assert_eq!(month, format!("it came on {{DATE 2024-05}} {rest}"));
    let year = coarse(Granularity::Year);
    assert_eq!(year, format!("it came on {{DATE 2024}} {rest}"));
    // Without coarse forms all of them are plain.
    let plain = anonymise_rare(&said, &detector, &words(), SINGLE).unwrap();
    assert!(!plain.as_str().contains("FR") && !plain.as_str().contains("2024"));
}

#[test]
fn what_has_no_coarser_form_is_a_plain_slot_and_rare_words_go() {
    let mut map = map();
    let said = sealed(
        "it came in Kleinkleckersdorf and I paid for it with theremins",
        &[(Kind::Location, "Kleinkleckersdorf")],
        &mut map,
    );
    let year = Granularity::Year;
    let text = anonymise_coarse(&said, &map, &Detector::new(), &words(), year, SINGLE).unwrap();
    assert_eq!(
        text.as_str(),
        "it came in {LOCATION} and I paid for it {WORD}"
    );
}

#[test]
fn another_map_and_special_categories_are_refused() {
    let mut map = map();
    let said = sealed("it came in Lyon", &[(Kind::Location, "Lyon")], &mut map);
    let other = PseudonymMap::new(MapId([9; 16]));
    let detector = Detector::new();
    let year = Granularity::Year;
    let refused = anonymise_coarse(&said, &other, &detector, &words(), year, SINGLE);
    assert!(matches!(refused, Err(AnonymiseError::WrongMap(_))));
    let said = sealed(
        "it came in when quastenitis",
        &[(Kind::Art9Health, "quastenitis")],
        &mut map,
    );
    let refused = anonymise_coarse(&said, &map, &detector, &words(), year, SINGLE);
    assert!(matches!(
        refused,
        Err(AnonymiseError::SpecialCategory { .. })
    ));
}
