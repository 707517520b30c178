//! Texts for tests.

/// Every message of the invented tickets.
pub(crate) fn tickets() -> Vec<String> {
    let lines = include_str!("../../../../examples/data/tickets.jsonl").lines();
    let messages = lines.flat_map(|line| {
        let ticket: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let thread = ticket
            .get("thread")
            .and_then(|t| t.as_array())
            .expect("a thread")
            .clone();
        thread.into_iter().map(|m| {
            m.get("text")
                .and_then(|t| t.as_str())
                .expect("a text")
                .to_owned()
        })
    });
    messages.collect()
}
