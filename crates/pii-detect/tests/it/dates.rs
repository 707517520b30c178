use crate::marked::check;
use pii_detect::Kind;

#[test]
fn numeric_dates() {
    check(
        &[Kind::Date],
        &[
            "on {DATE:2024-03-12} at noon",
            "am {DATE:12.03.2024} bestellt",
            "le {DATE:12/03/2024}",
            "el {DATE:12-3-2024}.",
            "{DATE:3/12/24} was late",
            "geliefert am {DATE:12.03}. um 8 Uhr",
            "logged {DATE:2024-03-05}T10:00:00Z",
            "geboren {DATE:1. 2. 1980}",
            "version 10.12.1, page 3/12, 24/7",
            "1.2.3.4 and 12/13",
            "192.168.1.15 is no date",
            "06.12.34.56.78",
            "99/99/2024",
        ],
    );
}

#[test]
fn written_dates() {
    check(
        &[Kind::Date],
        &[
            "on {DATE:3 March 2024} and on {DATE:March 3rd, 2024}",
            "{DATE:October 5} is fine, {DATE:5th of October} too",
            "{DATE:Monday, 3 March 2025} it came",
            "le {DATE:1er avril 2023}, puis le {DATE:3 août}",
            "{DATE:lundi 12 février 2024}",
            "am {DATE:15. März 2021} und am {DATE:3. Mai}",
            "vom {DATE:3. bis 5. Mai 2024}",
            "el {DATE:12 de octubre de 2023}",
            "nato il {DATE:3 febbraio 1985}",
            "geboren op {DATE:12 maart 1980}",
            "nasci a {DATE:25 de dezembro de 1990}",
            "in {DATE:March 2024} we moved",
            "I may 5 times ask, march on, set 3",
            "du {DATE:3 au 5 mai}",
            "ho comprato 2 set di piatti",
            "am {DATE:3. JANUAR 2024}",
            "date of birth {DATE:19850304}",
            "né en {DATE:1985}",
        ],
    );
}

#[test]
fn ages() {
    check(
        &[Kind::Age],
        &[
            "I am {AGE:45 years old} and a {AGE:7-year-old} waits",
            "j'ai {AGE:30 ans}",
            "ich bin {AGE:34 Jahre alt}",
            "varón de {AGE:76 años de edad}",
            "ho {AGE:52 anni}",
            "ik ben {AGE:28 jaar oud}",
            "tenho {AGE:41 anos}",
            "age: {AGE:45}",
            "the warranty lasts 2 years",
            "garantie 2 ans, livraison en 3 jours",
            "seit 5 Jahren Kunde",
            "10 days old parcel",
        ],
    );
}

#[test]
fn in_words() {
    check(
        &[Kind::Date, Kind::Age, Kind::Amount],
        &[
            "on the {DATE:third of April} and {DATE:May fifth}",
            "nata il {DATE:ventitr\u{e9} maggio millenovecentottantacinque}",
            "ich bin {AGE:vierunddrei\u{df}ig Jahre alt} und zahle {AMOUNT:zwanzig Euro}",
            "My mother is {AGE:72} and ill, my husband is 15 years with you",
            "by the 3rd of the list, two sept items, the second may be broken",
            "Tengo 3 meses esperando, il y a 10 ans, h\u{e1} vinte anos",
            "two pounds of flour, I am twenty minutes late, cinquenta y dos cajas",
        ],
    );
}
