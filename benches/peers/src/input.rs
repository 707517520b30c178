//! Texts of a file.

use std::path::Path;

use serde_json::Value;

/// The texts: `text` of a row, else what its `thread` says, one text a ticket.
pub fn texts(path: &Path) -> Result<Vec<String>, String> {
    let file = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let mut texts = Vec::new();
    for (at, line) in file
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let row: Value =
            serde_json::from_str(line).map_err(|_| format!("line {} is no JSON", at + 1))?;
        let text = match (&row["text"], &row["thread"]) {
            (Value::String(text), _) => text.clone(),
            (_, Value::Array(thread)) => thread
                .iter()
                .filter_map(|message| message["text"].as_str())
                .collect::<Vec<_>>()
                .join("\n\n"),
            _ => return Err(format!("line {} has neither text nor thread", at + 1)),
        };
        if !text.is_empty() {
            texts.push(text);
        }
    }
    if texts.is_empty() {
        return Err("no text".to_owned());
    }
    Ok(texts)
}

/// Texts of `bytes` bytes each, cut from all texts one after the other.
pub fn pieces(texts: &[String], bytes: usize) -> Vec<String> {
    let all = texts.join("\n\n");
    let mut pieces = Vec::new();
    let mut at = 0;
    while at + bytes <= all.len() {
        let end = all.floor_char_boundary(at + bytes);
        pieces.push(all[at..end].to_owned());
        at = end;
    }
    if pieces.is_empty() {
        pieces.push(all);
    }
    pieces
}
