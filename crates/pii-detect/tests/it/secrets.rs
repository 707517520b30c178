use crate::marked::check;
use pii_detect::Kind;

mod cues;
mod hostile;
mod keys;

#[test]
fn secrets() {
    check(
        &[Kind::Secret],
        &[
            "password: {SECRET:hunter2}",
            "my password is {SECRET:S3cure!pass} thanks",
            "Passwort lautet {SECRET:geheim99}",
            "mot de passe : {SECRET:Soleil!}",
            "mi contraseña es {SECRET:rosa123}",
            "la password è {SECRET:ciao2024}",
            "wachtwoord: {SECRET:fiets12}",
            "a senha é {SECRET:gato77}",
            "PIN {SECRET:4821}",
            "CVV: {SECRET:123}",
            "key {SECRET:sk_live_abcdefghij0123456789}",
            "{SECRET:eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz}",
            "{SECRET:ghp_abcdefghijklmnopqrstuvwxyz0123456789}",
            "I forgot my password and the reset is broken",
            "le mot de passe est incorrect",
            "password: *****",
            "the password is not accepted",
        ],
    );
}
