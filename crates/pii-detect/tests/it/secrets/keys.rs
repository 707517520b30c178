//! Keys of every form in `data/keys.txt`, made at run time, and their harmless twins.

use crate::marked::check;
use pii_detect::{Detector, Kind, Known};

/// A generator of characters that look drawn; no key stands in this source.
struct Draw(u64);

impl Draw {
    fn next(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        usize::try_from(self.0 >> 40).expect("24 bits") % most
    }

    fn run(&mut self, letters: &str, len: usize) -> String {
        (0..len)
            .filter_map(|_| letters.chars().nth(self.next(letters.len())))
            .collect()
    }
}

const DIGITS: &str = "0123456789";
const SMALL: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
const CAPITALS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const WORD: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// A key of a form: the shortest that it allows.
fn make(draw: &mut Draw, form: &str) -> String {
    let mut key = String::new();
    let mut rest = form;
    while let Some((text, behind)) = rest.split_once('[') {
        key.push_str(text);
        let (run, behind) = behind.split_once(']').expect("closed");
        let len = run[1..].split("..").next().expect("a number");
        let letters = match &run[..1] {
            "d" => DIGITS,
            "x" | "X" => &SMALL.replace(|c: char| matches!(c, 'g'..='z'), ""),
            "a" => SMALL,
            "A" => CAPITALS,
            _ => WORD,
        };
        key.push_str(&draw.run(letters, len.parse().expect("a number")));
        rest = behind;
    }
    key.push_str(rest);
    key
}

fn forms() -> Vec<(&'static str, &'static str)> {
    include_str!("../../../data/keys.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split_once(' ').expect("provider and form"))
        .collect()
}

#[test]
fn every_form_is_found_alone_and_in_text() {
    let mut draw = Draw(7);
    assert!(forms().len() > 120);
    for (provider, form) in forms() {
        for _ in 0..4 {
            let key = make(&mut draw, form);
            let marked = format!("{{SECRET:{key}}}");
            for text in [
                marked.clone(),
                format!("hello, {marked} stopped working"),
                format!("see \"{marked}\"."),
                format!("({marked})"),
            ] {
                let (text, _) = crate::marked::unmark(&text);
                let found = Detector::new().detect(&text, &Known::new()).expect("short");
                let hit = found.iter().any(|f| {
                    f.kind() == Kind::Secret && f.span().of(&text).is_some_and(|s| s.contains(&key))
                });
                assert!(hit, "{provider} {form}");
            }
        }
    }
}

#[test]
fn twins_of_forms_are_none() {
    let mut draw = Draw(9);
    for (provider, form) in forms() {
        let prefix = form.split('[').next().expect("a prefix");
        if prefix.len() < 3 {
            continue;
        }
        // The prefix alone, with words behind it, and with what was put there to be replaced.
        for tail in [
            "",
            "some-words-of-a-title",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            let text = format!("the {prefix}{tail} page");
            let found = Detector::new().detect(&text, &Known::new()).expect("short");
            assert!(
                found.iter().all(|f| f.kind() != Kind::Secret),
                "{provider} {form} {tail}"
            );
        }
    }
    let hex = draw.run("0123456789abcdef", 40);
    let half = &hex[..32];
    check(
        &[Kind::Secret],
        &[
            &format!("since commit {hex} the export is broken"),
            &format!("md5 {half} and sha1 {hex}"),
            &format!("since commit {hex} the API key page is broken"),
            &format!("request id {half}"),
            "where do I find the API key",
            "https://www.example.com/shop/9823?utm_source=mail&ref=a1b2c3d4",
            "key: value",
            "API key: none",
            "license key photo IMG_20240305_123456.jpg",
            "sk-learn and task-force",
        ],
    );
}

#[test]
fn settings_headers_and_addresses() {
    let mut draw = Draw(11);
    let word = draw.run(WORD, 24);
    let hex = draw.run("0123456789abcdef", 32);
    let uuid = format!("{}-{}-{}", &hex[..8], "4a1b-9c2d", &hex[..12]);
    let s = format!("{{SECRET:{word}7}}");
    let h = format!("{{SECRET:{hex}}}");
    check(
        &[Kind::Secret],
        &[
            &format!("API_KEY={s}"),
            &format!("export SERVICE_TOKEN=\"{s}\""),
            &format!("  client_secret: {s}"),
            // JSON with braces would be read as marks.
            &format!("\"auth_token\": \"{h}\", \"x\": 1"),
            &format!("Authorization: Bearer {s}"),
            &format!("Authorization: Basic {s}"),
            &format!("curl -u anna:{s} https://example.com"),
            &format!("curl -u {s}: https://example.com"),
            &format!("https://anna:{s}@example.com/x"),
            &format!("postgres://shop:{s}@10.0.0.1:5432/db"),
            &format!("redis://:{s}@cache.example:6379/0"),
            &format!("Server=db;User Id=sa;Password={s};Timeout=3"),
            "Server=db;Uid=app;Pwd={SECRET:Summer#2024&x};Timeout=3",
            "Authorization: Basic {SECRET:dXNlcjpwYXNz}",
            &format!("our API key for EU2 stopped working, it is {s}"),
            &format!("AccountName=shop;AccountKey={s};EndpointSuffix=x"),
            &format!("https://example.com/cb?access_token={s}&state=1"),
            &format!("Set-Cookie: sid={s}; Path=/"),
            &format!("Cookie: lang=en; PHPSESSID={s}; theme=dark"),
            &format!("Cookie: lang=en; shop_state={s}"),
            &format!("I pasted {h} (our API token) by mistake"),
            &format!("our Heroku API key {{SECRET:{uuid}}} is gone"),
            &format!("since today {s} fails, it is our shop's API key"),
            "Authorization: Bearer <token>",
            "DB_PASSWORD=<redacted>",
            "API_KEY=$API_KEY",
            "token: $GITHUB_TOKEN",
            "Cookie: lang=en; theme=dark",
            "https://example.com/a:b@c",
            "curl -u $USER:$PASS https://example.com",
        ],
    );
}

#[test]
fn armour() {
    let mut draw = Draw(13);
    let dashes = "-".repeat(5);
    for label in [
        "PRIVATE KEY",
        "RSA PRIVATE KEY",
        "ENCRYPTED PRIVATE KEY",
        "OPENSSH PRIVATE KEY",
        "PGP PRIVATE KEY BLOCK",
    ] {
        let body = format!(
            "{}\n{}\n{}==",
            draw.run(WORD, 64),
            draw.run(WORD, 64),
            draw.run(WORD, 20)
        );
        let block = format!("{dashes}BEGIN {label}{dashes}\n{body}\n{dashes}END {label}{dashes}");
        let cut = format!("{dashes}BEGIN {label}{dashes}\n{}", draw.run(WORD, 64));
        check(
            &[Kind::Secret],
            &[
                &format!("here:\n{{SECRET:{block}}}\nthanks"),
                &format!("KEY=\"{{SECRET:{}}}\"", block.replace('\n', "\\n")),
                &format!("{{SECRET:{cut}}}\nThat was all of it."),
                &format!("{{SECRET:{}}}", block.replace('\n', "<br>")),
                &format!(
                    "{{SECRET:{}}}",
                    block.replace(&body, &format!("Comment: Zo <zq@x.example>\n\n{body}"))
                ),
                &format!(
                    "{{SECRET:{}}}\nand so on",
                    cut.replacen('\n', "\nProc-Type: 4,ENCRYPTED\n\n", 1)
                ),
            ],
        );
    }
    for label in ["CERTIFICATE", "PUBLIC KEY"] {
        let block = format!("{dashes}BEGIN {label}{dashes}\nMIIB\n{dashes}END {label}{dashes}");
        check(&[Kind::Secret], &[&block]);
    }
}

#[test]
fn secrets_of_any_length_are_found_whole() {
    let mut draw = Draw(11);
    let mut part = |len| draw.run(WORD, len);
    let token = format!("eyJ{}.eyJ{}.{}", part(9_000), part(20_000), part(600));
    for (before, secret, behind) in [
        ("", token.clone(), ""),
        ("Authorization: Bearer ", token.clone(), "\n"),
        ("api_key=", part(30_000), " end"),
        ("sk-", part(6_000), ", thanks"),
        ("ghp_", part(5_000), ""),
        ("The Heroku API key is ours (", part(161), ")."),
        ("our API key for the shop, as agreed: ", part(700), "."),
        (
            "",
            format!("{}-/{}", part(300), part(300)),
            " is what the API token looks like",
        ),
    ] {
        let text = format!("see {before}{secret}{behind}");
        let from = text.len() - behind.len() - secret.len();
        let found = Detector::new().detect(&text, &Known::new()).expect("short");
        let whole = found.iter().any(|f| {
            f.kind() == Kind::Secret
                && f.span().start() <= from
                && f.span().end() >= from + secret.len()
        });
        assert!(whole, "{before} {} {behind}", secret.len());
    }
}
