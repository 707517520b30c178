//! HTML: text across tags, attributes, entities, URLs.

use pii_detect::{Detector, NameEngine};
use proptest::prelude::*;
use redact::{
    Kind, Known, Mark, PseudonymMap, RedactedDocument, StructuredError, restore_document,
    seal_html, seal_marks, verify,
};

use super::{detector, exact, known, map, says_nothing, values};

fn sealed(source: &str, map: &mut PseudonymMap) -> String {
    let document = seal_html(source, &known(), &detector(), map).unwrap();
    assert!(document.dropped().is_empty());
    exact(source, &document, map)
}

#[test]
fn a_name_that_tags_split_is_one_name() {
    let mut known = Known::new();
    known.add_name("Marie Dupont");
    for (source, expected) in [
        (
            "<p>Dear Marie <b>Dupont</b>, hello</p>",
            "<p>Dear [PERSON_1] <b>[PERSON_2]</b>, hello</p>",
        ),
        (
            "<p>Dear Ma<i>rie</i> Du<b class=x>pont</b>!</p>",
            "<p>Dear [PERSON_1]<i>[PERSON_2]</i> [PERSON_3]<b class=x>[PERSON_4]</b>!</p>",
        ),
        ("<p>Marie&nbsp;Dupont</p>", "<p>[PERSON_1]</p>"),
    ] {
        let mut map = map();
        let document = seal_html(source, &known, &detector(), &mut map).unwrap();
        assert_eq!(document.as_str(), expected);
        let restored = restore_document(&document, &map).unwrap();
        assert_eq!(restored.expose(), source.replace("&nbsp;", "\u{a0}"));
    }
    // Wrapped in the source, one name for the reader.
    let mut map = map();
    let source = "<p>Marie\n      Dupont &amp; co,\n  hello</p>";
    let document = seal_html(source, &known, &detector(), &mut map).unwrap();
    assert_eq!(document.as_str(), "<p>[PERSON_1] &amp; co,\n  hello</p>");
    assert_eq!(values(&map), ["[PERSON_1] Marie Dupont"]);
}

#[test]
fn values_are_the_same_as_in_plain_text() {
    let mut map = map();
    // What is marked alone, so that no finding takes a part of it.
    let detector = || Detector::builder().names(NameEngine::None).build().unwrap();
    let name = "M\u{fc}ller & \"S\u{f8}n\" <x>";
    seal_marks(
        name,
        &[Mark::new(0..name.len(), Kind::Org).unwrap()],
        &mut map,
    )
    .unwrap();
    let source = "<p title='M&uuml;ller &amp; &quot;S&oslash;n&quot; &lt;x&gt;'>for M&#xFC;ller &amp; \"S\u{f8}n\" &lt;x></p>";
    let document = seal_html(source, &known(), &detector(), &mut map).unwrap();
    assert_eq!(document.as_str(), "<p title='[ORG_1]'>for [ORG_1]</p>");
    let restored = restore_document(&document, &map).unwrap();
    let plain = "M\u{fc}ller &amp; &quot;S\u{f8}n&quot; &lt;x&gt;";
    assert_eq!(
        restored.expose(),
        format!("<p title='{plain}'>for {plain}</p>")
    );
    // What a model writes cannot break out of its place.
    let draft = verify(
        "<a title=[ORG_1] href='/?q=[ORG_1]'>[org 1]</a>",
        &map,
        &detector(),
    )
    .unwrap();
    let draft = RedactedDocument::of(draft, redact::DocumentFormat::Html);
    let restored = restore_document(&draft, &map).unwrap();
    let bare = plain.replace(' ', "&#32;");
    let url = "M%C3%BCller%20%26%20%22S%C3%B8n%22%20%3Cx%3E";
    assert_eq!(
        restored.expose(),
        format!("<a title={bare} href='/?q={url}'>{plain}</a>")
    );
}

#[test]
fn attributes_hold_data() {
    let mut map = map();
    let source = concat!(
        r#"<a href="mailto:zoe.quirk@example.org?subject=Order%2012345&amp;cc=max%40example.org" title="call 06 12 34 56 78">write</a>"#,
        r#"<a href="tel:+33612345678">call</a>"#,
        r#"<img src="/i.png" alt="zoe.quirk@example.org">"#,
        r#"<input name="email" value="zoe.quirk@example.org" placeholder='x'>"#,
        r#"<div data-email=zoe.quirk@example.org aria-label="max@example.org" class="big red">x</div>"#,
        r#"<a href="https://shop.example/reset?email=zoe.quirk%40example.org&amp;page=2#top">reset</a>"#,
        r#"<meta property="og:email" content="zoe.quirk@example.org">"#,
        r#"<meta http-equiv=refresh content="0;url=/reset?e=zoe.quirk%40example.org">"#,
    );
    let document = seal_html(source, &known(), &detector(), &mut map).unwrap();
    let text = document.as_str();
    for gone in ["quirk", "max", "612345678", "06 12"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    for kept in [
        r#"href="mailto:[EMAIL_1]?subject="#,
        r#"&amp;cc=["#,
        r#"href="tel:[PHONE_"#,
        r#"src="/i.png""#,
        r#"alt="[EMAIL_1]""#,
        r#"placeholder='x'"#,
        "data-email=[EMAIL_1] ",
        r#"class="big red""#,
        "email=[EMAIL_1]&amp;page=2#top",
        r#"content="[EMAIL_1]""#,
    ] {
        assert!(text.contains(kept), "{kept} not in {text}");
    }
    let restored = restore_document(&document, &map).unwrap();
    // The at sign is written plainly in a URL: the same address.
    assert_eq!(restored.expose(), source.replace("%40", "@"));
}

#[test]
fn heads_and_terms_are_cues() {
    let mut map = map();
    let source = "<table><tr><th>Order number</th><th>Customer number</th></tr>\n<tr><td>12345</td><td>K-2291</td></tr></table>\
        <dl><dt>Phone</dt><dd>0612 345 678</dd></dl><table><tr><th>Customer number</th><td>9917-44</td></tr></table>";
    let text = sealed(source, &mut map);
    for gone in ["12345", "2291", "345 678", "9917"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    assert!(text.contains("<th>Order number</th><th>Customer number</th>"));
}

#[test]
fn what_nobody_reads_is_left_out_and_counted() {
    let mut map = map();
    let source = "<!DOCTYPE html><html><head><style>a{}</style><script src=x>var a='Zoe'</script></head><body onload=\"go('Zoe')\">\
        <!-- Zoe --><p>hi<?php zoe ?></p><noscript><img src=z></noscript><iframe srcdoc='<p>Zoe'>Zoe</iframe>\
        <a href=' java\nscript:Zoe()'>x</a><img src=\"data:image/png;base64,Wm9l\"><![CDATA[Zoe]]></body></html>";
    let document = seal_html(source, &known(), &detector(), &mut map).unwrap();
    assert_eq!(
        document.as_str(),
        "<!DOCTYPE html><html><head></head><body onload=\"\"><p>hi</p><a href=''>x</a><img src=\"\"></body></html>"
    );
    let dropped: Vec<_> = document
        .dropped()
        .iter()
        .map(|(what, count, _)| (what, count))
        .collect();
    assert_eq!(
        dropped,
        [
            ("comment", 3),
            ("data URL", 1),
            ("iframe", 1),
            ("noscript", 1),
            ("script", 3),
            ("style", 1)
        ]
    );
    exact(document.as_str(), &document, &map);
    // Taking one out makes no other.
    let joined = seal_html(
        "<<!-- -->script>Zoe</script>x",
        &known(),
        &detector(),
        &mut map,
    )
    .unwrap();
    assert_eq!(joined.as_str(), "x");
}

#[test]
fn what_cannot_be_accounted_for_is_refused() {
    for source in [
        "<p title=\"Zoe",
        "<p Zoe",
        "</p title='Zoe'>",
        "<p>x</p Zoe>",
    ] {
        let error = seal_html(source, &known(), &detector(), &mut map()).unwrap_err();
        assert!(
            matches!(error, StructuredError::Malformed { .. }),
            "{source} {error}"
        );
        says_nothing(&error, &["Zoe"]);
    }
    let mut known = Known::new();
    known.add_name("Zoe Quirk");
    for source in [
        "<x-quirk>a</x-quirk>",
        "<p data-zoe-quirk=1>",
        "<p PERSON_1=2>",
    ] {
        let mut map = map();
        seal_marks(
            "Zoe Quirk",
            &[Mark::new(0..9, Kind::Person).unwrap()],
            &mut map,
        )
        .unwrap();
        let result = seal_html(source, &known, &detector(), &mut map);
        assert!(
            matches!(result, Err(StructuredError::Markup { .. })),
            "{source} {result:?}"
        );
        assert_eq!(map.len(), 1);
    }
    let deep = "<div>".repeat(10_000);
    let error = seal_html(&deep, &known, &detector(), &mut map()).unwrap_err();
    assert!(matches!(error, StructuredError::TooDeep { .. }));
    let wide = "<div/><p>x<br>".repeat(2_000);
    assert!(seal_html(&wide, &known, &detector(), &mut map()).is_ok());
}

#[test]
fn look_alikes_in_markup_and_entities() {
    for source in [
        "<p>I see [PERSON_1] and &#91;PERSON_1&#93; and PERSON&#95;1</p>",
        "<p>[<b>PERSON_1</b>]</p>",
        "<p id=\"ORDER-7\" class='PERSON_1'>x</p>",
        "<p>[</p><p>PERSON_1]</p>",
        "<p>[PERS</p>",
        "<a href='?x=%5BPERSON_1%5D'>x</a>",
        "<p>&lbrack;PERSON_1&rsqb;</p>",
        "<i>a <3 [1] &notit; &amp;amp; x",
    ] {
        let mut map = map();
        let document = seal_html(source, &known(), &detector(), &mut map).unwrap();
        assert!(
            !document.as_str().contains("PERSON_1"),
            "{}",
            document.as_str()
        );
        let restored = restore_document(&document, &map).unwrap();
        assert!(restored.report().unknown().is_empty());
        let again = html_text(restored.expose());
        assert_eq!(again, html_text(source), "{source}");
    }
}

/// A crude second opinion: text without tags, references decoded.
fn html_text(source: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in source.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    for (name, value) in [
        ("&#91;", "["),
        ("&#93;", "]"),
        ("&#95;", "_"),
        ("&lbrack;", "["),
        ("&rsqb;", "]"),
        ("&amp;", "&"),
    ] {
        out = out.replace(name, value);
    }
    out
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::sample::select(vec![
            "<p>", "</p>", "<b>", "</b>", "<br>", "<td>", "<th>", "</th>", "<table>", "</table>", "<pre>", "</pre>", "<dt>", "</dt>", "<dd>",
            "<a href=\"mailto:zoe@example.org\">", "</a>", "<img alt='Marie Dupont' src=\"/a?b=Marie%20Dupont&amp;c\">", "<x-y z=1>",
            "<input value=\"[PERSON_1]\">", "&amp;", "&lt;", "&quot;", "&#39;", "&#91;", "&", "&#", "[", "]", "PERSON_1", "[PERSON_1]", "PERSON_", " ",
            "\n", "\r\n", "Marie", "Dupont", "zoe@example.org", "06 12 34 56 78", "Zo\u{eb}", "\u{1f600}", "'", "\"", "=", "/", "<", ">", "%5B", "<!--", "-->",
            "<script>", "</script>",
        ]).prop_map(str::to_owned),
        1 => "[a-z<&; ]{0,4}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(400), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn restoring_undoes_sealing(pieces in prop::collection::vec(piece(), 0..14)) {
        let source = pieces.concat();
        let mut map = map();
        let document = match seal_html(&source, &known(), &detector(), &mut map) {
            Ok(document) => document,
            Err(StructuredError::Malformed { .. } | StructuredError::Markup { .. }) => {
                prop_assert!(map.is_empty());
                return Ok(());
            }
            Err(other) => panic!("{other:?} {:?}", std::error::Error::source(&other)),
        };
        prop_assert!(!document.as_str().contains("zoe@"), "{}", document.as_str());
        // What comes back is written plainly, so that it comes back as it is: but for an ampersand that begins no reference, which
        // is written as one once it stands within a value.
        let restored = restore_document(&document, &map).unwrap();
        prop_assert!(restored.report().unknown().is_empty());
        let again = seal_html(restored.expose(), &known(), &detector(), &mut map).unwrap();
        prop_assert!(again.dropped().is_empty());
        let twice = restore_document(&again, &map).unwrap();
        let same = spelled(restored.expose(), twice.expose());
        prop_assert_eq!(twice.expose(), same);
    }
}

/// A document, as far as another is the same but for ampersands that begin no reference and are written as one there.
fn spelled(source: &str, there: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let name = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '#'));
        let refers = name.is_some_and(|end| end > 0 && behind[end..].starts_with(';'));
        let as_one = there
            .get(out.len()..)
            .is_some_and(|there| there.starts_with("&amp;"));
        if c == '&' && !refers && as_one {
            out.push_str("&amp;");
        } else {
            out.push(c);
        }
        rest = behind;
    }
    out
}

#[test]
fn an_ampersand_within_a_value_comes_back_as_a_reference() {
    let source = "Marie/PERSON_1</a>Dupont&ji";
    let mut map = map();
    let document = seal_html(source, &known(), &detector(), &mut map).unwrap();
    let restored = restore_document(&document, &map).unwrap();
    assert_eq!(restored.expose(), source);
    // Once the map holds the first name, the second one reaches farther.
    let again = seal_html(source, &known(), &detector(), &mut map).unwrap();
    let twice = restore_document(&again, &map).unwrap();
    assert_eq!(twice.expose(), "Marie/PERSON_1</a>Dupont&amp;ji");
    assert_eq!(spelled(source, twice.expose()), twice.expose());
    // Nothing else is let through: not the other way, not within a reference, not beside what is the same.
    for (source, there) in [
        ("a&amp;b", "a&b"),
        ("a&lt;b", "a&amp;lt;b"),
        ("a&b c", "a&amp;b d"),
    ] {
        assert_ne!(spelled(source, there), there);
    }
}
