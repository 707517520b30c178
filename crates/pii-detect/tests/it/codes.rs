use crate::marked::check;
use pii_detect::Kind;

const CODES: &[Kind] = &[
    Kind::Order,
    Kind::Tracking,
    Kind::CustomerId,
    Kind::Id,
    Kind::Card,
    Kind::Iban,
    Kind::Phone,
];

#[test]
fn orders() {
    check(
        CODES,
        &[
            "my order number is {ORDER:48213}",
            "order #{ORDER:10023} is late",
            "where is {ORDER:ORD-2024-118}?",
            "ma commande n° {ORDER:AB-4471-X}",
            "numéro de commande : {ORDER:20 31 44}",
            "Bestellnummer {ORDER:4711-0815}",
            "meine Bestellung {ORDER:B1234567} fehlt",
            "Rechnung Nr. {ORDER:2024/00317}",
            "número de pedido {ORDER:88120}",
            "ordine n. {ORDER:55-1022}",
            "bestelnummer: {ORDER:NL20993}",
            "a minha encomenda {ORDER:7788123} nao chegou",
            "booking reference {ORDER:QX7R2T}",
            "factuurnr. {ORDER:2024-881}",
            "{ORDER:99120} is my order number",
            "invoice {ORDER:INV-00931}",
            "I ordered 3 shirts in size 42",
            "order 2 more of the 500 ml bottles",
            "meine Bestellung von 2023",
            "order total for 4 people",
        ],
    );
}

#[test]
fn parcels() {
    check(
        CODES,
        &[
            "tracking number {TRACKING:1Z999AA10123456784}",
            "{TRACKING:RB123456785GB} has not moved",
            "Sendungsnummer {TRACKING:00340434161094042557}",
            "numéro de suivi : {TRACKING:8V44556677889}",
            "número de seguimiento {TRACKING:ES99127731}",
            "numero di spedizione {TRACKING:77120055}",
            "trackingcode {TRACKING:3SABCD1234567}",
            "código de rastreio {TRACKING:LX99812}",
            "my order tracking number is {TRACKING:99120042}",
        ],
    );
}

#[test]
fn customers() {
    check(
        CODES,
        &[
            "customer id {CUSTOMER_ID:C-20331}",
            "Kundennummer: {CUSTOMER_ID:8812045}",
            "mon numéro client est le {CUSTOMER_ID:55120}",
            "klantnummer {CUSTOMER_ID:771203}",
            "número de cliente: {CUSTOMER_ID:A-2201}",
            "codice cliente {CUSTOMER_ID:99-812}",
            "policy number {CUSTOMER_ID:HHT 784598}",
            "número de cliente {CUSTOMER_ID:4410233}",
        ],
    );
}

#[test]
fn identities() {
    check(
        CODES,
        &[
            "NIR {ID:2 55 08 14 168 025 38}",
            "mi DNI es {ID:12345678Z}",
            "{ID:X1234567L}",
            "codice fiscale {ID:RSSMRA85T10A562S}",
            "Steuer-ID: {ID:86 095 742 719}",
            "mijn BSN is {ID:111222333}",
            "passport no. {ID:C01X00T47}",
            "numéro de passeport {ID:12AB34567}",
            "Personalausweisnummer {ID:L01X00T471}",
            "NIF {ID:123456789}",
            "PESEL {ID:44051401359}",
            "licence plate {ID:AB12 CDE}",
            "the number 123456789012 stands alone"
                .replace("123456789012", "{ID:123456789012}")
                .as_str(),
            "4 cups, 500 g, iPhone 15 and COVID-19",
        ],
    );
}

#[test]
fn numbers_of_nothing_in_particular() {
    check(
        &[Kind::Id, Kind::Phone, Kind::Order],
        &[
            "the reference is {ID:48213}",
            "meine Nummer lautet {ID:48213777}",
            "il mio numero: {ID:48213}",
            "number 4821",
            "we sold 48213 of them",
            "a number of 48213 euros",
        ],
    );
}

#[test]
fn a_number_in_groups_is_what_it_is_in_one() {
    check(
        &[Kind::Id, Kind::Phone, Kind::Order],
        &[
            "Nr. {ID:12 345 678}",
            "meine Nummer lautet {ID:123 456 789}",
            "Guten Tag, unter Nr. {ID:12 345 678} steht nichts, danke",
            "Guten Tag, die Nr. {ID:12.345.678} steht auf dem Beleg, danke",
            "Guten Tag, die Nummer {ID:123-456-789} geht nicht",
            "Guten Tag, die Nr. {ID:1234 5678} ist es, danke",
            "hello, my number is {ID:123 456 789} and it does not work",
            "hello, the reference is {ID:48 213 377} and it does not work",
            "bonjour, le num\u{e9}ro {ID:123 456 789} ne marche pas, merci de regarder",
            "il mio numero \u{e8} {ID:12\u{202f}345\u{202f}678}, grazie",
            "o meu n\u{fa}mero \u{e9} {ID:123 456 789} e n\u{e3}o funciona",
            "hola, mi n\u{fa}mero es {ID:123 456 789} y no funciona",
            // Telephones stay what they are.
            "Guten Tag, meine Nummer ist {PHONE:0176 123 4567}, bitte rufen Sie an",
            "hello, my number is {PHONE:212 555 0190} thanks",
            "hola, mi n\u{fa}mero es {PHONE:612 345 678} gracias por la ayuda",
            "mon num\u{e9}ro est le {PHONE:06 12 34 56 78} merci",
            // Amounts, measures, dates and lists.
            "Nummer 12 345 678 Euro",
            "Nummer: \u{20ac} 12 345 678",
            "a number of 12 345 678 euros",
            "hello, a number of 12 345 678 is what we reached",
            "Nr. 1 234 567 km",
            "Nr. 12 345 678 m",
            "Guten Tag, eine Nummer von 123 456 789 kg",
            "Guten Tag, die Nr. 12.345.678,50 steht auf dem Beleg, danke",
            "Nr. 12, 345, 678",
            "Nr. 10 20 30",
            "Guten Tag, in Nummer 2023 2024 steht das, danke sehr",
        ],
    );
}

#[test]
fn cards_and_accounts() {
    check(
        CODES,
        &[
            "card {CARD:4111 1111 1111 1111}",
            "{CARD:5555-5555-5555-4444}",
            "{CARD:2223003122003222} is a new range",
            "{CARD:378282246310005}",
            "{CARD:6304000000000000000}, the long one",
            "carte bancaire {CARD:4111 1111 1111 1112}",
            "Kreditkarte {CARD:4111111111111112}",
            "IBAN {IBAN:DE89 3704 0044 0532 0130 00}",
            "{IBAN:FR1420041010050500013M02606}",
            "rekening {IBAN:NL91ABNA0417164300}.",
            "{IBAN:es91 2100 0418 4502 0005 1332}",
            "mon IBAN est {IBAN:FR76 3000 6000 0112 3456 7890 188}",
        ],
    );
}
