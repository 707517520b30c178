//! The slots of a macro: `{NAME}` in capital letters.

use std::ops::Range;

use redact::Kind;

use crate::fact::FactKind;

/// What a slot takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A tag of the customer's message.
    Tag(Kind),
    /// The value of a fact.
    Fact(FactKind),
}

const SLOTS: [(&str, Slot); 7] = [
    ("ORDER", Slot::Tag(Kind::Order)),
    ("PERSON", Slot::Tag(Kind::Person)),
    ("STATUS", Slot::Fact(FactKind::Status)),
    ("DATE", Slot::Fact(FactKind::Date)),
    ("TRACKING", Slot::Fact(FactKind::Tracking)),
    ("CARRIER", Slot::Fact(FactKind::Carrier)),
    ("AMOUNT", Slot::Fact(FactKind::Amount)),
];

/// The slots of a text in order; `None` for one that nothing fills.
pub(crate) fn of(text: &str) -> Vec<(Range<usize>, Option<Slot>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text.get(from..).and_then(|rest| rest.find('{')) {
        let start = from + open;
        from = start + 1;
        let Some(rest) = text.get(from..) else { break };
        let len = rest
            .bytes()
            .take_while(|b| b.is_ascii_uppercase() || *b == b'_')
            .count();
        if len > 0 && rest.as_bytes().get(len) == Some(&b'}') {
            let name = rest.get(..len).unwrap_or_default();
            let slot = SLOTS.iter().find(|(of, _)| *of == name).map(|(_, s)| *s);
            from += len + 1;
            found.push((start..from, slot));
        }
    }
    found
}

/// Whether a text has a slot that nothing fills.
pub(crate) fn unknown(text: &str) -> bool {
    of(text).iter().any(|(_, slot)| slot.is_none())
}

/// The text with its slots filled; `None` where one of them cannot be.
pub(crate) fn filled(text: &str, fill: impl Fn(Slot) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (range, slot) in of(text) {
        out.push_str(text.get(at..range.start)?);
        out.push_str(&fill(slot?)?);
        at = range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_or_nothing_is() {
        let fill = |slot| match slot {
            Slot::Tag(Kind::Order) => Some("[ORDER_1]".to_owned()),
            Slot::Fact(FactKind::Status) => Some("on its way".to_owned()),
            _ => None,
        };
        let ok = filled("{ORDER} is {STATUS}. {not} {} {a", fill);
        assert_eq!(ok.as_deref(), Some("[ORDER_1] is on its way. {not} {} {a"));
        assert_eq!(filled("by {CARRIER}", fill), None);
        assert_eq!(filled("{COLOUR}", fill), None);
        assert!(unknown("{COLOUR}") && !unknown("{ORDER} {x} {O"));
    }
}
