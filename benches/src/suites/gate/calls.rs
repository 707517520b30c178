//! Calls of tools: JSON whose `arguments` are JSON in a string, now and then JSON in a string in that, with personal values
//! that hold quotes, line breaks and backslashes.

use serde_json::{Value, json};
use tactful::pii_detect::{Detector, Known};
use tactful::redact::{MapId, Numbers, PseudonymMap, restore_document, seal_json};

use crate::suites::reident;

/// What came of the calls.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Calls {
    /// Calls.
    pub run: usize,
    /// Calls that were sealed with no planted value left in clear.
    pub masked: usize,
    /// Calls that were sealed, and were valid JSON and the source again after restoring.
    pub whole: usize,
    /// Which went wrong, without a value.
    pub failures: Vec<String>,
}

/// A call and what is planted in it.
struct Call {
    text: String,
    planted: Vec<String>,
}

pub(super) fn calls(detector: &Detector, count: usize) -> Result<Calls, String> {
    let world = reident::world(1);
    let mut calls = Calls::default();
    for (number, person) in world.register.iter().enumerate().take(count) {
        let call = call(number, person);
        if !is_fair(&call)? {
            return Err(format!("call {number} does not hold what is planted in it"));
        }
        calls.run += 1;
        let mut map = PseudonymMap::new(MapId([7; 16]));
        let sealed = match seal_json(&call.text, Numbers::Tag, &Known::new(), detector, &mut map) {
            Ok(sealed) => sealed,
            Err(error) => {
                calls.failures.push(format!("call {number}: {error}"));
                continue;
            }
        };
        let seen = strings_of(sealed.as_str()).unwrap_or_default();
        let left = call.planted.iter().filter(|v| stands_in(v, &seen)).count();
        if left == 0 && !seen.is_empty() {
            calls.masked += 1;
        } else {
            calls
                .failures
                .push(format!("call {number}: {left} values in clear"));
        }
        let back = restore_document(&sealed, &map);
        if back.is_ok_and(|back| back.expose() == call.text && strings_of(back.expose()).is_some())
        {
            calls.whole += 1;
        } else {
            calls
                .failures
                .push(format!("call {number}: not the source"));
        }
    }
    Ok(calls)
}

/// Every planted value stands in the strings: else a call would pass for nothing.
fn is_fair(call: &Call) -> Result<bool, String> {
    let strings = strings_of(&call.text).ok_or("a call that is no JSON")?;
    Ok(call.planted.iter().all(|value| stands_in(value, &strings)))
}

fn stands_in(value: &str, strings: &[String]) -> bool {
    strings.iter().any(|string| string.contains(value))
}

/// All strings of a JSON text, names included, those that hold JSON read in turn; `None` where a string that begins like
/// an object is none.
fn strings_of(text: &str) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut todo = vec![serde_json::from_str::<Value>(text).ok()?];
    while let Some(value) = todo.pop() {
        match value {
            Value::String(text) => {
                if text.starts_with('{') {
                    todo.push(serde_json::from_str(&text).ok()?);
                }
                out.push(text);
            }
            Value::Array(items) => todo.extend(items),
            Value::Object(fields) => {
                for (name, value) in fields {
                    out.push(name);
                    todo.push(value);
                }
            }
            Value::Number(number) => out.push(number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }
    Some(out)
}

fn call(number: usize, person: &reident::Person) -> Call {
    let name = format!("{} {}", person.given, person.surname);
    let (mail, phone) = (&person.email, &person.phone);
    let mut planted = vec![mail.clone()];
    let mut plant = |value: &String| {
        planted.push(value.clone());
        value.clone()
    };
    let (tool, arguments) = match number % 8 {
        0 => (
            "send_mail",
            json!({"to": [mail], "name": plant(&name), "urgent": true, "copies": 2}),
        ),
        // Quotes in the value, and around it.
        1 => {
            let short: String = person.given.chars().take(3).collect();
            let nick = format!("{} \"{short}y\" {}", person.given, person.surname);
            plant(&person.surname);
            (
                "note",
                json!({"customer": {"full_name": plant(&nick), "email": mail}, "stars": 4.5}),
            )
        }
        // A line break within a value and around it.
        2 => (
            "call_back",
            json!({
                "text": format!("Please call \"{}\"\nat {}\r\n\tor write to <{mail}>.", plant(&name), plant(phone)),
                "within_hours": 24,
            }),
        ),
        // Backslashes beside and within.
        3 => (
            "open_file",
            json!({
                "path": format!("C:\\Users\\{mail}\\claims\\new.pdf"),
                "owner": {"name": plant(&name), "phone": plant(phone)},
            }),
        ),
        // JSON in a string in a string.
        4 => (
            "forward",
            json!({
                "payload": json!({
                    "from": {"email": mail, "phone": plant(phone)},
                    "body": format!("\"{}\" says:\n\\o/ thanks", plant(&name)),
                }).to_string(),
                "retries": 3,
            }),
        ),
        // Three deep, in a list of lists.
        5 => (
            "batch",
            json!({"steps": [[json!({
                "tool": "send_mail",
                "arguments": json!({"to": mail, "subject": "Re: \"your order\"", "name": plant(&name)}).to_string(),
            }).to_string()], [null, false, 17]]}),
        ),
        // The address as the name of a field.
        6 => (
            "merge",
            json!({"accounts": {(mail.as_str()): {"phone": plant(phone), "note": "two\\lines\nof \"text\""}}}),
        ),
        _ => (
            "update_profile",
            json!({
                "before": {"first_name": plant(&person.given), "last_name": plant(&person.surname)},
                "after": {"email": mail, "phone": plant(phone), "comment": "\"\\\"\u{2028}\u{e9}\u{1f600}"},
            }),
        ),
    };
    let call = json!({
        "id": format!("call_{number:04}"),
        "type": "function",
        "function": {"name": tool, "arguments": arguments.to_string()},
    });
    // Some models indent.
    let text = match number / 8 % 2 {
        0 => call.to_string(),
        _ => format!("{call:#}"),
    };
    Call { text, planted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_to_the_bottom() {
        let inner = json!({"a": "x\n\"y\""}).to_string();
        let text = json!({"args": json!({"inner": inner}).to_string(), "n": 7}).to_string();
        let strings = strings_of(&text).unwrap();
        assert!(stands_in("x\n\"y\"", &strings) && stands_in("7", &strings));
        assert!(strings_of("{\"a\":\"{broken\"}").is_none());
    }

    #[test]
    fn what_is_planted_stands_in_the_call() {
        let world = reident::world(1);
        for (number, person) in world.register.iter().enumerate().take(200) {
            assert_eq!(is_fair(&call(number, person)), Ok(true), "{number}");
        }
    }
}
