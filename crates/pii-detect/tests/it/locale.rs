use pii_detect::locale::{Locale, detect_locale, detect_with_confidence};
use pii_detect::{Detector, Kind, Known};

#[test]
fn codes_go_both_ways() {
    for locale in Locale::ALL {
        assert_eq!(Locale::from_code(locale.code()), Some(locale));
        assert_eq!(
            Locale::from_code(&locale.code().to_uppercase()),
            Some(locale)
        );
    }
    assert_eq!(Locale::from_code("pt-BR"), Some(Locale::Portuguese));
    assert_eq!(Locale::from_code("xx"), None);
    assert_eq!(Locale::from_code(""), None);
}

#[test]
fn one_line_tickets() {
    let texts = [
        ("en", "where is my order"),
        ("en", "the lamp arrived broken, refund please"),
        ("fr", "où est ma commande"),
        ("fr", "le colis n'est pas arrivé"),
        ("de", "wo bleibt mein paket"),
        ("de", "die Rechnung ist falsch"),
        ("es", "dónde está mi pedido"),
        ("es", "el paquete no ha llegado"),
        ("it", "dov'è il mio ordine"),
        ("it", "il pacco non è arrivato"),
        ("nl", "waar blijft mijn bestelling"),
        ("nl", "het pakket is niet aangekomen"),
        ("pt", "onde está a minha encomenda"),
        ("pt", "não recebi o pacote"),
        ("pl", "gdzie jest moje zamówienie"),
        ("sv", "var är min beställning"),
        ("da", "hvor er min pakke, jeg har ikke fået den"),
        ("fi", "missä tilaukseni on, en ole saanut sitä"),
        ("cs", "kde je moje objednávka, prosím"),
        ("sk", "kde je moja objednávka, ďakujem"),
        ("hu", "hol van a rendelésem, kérem"),
        ("ro", "unde este comanda mea"),
        ("el", "πού είναι η παραγγελία μου"),
        ("bg", "къде е моята поръчка"),
        ("sl", "kje je moje naročilo, hvala"),
        ("hr", "gdje je moja narudžba, hvala"),
        ("lt", "kur yra mano užsakymas"),
        ("lv", "kur ir mans pasūtījums"),
        ("et", "kus on minu tellimus"),
        ("ga", "cá bhfuil mo ordú, níl sé anseo"),
        ("mt", "fejn hija l-ordni tiegħi"),
    ];
    let wrong: Vec<_> = texts
        .into_iter()
        .filter(|(code, text)| detect_locale(text).map(Locale::code) != Some(code))
        .map(|(code, text)| (code, text, detect_locale(text)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn nothing_speaks_for_a_language() {
    for text in ["", "4711", "!!!", "\u{1f600}", "   \n"] {
        assert_eq!(detect_locale(text), None, "{text:?}");
    }
}

#[test]
fn more_words_are_surer() {
    let (_, short) = detect_with_confidence("danke").expect("a word is enough");
    let (locale, long) = detect_with_confidence(
        "ich habe die Bestellung noch nicht bekommen und warte seit einer Woche auf das Paket",
    )
    .expect("German");
    assert_eq!(locale, Locale::German);
    assert!(long > 0.3 && long <= 1.0 && (0.0..=1.0).contains(&short));
}

#[test]
fn a_cut_inside_a_letter_does_not_hurt() {
    let text = "\u{e9}".repeat(5_000);
    let _ = detect_locale(&text);
    assert!(detect_locale(&"une commande est arriv\u{e9}e ".repeat(500)).is_some());
}

const GERMAN: &str = "Guten Tag, ich habe die Lampe am 3.4. bestellt und sie ist noch nicht da.";
const ENGLISH: &str =
    "We are sorry to hear that and will look into the order for you. Step 3.4. is done.";
const FRENCH: &str = "Bonjour, je suis chez vous le 3 mai et je vous remercie pour votre aide.";

#[test]
fn parts_have_their_own_language() {
    let text = format!("{GERMAN}\n4711\n\n{ENGLISH}\n{ENGLISH}\n\n{FRENCH}");
    let found = Detector::new().detect(&text, &Known::new()).expect("short");
    let locales: Vec<_> = found.parts().iter().map(|p| p.locale()).collect();
    assert_eq!(
        locales,
        [
            Some(Locale::German),
            Some(Locale::English),
            Some(Locale::French)
        ]
    );
    // Every byte lies in one part.
    assert_eq!(found.parts()[0].span().start(), 0);
    for pair in found.parts().windows(2) {
        assert_eq!(pair[0].span().end(), pair[1].span().start());
    }
    assert_eq!(found.parts()[2].span().end(), text.len());
    assert_eq!(found.locale_at(text.len() - 1), Some(Locale::French));
    // "3.4." is a day in German and a step in English.
    let dates: Vec<_> = found
        .iter()
        .filter(|f| f.kind() == Kind::Date)
        .filter_map(|f| f.span().of(&text))
        .collect();
    assert_eq!(dates, ["3.4", "3 mai"]);
}

#[test]
fn one_language_is_one_part() {
    for text in [GERMAN, "4711", "Zo\u{eb} Quirk\nHafenstr. 3\n\n+49 30 12"] {
        let found = Detector::new().detect(text, &Known::new()).expect("short");
        assert_eq!(found.parts().len(), 1, "{text}");
        assert_eq!(found.parts()[0].locale(), found.locale());
    }
    let fixed = Detector::builder()
        .locale(Locale::Dutch)
        .build()
        .expect("no patterns");
    let text = format!("{GERMAN}\n\n{ENGLISH}");
    let found = fixed.detect(&text, &Known::new()).expect("short");
    assert_eq!(found.parts().len(), 1);
    assert_eq!(found.locale_at(0), Some(Locale::Dutch));
}

#[test]
fn a_word_for_number_is_a_telephone_in_dutch_only() {
    let phones = |text: &str| {
        let found = Detector::new().detect(text, &Known::new()).expect("short");
        found.iter().filter(|f| f.kind() == Kind::Phone).count()
    };
    assert_eq!(
        phones("U kunt mij bellen, mijn nummer is 5551234 en ik ben er nog"),
        1
    );
    assert_eq!(
        phones("Ich habe das Modell mit der Nummer 55512345 und es ist nicht gut"),
        0
    );
}

#[test]
fn a_sign_beyond_ascii_behind_a_word_speaks_for_no_language() {
    let text = "Thank you for your order and please have a look at what we have been writing to you.\n\
        Ich habe die Bestellung aber noch nicht bekommen und bitte Sie.\n\
        Paris\u{2019} time is 03/04/2024 \u{201c}now\u{201d}, 20\u{20ac} 30\u{20ac}";
    let found = Detector::new().detect(text, &Known::new()).unwrap();
    let locales: Vec<_> = found.parts().iter().map(|p| p.locale()).collect();
    let (en, de) = (Some(Locale::English), Some(Locale::German));
    assert_eq!(locales, [en, de, en]);
}
