//! The whole batch: what happened to every ticket, counted.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use tactful::crypto_store::Accessor;
use tactful::retention_policy::RecordId;
use tactful::suggest_core::{Decision, DiscardReason};
use tactful::{Desk, Suggested, Ticket};

use super::{QuickStartError, Screen};
use crate::paint::{BOLD, DIM, GOOD, rule, styled};

/// What became of the tickets.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) tickets: usize,
    pub(super) repeated: usize,
    pub(super) withheld: usize,
    pub(super) findings: BTreeMap<String, usize>,
    pub(super) languages: BTreeMap<&'static str, usize>,
    pub(super) drafts: usize,
    pub(super) silent: BTreeMap<String, usize>,
    pub(super) accepted: usize,
    pub(super) edited: usize,
    pub(super) discarded: usize,
    pub(super) open: usize,
    /// Sessions that were to stay open, by ticket.
    pub(super) kept: BTreeMap<String, RecordId>,
}

/// Sends every ticket through the desk. Those `keep_open` names stay undecided: the clock will end them.
pub(super) async fn all(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    tickets: &[&Ticket],
    keep_open: &dyn Fn(&str) -> bool,
) -> Result<Tally, QuickStartError> {
    let mut tally = Tally::default();
    let bar = ProgressBar::with_draw_target(
        Some(tickets.len() as u64),
        // Where stderr is no terminal nothing is drawn.
        if screen.json {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        },
    );
    if let Ok(style) =
        ProgressStyle::with_template("   {bar:46.cyan/dim} {pos}/{len} tickets  {elapsed}")
    {
        bar.set_style(style.progress_chars("\u{2501}\u{2501}\u{2500}"));
    }
    for (n, ticket) in tickets.iter().enumerate() {
        one(
            screen,
            desk,
            agent,
            ticket,
            n,
            keep_open(ticket.id()),
            &mut tally,
        )
        .await?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(tally)
}

async fn one(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    ticket: &Ticket,
    n: usize,
    keep_open: bool,
    tally: &mut Tally,
) -> Result<(), QuickStartError> {
    tally.tickets += 1;
    let session = match desk.ingest(agent, ticket).await {
        Ok(session) => session,
        // Withheld is a result, not a failure: the helpdesk still has the ticket.
        Err(error) if error.is_withheld() => {
            tally.withheld += 1;
            screen.tell(&json!({"event": "withheld", "n": n}))?;
            return Ok(());
        }
        // Delivered and decided before: there is nothing left to do, or to read.
        Err(error) if error.is_expired() => {
            tally.repeated += 1;
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if keep_open {
        tally.kept.insert(ticket.id().to_owned(), session.record());
    }
    screen.tell(&json!({"event": "ingested", "n": n, "record": session.record().to_string()}))?;
    tally.repeated += usize::from(session.already_stored());
    for findings in session.findings() {
        for finding in findings {
            *tally
                .findings
                .entry(finding.label().to_owned())
                .or_default() += 1;
        }
    }
    if let Some(locale) = session.findings().last().and_then(|f| f.locale()) {
        *tally.languages.entry(locale.code()).or_default() += 1;
    }
    let proposal = match desk.suggest(agent, &session).await? {
        Suggested::Draft(proposal) => proposal,
        Suggested::None(reason) => {
            *tally.silent.entry(reason.code().to_owned()).or_default() += 1;
            screen.tell(&json!({"event": "silent", "n": n, "reason": reason.code()}))?;
            return Ok(());
        }
    };
    tally.drafts += 1;
    screen.tell(&json!({"event": "drafted", "n": n, "record": proposal.record().to_string()}))?;
    let shown = desk.show(agent, &session, &proposal).await?;
    // A plausible day: of eight drafts five go out as they are, one is changed, one discarded, one forgotten.
    let decision = match n % 8 {
        _ if keep_open => None,
        0..=4 => Some(Decision::Accept),
        5 => Some(Decision::edit(format!("{}\n\nPS: ...", shown.expose()))),
        6 => Some(Decision::Discard {
            reason: DiscardReason::Incomplete,
        }),
        _ => None,
    };
    let Some(decision) = decision else {
        tally.open += 1;
        return Ok(());
    };
    let counter = match decision {
        Decision::Accept => &mut tally.accepted,
        Decision::Edit(_) => &mut tally.edited,
        _ => &mut tally.discarded,
    };
    let decided = desk.decide(agent, &session, shown, decision).await?;
    *counter += 1;
    screen.tell(&json!({
        "event": "decided",
        "n": n,
        "usage": decided.usage().to_string(),
        "session": session.record().to_string(),
        "draft": proposal.record().to_string(),
        "session_closed": decided.session_closed(),
    }))?;
    Ok(())
}

impl Tally {
    /// The summary as it is printed.
    pub(super) fn print(&self, screen: &mut Screen, took: TimeDelta) -> std::io::Result<()> {
        screen.say(&format!("\n{}", rule("the whole batch")))?;
        let row = |name: &str, value: String| format!("   {name:<26}{value}");
        screen.say(&row("tickets", styled(BOLD, &self.tickets.to_string())))?;
        if self.repeated > 0 {
            screen.say(&row("already in the store", self.repeated.to_string()))?;
        }
        if self.withheld > 0 {
            screen.say(&row("withheld", self.withheld.to_string()))?;
        }
        screen.say(&row("languages", joined(&self.languages)))?;
        let found: usize = self.findings.values().sum();
        screen.say(&row(
            "pieces of personal data",
            styled(BOLD, &found.to_string()),
        ))?;
        screen.say(&styled(DIM, &wrapped(&joined(&self.findings))))?;
        screen.say(&row("drafts", styled(GOOD, &self.drafts.to_string())))?;
        screen.say(&row(
            "silence, with its reason",
            self.silent.values().sum::<usize>().to_string(),
        ))?;
        if !self.silent.is_empty() {
            screen.say(&styled(DIM, &wrapped(&joined(&self.silent))))?;
        }
        screen.say(&row(
            "decided",
            format!(
                "{} accepted, {} changed, {} discarded; {} left open",
                self.accepted, self.edited, self.discarded, self.open
            ),
        ))?;
        let millis = took.num_milliseconds().max(1);
        screen.say(&row(
            "time",
            format!(
                "{:.1} s {}",
                millis as f64 / 1000.0,
                styled(DIM, "every step durable on disk before it is told")
            ),
        ))
    }

    /// The same for machines.
    pub(super) fn event(&self) -> serde_json::Value {
        json!({
            "event": "summary",
            "tickets": self.tickets,
            "repeated": self.repeated,
            "withheld": self.withheld,
            "findings": self.findings,
            "languages": self.languages,
            "drafts": self.drafts,
            "silent": self.silent,
            "accepted": self.accepted,
            "edited": self.edited,
            "discarded": self.discarded,
            "open": self.open,
        })
    }
}

fn joined<K: AsRef<str>>(counts: &BTreeMap<K, usize>) -> String {
    let mut rows: Vec<(&str, usize)> = counts.iter().map(|(k, n)| (k.as_ref(), *n)).collect();
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    rows.iter()
        .map(|(name, n)| format!("{name} {n}"))
        .collect::<Vec<_>>()
        .join("  ")
}

fn wrapped(text: &str) -> String {
    let piece = crate::paint::Piece {
        text: text.replace("  ", " \u{b7} "),
        style: None,
    };
    crate::paint::wrap(&[piece], &" ".repeat(29), crate::paint::WIDTH - 29)
}
