//! Numbers as people write them, and what must not be taken for one.

use crate::marked::check;
use pii_detect::Kind;

const NUMBERS: &[Kind] = &[
    Kind::Order,
    Kind::Tracking,
    Kind::CustomerId,
    Kind::Id,
    Kind::Card,
    Kind::Iban,
    Kind::Phone,
    Kind::Date,
    Kind::Amount,
    Kind::Ip,
    Kind::Username,
];

#[test]
fn without_a_cue() {
    check(
        NUMBERS,
        &[
            "hier ist {ID:85.07.30-033.28} bitte",
            "{ID:2 55 08 14 168 025 38} voila",
            "it says {ID:756.9217.0769.85} there",
            "mine: {ID:1234567FA}",
            "das ist {ID:86 095 742 719}",
            "{ID:131052-308T}",
            "to je {ID:780123/3540}",
            "{ID:161175-19997}",
            "det er {ID:070761-4285}",
            "{ID:811228-9874}",
            "{ID:AB 12 34 56 C}",
            "it is {ID:536-90-4399}",
            "{ID:1237 010180} steht da",
            "wir sind {ID:DE136695976}",
            "wir sind {ID:DE 136 695 976}",
            "{ID:ATU13585627}",
            "{ID:CHE-109.322.551 MWST}",
            "{ID:NL004495445B01}",
            "c'est {ID:FR 40 303 265 045}",
            "{ID:15 070649 C 103}",
            "{ID:RSSMRA85T10A562S}",
            "{ID:000000000ZZ4}",
            "{ID:550e8400-e29b-41d4-a716-446655440000}",
            "{ID:deadbeef-e29b-41d4-a716-446655440000}",
            "at {ID:00-1A-2B-3C-4D-5E} or {ID:00:1A:2B:3C:4D:5E} or {ID:001a.2b3c.4d5e}",
            "{ID:AC-DE-48-00-11-22} as well",
            "from {IP:2001:db8::8a2e:370:7334} and {IP:192.0.2.7}",
            "{USERNAME:@zoe.quirk_77} wrote",
            "{ID:1M8GDM9AXKP042788}",
            "{ID:0101006500006}",
        ],
    );
}

#[test]
fn with_a_cue() {
    check(
        NUMBERS,
        &[
            "mijn BSN is {ID:1112.22.333}",
            "{ID:111222333} is mijn BSN",
            "SIREN {ID:732 829 320}",
            "SIRET {ID:732 829 320 00074}",
            "NIF {ID:123 456 789}",
            "NIP {ID:123-456-32-18}",
            "PESEL {ID:44051401359}",
            "NHS number {ID:943 476 5919}",
            "my UTR is {ID:19558 39661}",
            "I\u{10c}O {ID:25596641}",
            "CVR {ID:13 58 56 28}",
            "CPR {ID:0101901234}",
            "Org nr {ID:556012-5790}",
            "y-tunnus {ID:2077474-0}",
            "OIB {ID:33392005961}",
            "\u{415}\u{413}\u{41d} {ID:7523169263}",
            "\u{391}\u{3a6}\u{39c} {ID:094259216}",
            "CNP {ID:1630615123457}",
            "ad\u{f3}sz\u{e1}m {ID:10597190-2-44}",
            "TAJ sz\u{e1}m {ID:111 111 110}",
            "asmens kodas {ID:33309240064}",
            "IMEI {ID:490154203237518}",
            "IMEI {ID:49-015420-323751-8}",
            "EIN {ID:91-1144442}",
            "BIC {ID:DEUTDEFF}, SWIFT: {ID:BNPAFRPPXXX}",
            "CIF {ID:B58378431}",
            "passport {ID:C01X00T47}",
            "pasaporte {ID:PAA123456}",
            "Reisepass-Nr. {ID:C01X00T478}",
        ],
    );
}

#[test]
fn parcels() {
    check(
        NUMBERS,
        &[
            "{TRACKING:RR 473 124 829 GB} is lost",
            "{TRACKING:1Z 999 AA1 01 2345 6784}",
            "{TRACKING:JJD000390007882823129}",
            "{TRACKING:9400 1112 0108 0805 4830 16}",
            "{TRACKING:TBA000000000000}",
            "{TRACKING:3SABCD123456789}",
            "{TRACKING:PQ4F6P0704104480181750T}",
            "{TRACKING:00340434161094042557}",
            "{TRACKING:LP00123456789012}",
            "DHL {TRACKING:3318810025} is late",
            "FedEx {TRACKING:986578788855}",
            "suivi {TRACKING:6A12345678901}",
            "Sendungsnummer {TRACKING:563102430313}",
            "GLS Paketnummer {TRACKING:12345678901}",
            "numer przesy\u{142}ki {TRACKING:620999680094041124123456}",
            "my order {TRACKING:1Z999AA10123456784}",
        ],
    );
}

#[test]
fn their_own_cue_keeps_orders_and_customers() {
    check(
        NUMBERS,
        &[
            "order number {ORDER:12345678Z}",
            "Bestellnummer {ORDER:86095742719}",
            "Kundennummer {CUSTOMER_ID:111222333}",
            "num\u{e9}ro client {CUSTOMER_ID:732829320}",
            "pedido {ORDER:B58378431}",
            "order number {ORDER:550e8400-e29b-41d4-a716-446655440000}",
            "Rechnung Nr. {ORDER:1630615123457}",
            "customer id {CUSTOMER_ID:AB123456C}",
        ],
    );
}

#[test]
fn telephones_dates_and_amounts_stay_what_they_are() {
    check(
        NUMBERS,
        &[
            "call {PHONE:+49 30 901820}",
            "appelez le {PHONE:01 42 68 53 00}",
            "call me at {PHONE:020 7946 0958} please",
            "rufen Sie {PHONE:0664 1234567} an",
            "on {DATE:12.05.1980} we met",
            "am {DATE:30.07.1985}",
            "{DATE:2024-03-01} at 12:30",
            "it was {AMOUNT:1.234.567,00 \u{20ac}}",
            "{AMOUNT:732829320 EUR} in total",
            "12345678 a day",
            "call DHL at {PHONE:+49 228 4333112}",
            "card {CARD:4111 1111 1111 1111}",
            "{CARD:5555 5555 5555 4444}",
            "it costs {AMOUNT:$123,456.78}",
        ],
    );
}

#[test]
fn cards_of_every_network() {
    check(
        NUMBERS,
        &[
            "{CARD:4222222222222}",
            "{CARD:2720990000000007}",
            "{CARD:3056 930902 5904}",
            "{CARD:3714 496353 98431}",
            "{CARD:6062826786276634}",
            "{CARD:9792030394440796}",
            "{CARD:2200000000000004}",
            "carte {CARD:500000000009}",
        ],
    );
}
