//! No value, and no word of a customer, in what may be printed.

use redact::Detector;
use suggest_core::{Decision, ModelReply, Request, Retriever, Review, ScriptedModel, decide};

use crate::help::{engine, map, now, thread};

#[tokio::test]
async fn debug_and_errors_hold_no_text() {
    let engine = engine();
    let mut map = map();
    let thread = thread(
        &[
            "How do I return the zanzibarine shoes, {ORDER:QX-777}?\n\nThanks\n{PERSON:Plantedname Marked}",
        ],
        &mut map,
    );
    let detector = Detector::new();
    let request = Request::new(&thread, &map, &detector, now());
    let embedded = engine.suggest_embedded(&request);
    let model = ScriptedModel::new([Ok("Hello Plantedname Marked about zanzibarine"), Ok("x")]);
    let blocked = engine.suggest(&request, Some(&model)).await;
    let shown = redact::restore(embedded.draft().unwrap().text(), &map).unwrap();
    let review = Review::new(embedded.draft().unwrap(), &shown, &map, &detector);
    let edited = Decision::edit("zanzibarine text for Plantedname");
    let decided = decide(review, &thread, edited).unwrap();
    let hints = engine.hints(&request, 5);
    let everything = format!(
        "{thread:?} {request:?} {embedded:?} {blocked:?} {model:?} {:?} {:?} {:?} {shown:?} {decided:?} {review:?} {:?} {:?} {hints:?} {:?} {engine:?} {:?}",
        decided.approval(),
        decided.approval().map(|a| a.provenance()),
        model.prompts(),
        Decision::edit("zanzibarine"),
        ModelReply::new("Plantedname"),
        embedded.reason(),
        Retriever::new(&[]),
    );
    for planted in ["Plantedname", "Marked", "QX-777", "zanzibarine"] {
        assert!(!everything.contains(planted), "{planted}");
    }
}
