//! What people read: the eight items, the authority, the contact, no fee.

use chrono::TimeDelta;
use tactful::gdpr_rights::request::fee::{Burden, Demonstrated};
use tactful::gdpr_rights::request::matrix::Why;
use tactful::gdpr_rights::request::package::Disclosure;
use tactful::gdpr_rights::request::refusal::{Reason, RefusalGround};
use tactful::gdpr_rights::{
    Authority, Country, Error as Rights, Language, Recipient, RecipientRole, Right,
};
use tactful::{Clock, Controller, Error, ManualClock, RightsRequest, Step};

use super::{
    as_controller, ask, company, desk, file, go, key, officer, orla, orla_wrote, package,
    signed_in, unpack,
};
use crate::{builder, clock, shop};

async fn letter(language: Language) -> String {
    let clock = clock();
    let courier = Recipient {
        name: "Parcel Courier SA".to_owned(),
        role: RecipientRole::SubProcessor,
        country: Country::from_code("FR").unwrap(),
        keeps_hours: Some(48),
    };
    let company = company().disclosing_to(Disclosure {
        recipient: courier,
        safeguard: None,
    });
    let desk = builder(&clock)
        .in_memory()
        .controller(shop(), company)
        .signing_key(key())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Access, clock.now(), orla())
        .as_controller()
        .in_language(language);
    let case = ask(&desk, &request).await.case;
    let verified = signed_in(&desk, &clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let full = tactful::gdpr_rights::request::case::Extent::Full;
    go(&desk, case, Step::Approve(full)).await;
    let handover = package(&desk, case).await;
    file(&unpack(&desk, case, &handover).await, "letter.html")
}

#[tokio::test]
async fn p099_the_letter_has_all_eight_items() {
    let letters = [
        (Language::English, "not legal advice", "article 15(1)("),
        (Language::French, "conseil juridique", "15"),
    ];
    for (language, note, law) in letters {
        let letter = letter(language).await;
        assert!(letter.contains(&format!("lang=\"{}\"", language.code())));
        for item in 'a'..='h' {
            assert!(
                letter.contains(&format!("id=\"art-15-1-{item}\"")),
                "{language:?}: {item}"
            );
        }
        assert!(
            letter.contains(note) && letter.contains(law),
            "{language:?}"
        );
        assert!(letter.contains("Parcel Courier SA"), "{language:?}");
        assert!(letter.contains("Lantern &amp; Oak Ltd"), "{language:?}");
    }
}

#[tokio::test]
async fn p121_the_contact_is_in_the_letter_and_no_condition() {
    let letter = letter(Language::English).await;
    assert!(letter.contains("privacy@lantern-oak.example"));
    // P120: the authority beside it.
    assert!(letter.contains("Data Protection Commission"));
    let plain = letter.to_lowercase();
    for condition in [
        "before you complain",
        "only after",
        "you must first",
        "first contact us",
        "must contact us",
    ] {
        assert!(!plain.contains(condition), "{condition}");
    }
}

/// The letter that refuses portability to somebody in this country.
async fn refusal(place: &str, language: Language) -> String {
    let clock = clock();
    let company = Controller::new(
        "Lantern & Oak",
        "privacy@lantern-oak.example",
        place,
        "Europe/Paris",
    );
    let desk = builder(&clock)
        .in_memory()
        .controller(shop(), company.unwrap())
        .signing_key(key())
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    orla_wrote(&desk, &clock).await;
    let request = RightsRequest::new(Right::Portability, clock.now(), orla())
        .as_controller()
        .in_language(language);
    let case = ask(&desk, &request).await.case;
    let verified = signed_in(&desk, &clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let ground = RefusalGround::NotApplicable(Why::NeitherConsentNorContract);
    let reasons = [Reason::new(ground, "We use it in our own interest.").unwrap()];
    let refused = go(&desk, case, Step::Refuse(&reasons)).await;
    let letter = refused.letter.unwrap();
    assert!(letter.subject().contains(&case.to_string()));
    assert!(!letter.subject().contains("Orla"));
    letter.expose().to_owned()
}

#[tokio::test]
async fn p120_every_refusal_names_the_authority_and_the_courts() {
    for (place, name, article) in [
        ("IE", "Data Protection Commission", "article 79"),
        ("FR", "CNIL", "article 79"),
        ("FR-6AE", "CNIL", "article 79"),
        ("DE-BY", "Land", "article 79"),
        ("NO", "Datatilsynet", "article 79"),
    ] {
        let letter = refusal(place, Language::English).await;
        let authority = Authority::of_code(&place[..2]).unwrap();
        assert!(letter.contains(authority.name()), "{place}: {letter}");
        assert!(letter.contains(name), "{place}: {letter}");
        assert!(letter.contains(article) && letter.contains("article 77"));
        assert!(letter.contains("in our own interest") && letter.contains("20(1)(a)"));
        assert!(letter.contains("not legal advice"));
    }
    let letter = refusal("FR", Language::French).await;
    assert!(letter.contains("conseil juridique") && letter.contains("CNIL"));
}

#[test]
fn p120_every_country_with_an_authority_has_a_controller() {
    for authority in Authority::all() {
        let code = authority.country();
        let made = Controller::new("A", "b@c.example", code, "Europe/Paris");
        assert_eq!(made.unwrap().authority(), authority, "{code}");
    }
    assert_eq!(Authority::all().count(), 30);
}

#[tokio::test]
async fn p116_a_second_request_costs_nothing_either() {
    let clock = clock();
    let desk = desk(&clock, &[]).await;
    orla_wrote(&desk, &clock).await;
    let mut letters = Vec::new();
    for _ in 0..3 {
        let case = as_controller(&desk, Right::Access, orla(), &clock).await;
        let handover = package(&desk, case).await;
        letters.push(file(&unpack(&desk, case, &handover).await, "letter.html"));
    }
    letters.push(refusal("IE", Language::English).await);
    for letter in &letters {
        for word in ["EUR", "\u{20ac}", "&euro;", "invoice for", "to pay"] {
            assert!(!letter.contains(word), "{word}");
        }
    }
    assert!(letters[2].contains("It costs you nothing"));
}

async fn unreasonable(clock: &ManualClock, days: i64) -> Result<String, Error> {
    let desk = desk(&std::sync::Arc::new(ManualClock::new(clock.now())), &[]).await;
    let request = RightsRequest::new(Right::Erasure, clock.now(), orla()).as_controller();
    let case = ask(&desk, &request).await.case;
    let verified = signed_in(&desk, clock, case).await;
    go(&desk, case, Step::Verified(&verified)).await;
    let request = desk.case(&officer(), case).await?.request;
    let burden = Burden::Excessive {
        previous: clock.now() - TimeDelta::days(days),
    };
    let by = officer().actor();
    let shown = Demonstrated::new(
        &request,
        burden,
        "The same, daily.",
        [7; 32],
        by,
        clock.now(),
    )?;
    let reason = Reason::new(RefusalGround::Unreasonable(shown), "You asked yesterday.")?;
    let refused = desk
        .advance(&officer(), case, Step::Refuse(&[reason]))
        .await?;
    Ok(refused.letter.unwrap().expose().to_owned())
}

#[tokio::test]
async fn p116_too_many_requests_are_shown_or_answered() {
    let clock = clock();
    let letter = unreasonable(&clock, 1).await.unwrap();
    assert!(letter.contains("12(5)(b)") && letter.contains("You asked yesterday."));
    let error = unreasonable(&clock, 366).await.unwrap_err();
    assert!(
        matches!(error, Error::Rights(Rights::NotExcessive)),
        "{error}"
    );
}
