//! What a layer behind the redacting one sees, whatever it makes of it.

use std::fmt;
use std::sync::{Arc, Mutex};

use pii_detect::{Detector, Known};
use proptest::prelude::*;
use redact::log::{RedactingLayer, Scrubber, Sensitive, UNCHECKED, Watch};
use redact::{Kind, MapId, Mark, PseudonymMap, seal_marks};
use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::planted::collect::Lines;

fn scrubber() -> Scrubber {
    Scrubber::new(Detector::new())
}

/// What lines and JSON say of something, with and without their own layer between.
fn said(scrubber: Scrubber, log: impl Fn()) -> String {
    let lines = Lines::new();
    let plain = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(lines.writer());
    let json = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(lines.writer());
    let layer = RedactingLayer::new(plain.and_then(json), scrubber);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
    lines.text()
}

#[derive(Debug)]
#[expect(dead_code, reason = "read by Debug")]
struct Customer {
    name: &'static str,
    mail: &'static str,
}

#[derive(Debug)]
struct Failed(&'static str, Option<Box<Failed>>);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Failed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_deref().map(|e| e as _)
    }
}

#[test]
fn every_way_a_value_can_come() {
    let text = said(scrubber(), || {
        let span = tracing::info_span!(target: "shop::mail", "deliver", to = "a.quirk@shop.test", late = tracing::field::Empty);
        let _in = span.enter();
        span.record("late", "b.quirk@shop.test");
        let error = Failed(
            "no route to c.quirk@shop.test",
            Some(Box::new(Failed("d.quirk@shop.test is full", None))),
        );
        let customer = Customer {
            name: "Marie",
            mail: "e.quirk@shop.test",
        };
        tracing::info!(
            display = %"f.quirk@shop.test",
            debug = ?customer,
            error = &error as &(dyn std::error::Error + 'static),
            bytes = b"g.quirk@shop.test".as_slice(),
            raw = [0xff_u8, 0x41].as_slice(),
            password = "hunter2!Xq",
            rows = 3,
            ok = true,
            "sent to {}", "h.quirk@shop.test"
        );
        tracing::info!(parent: &span, card = 4_111_111_111_111_111_u64, "paid");
        tracing::info!(parent: None, "i.quirk@shop.test");
    });
    assert!(
        !text.contains("quirk") && !text.contains("hunter2") && !text.contains("4111111"),
        "{text}"
    );
    let first: Vec<&str> = text.lines().collect();
    assert_eq!(first.len(), 6);
    for stays in [
        "deliver",
        "to=",
        "late=",
        "display=",
        "debug=Customer { name:",
        "error=",
        "rows=3",
        "ok=true",
        "INFO",
    ] {
        assert!(first[0].contains(stays), "{stays}: {}", first[0]);
    }
    assert!(
        first[0].contains("sent to <EMAIL>") && first[0].contains("<2 bytes>"),
        "{}",
        first[0]
    );
    let json: serde_json::Value = serde_json::from_str(first[1]).unwrap();
    assert_eq!(json["fields"]["message"], "sent to <EMAIL>");
    assert_eq!(json["fields"]["password"], "<SECRET>");
    assert_eq!(json["fields"]["rows"], 3);
    assert_eq!(json["span"]["to"], "<EMAIL>");
    assert_eq!(json["span"]["late"], "<EMAIL>");
    assert_eq!(json["target"], "it::logging");
    assert!(
        first[2].contains("deliver") && first[2].contains("card=\"<CARD>\""),
        "{}",
        first[2]
    );
    assert!(!first[4].contains("deliver"), "{}", first[4]);
}

#[test]
fn watched_values_in_every_spelling() {
    let watch = Watch::new();
    let mut map = PseudonymMap::new(MapId([1; 16]));
    let value = "Zo\u{eb} Quirk";
    seal_marks(
        value,
        &[Mark::new(0..value.len(), Kind::Person).unwrap()],
        &mut map,
    )
    .unwrap();
    let mut known = Known::new();
    known.add_order("QX-77-4410");
    watch.set(&[&map], &known).unwrap();
    let text = said(scrubber().watch(&watch), || {
        tracing::info!(a = "ZOE QUIRK", b = "zoequirk99", c = ?"Zo\u{eb}\nQuirk", d = "qx774410", e = "Zo%C3%AB%20Quirk", f = "Zo\\u00eb Quirk");
        tracing::info!(n = 4410_u64, m = 774_410_u64, "nothing");
    });
    let lower = text.to_lowercase();
    assert!(
        !lower.contains("quirk") && !lower.contains("qx77"),
        "{text}"
    );
    assert!(text.contains("n=4410"), "{text}");
    let twice = serde_json::json!(serde_json::json!("Zo\u{eb}\n\"Quirk\"").to_string()).to_string();
    let text = said(scrubber().watch(&watch), || tracing::info!("got {twice}"));
    assert!(!text.to_lowercase().contains("quirk"), "{text}");
    watch.clear();
    let text = said(scrubber().watch(&watch), || tracing::info!("qx774410"));
    assert!(text.contains("qx774410"), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_written() {
    struct Loud;
    impl fmt::Debug for Loud {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            std::panic::panic_any("quirk")
        }
    }
    struct Broken;
    impl fmt::Display for Broken {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Err(fmt::Error)
        }
    }
    let text = said(
        scrubber(),
        || tracing::info!(loud = ?Loud, broken = %Broken, "here"),
    );
    assert_eq!(text.matches(UNCHECKED).count(), 4, "{text}");
    let small = Scrubber::new(Detector::builder().max_bytes(8).build().unwrap());
    let text = said(small, || {
        tracing::info!(short = "quirk", "a message of some length")
    });
    assert!(
        text.contains(UNCHECKED) && !text.contains("length") && !text.contains("quirk"),
        "{text}"
    );
}

#[test]
fn long_values_are_cut() {
    let long = format!(
        "{} zoe.quirk@shop.test {}",
        "word ".repeat(10),
        "more ".repeat(1_000)
    );
    for max in 0..80 {
        let out = scrubber().max_value(max).message(&long).into_owned();
        assert!(out.len() <= max + 32, "{out}");
        assert!(
            out.ends_with(&format!("<cut: {} bytes>", long.len())),
            "{out}"
        );
        assert!(!out.contains("zoe") && !out.contains("quirk"), "{out}");
    }
}

#[test]
fn filters_stand_outside() {
    let lines = Lines::new();
    let inner = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(lines.writer());
    let layer = RedactingLayer::new(inner, scrubber()).with_filter(LevelFilter::WARN);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::info!("not this");
        tracing::warn!("this from a.quirk@shop.test");
    });
    let text = lines.text();
    assert!(
        text.contains("this from <EMAIL>") && !text.contains("not this"),
        "{text}"
    );
}

/// A layer that asks for everything it can.
struct Greedy(Arc<Mutex<String>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Greedy {
    fn event_enabled(
        &self,
        event: &tracing::Event<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) -> bool {
        let mut all = self.0.lock().unwrap();
        all.push_str(&format!("{event:?}"));
        event.record(
            &mut |field: &tracing::field::Field, value: &dyn fmt::Debug| {
                all.push_str(&format!("{field} {value:?}"))
            },
        );
        true
    }

    fn on_event(&self, event: &tracing::Event<'_>, ctx: tracing_subscriber::layer::Context<'_, S>) {
        let mut all = self.0.lock().unwrap();
        all.push_str(&format!(
            "{event:?} {:?}",
            ctx.event_span(event).map(|s| s.name())
        ));
    }

    fn on_new_span(
        &self,
        attrs: &tracing::span::Attributes<'_>,
        _: &tracing::span::Id,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        self.0.lock().unwrap().push_str(&format!("{attrs:?}"));
    }

    fn on_record(
        &self,
        _: &tracing::span::Id,
        values: &tracing::span::Record<'_>,
        _: tracing_subscriber::layer::Context<'_, S>,
    ) {
        self.0.lock().unwrap().push_str(&format!("{values:?}"));
    }
}

#[test]
fn any_layer_behind_it() {
    let all = Arc::new(Mutex::new(String::new()));
    let layer = RedactingLayer::new(Greedy(all.clone()), scrubber());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        let span = tracing::info_span!(
            "span",
            to = "a.quirk@shop.test",
            late = tracing::field::Empty
        );
        span.record("late", "b.quirk@shop.test");
        let _in = span.enter();
        tracing::info!(to = "c.quirk@shop.test", "d.quirk@shop.test");
    });
    let all = all.lock().unwrap();
    assert!(
        !all.contains("quirk") && all.matches("<EMAIL>").count() >= 4 && all.contains("span"),
        "{all}"
    );
}

#[test]
fn sensitive_values_are_fields() {
    let lines = Lines::new();
    let layer = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(lines.writer());
    let mail = Sensitive::from("z@quirk.org".to_owned());
    tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
        tracing::info!(%mail, other = ?mail, as_display = tracing::field::display(&mail), as_debug = tracing::field::debug(&mail));
    });
    let text = lines.text();
    assert_eq!(text.matches("Sensitive(11 bytes)").count(), 4, "{text}");
}

/// Pieces of what is logged, among them a watched value in many spellings.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "Zo\u{eb} Quirk",
            "zoe quirk",
            "ZOE_QUIRK",
            "Zo%C3%AB%20Quirk",
            "Zo\\u00eb Quirk",
            "zoe.quirk@shop.test",
            "\"",
            "\\",
            "\\n",
            "%",
            "%25",
            "<EMAIL>",
            "<",
            "[PERSON_1]",
            "\n",
            " ",
            "took 12 ms",
            "{",
            "password: ",
            "06 12 34 56 78",
        ])
        .prop_map(|piece| format!(" {piece} ")),
        ".{0,8}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::times(300), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_watched_is_left(pieces in prop::collection::vec(piece(), 0..12), max in 0usize..120) {
        let mut known = Known::new();
        known.add_name("Zo\u{eb} Quirk");
        let watch = Watch::new();
        watch.set(&[], &known).unwrap();
        let text = pieces.concat();
        let all = scrubber().watch(&watch);
        let out = all.message(&text);
        prop_assert!(!out.to_lowercase().contains("quirk"), "{out}");
        let cut = all.clone().max_value(max).message(&text).into_owned();
        prop_assert!(!cut.to_lowercase().contains("quirk") && cut.len() <= max + 40, "{cut}");
    }
}

/// `cargo test --release --features tracing -- --ignored --nocapture cost`
#[test]
#[ignore = "prints times"]
#[expect(clippy::disallowed_methods, reason = "measures, decides nothing")]
fn cost() {
    let run = |scrubber: Option<Scrubber>| {
        let inner = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .with_writer(std::io::sink);
        let layer = match scrubber {
            Some(scrubber) => RedactingLayer::new(inner, scrubber).boxed(),
            None => inner.boxed(),
        };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let start = std::time::Instant::now();
            for row in 0..20_000 {
                tracing::info!(
                    row,
                    took_ms = 12,
                    path = "/orders/list",
                    "order listed, 14 rows read from the index"
                );
            }
            start.elapsed().as_nanos() / 20_000
        })
    };
    let none = Detector::builder()
        .names(pii_detect::NameEngine::None)
        .build()
        .unwrap();
    println!(
        "without {} ns an event, with names {} ns, without names {} ns",
        run(None),
        run(Some(scrubber())),
        run(Some(Scrubber::new(none)))
    );
}
