//! An embedder who logs whatever is at hand, at every step of every library, and the layer that scrubs it: the values of
//! `leaks` stand in no line, plain or JSON.

use std::sync::Arc;

use tactful::pii_detect::{Detector, Kind, Known};
use tactful::redact::log::{RedactingLayer, Scrubber, Watch};
use tactful::suggest_core::ScriptedModel;
use tracing_subscriber::Layer;
use tracing_subscriber::layer::SubscriberExt;

use crate::leaks::{Places, Planting, Sink, Value, contract, desk, found, plantings, refuse, walk};

/// What is written to logs by those who know no better: texts, values, lists, errors, JSON, spans.
fn careless(planting: &Planting) {
    let span = tracing::info_span!("ticket", text = planting.text, late = tracing::field::Empty);
    let _in = span.enter();
    span.record("late", planting.text.as_str());
    tracing::info!("got {}", planting.text);
    tracing::debug!(body = %serde_json::json!({ "text": planting.text }), "posted");
    let error = std::io::Error::other(planting.text.clone());
    tracing::error!(
        error = &error as &(dyn std::error::Error + 'static),
        "failed"
    );
    let values: Vec<&str> = planting.planted.iter().map(|v| v.value.as_str()).collect();
    tracing::trace!(?values, "profile");
    for value in values {
        tracing::trace!(
            value,
            upper = value.to_uppercase(),
            bytes = value.as_bytes()
        );
        tracing::warn!("no match for {value:?}");
    }
}

/// What is logged while `work` runs.
fn logged(scrubber: Option<Scrubber>, work: impl FnOnce()) -> Vec<u8> {
    let sink = Sink::default();
    let writer = |sink: &Sink| {
        let sink = sink.clone();
        move || sink.clone()
    };
    let plain = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(writer(&sink));
    let json = tracing_subscriber::fmt::layer()
        .json()
        .with_writer(writer(&sink));
    let both = plain.and_then(json);
    let layer = match scrubber {
        Some(scrubber) => RedactingLayer::new(both, scrubber).boxed(),
        None => both.boxed(),
    };
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, work);
    sink.bytes()
}

/// Everything the libraries do with the plantings, and what the embedder says of it.
fn everything(plantings: &[Planting], before: impl Fn(&Planting)) {
    let (places, dir) = (Places::calm(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let model = Arc::new(ScriptedModel::new(
            plantings.iter().map(|_| Ok("Thank you.")),
        ));
        let desk = desk(dir.path(), model).await;
        desk.onboard(contract()).await.unwrap();
        for planting in plantings {
            before(planting);
            careless(planting);
            walk(&desk, planting, &places).await;
            for value in &planting.planted {
                refuse(&value.value, &places);
            }
        }
        desk.close().await.unwrap();
    });
}

#[test]
fn whatever_is_logged_the_layer_lets_no_value_through() {
    let plantings = plantings();
    let values: Vec<&Value> = plantings.iter().flat_map(|p| &p.planted).collect();

    // What the embedder knows of the customer is watched for.
    let watch = Watch::new();
    let known = |planting: &Planting| {
        let mut known = Known::new();
        for value in &planting.planted {
            known.add(
                Kind::from_label(&value.kind).unwrap_or(Kind::Custom),
                &value.value,
            );
        }
        watch.set(&[], &known).unwrap();
    };
    let scrubber = Scrubber::new(Detector::new()).watch(&watch);
    let bytes = logged(Some(scrubber), || everything(&plantings, known));
    assert!(bytes.len() > 200_000, "hardly anything was logged");
    assert_eq!(found(&values, &bytes), [""; 0]);

    // Nothing is known: what stands in a text is found, what stands alone in a field not always.
    let only_said = || plantings.iter().for_each(careless);
    let bytes = logged(Some(Scrubber::new(Detector::new())), only_said);
    let detectable: Vec<&Value> = values.iter().copied().filter(|v| v.detectable).collect();
    let left = found(&detectable, &bytes);
    println!(
        "without what is known, {} of {} are left: {left:?}",
        left.len(),
        detectable.len()
    );
    assert!(left.len() * 5 <= detectable.len(), "{left:?}");

    // Without the layer all of them are there: the search can fail.
    assert_eq!(found(&values, &logged(None, only_said)).len(), values.len());
}
