//! Mail: headers, quoted replies, encodings, attachments.

use redact::{Known, RedactedDocument, StructuredError, restore_document, seal_mail};

use super::{detector, known, map, says_nothing, values};

fn sealed(message: &str, map: &mut redact::PseudonymMap) -> RedactedDocument {
    let message = message.replace('\n', "\r\n");
    let document = seal_mail(message.as_bytes(), &known(), &detector(), map).unwrap();
    let restored = restore_document(&document, map).unwrap();
    assert!(restored.report().unknown().is_empty());
    document
}

fn dropped(document: &RedactedDocument) -> Vec<(&str, usize, usize)> {
    document.dropped().iter().collect()
}

const THREE_DEEP: &str = "From: =?UTF-8?Q?Zo=C3=AB?= =?UTF-8?Q?_Qu=C3=AFrk?= <zoe@quirk.example>\n\
To: \"Support, Shop\" <help@shop.example>, =?ISO-8859-1?B?TfxsbGVyLCBKYW4=?= <jan.mueller@example.org>\n\
Cc: plain@example.org\n\
Reply-To: <other@quirk.example>\n\
Subject: =?utf-8?B?UsOpcG9uc2UgZGUgWm/DqyBRdcOvcms=?=\n\
Date: Wed, 01 May 2024 10:32:05 +0200\n\
Received: from laptop.quirk.example ([192.0.2.7])\n\
Message-ID: <abc@quirk.example>\n\
Content-Type: text/plain; charset=utf-8\n\
Content-Transfer-Encoding: 8bit\n\
\n\
Hello again,\n\
\n\
On Wed, 1 May 2024 at 09:00, Tom Agentson <tom@shop.example> wrote:\n\
> Dear Zo\u{eb} Qu\u{ef}rk,\n\
> we sent it.\n\
>\n\
> On Tue, 30 Apr 2024, Zo\u{eb} Qu\u{ef}rk <zoe@quirk.example> wrote:\n\
>> my number is 0612 345 678, and I am Zo\u{eb}\n\
>> Qu\u{ef}rk from Lyon.\n\
>>\n\
>> Am 29.04.2024 schrieb Jan M\u{fc}ller <jan.mueller@example.org>:\n\
>>> order 12345 for jan.mueller@example.org\n\
\n\
-- \n\
Zo\u{eb} Qu\u{ef}rk\n\
Quirk GmbH\n";

#[test]
fn quoted_replies_three_deep() {
    let mut map = map();
    let document = sealed(THREE_DEEP, &mut map);
    let text = document.as_str();
    for gone in [
        "Zo\u{eb}",
        "Qu\u{ef}rk",
        "quirk",
        "M\u{fc}ller",
        "mueller",
        "Tom",
        "tom@",
        "help@",
        "plain@",
        "other@",
        "345 678",
        "=?",
        "192.0.2.7",
        "Message-ID",
    ] {
        assert!(!text.contains(gone), "{gone} in\n{text}");
    }
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "From: [PERSON_1] <[EMAIL_1]>");
    assert!(lines[1].starts_with("Reply-To: <[EMAIL_"));
    assert_eq!(lines[5], "Date: 2024-05-01T10:32:05+02:00");
    assert!(
        text.contains("\n> Dear [PERSON_1],\n> we sent it.\n>\n"),
        "{text}"
    );
    assert!(
        text.contains("\n>> my number is [PHONE_1], and I am [PERSON_"),
        "{text}"
    );
    assert!(text.contains("\n>> [PERSON_"), "{text}");
    assert!(text.contains("\n>>> order "), "{text}");
    assert!(text.contains("\n-- \n[PERSON_1]\n"), "{text}");
    assert_eq!(values(&map)[0], "[PERSON_1] Zo\u{eb} Qu\u{ef}rk");
    assert_eq!(document.dropped().count("header"), 4);
    let restored = restore_document(&document, &map).unwrap();
    assert!(restored.expose().contains(
        "To: Support, Shop <help@shop.example>, M\u{fc}ller, Jan <jan.mueller@example.org>\n"
    ));
    let body = THREE_DEEP.split_once("\n\n").unwrap().1;
    assert!(restored.expose().ends_with(body.trim_end_matches(' ')));
}

const MIXED: &str = "From: zoe@quirk.example\n\
To: help@shop.example\n\
Subject: pictures\n\
MIME-Version: 1.0\n\
Content-Type: multipart/mixed; boundary=\"outer\"\n\
\n\
--outer\n\
Content-Type: multipart/alternative; boundary=inner\n\
\n\
--inner\n\
Content-Type: text/plain; charset=iso-8859-1\n\
Content-Transfer-Encoding: quoted-printable\n\
\n\
Gr=FC=DFe von Zo=EB, 06 12 34 56=\n 78\n\
--inner\n\
Content-Type: text/html; charset=utf-8\n\
\n\
<p>Gr&uuml;&szlig;e</p>\n\
--inner--\n\
--outer\n\
Content-Type: image/png; name=\"Marie Dupont.png\"\n\
Content-Disposition: inline; filename=\"Marie Dupont.png\"\n\
Content-Transfer-Encoding: base64\n\
\n\
iVBORw0KGgo=\n\
--outer\n\
Content-Type: application/x-marie; name=\"Marie Dupont.bin\"\n\
Content-Disposition: attachment\n\
\n\
secret of Marie\n\
--outer\n\
Content-Type: text/plain\n\
Content-Disposition: attachment; filename=notes.txt\n\
\n\
Marie Dupont\n\
--outer\n\
Content-Type: message/rfc822\n\
\n\
From: Marie Dupont <m@dupont.example>\n\
Subject: inner\n\
\n\
I am Marie Dupont.\n\
--outer--\n";

#[test]
fn attachments_are_counted_and_messages_inside_are_read() {
    let mut map = map();
    let document = sealed(MIXED, &mut map);
    let text = document.as_str();
    assert!(
        !text.contains("Marie") && !text.contains("Dupont") && !text.contains("secret"),
        "{text}"
    );
    assert!(text.contains("Gr\u{fc}\u{df}e von "), "{text}");
    assert!(text.contains("[PHONE_1]"), "{text}");
    assert!(
        text.contains("\n---------- message ----------\nFrom: [PERSON_"),
        "{text}"
    );
    let sorts: Vec<_> = dropped(&document)
        .into_iter()
        .filter(|(what, ..)| *what != "header")
        .collect();
    assert_eq!(
        sorts,
        [
            ("image/png", 1, 8),
            ("other", 1, 15),
            ("text/html", 1, 23),
            ("text/plain", 1, 12)
        ]
    );
    let said = format!("{document:?} {:?}", document.dropped());
    assert!(!said.contains("arie"), "{said}");
}

#[test]
fn html_alone_becomes_text() {
    let mut map = map();
    let message = "From: a@example.org\nSubject: x\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64\n\n\
        PGh0bWw+PGhlYWQ+PHN0eWxlPmF7fTwvc3R5bGU+PC9oZWFkPjxwPkkgYW0gPGI+em9lPC9iPkBleGFtcGxlLm9yZzxicj5vcmRlciZuYnNwO2hlcmU8\n\
        L3A+PGRpdj5ieWU8L2Rpdj48L2h0bWw+\n";
    let document = sealed(message, &mut map);
    assert!(
        document
            .as_str()
            .ends_with("\n\nI am [EMAIL_2]\norder\u{a0}here\nbye\n"),
        "{}",
        document.as_str()
    );
    assert_eq!(document.dropped().count("style"), 1);
}

#[test]
fn what_is_broken_is_counted_or_refused() {
    let mut map = map();
    let cut = &MIXED[..MIXED.find("iVBOR").unwrap() + 6];
    let document = sealed(cut, &mut map);
    assert!(document.as_str().contains("Gr\u{fc}\u{df}e"));
    assert_eq!(document.dropped().count("cut message"), 1);
    let broken = "From: a@example.org\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n!!! I am zoe@example.org ***\n";
    let document = sealed(broken, &mut map);
    assert!(!document.as_str().contains("zoe@"), "{}", document.as_str());
    assert_eq!(document.dropped().count("damaged part"), 1);
    let before = map.len();
    let html = "From: a@example.org\nContent-Type: text/html\n\n<p title=\"Marie\n";
    let deep = format!(
        "Content-Type: message/rfc822\n\n{}",
        "Content-Type: message/rfc822\n\n".repeat(20_000)
    );
    for message in [
        "",
        "\n",
        "hello Marie",
        "X-Other: Marie\n\nbody",
        html,
        &deep,
    ] {
        let message = message.replace('\n', "\r\n");
        let error = seal_mail(message.as_bytes(), &known(), &detector(), &mut map).unwrap_err();
        assert!(
            matches!(
                error,
                StructuredError::Malformed { .. } | StructuredError::TooMany { .. }
            ),
            "{error}"
        );
        says_nothing(&error, &["Marie"]);
    }
    assert_eq!(map.len(), before);
}

#[test]
fn messages_too_far_inside_are_counted() {
    let mut message = String::new();
    for level in 0..7 {
        message.push_str(&format!(
            "From: p{level}@example.org\nSubject: s{level}\nContent-Type: message/rfc822\n\n"
        ));
    }
    message.push_str("From: zoe@example.org\nSubject: last\n\nI am Zoe\n");
    let document = sealed(&message, &mut map());
    assert_eq!(document.as_str().matches("From: ").count(), 4);
    assert_eq!(document.dropped().count("message/rfc822"), 1);
}

#[test]
fn a_header_stays_one_line_and_tags_are_escaped() {
    let mut map = map();
    let message = "From: =?UTF-8?Q?Zoe=0D=0ABcc:_all=40example.org?= <zoe@example.org>\nSubject: =?UTF-8?Q?I_see_[PERSON=5F1]=0A?=\n\n> [PERSON_1]\n> [PERS\n";
    let document = sealed(message, &mut map);
    let text = document.as_str();
    assert_eq!(text.lines().count(), 5, "{text}");
    assert!(
        text.contains("Subject: I see [TEXT_1]\n\n> [TEXT_1]\n> [TEXT_2]\n"),
        "{text}"
    );
    let mut known = Known::new();
    known.add_name("Zoe Quirk");
    let source = b"From: a@example.org\r\n\r\n> for Zoe\r\n> Quirk and\r\n";
    let document = seal_mail(source, &known, &detector(), &mut super::map()).unwrap();
    assert!(
        document
            .as_str()
            .ends_with("\n> for [PERSON_1]\n> [PERSON_2] and\n"),
        "{}",
        document.as_str()
    );
}

#[test]
fn any_bytes_are_read_or_refused() {
    // Every cut of a message, and every byte of it turned over.
    let bytes = MIXED.replace('\n', "\r\n").into_bytes();
    let detector = pii_detect::Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .unwrap();
    for at in (0..bytes.len()).step_by(3) {
        let _ = seal_mail(&bytes[..at], &known(), &detector, &mut map());
        let mut turned = bytes.clone();
        turned[at] ^= 0x81;
        let _ = seal_mail(&turned, &known(), &detector, &mut map());
    }
}
