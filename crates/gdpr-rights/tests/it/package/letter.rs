use gdpr_rights::request::package::{
    Automation, Item, LetterLanguage, Origin, PackageInput, PackageRight, Provenance, Reason,
    SourceReport,
};
use retention_policy::{Category, LegalBasis, Policy, Purpose, PurposeSet};

use super::{example, input, open, portable, text};

fn letter(input: &PackageInput) -> String {
    text(&open(input), "letter.html")
}

/// One section of a letter, by its id.
fn section<'a>(letter: &'a str, id: &str) -> Option<&'a str> {
    let (_, from) = letter.split_once(&format!("<section id=\"{id}\">"))?;
    from.split_once("</section>").map(|(section, _)| section)
}

fn of(language: LetterLanguage) -> PackageInput {
    example::input(PackageRight::Access, language).unwrap()
}

#[test]
fn p097_yes_and_no_are_answers() {
    for (language, yes, no) in [
        (
            LetterLanguage::English,
            "Yes, we have data about you.",
            "No, we have no data about you.",
        ),
        (
            LetterLanguage::French,
            "Oui, nous avons des donn\u{e9}es",
            "Non, nous n\u{2019}avons aucune donn\u{e9}e",
        ),
    ] {
        let mut input = of(language);
        let with = letter(&input);
        let confirmation = section(&with, "confirmation").unwrap();
        assert!(
            confirmation.contains(yes)
                && confirmation.contains(" 6 ")
                && confirmation.contains(" 4 ")
        );
        input.items.clear();
        input.reports = input
            .asked
            .iter()
            .map(|source| SourceReport::answered(source, 0))
            .collect();
        let without = letter(&input);
        let confirmation = section(&without, "confirmation").unwrap();
        assert!(
            confirmation.contains(no) && !confirmation.contains(yes),
            "{confirmation}"
        );
        // Rights, authority and contact stand in it all the same.
        for id in ["art-15-1-e", "art-15-1-f", "contact"] {
            assert!(section(&without, id).is_some(), "{id}");
        }
        assert!(section(&without, "art-15-1-a").is_none());
    }
}

#[test]
fn p097_the_record_of_the_request_itself_makes_nobody_known() {
    for (language, no) in [
        (LetterLanguage::English, "apart from this request"),
        (LetterLanguage::French, "en dehors de cette demande"),
    ] {
        let mut input = of(language);
        let source = input.asked[0].clone();
        let request = Item::new(
            &source,
            Category::RightsCase,
            input.received,
            Provenance::Observed,
        )
        .unwrap()
        .with("right", "access")
        .unwrap();
        input.items = vec![request];
        input.reasons = vec![Reason::by_policy(
            &Policy::default(),
            Category::RightsCase,
            PurposeSet::only(Purpose::AnswerRequest),
            LegalBasis::LegalObligation,
            Origin::Person,
        )];
        input.reports = input
            .asked
            .iter()
            .map(|of| SourceReport::answered(of, u64::from(*of == source)))
            .collect();
        let letter = letter(&input);
        let confirmation = section(&letter, "confirmation").unwrap();
        assert!(confirmation.contains(no), "{confirmation}");
        assert!(!confirmation.contains("Yes") && !confirmation.contains("Oui"));
    }
}

#[test]
fn p099_the_letter_has_the_eight_items_in_both_languages() {
    for language in LetterLanguage::ALL {
        let french = language == LetterLanguage::French;
        let input = of(language);
        let letter = letter(&input);
        assert!(letter.contains(&format!("<html lang=\"{}\">", language.code())));
        let say = |english: &'static str, in_french: &'static str| {
            if french { in_french } else { english }
        };
        let expected: [(&str, Vec<&str>); 8] = [
            (
                "a",
                vec![
                    say("to draft a reply", "r\u{e9}diger une r\u{e9}ponse"),
                    say("to keep your data safe", "prot\u{e9}ger vos donn\u{e9}es"),
                    say("needed for the contract", "n\u{e9}cessaire au contrat"),
                    say("You agreed to it", "Vous y avez consenti"),
                    "6(1)(a)",
                    "6(1)(b)",
                ],
            ),
            (
                "b",
                vec![
                    say("Conversations", "Conversations"),
                    say(
                        "your messages and what was written to you",
                        "ce qui vous a \u{e9}t\u{e9} \u{e9}crit",
                    ),
                    say("Your choices", "Vos choix"),
                    say("Orders", "Commandes"),
                    say("3 entries", "3 \u{e9}l\u{e9}ments"),
                    say("(1 entry)", "(1 \u{e9}l\u{e9}ment)"),
                ],
            ),
            (
                "c",
                vec![
                    "Nordlicht Hosting GmbH",
                    "Granite Model Services Inc.",
                    say("Germany", "Allemagne"),
                    say("United States", "\u{c9}tats-Unis"),
                    say("24 hours", "24 heures"),
                    say("not at all", "pas du tout"),
                    say(
                        "standard contractual clauses",
                        "clauses contractuelles types",
                    ),
                ],
            ),
            (
                "d",
                vec![
                    say("at most 23 hours", "23 heures au plus"),
                    say("5 years", "5 ans"),
                    say("until two years after", "deux ans apr\u{e8}s"),
                ],
            ),
            (
                "e",
                vec![
                    "16)",
                    "17)",
                    "18)",
                    "20)",
                    "21)",
                    say("take back your consent", "retirer votre consentement"),
                ],
            ),
            (
                "f",
                vec![
                    "CNIL",
                    say(
                        "need not contact us first",
                        "pas oblig\u{e9} de nous contacter",
                    ),
                    "79",
                ],
            ),
            (
                "g",
                vec![
                    say("from you", "de vous"),
                    say("order system", "syst\u{e8}me de commande"),
                ],
            ),
            (
                "h",
                vec![say("a human reads each one", "un humain lit chacune")],
            ),
        ];
        for (item, words) in expected {
            let id = format!("art-15-1-{item}");
            let section = section(&letter, &id).unwrap_or_else(|| panic!("{language:?} {id}"));
            for word in words {
                assert!(
                    section.contains(word),
                    "{language:?} {id} {word}: {section}"
                );
            }
        }
        assert!(letter.contains(say("not legal advice", "pas un conseil juridique")));
        assert!(letter.contains(say("2 April 2026", "2 avril 2026")));
        assert!(letter.contains(say("1 value", "1 valeur")));
        assert!(letter.contains(say("one cell ", "une cellule")), "{letter}");
    }
}

#[test]
fn p099_every_category_purpose_and_ground_has_words() {
    let policy = Policy::default();
    for language in LetterLanguage::ALL {
        for category in Category::ALL {
            for basis in [
                LegalBasis::LegalObligation,
                LegalBasis::LegitimateInterests,
                LegalBasis::PublicTask,
                LegalBasis::VitalInterests,
            ] {
                let mut input = of(language);
                let mut reason = input.reasons[0].clone();
                reason.category = category.into();
                reason.basis = basis;
                reason.keeps = gdpr_rights::request::package::Keeps::For(policy.lifetime(category));
                reason.purposes = Purpose::ALL
                    .into_iter()
                    .fold(reason.purposes, |set, purpose| set.with(purpose));
                input.reasons.retain(|r| r.category != reason.category);
                input.reasons.push(reason);
                let item = gdpr_rights::request::package::Item::new(
                    &input.asked[3],
                    category,
                    input.made,
                    gdpr_rights::request::package::Provenance::Observed,
                )
                .unwrap();
                input.items.push(item);
                input.reports[3] = SourceReport::answered(&input.asked[3], 1);
                let letter = letter(&input);
                // A code in a letter is a word that is missing.
                let main = letter.split_once("<main>").unwrap().1;
                for code in Purpose::ALL
                    .map(Purpose::code)
                    .iter()
                    .filter(|c| c.contains('_'))
                {
                    assert!(!main.contains(code), "{language:?} {code}");
                }
                assert!(
                    !main.contains("<bdi></bdi>") && !main.contains("<td></td>"),
                    "{language:?} {category}"
                );
                assert!(
                    !main.contains("; ;") && !main.contains("<td> "),
                    "{language:?} {category} {basis:?}"
                );
            }
        }
    }
}

#[test]
fn p099_a_machine_that_decides_is_explained() {
    let mut input = input();
    input.automation = Automation::Decides {
        logic: "Refunds below 20 euro are granted by amount and date.".into(),
        significance: "You may get money back at once.".into(),
        consequences: "A refusal is looked at by nobody unless you ask.".into(),
    };
    let letter = letter(&input);
    let section = section(&letter, "art-15-1-h").unwrap();
    for words in [
        "Refunds below 20",
        "money back at once",
        "looked at by nobody",
        "22(3)",
    ] {
        assert!(section.contains(words), "{words}");
    }
    assert!(!section.contains("a human reads each one"));
}

#[test]
fn p109_the_letter_of_portability_says_what_is_left_out() {
    let letter = letter(&portable());
    assert!(letter.contains("5 entries that you gave us"), "{letter}");
    assert!(letter.contains("1 more is a conclusion"));
    assert!(letter.contains("article&nbsp;20 GDPR"));
    assert!(section(&letter, "art-15-1-a").is_none());
}

#[test]
fn p120_every_letter_names_the_authority_and_the_way_to_us() {
    for right in PackageRight::ALL {
        for language in LetterLanguage::ALL {
            let mut input = example::input(right, language).unwrap();
            input.authority = "Irish Data Protection Commission\nDublin".into();
            input.contact = "privacy@lantern-oak.example".into();
            let letter = letter(&input);
            let complaint = section(&letter, "art-15-1-f").unwrap();
            assert!(complaint.contains("Irish Data Protection Commission\nDublin"));
            assert!(
                !complaint.contains("lantern-oak"),
                "contact is no condition"
            );
            // P121: the contact stands below, as an offer.
            assert!(
                section(&letter, "contact")
                    .unwrap()
                    .contains("privacy@lantern-oak.example")
            );
        }
    }
}

#[test]
fn p099_the_page_runs_nothing_and_loads_nothing() {
    for right in PackageRight::ALL {
        for language in LetterLanguage::ALL {
            let letter = letter(&example::input(right, language).unwrap());
            for part in [
                "<script",
                "<img",
                "<link",
                "<iframe",
                "<form",
                "http://",
                "https://",
                "url(",
                "@import",
                "javascript:",
                " on",
            ] {
                let found = letter.match_indices(part).find(|(at, _)| {
                    // " on" only as the beginning of a handler.
                    part != " on"
                        || letter[*at + 1..]
                            .split(|c: char| !c.is_ascii_alphabetic())
                            .next()
                            .is_some_and(|word| letter[*at + 1 + word.len()..].starts_with("=\""))
                });
                assert!(found.is_none(), "{part} {found:?}");
            }
            assert!(letter.contains("default-src 'none'"));
            assert!(
                letter.contains("prefers-color-scheme: dark") && letter.contains("@media print")
            );
            for tag in [
                "section", "table", "ul", "dl", "p", "li", "tr", "bdi", "main", "header", "footer",
            ] {
                let (opened, closed) = (format!("<{tag}>"), format!("</{tag}>"));
                let with = format!("<{tag} ");
                let count = letter.matches(&opened).count() + letter.matches(&with).count();
                assert_eq!(count, letter.matches(&closed).count(), "{tag}");
            }
        }
    }
}
