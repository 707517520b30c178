//! Why something was missed, as far as asking the detector again can tell.

use tactful::pii_detect::{Detector, Known};

use super::Stop;
use crate::gold::{self, Span, family};

/// The detector as it is, and one that keeps every candidate.
pub(super) struct Probe {
    usual: Detector,
    eager: Detector,
}

impl Probe {
    pub(super) fn new(usual: Detector) -> Result<Self, Stop> {
        let eager = Detector::builder()
            .recall_bias(1.0)
            .build()
            .map_err(|error| Stop::failed("the detector")(&error))?;
        Ok(Self { usual, eager })
    }

    /// The first reason that holds, the plainest change first.
    pub(super) fn why(&self, text: &str, span: &Span, found: &[Span]) -> String {
        let there: Vec<&Span> = found.iter().filter(|f| f.meets(span)).collect();
        if let (Some(first), Some(last)) = (there.first(), there.last()) {
            return if there.iter().any(|f| f.family() == span.family()) {
                let letters = |range: std::ops::Range<usize>| {
                    let part = text.get(range).unwrap_or("");
                    part.chars().filter(|c| c.is_alphanumeric()).count()
                };
                in_part(
                    letters(span.start..first.start),
                    letters(last.end..span.end),
                )
                .to_owned()
            } else {
                format!("part taken for {}", first.label)
            };
        }
        let (before, value, after) = (
            text.get(..span.start).unwrap_or(""),
            text.get(span.start..span.end).unwrap_or(""),
            text.get(span.end..).unwrap_or(""),
        );
        let in_text = |value: &str| (format!("{before}{value}{after}"), before.len());
        let finds = |detector: &Detector, (text, at): (String, usize), len: usize| {
            let probe = Span::gold(at, at + len, &span.label);
            detector.detect(&text, &Known::new()).is_ok_and(|findings| {
                let all = gold::found(&findings);
                all.iter()
                    .any(|f| f.meets(&probe) && f.family() == probe.family())
            })
        };
        if finds(&self.eager, in_text(value), value.len()) {
            return "below the line (found with every candidate kept)".to_owned();
        }
        let titled = titled(value);
        if titled != value && finds(&self.usual, in_text(&titled), titled.len()) {
            return "case of its letters (found as a title)".to_owned();
        }
        if finds(&self.usual, (value.to_owned(), 0), value.len()) {
            return "its surroundings (found alone)".to_owned();
        }
        let cue = cue(&span.label);
        if finds(
            &self.usual,
            (format!("{cue}{value}"), cue.len()),
            value.len(),
        ) {
            return "no cue (found when announced)".to_owned();
        }
        let both = (format!("{cue}{titled}"), cue.len());
        if finds(&self.usual, both, titled.len()) {
            return "no cue and case (found as a title when announced)".to_owned();
        }
        "form not known (not found when announced)".to_owned()
    }
}

/// Which part of a span is open, by how many letters and digits are open before and behind what was found.
fn in_part(head: usize, tail: usize) -> &'static str {
    match (head, tail) {
        (0, 0) => "found in part (open between)",
        // As long as most titles.
        (1..=5, 0) => "found in part (a short word before it open)",
        (_, 0) => "found in part (its head open)",
        (0, _) => "found in part (its tail open)",
        _ => "found in part (head and tail open)",
    }
}

/// Words in lower case with a capital at their head.
fn titled(value: &str) -> String {
    let mut head = true;
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if head {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        head = !c.is_alphanumeric() && c != '\'';
    }
    out
}

/// What a customer would write before a value of this label.
fn cue(label: &str) -> &'static str {
    match (family(label), label) {
        ("person", _) => "My name is ",
        ("e-mail", _) => "E-mail: ",
        ("phone", _) => "Phone: ",
        ("place", "POSTCODE" | "ZIP_CODE") => "Postcode: ",
        ("place", label) if label.contains("ADDRESS") => "My address is ",
        ("place", _) => "I live in ",
        ("date", _) => "Date of birth: ",
        ("card", _) => "Card number: ",
        ("bank account", _) => "IBAN: ",
        ("number", "ORDER") => "Order number: ",
        ("number", "TRACKING") => "Tracking number: ",
        ("number", "CUSTOMER_ID") => "Customer number: ",
        ("number", _) => "ID number: ",
        ("account name", _) => "Username: ",
        ("machine", _) => "IP address: ",
        _ => "It is ",
    }
}
