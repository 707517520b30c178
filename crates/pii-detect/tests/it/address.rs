use crate::marked::check;
use pii_detect::Kind;

const PLACES: [Kind; 3] = [Kind::Address, Kind::Location, Kind::Postcode];

#[test]
fn streets_with_their_towns_are_one_address() {
    check(
        &PLACES,
        &[
            "Send it to {ADDRESS:14 Larkspur Lane, Bristol BS1 4ST} please.",
            "Ship it to {ADDRESS:512 Maple Ridge Road\nApt. 204\nPort Helena, OR 97031}",
            "My address is {ADDRESS:Unit 4410 Box 2231\nDPO AE 09733}, thanks",
            "I moved to {ADDRESS:Flat 3, 27b Old Mill Road, London NW1 6XE}.",
            "Je suis au {ADDRESS:12 bis, rue de la République, 69002 Lyon} maintenant.",
            "Livrez à {ADDRESS:8 avenue Victor Hugo\n75016 Paris\nFrance}",
            "Meine Anschrift: {ADDRESS:Lindenstraße 7a, 50667 Köln}.",
            "Ich wohne {ADDRESS:Am Alten Markt 3, 18055 Rostock}.",
            "ich wohne in der {ADDRESS:goethestr. 12, 99423 weimar}",
            "Mi dirección es {ADDRESS:Calle Mayor 5, 2º B, 28013 Madrid}.",
            "Vivo en {ADDRESS:Avda. de la Constitución, 18, 41001 Sevilla}.",
            "Abito in {ADDRESS:Via Garibaldi 12, 20121 Milano}.",
            "Spedite a {ADDRESS:Piazza San Marco, 1, 30124 Venezia}.",
            "Ik woon op {ADDRESS:Prinsengracht 263, 1016 GV Amsterdam}.",
            "Stuur het naar {ADDRESS:Dorpsstraat 4-A, 3511 KZ Utrecht}.",
            "Moro na {ADDRESS:Rua das Flores, 25, 1200-195 Lisboa}.",
            "Entreguem na {ADDRESS:Avenida da Liberdade 110, 3º Esq, 1250-146 Lisboa}.",
        ],
    );
}

#[test]
fn streets_alone() {
    check(
        &PLACES,
        &[
            "the van stood at {ADDRESS:221 Baker Street} all day",
            "le colis est au {ADDRESS:3, impasse des Lilas}",
            "der Fahrer war in der {ADDRESS:Hauptstraße 5}",
            "está en la {ADDRESS:calle Serrano 41}",
            "il corriere è in {ADDRESS:via Roma 3}",
            "de bezorger staat op de {ADDRESS:Kerkstraat 12}",
            "o estafeta está na {ADDRESS:Rua Augusta 8}",
            "post it to {ADDRESS:PO Box 418}",
        ],
    );
}

#[test]
fn towns_postcodes_and_countries_alone() {
    check(
        &PLACES,
        &[
            "I live in {LOCATION:Manchester}.",
            "J'habite à {LOCATION:Toulouse}, en {LOCATION:France}.",
            "Der Versand nach {LOCATION:Hamburg} dauert.",
            "Vivo en {LOCATION:Zaragoza}.",
            "Abito a {LOCATION:Bologna}.",
            "Ik kom uit {LOCATION:Den Haag}.",
            "Moro em {LOCATION:Coimbra}.",
            "ich komme aus {LOCATION:stuttgart}",
            "PLZ {POSTCODE:50667}",
            "{POSTCODE:50667} {LOCATION:Köln}",
            "my postcode is {POSTCODE:SW1A 1AA}",
            "Lieferung nach {LOCATION:Deutschland}, nicht nach {LOCATION:Österreich}.",
        ],
    );
}

#[test]
fn blocks() {
    check(
        &PLACES,
        &[
            "{ADDRESS:Quellerpfad 46\nApt. 501\nRiisala\n\nEstonia 62488}",
            "{ADDRESS:10115 Mirtevej 18\nSuite 22\nTORSBY}\nThank you",
            "{ADDRESS:Lindenstraße 7\n20095 Hamburg\n\nGermany}\n\nKind regards",
            "He lives at {ADDRESS:255 brunevej 18}, I think.",
            "My address is {ADDRESS:Brisas Altas 6802}, thank you.",
            "Send it to {ADDRESS:Olivar 31, Apt. 4} please.",
            "The room 12 and the floor 3 are clean.",
            "{ADDRESS:Lindenstraße} is closed.\n\nOur team won 4 games.",
            "My address is wrong since version 12.",
        ],
    );
}

#[test]
fn no_places() {
    check(
        &PLACES,
        &[
            "I placed 2 orders on my way home and waited 10 minutes.",
            "We can close 3 of them; drive 12 did not place an order.",
            "Der Umweg kostet 5 Euro und der Vorhof 3 Stunden.",
            "J'ai 3 places pour le concert et 2 cours de piano.",
            "Envié 2 camisas por vía rápida.",
            "Ho pagato via bonifico, 12 euro.",
            "In 2023 waren es 5 Pakete.",
            "Ik heb 2 van de 5 ontvangen op maandag.",
            "A fatura 12345 está errada.",
            "It arrived at 11:00 via Express.",
        ],
    );
}
