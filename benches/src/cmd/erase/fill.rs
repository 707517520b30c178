//! Fills the desk: tickets of the persons who will be erased and of those who write about them, then everybody else's.

use std::collections::BTreeSet;
use std::sync::Arc;

use tactful::crypto_store::{IndexTerm, NewRecord};
use tactful::pii_detect::canonical;
use tactful::retention_policy::{Lifetime, RecordId, SubjectId};
use tactful::suggest_core::Author;
use tactful::{Desk, Message, Ticket};

use super::super::store::load::callers;
use super::super::{Stop, shop};
use super::people::{IDENTIFIERS, Person};
use super::plan::Plan;
use super::planted::{Place, Planted};

/// Of others who are read before and after.
pub(super) const SAMPLE: u64 = 200;
/// Different bodies of everybody else's records.
const BODIES: usize = 16;

/// A ticket that speaks of a person who will be erased.
#[derive(Clone, Copy)]
pub(super) struct Spoken {
    pub(super) person: usize,
    pub(super) record: RecordId,
    /// Who wrote it, if it is somebody else.
    pub(super) writer: Option<u64>,
}

pub(super) struct Filled {
    pub(super) spoken: Arc<Vec<Spoken>>,
    /// Records of others, with what is in them.
    pub(super) sample: Arc<Vec<(RecordId, Vec<u8>)>>,
    /// Whose those are.
    pub(super) others: Vec<u64>,
}

/// A ticket to come.
struct Draft {
    person: usize,
    writer: Option<u64>,
    ticket: Ticket,
}

fn ticket(id: String, from: &Person, text: &str) -> Result<Ticket, Stop> {
    let message = Message::new(Author::Customer, None, text);
    Ok(Ticket::new(id, Some(from.customer()), vec![message])?)
}

fn drafts(plan: &Plan, planted: &[Planted]) -> Result<Vec<Draft>, Stop> {
    let mut all = Vec::new();
    for person in 0..plan.erased {
        let who = Person::new(person as u64);
        let (own, _) = plan.size(person);
        let values: Vec<&str> = planted
            .iter()
            .filter(|p| p.person == person && p.place == Place::Own)
            .map(|p| p.value.as_str())
            .collect();
        for at in 0..own {
            let mut text = format!(
                "Hello, the lamp of order {} has not arrived, and nobody told me why it takes so long.\n",
                who.orders[0]
            );
            for value in values.iter().skip(at as usize).step_by(own as usize) {
                text.push_str(&format!("Please note {value}.\n"));
            }
            text.push_str(&format!(
                "You can call me: {}.\nThank you\n{}",
                who.phone, who.name
            ));
            let ticket = ticket(format!("own-{person}-{at}"), &who, &text)?;
            all.push(Draft {
                person,
                writer: None,
                ticket,
            });
        }
    }
    for (writer, person, first) in plan.mentions() {
        let who = Person::new(writer);
        let theirs = Person::new(person as u64);
        let (_, mentions) = plan.size(person);
        let mut text = format!("Hello, I have a question about order {}.\n", who.orders[0]);
        // All that is planted stands in some ticket, however few there are.
        for at in (first..IDENTIFIERS)
            .step_by(mentions as usize)
            .chain([first])
            .take(IDENTIFIERS)
        {
            let (_, sentence) = theirs.identifier(at);
            if !text.contains(&sentence) {
                text.push_str(&sentence);
                text.push('\n');
            }
        }
        text.push_str(&format!("Thank you for your help\n{}", who.name));
        let ticket = ticket(format!("other-{writer}"), &who, &text)?;
        all.push(Draft {
            person,
            writer: Some(writer),
            ticket,
        });
    }
    Ok(all)
}

pub(super) async fn fill(
    desk: &Arc<Desk>,
    plan: &Plan,
    planted: &[Planted],
) -> Result<Filled, Stop> {
    let drafts = drafts(plan, planted)?;
    // The first ticket of a person makes them known, and is there before their next one comes.
    let mut known = BTreeSet::new();
    let (first, further): (Vec<_>, Vec<_>) = drafts
        .into_iter()
        .partition(|d| known.insert((d.person, d.writer)));
    let mut spoken = ingest(desk, first).await?;
    spoken.extend(ingest(desk, further).await?);

    let mut bodies = Vec::new();
    for one in spoken.iter().step_by(spoken.len().div_ceil(BODIES)) {
        let agent = shop::agent();
        let store = desk.store();
        let get = store.get(one.record, &agent, &shop::REPLY, shop::opening());
        bodies.push(get.await?.expose().to_vec());
    }
    let rest = plan.records.saturating_sub(spoken.len() as u64);
    let from = plan.first_other();
    let (here, of_body) = (Arc::clone(desk), Arc::new(bodies));
    let (people, bodies) = (plan.people, Arc::clone(&of_body));
    let worked = callers(0..rest, move |n| {
        let (desk, bodies) = (Arc::clone(&here), Arc::clone(&bodies));
        async move {
            let body = body(&bodies, n)?;
            let record = record(from + n % (people - from), body)?;
            let agent = shop::agent();
            let store = desk.store();
            let put = store.put(record, &agent, &shop::REPLY, shop::opening());
            Ok(put.await?.id())
        }
    })
    .await?;
    let (mut sample, mut others) = (Vec::new(), Vec::new());
    for (n, id) in worked.answers {
        if n % (rest / SAMPLE).max(1) == 0 {
            sample.push((id, body(&of_body, n)?));
            others.push(from + n % (plan.people - from));
        }
    }
    Ok(Filled {
        spoken: Arc::new(spoken),
        sample: Arc::new(sample),
        others,
    })
}

async fn ingest(desk: &Arc<Desk>, drafts: Vec<Draft>) -> Result<Vec<Spoken>, Stop> {
    let (desk, drafts) = (Arc::clone(desk), Arc::new(drafts));
    let worked = callers(0..drafts.len() as u64, move |n| {
        let (desk, drafts) = (Arc::clone(&desk), Arc::clone(&drafts));
        async move {
            let draft = drafts.get(n as usize);
            let draft = draft.ok_or_else(|| Stop::Failed("there is no such ticket".to_owned()))?;
            let session = desk.ingest(&shop::agent(), &draft.ticket).await?;
            Ok(Spoken {
                person: draft.person,
                record: session.record(),
                writer: draft.writer,
            })
        }
    })
    .await?;
    Ok(worked
        .answers
        .into_iter()
        .map(|(_, spoken)| spoken)
        .collect())
}

fn body(bodies: &[Vec<u8>], n: u64) -> Result<Vec<u8>, Stop> {
    let at = n as usize % bodies.len().max(1);
    let body = bodies.get(at).cloned();
    body.ok_or_else(|| Stop::Failed("there is no ticket to take after".to_owned()))
}

/// A session's record of somebody, found by what `ingest` would let it be found by.
fn record(n: u64, body: Vec<u8>) -> Result<NewRecord, Stop> {
    let who = Person::new(n);
    let subject = SubjectId::from_random(shop::id(0x5b, n));
    let meta = shop::session(subject, shop::opening(), Lifetime::TICKET_CEILING)?;
    let terms: Result<Vec<IndexTerm>, _> = [
        ("email", canonical::email(&who.emails[0])),
        ("name", canonical::name(&who.name)),
        ("order", canonical::order(&who.orders[0])),
        ("customer_id", canonical::order(&who.customer_id)),
        ("mentioned_name", canonical::name(&who.name)),
        ("mentioned_order", canonical::order(&who.orders[0])),
    ]
    .iter()
    .map(|(field, value)| IndexTerm::new(field, value))
    .collect();
    Ok(NewRecord::new(meta, body).terms(terms?))
}
