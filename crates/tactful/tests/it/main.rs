//! The facade from outside, and the rules of the house.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that fails may panic"
)]

mod bad_input;
mod cases;
mod clients;
mod edges;
mod events;
mod facts;
mod health;
mod house;
mod offboard;
mod policies;
mod posture;
mod promises;
mod proof;
mod quality;
mod rights;
mod sinks;
mod stale;
mod templates;
mod verbs;
#[cfg(feature = "worker")]
mod worker;

use std::path::Path;
use std::sync::Arc;

use tactful::crypto_store::{Accessor, SeededEntropy};
use tactful::retention_policy::{ActorId, Contract, Party, Region, Role, TenantId, Timestamp};
use tactful::suggest_core::{Author, KnowledgeBase};
use tactful::{Customer, Desk, DeskBuilder, ManualClock, Message, Ticket};

const ARTICLE: &str = "---\nid: returns-en\ntitle: Returns\nlang: en\naudience: customer\n\
    valid_from: 2025-01-01\nvalid_until: 2030-12-31\n---\n\n## How to return\n\
    You can return goods within 30 days of delivery without giving a reason. The return is free.\n";

const TEXT: &str = "Hello, I would like to return the lamp from order FL-204417. How do I send it back?\n\n\
    Regards\nOrla Brennigan";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::new(at("2026-03-02T09:07:00Z")))
}

fn shop() -> TenantId {
    TenantId::from_random([1; 16])
}

/// A contract under the policy that a desk begins with.
fn contract(tenant: TenantId) -> Contract {
    let (france, since) = (Region::France, at("2023-01-01T00:00:00Z"));
    Contract::new(tenant, Party::Processor, france, 1, [operator()], since).unwrap()
}

fn operator() -> ActorId {
    ActorId::from_random([8; 16])
}

fn by(role: Role) -> Accessor {
    Accessor::new(ActorId::from_random([2; 16]), role, shop())
}

fn builder(clock: &Arc<ManualClock>) -> DeskBuilder {
    Desk::builder()
        .region(Region::France)
        .knowledge(KnowledgeBase::from_markdown([("returns.md", ARTICLE)]).unwrap())
        .clock(Arc::<ManualClock>::clone(clock))
        .entropy(Arc::new(SeededEntropy::insecure(7)))
}

fn in_dir(clock: &Arc<ManualClock>, dir: &Path) -> DeskBuilder {
    Desk::builder()
        .region(Region::France)
        .knowledge(KnowledgeBase::from_markdown([("returns.md", ARTICLE)]).unwrap())
        .clock(Arc::<ManualClock>::clone(clock))
        .directory(dir)
        .key_file(dir.join("root.key"))
}

async fn desk(clock: &Arc<ManualClock>) -> Desk {
    let desk = builder(clock).in_memory().open().await.unwrap();
    desk.onboard(contract(shop())).await.unwrap();
    desk
}

fn ticket(id: &str) -> Ticket {
    let customer = Customer::new()
        .with_name("Orla Brennigan")
        .with_email("orla.brennigan@mailbox.example");
    Ticket::new(
        id,
        Some(customer),
        vec![Message::new(Author::Customer, None, TEXT)],
    )
    .unwrap()
}
