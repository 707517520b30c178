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
