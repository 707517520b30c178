use crate::marked::check;
use pii_detect::Kind;

#[test]
fn emails() {
    check(
        &[Kind::Email],
        &[
            "write to {EMAIL:zoe.quirk+shop@example.org}, please",
            "Meine Adresse: {EMAIL:j.müller@bücher.example}.",
            "<{EMAIL:a_b-c@sub.mail.example.co.uk}>",
            "mailto:{EMAIL:zoe@example.net}?subject=hi",
            "contactez-moi: {EMAIL:l'abbe@exemple.fr}!",
            "{EMAIL:zoe (at) example dot org} ist meine Adresse",
            "mi correo es {EMAIL:zoe.quirk [at] example.es}",
            "{EMAIL:zoe arobase exemple point fr}",
            "la mia mail {EMAIL:zoe chiocciola esempio punto it}",
            "meet me at the shop. com is no word",
            "look at example.com for the size",
            "@ @@ @@@ a@ @b",
            "5 items @ 20 EUR",
            "meu e-mail: {EMAIL:ze@exemplo.pt};{EMAIL:ana@exemplo.pt}",
            "{EMAIL:ZOE@EXAMPLE.ORG}",
        ],
    );
}

#[test]
fn urls() {
    check(
        &[Kind::Url],
        &[
            "see {URL:https://shop.example.com/orders?id=12&x=(a)}.",
            "({URL:http://example.org/a_(b)})",
            "{URL:www.exemple.fr/panier} ne marche pas",
            "auf {URL:beispiel-laden.de} bestellt",
            "{URL:shop.voorbeeld.nl/mijn-account}, help",
            "It broke.It is new.No more",
            "version 1.2.3 of file.txt and main.rs",
            "e.g. this, i.e. that, U.S. too",
            "ftp: {URL:ftp://files.example.net/x}",
            "10:30: ok",
        ],
    );
}

#[test]
fn net_addresses() {
    check(
        &[Kind::Ip, Kind::Id],
        &[
            "from {IP:192.0.2.17} today",
            "l'adresse IP {IP:203.0.113.200}.",
            "{IP:2001:db8::8a2e:370:7334} and {IP:fe80::1ff:fe23:4567:890a}",
            "version 1.2.3.4000, at 12:30:45, ratio 3:4:5",
            "999.1.1.1 is none, v1.2.3.4 neither",
            "MAC {ID:00:1B:44:11:3A:B7}",
            "std::vec and a::b",
        ],
    );
}

#[test]
fn handles() {
    check(
        &[Kind::Username],
        &[
            "follow {USERNAME:@zoe_quirk} on the net",
            "Twitter {USERNAME:@ZoeQuirk.de}!",
            "username: {USERNAME:zquirk}",
            "User: Vilma Holmgren",
            "User: Hello, where is it?",
            "Benutzername lautet {USERNAME:ZoeQuirk99}",
            "mon identifiant est {USERNAME:zoe_q}",
            "gebruikersnaam: {USERNAME:zoeq}",
            "nombre de usuario: {USERNAME:zoe.q}",
            "nome utente {USERNAME:zoe_quirk}",
            "the login does not work for any user today",
            "el usuario no puede entrar",
        ],
    );
}

#[test]
fn phones() {
    check(
        &[Kind::Phone],
        &[
            "call me on {PHONE:+44 20 7946 0958} now",
            "Tel. {PHONE:030 / 901820}",
            "mon numéro : {PHONE:06 12 34 56 78}.",
            "{PHONE:+33 (0)6 12 34 56 78}",
            "{PHONE:06.12.34.56.78} merci de me rappeler",
            "mi móvil es el {PHONE:612 34 56 78}",
            "il mio cellulare è {PHONE:347 123 4567}",
            "bel me op {PHONE:06-12345678}",
            "o meu telemóvel é {PHONE:912 345 678}",
            "{PHONE:(212) 555-0190} or {PHONE:1-800-555-0199}",
            "{PHONE:212-555-0190x4471}, {PHONE:(212)555-0190x12} or {PHONE:001-212-555-0190x7}",
            "a sheet of 120-300-1000x20 mm",
            "Meine Telefon Nummer ist {PHONE:82 34 56}",
            "Meine Handy Nummer ist {PHONE:176 1234567}",
            "unter {PHONE:0171 2345678} erreichbar",
            "{PHONE:0049 30 901820}",
            "at 14:30 on 12.03.2024",
            "I paid 1.250,00 € for 12 pieces in 2023",
            "build 20240312 of 2024-03-12",
            "sizes 38 40 42 44",
        ],
    );
}
