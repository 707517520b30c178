use crate::marked::check;
use pii_detect::Kind;

#[test]
fn special_categories() {
    check(
        &[
            Kind::Art9Health,
            Kind::Art9Religion,
            Kind::Art9Politics,
            Kind::Art9Union,
            Kind::Art9Ethnicity,
            Kind::Art9Sex,
            Kind::Art9Biometric,
            Kind::Art10Criminal,
        ],
        &[
            "I have {ART9_HEALTH:type 1 diabetes}",
            "je suis {ART9_HEALTH:enceinte}",
            "nach meinem {ART9_HEALTH:Schlaganfall}",
            "tengo {ART9_HEALTH:epilepsia}",
            "sono {ART9_HEALTH:celiaco}",
            "ik ben {ART9_HEALTH:zwanger}",
            "estou {ART9_HEALTH:grávida}",
            "as a {ART9_RELIGION:Muslim} I",
            "ich bin {ART9_RELIGION:katholisch}",
            "our {ART9_UNION:trade union} says",
            "mein Arbeitgeber weiss, dass ich in der {ART9_UNION:Gewerkschaft} bin",
            "my {ART9_SEX:sexual orientation}",
            "he has a {ART10_CRIMINAL:criminal record}",
            "casier: {ART10_CRIMINAL:casier judiciaire}",
            "{ART9_BIOMETRIC:empreintes digitales}",
            "{ART9_ETHNICITY:huidskleur}",
            "{ART9_POLITICS:membre du parti} depuis",
            "the party was great and the union jack flag is torn",
            "the shirt is black, the box weighs 3 kg",
        ],
    );
}

const KINDS: [Kind; 9] = [
    Kind::Art9Health,
    Kind::Art9Religion,
    Kind::Art9Politics,
    Kind::Art9Union,
    Kind::Art9Ethnicity,
    Kind::Art9Sex,
    Kind::Art9Biometric,
    Kind::Art10Criminal,
    Kind::Child,
];

#[test]
fn a_frame_makes_the_difference() {
    check(
        &KINDS,
        &[
            "My wife is {ART9_HEALTH:diabetic}, may she bring her own juice to the tasting?",
            "Do you have diabetic socks in stock?",
            "Habt ihr Diabetikersocken in Größe 43?",
            "weil ich {ART9_HEALTH:schwanger} bin",
            "omdat mijn zus {ART9_HEALTH:doof} is",
            "As a {ART9_RELIGION:Catholic} I fast on Fridays",
            "The church candle arrived broken",
            "mon mari est {ART9_UNION:syndiqué}",
            "mi padre estuvo {ART10_CRIMINAL:en la cárcel}",
            "mein Bruder sitzt {ART10_CRIMINAL:im Gefaengnis}",
            "es {ART9_UNION:miembro del sindicato} mi hermana",
            "The thriller about the murder mystery is missing page 3",
            "I nearly had a heart attack when I saw the bill",
            "Is the green party dress still available?",
        ],
    );
}

#[test]
fn children_have_an_age_or_a_school() {
    check(
        &[Kind::Child],
        &[
            "my {CHILD:daughter is 7} and ordered it alone",
            "mon {CHILD:fils de 9 ans} l'a cassé",
            "our {CHILD:8-year-old son} is allowed to play",
            "I am {CHILD:14 years old}",
            "my son is 34 years old",
            "the machine is 7 years old",
            "toys for children, size 7",
        ],
    );
}

#[test]
fn another_language_in_the_text_is_read_too() {
    check(
        &KINDS,
        &[
            "The order number is on the parcel and it is late. ich bin {ART9_HEALTH:querschnittsgelähmt}",
        ],
    );
}

#[test]
fn the_reason_names_the_article() {
    let detector = pii_detect::Detector::new();
    for (text, why) in [
        ("I am diabetic", "special:art9-health:person-frame"),
        ("casier judiciaire", "special:art10:-"),
        ("my daughter is 7 years old", "special:child:age"),
    ] {
        let found = detector.detect(text, &pii_detect::Known::new()).unwrap();
        assert!(found.iter().any(|f| f.why().as_str() == why), "{text}");
    }
}

/// Precision and recall over a suite, by language and kind: `ART9_FILE=.. cargo test -- --ignored special_suite`.
#[test]
#[ignore = "needs ART9_FILE"]
#[expect(
    clippy::disallowed_methods,
    reason = "a measuring run is told its file"
)]
fn special_suite() {
    use std::collections::BTreeMap;
    let path = std::env::var("ART9_FILE").unwrap();
    let show = std::env::var("ART9_SHOW").unwrap_or_default();
    let detector = pii_detect::Detector::new();
    let known = pii_detect::Known::new();
    // Found right, cues, false alarms.
    let mut by: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let (lang, text) = (field(line, "lang").unwrap(), field(line, "text").unwrap());
        let kind = field(line, "kind");
        let span = field(line, "span").and_then(|s| Some((text.find(&s)?, s.len())));
        let findings = detector.detect(&text, &known).unwrap();
        let special: Vec<_> = findings
            .iter()
            .filter(|f| f.label().starts_with("ART") || f.kind() == Kind::Child)
            .collect();
        let right = special.iter().any(|f| {
            Some(f.label()) == kind.as_deref()
                && span.is_none_or(|(at, len)| f.span().start() < at + len && at < f.span().end())
        });
        let told: Vec<_> = special
            .iter()
            .map(|f| (f.label(), f.span().of(&text).unwrap(), f.why().as_str()))
            .collect();
        let wrong = !right && !special.is_empty();
        let group = kind.clone().unwrap_or_else(|| "twin".to_owned());
        for key in [
            format!("{lang} all"),
            format!("{lang} {group}"),
            format!("kind {group}"),
            "all".to_owned(),
        ] {
            let count = by.entry(key).or_default();
            count[0] += usize::from(right);
            count[1] += usize::from(kind.is_some());
            count[2] += usize::from(wrong);
        }
        if (wrong || kind.is_some() && !right) && show.split(',').any(|s| s == lang) {
            println!("{lang} {group}: {text}  {told:?}");
        }
    }
    for (key, [right, cues, wrong]) in by {
        println!(
            "{key:24} found {right:4} of {cues:4}, false {wrong:3}: P {:.3} R {:.3}",
            right as f64 / (right + wrong).max(1) as f64,
            right as f64 / cues.max(1) as f64
        );
    }
}

/// A string field of a JSON line.
fn field(line: &str, name: &str) -> Option<String> {
    let from = line.find(&format!("\"{name}\":"))? + name.len() + 3;
    let rest = line.get(from..)?.trim_start().strip_prefix('"')?;
    let mut value = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next()? {
            '"' => return Some(value),
            '\\' => match chars.next()? {
                'n' => value.push('\n'),
                'u' => {
                    let code: String = chars.by_ref().take(4).collect();
                    value.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
                }
                c => value.push(c),
            },
            c => value.push(c),
        }
    }
}
