//! What promises, and what only looks like it.

use super::*;

fn promises(sentence: &str, locale: Locale) -> bool {
    let held = Held {
        locale,
        stemmer: text::stemmer(Some(locale)),
        stems: HashSet::new(),
        vows: Vec::new(),
        says_free: false,
        knows_state: false,
    };
    held.is_unheld(sentence)
}

#[test]
fn offers() {
    for (sentence, locale, yes) in [
        ("We will refund the full amount.", Locale::English, true),
        ("I have cancelled your order.", Locale::English, true),
        ("Could you send us a photo?", Locale::English, false),
        ("Wir erstatten Ihnen den Betrag.", Locale::German, true),
        ("Ihre Bestellung wurde storniert.", Locale::German, true),
        (
            "Vielen Dank f\u{fc}r Ihre Nachricht.",
            Locale::German,
            false,
        ),
        ("Nous allons vous rembourser.", Locale::French, true),
        ("Le reembolsaremos el importe.", Locale::Spanish, true),
        ("La rimborseremo.", Locale::Italian, true),
        ("Wij zullen het bedrag terugbetalen.", Locale::Dutch, true),
        (
            "Iremos ver. Vamos reembolsar o valor.",
            Locale::Portuguese,
            true,
        ),
    ] {
        assert_eq!(promises(sentence, locale), yes, "{sentence}");
    }
}
