//! What promises, and what only looks like it.

use super::*;

fn promises(sentence: &str, locale: Locale) -> bool {
    let held = Held {
        locale,
        stemmer: text::stemmer(Some(locale)),
        stems: HashSet::new(),
        vows: Vec::new(),
        rules: Vec::new(),
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

/// Language, what binds, and its twin that does not.
const VOWS: &[(Locale, &str, &str)] = &[
    (
        Locale::English,
        "We guarantee that it arrives on time.",
        "We cannot guarantee that it arrives on time.",
    ),
    (
        Locale::English,
        "I promise you it never breaks.",
        "I can't promise you that it never breaks.",
    ),
    (
        Locale::English,
        "It will definitely be there, you have our word.",
        "It should be there soon, as promised.",
    ),
    (
        Locale::English,
        "The colour is guaranteed to match.",
        "The lamp has a guarantee card.",
    ),
    (
        Locale::English,
        "Rest assured, it fits.",
        "We cannot, sadly, promise that it fits.",
    ),
    (
        Locale::German,
        "Wir garantieren, dass es nie bricht.",
        "Wir k\u{f6}nnen nicht garantieren, dass es h\u{e4}lt.",
    ),
    (
        Locale::German,
        "Wir sichern Ihnen den Termin zu.",
        "Den Termin k\u{f6}nnen wir leider nicht zusichern.",
    ),
    (
        Locale::German,
        "Das klappt auf jeden Fall, versprochen.",
        "Versprechen k\u{f6}nnen wir das nicht.",
    ),
    (
        Locale::German,
        "Auch ohne Termin versprechen wir Ihnen das.",
        "Wie versprochen finden Sie hier die Liste.",
    ),
    (
        Locale::German,
        "Wir garantieren Ihnen nicht nur das Beste.",
        "Die Garantie steht auf der Karte.",
    ),
    (
        Locale::French,
        "Nous vous garantissons une livraison rapide.",
        "Nous ne pouvons rien vous garantir.",
    ),
    (
        Locale::French,
        "C'est promis, il sera l\u{e0}.",
        "Nous ne vous promettons pas de miracle.",
    ),
    (
        Locale::French,
        "Nous nous engageons \u{e0} le faire.",
        "La garantie figure sur la carte.",
    ),
    (
        Locale::Spanish,
        "Le garantizamos que nunca falla.",
        "No podemos garantizarle que no falle.",
    ),
    (
        Locale::Spanish,
        "Llegar\u{e1} sin falta, prometido.",
        "No le prometemos nada.",
    ),
    (
        Locale::Italian,
        "Le promettiamo che arriva in tempo.",
        "Non possiamo prometterle che arrivi in tempo.",
    ),
    (
        Locale::Italian,
        "Glielo garantiamo.",
        "La garanzia \u{e8} nella scatola.",
    ),
    (
        Locale::Italian,
        "Non costa niente e di sicuro arriva.",
        "Non garantiamo il colore.",
    ),
    (
        Locale::Dutch,
        "Wij beloven dat het past.",
        "Wij kunnen niet beloven dat het past.",
    ),
    (
        Locale::Dutch,
        "Dat zeggen we u toe.",
        "Dat kunnen we helaas niet toezeggen.",
    ),
    (
        Locale::Dutch,
        "Het komt gegarandeerd goed.",
        "De garantie staat op de bon.",
    ),
    (
        Locale::Portuguese,
        "Garantimos que chega a tempo.",
        "N\u{e3}o podemos garantir que chegue a tempo.",
    ),
    (
        Locale::Portuguese,
        "Prometo-lhe que cabe.",
        "N\u{e3}o lhe prometo que caiba.",
    ),
    (
        Locale::Portuguese,
        "Chega com certeza.",
        "A garantia est\u{e1} na caixa.",
    ),
];

#[test]
fn vows_and_their_denials() {
    for (locale, binding, free) in VOWS {
        assert!(promises(binding, *locale), "{binding}");
        assert!(!promises(free, *locale), "{free}");
    }
}

#[test]
fn what_is_asked_promises_nothing() {
    for (locale, asked, stated) in [
        (
            Locale::English,
            "Shall we refund you?",
            "We guarantee it; is that fine?",
        ),
        (
            Locale::Spanish,
            "\u{bf}Quiere que le garanticemos la plaza?",
            "Le garantizamos la plaza, \u{bf}le parece?",
        ),
        (
            Locale::Italian,
            "Vuole che lo promettiamo?",
            "Lo garantiamo; va bene?",
        ),
    ] {
        assert!(!promises(asked, locale), "{asked}");
        assert!(promises(stated, locale), "{stated}");
    }
}

#[test]
fn what_is_denied_in_other_ways() {
    for (locale, vows, denies) in [
        (
            Locale::Spanish,
            "Le garantizamos la hora, sin falta.",
            "Garantizar una hora no es posible.",
        ),
        (
            Locale::Spanish,
            "Sin coste le garantizamos la entrega.",
            "No podemos confirmar la fecha y garantizar la hora.",
        ),
        (
            Locale::Italian,
            "Le garantiamo che non si rompe.",
            "Non ci \u{e8} possibile garantire la consegna.",
        ),
        (
            Locale::German,
            "Ohne Aufpreis garantieren wir das.",
            "Wir schreiben, ohne einen Termin zu versprechen.",
        ),
        (
            Locale::French,
            "Nous garantissons que rien ne casse.",
            "Nous r\u{e9}pondons sans pouvoir garantir une date.",
        ),
    ] {
        assert!(promises(vows, locale), "{vows}");
        assert!(!promises(denies, locale), "{denies}");
    }
}
