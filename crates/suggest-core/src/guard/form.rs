//! The form of a draft: how long it is, whether it says again what was said, whom its passages are for.

use std::collections::HashSet;

use crate::guard::{Code, Context, Finding};
use crate::knowledge::Audience;
use crate::text;
use crate::thread::Author;

/// Words that make a shingle (Broder 1997, "On the resemblance and containment of documents").
const SHINGLE: usize = 4;

/// The share of the shingles of a draft that stand in an earlier answer from which it is the same answer.
const SAME: f32 = 0.8;

/// Drafts of fewer words are courtesies, which may well come twice.
const WORDS: usize = 10;

/// Earlier answers that were the same from which another is a loop.
const LOOP: usize = 2;

pub(super) fn findings(draft: &str, cx: &Context<'_>, out: &mut Vec<Finding>) {
    if draft.chars().nth(cx.longest).is_some() {
        out.push(Finding::warn(Code::Length, None));
    }
    match times_said(draft, cx) {
        0 => {}
        times if times < LOOP => out.push(Finding::warn(Code::Repeats, None)),
        _ => out.push(Finding::block(Code::Repeats, None)),
    }
    let internal = |id: Option<&String>| {
        cx.supplied.iter().any(|passage| {
            passage.audience() != Audience::Customer && id.is_none_or(|id| id == passage.id())
        })
    };
    if cx.citations.iter().any(|id| internal(Some(id))) {
        out.push(Finding::block(Code::Internal, None));
    } else if internal(None) {
        out.push(Finding::warn(Code::Internal, None));
    }
}

/// How many answers of the team in this thread say what the draft says, nearly word for word.
fn times_said(draft: &str, cx: &Context<'_>) -> usize {
    let words = folded(draft);
    if words.len() < WORDS {
        return 0;
    }
    let shingles: HashSet<&[String]> = words.windows(SHINGLE).collect();
    cx.thread
        .messages()
        .iter()
        .filter(|message| message.author() == Author::Agent)
        .filter(|message| {
            let said = folded(text::own_words(message.text().as_str()));
            let known: HashSet<&[String]> = said.windows(SHINGLE).collect();
            let same = shingles.iter().filter(|s| known.contains(*s)).count();
            same as f32 >= SAME * shingles.len() as f32
        })
        .count()
}

fn folded(text: &str) -> Vec<String> {
    text::words(text)
        .into_iter()
        .map(|word| word.folded)
        .collect()
}
