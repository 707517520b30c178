use crate::marked::check;
use pii_detect::{Detector, Kind, Known};

#[test]
fn introductions() {
    check(
        &[Kind::Person],
        &[
            "Hi, my name is {PERSON:Yusra Okonjo} and my parcel is late.",
            "my name is {PERSON:tomasz} and i want my money back",
            "Bonjour, je m'appelle {PERSON:Solène Kerguelen}, ma commande n'est pas arrivée.",
            "je m'appelle {PERSON:solène} et j'attends",
            "Guten Tag, mein Name ist {PERSON:Jörg Öztürk}.",
            "ich heiße {PERSON:annika} und warte seit Montag",
            "Hola, me llamo {PERSON:Iñaki Etxeberria} y no funciona.",
            "Buongiorno, mi chiamo {PERSON:Ludovica Brambilla}.",
            "Goedemiddag, mijn naam is {PERSON:Sjoerd van der Meulen}.",
            "Olá, o meu nome é {PERSON:Conceição Almeida}.",
            "chamo-me {PERSON:Tiago} e quero devolver os sapatos",
            "MY NAME IS {PERSON:YUSRA OKONJO} AND I AM ANGRY",
            "I am {PERSON:Henrik} from the second floor",
        ],
    );
}

#[test]
fn whom_money_goes_to() {
    check(
        &[Kind::Person],
        &[
            "I want to send 50 dollars to {PERSON:Grace}.",
            "transfer $1,360 to {PERSON:Jasveer} today",
            "Bitte 100 Euro an {PERSON:Wiebke} senden",
            "Envoyez 30 euros à {PERSON:Maëlys}.",
            "to the savings account of {PERSON:Jasveer}",
            "an appointment with {PERSON:Okwuosa Ifeoma B} at ten",
            "J'ai un rendez-vous avec {PERSON:Brambert} demain.",
            "Termin bei Frau {PERSON:Yıldız}",
            "pay 20 euros to Wrocław",
            "5 dollars to the shop",
            "from 5 to Twelve",
        ],
    );
}

#[test]
fn no_name_goes_on_in_the_next_sentence() {
    check(
        &[Kind::Person],
        &[
            "Was it {PERSON:Florence}? Livrez le colis demain.",
            "J'ai vu {PERSON:Marceline} ! Rendez-moi mon argent.",
        ],
    );
}

#[test]
fn where_somebody_is_stays_outside() {
    check(
        &[Kind::Person],
        &["Herr {PERSON:Thomas Meier} in der Altstädter Passage wartet."],
    );
}

#[test]
fn titles_stay_outside() {
    check(
        &[Kind::Person],
        &[
            "Please tell Mr {PERSON:Whitcombe} that Dr. {PERSON:Priya Nair} called.",
            "J'ai parlé avec Mme {PERSON:Lefrançois} hier.",
            "M. {PERSON:Dubreuil} ne répond pas.",
            "Herr Dr. {PERSON:Kleinschmidt} hat Frau {PERSON:Yıldız} geschrieben.",
            "La Sra. {PERSON:Echevarría} ya pagó.",
            "Il Sig. {PERSON:Brambilla} e la dott.ssa {PERSON:Conti} aspettano.",
            "Mevrouw {PERSON:de Groot} en dhr. {PERSON:Bakker} wonen hier.",
            "A Sra. {PERSON:Figueiredo} telefonou ontem.",
        ],
    );
}

#[test]
fn greetings_and_signatures() {
    check(
        &[Kind::Person],
        &[
            "Dear {PERSON:Okwui},\nthe lamp is broken.\n\nKind regards,\n{PERSON:Maeve O'Sullivan}",
            "Hallo {PERSON:Wiebke},\n\nder Schrank ist da.\n\nViele Grüße\n{PERSON:karl-heinz}",
            "Bonjour {PERSON:Maëlys},\nmerci pour votre réponse.\nCordialement\n{PERSON:Anne-Laure d'Estienne}",
            "Hola {PERSON:Begoña},\n¿dónde está mi pedido?\nUn saludo,\n{PERSON:José Luis Arrizabalaga}",
            "Ciao {PERSON:Ginevra},\nil pacco è rotto.\nCordiali saluti\n{PERSON:Niccolò Dell'Orto}",
            "Beste {PERSON:Fenna},\nhet pakket is kapot.\nMet vriendelijke groet,\n{PERSON:Joost van den Berg}",
            "Olá {PERSON:Leonor},\na caixa chegou aberta.\nCom os melhores cumprimentos,\n{PERSON:Rui Nogueira da Silva}",
            "it does not work\n\nthanks,\n{PERSON:marta}",
        ],
    );
}

#[test]
fn labels_mails_and_relations() {
    check(
        &[Kind::Person],
        &[
            "Name: {PERSON:Ottilie Brandauer}\nOrder: later",
            "Nom : {PERSON:Brunet Gwenaëlle}",
            "Kunde: {PERSON:Ekrem Demirci}",
            "contact: {PERSON:Saoirse}",
            "From: {PERSON:Jasper Holloway} <jh@example.org>\nTo: Support",
            "On Monday {PERSON:Jasper Holloway} <jh@example.org> wrote:\n> where is it",
            "Am Dienstag schrieb {PERSON:Ottilie Brandauer}:",
            "My wife {PERSON:Anna} signed for it.",
            "meine Tochter {PERSON:Lotte} war zuhause",
            "mon fils {PERSON:Mathis} l'a ouvert",
        ],
    );
}

#[test]
fn names_by_the_lexicon() {
    check(
        &[Kind::Person],
        &[
            "We left it with {PERSON:Charlotte Dupuis}, who lives next door.",
            "The parcel was for {PERSON:Ludwig van Beethoven} of course.",
            "{PERSON:J. R. Hartley} has ordered again.",
            "It is {PERSON:Charlotte}'s lamp.",
            "l'ha ritirato {PERSON:Giuseppe De Angelis} ieri",
            "ask {PERSON:Charlotte K Quennevel} about it",
            "We gave {PERSON:Charlotte} a B Class lamp.",
        ],
    );
}

#[test]
fn said_once_found_again() {
    check(
        &[Kind::Person],
        &[
            "My name is {PERSON:Quillan Ashgrove}. Yes, {PERSON:quillan}, like the river. {PERSON:ASHGROVE} is written with an e.",
        ],
    );
}

#[test]
fn the_mail_address_speaks_for_the_name() {
    check(
        &[Kind::Person],
        &["I asked {PERSON:Brenna Tollward} to write from brenna.tollward@example.org again."],
    );
}

#[test]
fn no_names() {
    check(
        &[Kind::Person],
        &[
            "Hello, where is my order? I will pay the bill in May.",
            "Dear Sir or Madam, please mark the box with a rose.",
            "Hallo zusammen, die Rechnung stimmt nicht. Vielen Dank!",
            "Guten Tag liebes Team, meine Bestellung fehlt.",
            "Bonjour Madame, la facture est fausse. Merci beaucoup",
            "Hola equipo, el pedido no llega. Gracias",
            "Buongiorno, vorrei il rimborso. Grazie mille",
            "Beste klantenservice, waar blijft mijn bestelling? Alvast bedankt",
            "Bom dia, onde está a encomenda? Obrigada",
            "Siemens AG and Banque Populaire both refused the card.",
            "My name is on the parcel, is it not?",
            "From Monday to Friday the Shop is open.",
            "Thanks for your help!",
            "Nur am Montag, nicht am Freitag.",
        ],
    );
}

#[test]
fn without_names_nothing_but_known_ones() {
    let detector = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .expect("settings are fine");
    let mut known = Known::new();
    known.add_name("Anna Lind");
    let found = detector
        .detect("my name is Paul Meier, not Anna Lind", &known)
        .expect("short");
    assert_eq!(found.len(), 1);
}

#[test]
fn the_small_word_of_a_formula_belongs_to_no_name() {
    check(
        &[Kind::Person],
        &[
            "Grüße von {PERSON:Zoë Dupont}",
            "Grüße von {PERSON:Marie}, ich warte noch.",
            "Saludos de {PERSON:Lucía Ferrer}",
            // One that belongs to a name stays with it.
            "My name is {PERSON:Anna von Hohenfels}.",
            "Liebe Grüße\n{PERSON:Joost van den Berg}",
        ],
    );
}
