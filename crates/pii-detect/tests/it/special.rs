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
            "Hola, tengo {CHILD:15} y quiero cambiar mi pedido",
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

#[test]
fn how_long_something_takes_is_no_age() {
    check(
        &[Kind::Child],
        &[
            "My son ordered it 2 weeks ago and nothing came.",
            "Mio figlio aspetta da 3 settimane",
            "Mi hija tiene 2 años de garantía",
            "I was in the queue at 8, he was at 9.",
            "my {CHILD:son (8 years}) has it",
            "mia {CHILD:figlia ha 8 anni}",
            "Our {CHILD:three-year-old} swallowed a part",
            "ze is net {CHILD:13 geworden}",
        ],
    );
}

#[test]
fn another_thing_is_not_of_the_word_before_it() {
    check(
        &KINDS,
        &[
            "I'm on {ART9_HEALTH:antidepressants} and your app keeps pushing ads for wine",
            "Your app {ART9_BIOMETRIC:scanned my face} without asking",
            "Tenho uma {ART9_HEALTH:amputação}",
            "Wir sind {ART9_RELIGION:Hindus} und essen kein Rind",
            "Is the diabetic chocolate still on the shelf?",
        ],
    );
}
