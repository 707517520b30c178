//! Secrets that people tell, and talk about secrets without one.

use crate::marked::check;
use pii_detect::Kind;

#[test]
fn passwords_that_are_told() {
    check(
        &[Kind::Secret],
        &[
            "password is {SECRET:john 1234}",
            "my password is {SECRET:blue horse 77}",
            "hi my pw is {SECRET:blue horse 77}, cannot log in",
            "mi clave es {SECRET:perro azul 55}",
            "mon mdp c'est {SECRET:chat noir 42}",
            "password {SECRET:john 1234}",
            "the password is \"{SECRET:correct horse}\" ok",
            "I changed my password to {SECRET:Tr0ub4dor} yesterday",
            "j'ai mis mon mot de passe en {SECRET:Bonjour22!x} hier",
            "{SECRET:hunter22} is my password",
            "{SECRET:Bonjour22} est mon mot de passe",
            "{SECRET:Regen99!} ist mein Passwort",
            "wifi password: {SECRET:sunflower}",
            "password:\n{SECRET:hunter22}\nthanks",
            "user anna, password {SECRET:s0mmer99} and then an error",
            "contraseña: {SECRET:%x7-kk}",
            "palavra-passe: {SECRET:gato+77}",
            "wachtwoord is {SECRET:Fiets2024}",
            "**Password:** {SECRET:Hunter22!x}",
            "*Password*: {SECRET:Hunter22!x}",
            "| Password | {SECRET:Hunter22!x} |",
            "Password - {SECRET:Hunter22!x}",
            "<b>Password:</b> {SECRET:Hunter22!x}",
            "Passwort (WLAN): {SECRET:Sonne2024}",
            "Password: **** please",
        ],
    );
}

#[test]
fn talk_about_passwords() {
    check(
        &[Kind::Secret],
        &[
            "I forgot my password",
            "password reset does not work",
            "what is your password",
            "password please",
            "my password is wrong",
            "my password is not working 3 times",
            "the password is 12 characters long",
            "password must be 8 characters",
            "password is at least 8 characters",
            "password: 8-12 characters",
            "my password is 2FA protected",
            "the password is expired since 2023",
            "passwort ist falsch",
            "das passwort ist seit 2 tagen falsch",
            "la contraseña es incorrecta",
            "la contraseña es de 8 caracteres",
            "il mio password non funziona",
            "ho cambiato la password ieri",
            "mot de passe oublié",
            "le mot de passe est trop court",
            "mijn wachtwoord werkt niet",
            "a senha não funciona",
            "que se passe t il avec ma commande 12345",
            "password: wrong",
            "Password: $DB_PASSWORD",
            "palabra clave del problema",
            "secret santa gift for 2024",
            "the key to the shop is lost",
            "token of appreciation",
        ],
    );
}

#[test]
fn numbers_behind_and_before_a_cue() {
    check(
        &[Kind::Secret],
        &[
            "{SECRET:482913} is your code",
            "code de verification : {SECRET:482 913}",
            "{SECRET:482 913} est votre code de vérification",
            "{SECRET:G-482913} is your Google verification code",
            "{SECRET:4821} is my pin",
            "{SECRET:4821} ist meine PIN",
            "my pin is {SECRET:4821}",
            "Your verification code: {SECRET:A7K9Q2}",
            "Use code {SECRET:482913} to log in",
            "the sms said code {SECRET:482913}",
            "security code on the card is {SECRET:123}",
            "il codice di sicurezza è {SECRET:123}",
            "código de verificación: {SECRET:482913}",
            "uw verificatiecode is {SECRET:482913}",
            "TAN: {SECRET:482913}",
            "the one-time code {SECRET:48 29 13} expired",
            "otp {SECRET:482913}",
        ],
    );
}

#[test]
fn talk_about_codes() {
    check(
        &[Kind::Secret],
        &[
            "the code does not work",
            "The PIN pad is broken",
            "my pin has 4 digits",
            "a 6-digit code",
            "PIN 3 times wrong",
            "discount code 482913",
            "the error code is 482913",
            "your discount code is 482913",
            "code postal 75001",
            "le code postal est 75001",
            "country code 0044",
            "product code: 482913",
            "code 482913",
            "verification code never came, order 4829133",
            "my code is not valid",
            "QR code 482913",
            "Das Kartenlesegerät mit PIN ist kaputt",
        ],
    );
}

#[test]
fn recovery_phrases() {
    let words = "river apple stone cloud tiger metal paper lemon chair house green silver";
    let commas = words.replace(' ', ", ");
    let lines = words.replace(' ', "\n");
    let numbered: Vec<String> = words
        .split(' ')
        .enumerate()
        .map(|(n, word)| format!("{}. {word}", n + 1))
        .collect();
    let numbered = numbered.join(" ");
    for list in [words, &commas, &lines, &numbered] {
        for cue in [
            "my seed phrase: ",
            "my recovery phrase is ",
            "phrase de récupération : ",
            "Wiederherstellungsphrase: ",
            "frase semilla: ",
            "frase di recupero: ",
            "mijn herstelzin is ",
            "frase de recuperação:\n",
        ] {
            check(&[Kind::Secret], &[&format!("{cue}{{SECRET:{list}}}")]);
        }
        check(
            &[Kind::Secret],
            &[&format!(
                "seed phrase: {{SECRET:{list}}}\nThanks for your help!"
            )],
        );
    }
    check(
        &[Kind::Secret],
        &[
            "What is a recovery phrase and do I need one?",
            "my recovery phrase does not work anymore because the wallet was closed and nobody could help with that problem",
            "seed phrase: river apple stone",
            "the seed packets: carrot, onion, lettuce, radish",
            "river apple stone cloud tiger metal paper lemon chair house green silver",
        ],
    );
}
