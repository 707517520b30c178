//! One ticket on its way, told in five pictures.

use tactful::crypto_store::Accessor;
use tactful::retention_policy::RecordId;
use tactful::suggest_core::{Author, Decision};
use tactful::{Desk, Suggested, Ticket};

use super::{QuickStartError, Screen};
use crate::paint::{
    BOLD, DIM, FOUND, GOOD, Piece, RESTORED, TAG, WIDTH, pieces, rule, styled, tag_ranges, wrap,
};

/// Lines of a message that are shown before the rest is only counted.
const LINES: usize = 16;

/// Shows one ticket. What it decides is `decision`; `None` leaves the draft open, for the clock.
pub(super) async fn tell(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    ticket: &Ticket,
    decision: Option<Decision>,
) -> Result<Option<RecordId>, QuickStartError> {
    let session = match desk.ingest(agent, ticket).await {
        Ok(session) => session,
        Err(error) if error.is_expired() => {
            screen.say(&format!("\n{}", rule(&format!("ticket {}", ticket.id()))))?;
            screen.say("   decided in an earlier run; its thread is gone")?;
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    let language = session
        .findings()
        .last()
        .and_then(|f| f.locale())
        .map_or("unknown", |l| l.code());
    screen.say(&format!(
        "\n{}",
        rule(&format!(
            "ticket {} \u{b7} {} \u{b7} {}",
            ticket.id(),
            language,
            match ticket.thread().len() {
                1 => "1 message".to_owned(),
                n => format!("{n} messages"),
            }
        ))
    ))?;

    let last = ticket
        .thread()
        .iter()
        .rposition(|m| m.author() == Author::Customer)
        .unwrap_or_default();
    if let (Some(message), Some(findings)) =
        (ticket.thread().get(last), session.findings().get(last))
    {
        screen.say(&heading("1", "what the customer wrote", "found: marked"))?;
        let marks: Vec<_> = findings
            .iter()
            .map(|f| (f.span().start(), f.span().end()))
            .collect();
        screen.say(&shown(pieces(message.expose(), &marks, FOUND)))?;
        for finding in findings.iter().take(4) {
            screen.say(&styled(
                DIM,
                &format!(
                    "      {:<12} {:>3.0} %  why: {}",
                    finding.label(),
                    finding.score() * 100.0,
                    finding.why()
                ),
            ))?;
        }
        if findings.len() > 4 {
            screen.say(&styled(
                DIM,
                &format!("      and {} more", findings.len() - 4),
            ))?;
        }
    }
    if let Some(message) = session.messages().get(last) {
        screen.say(&heading(
            "2",
            "what a model would see",
            "and what lies encrypted on disk",
        ))?;
        let text = message.text().as_str();
        screen.say(&shown(pieces(text, &tag_ranges(text), TAG)))?;
    }

    let proposal = match desk.suggest(agent, &session).await? {
        Suggested::None(reason) => {
            screen.say(&heading("3", "no draft", "silence is an answer"))?;
            screen.say(&format!("   \u{2502} {}", styled(BOLD, reason.code())))?;
            return Ok(Some(session.record()));
        }
        Suggested::Draft(proposal) => proposal,
    };
    let draft = proposal.draft();
    screen.say(&heading(
        "3",
        "the draft",
        &format!("confidence {:.0} %, tags only", draft.confidence() * 100.0),
    ))?;
    let text = draft.text().as_str();
    screen.say(&shown(pieces(text, &tag_ranges(text), TAG)))?;
    for citation in draft.citations() {
        screen.say(&styled(DIM, &format!("      rests on: {citation}")))?;
    }

    let answer = desk.show(agent, &session, &proposal).await?;
    screen.say(&heading(
        "4",
        "what the agent sees",
        "real values, from the sealed map",
    ))?;
    screen.say(&shown(values(text, answer.expose())))?;

    if let Some(decision) = decision {
        let (word, sent) = match &decision {
            Decision::Accept => ("accepted as it is", "a human sends it"),
            Decision::Edit(_) => ("changed, then accepted", "a human sends it"),
            Decision::Discard { .. } => ("discarded", "nothing is sent"),
        };
        let decided = desk.decide(agent, &session, answer, decision).await?;
        let gone = if decided.session_closed() {
            "thread and map are shredded now"
        } else {
            "another draft of this ticket is still open"
        };
        screen.say(&heading("5", "the decision", ""))?;
        screen.say(&format!(
            "   \u{2502} {} {}",
            styled(GOOD, word),
            styled(DIM, &format!("\u{2192} {sent}; {gone}"))
        ))?;
    } else {
        screen.say(&heading("5", "no decision", "the clock will end it"))?;
    }
    Ok(Some(session.record()))
}

fn heading(number: &str, title: &str, note: &str) -> String {
    let note = if note.is_empty() {
        String::new()
    } else {
        styled(DIM, &format!("  \u{b7} {note}"))
    };
    format!("\n {} {}{note}", styled(DIM, number), styled(BOLD, title))
}

/// Wrapped behind a bar, cut after [`LINES`] lines.
fn shown(pieces: Vec<Piece>) -> String {
    let margin = "   \u{2502} ";
    let all = wrap(&pieces, margin, WIDTH - 6);
    let lines: Vec<&str> = all.lines().collect();
    let mut out = lines
        .iter()
        .take(LINES)
        .copied()
        .collect::<Vec<_>>()
        .join("\n");
    if lines.len() > LINES {
        out.push_str(&format!(
            "\n{margin}{}",
            styled(DIM, &format!("and {} more lines", lines.len() - LINES))
        ));
    }
    out
}

/// Where values came back: what stands between the literal parts of the draft.
fn values(draft: &str, text: &str) -> Vec<Piece> {
    let mut marks = Vec::new();
    let mut at = 0;
    let mut from = 0;
    let tags = tag_ranges(draft);
    for (n, (start, end)) in tags.iter().enumerate() {
        let before = draft.get(from..*start).unwrap_or_default();
        let next = tags.get(n + 1).map_or(draft.len(), |t| t.0);
        let after = draft.get(*end..next).unwrap_or_default();
        let value = at + before.len();
        let stop = if after.is_empty() {
            text.len()
        } else {
            match text.get(value..).and_then(|t| t.find(after)) {
                Some(found) => value + found,
                None => break,
            }
        };
        marks.push((value, stop));
        at = stop;
        from = *end;
    }
    pieces(text, &marks, RESTORED)
}
