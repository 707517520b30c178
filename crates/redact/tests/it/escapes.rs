//! No value leaves behind an escape or an encoding.

use pii_detect::{Detector, Known};
use redact::{Kind, MapId, Mark, PseudonymMap, VerifyError, restore, seal_marks, verify};

fn knowing(values: &[(Kind, &str)]) -> PseudonymMap {
    let mut map = PseudonymMap::new(MapId([5; 16]));
    for (kind, value) in values {
        let mark = Mark::new(0..value.len(), *kind).unwrap();
        seal_marks(value, &[mark], &mut map).unwrap();
    }
    map
}

const ALL: [&str; 23] = [
    "https://x.example/?n=Zo%C3%AB%20Quirk",
    "https://x.example/?n=Zo%25C3%25AB%2520Quirk",
    "Zo=C3=AB Quirk",
    "Zo=C3=AB Qui=\r\nrk",
    "=?UTF-8?Q?Zo=C3=AB_Quirk?=",
    "=?UTF-8?B?Wm/DqyBRdWlyaw==?=",
    "Zo&euml; Quirk",
    "Zo&#235;&nbsp;Quirk",
    "Zo&#xEB; &#81;uirk",
    "{\"name\":\"Zo\\u00eb Quirk\"}",
    "{\"args\":\"{\\\"name\\\":\\\"Zo\\\\u00eb Quirk\\\"}\"}",
    "Wm/DqyBRdWlyaw==",
    "Wm_DqyBRdWlyaw",
    "data:text/plain;base64,SGVsbG8sIG15IG5hbWUgaXMgWm/DqyBRdWlyay4=",
    "5a6fc3ab20517569726b",
    "5A6FC3AB20517569726B",
    "zoe.quirk%40mail.example",
    "zoe.quirk&commat;mail&period;example",
    "em9lLnF1aXJrQG1haWwuZXhhbXBsZQ==",
    "\\x7aoe.quirk\\u0040mail.example",
    "https://x.example/?data=Wm/DqyBRdWlyaw==",
    "https://x.example/u/Wm_DqyBRdWlyaw/home",
    "session=em9lLnF1aXJrQG1haWwuZXhhbXBsZQ; path",
];

#[test]
fn an_escaped_value_is_replaced_on_the_way_out() {
    for text in ALL {
        let mut map = knowing(&[
            (Kind::Person, "Zo\u{eb} Quirk"),
            (Kind::Email, "zoe.quirk@mail.example"),
        ]);
        let before = map.len();
        let text = format!("see {text} please");
        let sealed = seal_marks(&text, &[], &mut map).unwrap();
        assert!(map.len() > before, "{text}");
        assert!(sealed.as_str().contains('['), "{text} {}", sealed.as_str());
        assert_eq!(restore(&sealed, &map).unwrap().expose(), text);
    }
}

#[test]
fn an_escaped_value_is_refused_on_the_way_back() {
    let map = knowing(&[
        (Kind::Person, "Zo\u{eb} Quirk"),
        (Kind::Email, "zoe.quirk@mail.example"),
    ]);
    for text in ALL {
        let refused = verify(&format!("see {text} please"), &map, &Detector::new()).unwrap_err();
        assert!(
            matches!(refused, VerifyError::Leak { .. }),
            "{text}: {refused}"
        );
    }
}

#[test]
fn what_only_looks_escaped_is_left() {
    let mut map = knowing(&[(Kind::Person, "Zo\u{eb} Quirk")]);
    for text in [
        "50%25 off; a=3D b",
        "Rindfleischetikettierung AT&amp;T",
        "C:\\users\\n",
        "cGxhaW4gdGV4dCBvbmx5",
        "deadbeefdeadbeef",
    ] {
        let sealed = seal_marks(text, &[], &mut map).unwrap();
        assert_eq!(sealed.as_str(), text);
    }
    let _ = Known::new();
}

#[test]
fn escapes_within_escapes_end() {
    let mut map = knowing(&[(Kind::Person, "Zo\u{eb} Quirk")]);
    for piece in [
        "%25", "&amp;", "\\\\", "=3D", "%", "&#38;", "QUFB", "\\u005c", "=\r\n",
    ] {
        let text = piece.repeat(40_000);
        let sealed = seal_marks(&text, &[], &mut map).unwrap();
        assert_eq!(restore(&sealed, &map).unwrap().expose(), text);
    }
}
