//! How replies come about: prepared, grounded, not at all, stopped, passed on. Five messages, five answers.

use std::sync::Arc;

use serde_json::json;
use tactful::crypto_store::Accessor;
use tactful::retention_policy::Region;
use tactful::suggest_core::{Author, FactKind, NoSuggestion, ScriptedModel};
use tactful::{
    Clock, Customer, Desk, FactKeys, FactSource, FactsUnavailable, ManualClock, Message, Session,
    Silence, Stated, Suggested, Ticket,
};

use super::{QuickStartError, Screen, agent, contract, knowledge};
use crate::paint::{BAD, BOLD, DIM, GOOD, RESTORED, WIDTH, pieces, rule, styled, wrap};

/// What the shop's warehouse knows; a real one is asked over the network.
#[derive(Debug)]
pub(super) struct Warehouse;

#[async_trait::async_trait]
impl FactSource for Warehouse {
    async fn facts(&self, keys: &FactKeys) -> Result<Vec<Stated>, FactsUnavailable> {
        let parcel = |order: &str| {
            [
                (FactKind::Status, "on its way to you"),
                (FactKind::Carrier, "the national post"),
                (FactKind::Tracking, PARCEL),
            ]
            .map(|(kind, value)| Stated::new(kind, value).about(order))
        };
        let known = keys.orders().filter(|order| *order == "FL-770104");
        Ok(known.flat_map(parcel).collect())
    }
}

const PARCEL: &str = "QP 5120 7731 09";
const PREPARED: &str = "Hello, where is my parcel? I ordered the reading lamp ten days ago, order FL-770104. \
                        Regards, Ada Thistlewood";
const GROUNDED: &str =
    "Hallo, die Vase gef\u{e4}llt mir doch nicht. Wie kann ich sie zur\u{fc}ckgeben?";
const OPEN: &str = "Hi, would the brass one look nice next to a green sofa?";
const ASKED: &str =
    "Hello, may I fetch my order at your warehouse in Ghent myself, perhaps on a Saturday?";
const MADE_UP: &str = "Hello,\n\nyes, you can fetch your order at our warehouse in Ghent on Saturdays from 9:00 to 17:00, \
                       and we will give you a 15 % discount.\n\nKind regards\nYour customer service";
const SOURCES: &str = "\n\nSOURCES: delivery-times-en#where-is-my-order";
const ERASURE: &str = "Bonjour, je ne veux plus entendre parler de vous : supprimez toutes mes donn\u{e9}es. \
                       Merci, Oc\u{e9}ane Tilleul";

/// Shows all five.
pub(super) async fn run(
    screen: &mut Screen,
    desk: &Desk,
    clock: &Arc<ManualClock>,
) -> Result<(), QuickStartError> {
    screen.say(&format!("\n{}", rule("how a reply comes about")))?;
    let agent = agent();
    // A kept store has the tickets of earlier runs.
    let run = clock.now().timestamp();
    drafted(
        screen,
        desk,
        &agent,
        (&format!("reply-1-{run}"), PREPARED, "Ada Thistlewood"),
        "a common inquiry, prepared",
        "a macro, and what the warehouse knows; no model was asked",
    )
    .await?;
    drafted(
        screen,
        desk,
        &agent,
        (&format!("reply-2-{run}"), GROUNDED, ""),
        "a question, answered from one article",
        "and from nothing else",
    )
    .await?;
    let (_, silence) = asked(desk, &agent, &ticket(&format!("reply-3-{run}"), OPEN, "")?).await?;
    screen.say(&heading(
        "no draft",
        "silence where the shop's texts say nothing",
    ))?;
    screen.say(&quoted(OPEN, &[]))?;
    screen.say(&verdict(
        BOLD,
        reason(&silence).map_or("a draft", |none| none.reason.code()),
        "",
    ))?;
    made_up(screen, clock).await?;
    erasure(screen, desk, &agent, &format!("reply-5-{run}")).await
}

/// A message with a draft: what was asked, what an agent sees, what it rests on.
async fn drafted(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    (id, text, name): (&str, &str, &str),
    title: &str,
    note: &str,
) -> Result<(), QuickStartError> {
    let ticket = ticket(id, text, name)?;
    let (session, suggested) = asked(desk, agent, &ticket).await?;
    screen.say(&heading(title, note))?;
    screen.say(&quoted(text, &[]))?;
    let Suggested::Draft(proposal) = suggested else {
        return Err(QuickStartError::Proof(format!("no draft for {id}")));
    };
    let shown = desk.show(agent, &session, &proposal).await?;
    screen.say(&arrow("what the agent sees"))?;
    let text = shown.expose();
    let marks: Vec<(usize, usize)> = [name, "FL-770104", PARCEL]
        .into_iter()
        .filter(|value| !value.is_empty())
        .filter_map(|value| Some((text.find(value)?, text.find(value)? + value.len())))
        .collect();
    screen.say(&quoted(text, &marks))?;
    for (id, version) in proposal.draft().sources() {
        screen.say(&styled(
            DIM,
            &format!(
                "      rests on: {id}, wording {version}; made by {}",
                proposal.draft().source().code()
            ),
        ))?;
    }
    screen.tell(&json!({
        "event": "reply",
        "ticket": id,
        "source": proposal.draft().source().code(),
        "citations": proposal.draft().citations(),
    }))?;
    Ok(())
}

/// A model that invents: a desk of its own, since the one of this program has no model.
async fn made_up(screen: &mut Screen, clock: &Arc<ManualClock>) -> Result<(), QuickStartError> {
    let model = ScriptedModel::with_replies([format!("{MADE_UP}{SOURCES}")]);
    let desk = Desk::builder()
        .in_memory()
        .region(Region::France)
        .knowledge(knowledge()?)
        .model(Arc::new(model))
        .clock(Arc::<ManualClock>::clone(clock))
        .open()
        .await?;
    desk.onboard(contract(&desk, clock.now())?).await?;
    let (_, suggested) = asked(&desk, &agent(), &ticket("reply-4", ASKED, "")?).await?;
    screen.say(&heading(
        "a model makes something up",
        "and nobody sees it: what no source holds is marked",
    ))?;
    screen.say(&quoted(ASKED, &[]))?;
    let Some(none) = reason(&suggested).filter(|none| !none.findings.is_empty()) else {
        return Err(QuickStartError::Proof(
            "an invention was not stopped".to_owned(),
        ));
    };
    let mut marks: Vec<(usize, usize)> = none
        .findings
        .iter()
        .filter_map(|finding| finding.span)
        .map(|span| (span.start(), span.end()))
        .collect();
    marks.sort_unstable();
    marks.dedup_by(|next, before| next.0 < before.1);
    screen.say(&arrow("what the model wrote"))?;
    screen.say(&wrap(&pieces(MADE_UP, &marks, BAD), BAR, WIDTH - 6))?;
    let mut codes: Vec<&str> = none.findings.iter().map(|f| f.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    screen.say(&verdict(BAD, none.reason.code(), &codes.join(", ")))?;
    screen.tell(&json!({"event": "stopped", "reason": none.reason.code(), "codes": codes}))?;
    Ok(())
}

/// Somebody asks for an end: no draft, but a case with its date.
async fn erasure(
    screen: &mut Screen,
    desk: &Desk,
    agent: &Accessor,
    id: &str,
) -> Result<(), QuickStartError> {
    let ticket = ticket(id, ERASURE, "Oc\u{e9}ane Tilleul")?;
    let (_, suggested) = asked(desk, agent, &ticket).await?;
    screen.say(&heading(
        "a right, heard in passing",
        "no draft: a case with a date, opened when a human agrees",
    ))?;
    screen.say(&quoted(ERASURE, &[]))?;
    let Some(none) = reason(&suggested).filter(|none| !none.rights.is_empty()) else {
        return Err(QuickStartError::Proof("a request was not heard".to_owned()));
    };
    let articles: Vec<&str> = none.rights.iter().map(|r| r.article_code()).collect();
    let officer = super::rights::officer();
    let opened = desk.open_rights(&officer, &ticket, none, |_| {}).await?;
    let due = opened
        .cases
        .first()
        .map(|intake| intake.deadline.base().due().to_string())
        .unwrap_or_default();
    screen.say(&verdict(
        GOOD,
        none.reason.code(),
        &format!(
            "{}; to be answered by {due}; no legal advice",
            articles.join(", ")
        ),
    ))?;
    screen.tell(&json!({"event": "right_heard", "articles": articles, "due": due}))?;
    Ok(())
}

async fn asked(
    desk: &Desk,
    agent: &Accessor,
    ticket: &Ticket,
) -> Result<(Session, Suggested), QuickStartError> {
    let session = desk.ingest(agent, ticket).await?;
    let suggested = desk.suggest(agent, &session).await?;
    Ok((session, suggested))
}

fn ticket(id: &str, text: &str, name: &str) -> Result<Ticket, QuickStartError> {
    let customer = (!name.is_empty()).then(|| Customer::new().with_name(name));
    let message = Message::new(Author::Customer, None, text);
    Ok(Ticket::new(id, customer, vec![message])?)
}

fn reason(suggested: &Suggested) -> Option<&NoSuggestion> {
    match suggested {
        Suggested::None(Silence::Engine(none)) => Some(none),
        _ => None,
    }
}

/// The margin of a text.
const BAR: &str = "   \u{2502} ";

fn quoted(text: &str, marks: &[(usize, usize)]) -> String {
    wrap(&pieces(text, marks, RESTORED), BAR, WIDTH - 6)
}

fn heading(title: &str, note: &str) -> String {
    format!(
        "\n {}{}",
        styled(BOLD, title),
        styled(DIM, &format!("  \u{b7} {note}"))
    )
}

fn verdict(style: anstyle::Style, word: &str, note: &str) -> String {
    format!("   \u{2192} {} {}", styled(style, word), styled(DIM, note))
}

fn arrow(what: &str) -> String {
    styled(DIM, &format!("   \u{2192} {what}"))
}
