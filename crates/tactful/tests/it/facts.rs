//! Facts: asked once, sealed with the ticket, stated by drafts, part of what a person may see.

use std::sync::{Arc, Mutex};

use tactful::retention_policy::{Region, Role};
use tactful::suggest_core::{Article, Author, KnowledgeBase, Locale, Source};
use tactful::{
    Customer, Desk, FactKeys, FactSource, FactsUnavailable, Message, Stated, Suggested, Ticket,
};

use crate::{by, clock, in_dir, shop};

#[derive(Debug, Default)]
struct Warehouse {
    asked: Mutex<Vec<String>>,
    broken: bool,
}

#[async_trait::async_trait]
impl FactSource for Warehouse {
    async fn facts(&self, keys: &FactKeys) -> Result<Vec<Stated>, FactsUnavailable> {
        let mut asked = self.asked.lock().unwrap();
        asked.extend(keys.orders().map(str::to_owned));
        asked.extend(keys.emails().map(str::to_owned));
        assert!(!format!("{keys:?}").contains("FL-204417"));
        if self.broken {
            return Err(FactsUnavailable);
        }
        let order = keys.orders().next().unwrap_or_default();
        use tactful::suggest_core::FactKind;
        Ok(vec![
            Stated::new(FactKind::Status, "on its way").about(order),
            Stated::new(FactKind::Tracking, "PX 77 310 QZ").about(order),
            Stated::new(FactKind::Status, "packed").about("FL-999999"),
        ])
    }
}

fn ticket() -> Ticket {
    let text =
        "Hello, where is my order FL-204417? I have been waiting for a week.\n\nOrla Brennigan";
    let customer = Customer::new()
        .with_name("Orla Brennigan")
        .with_email("orla.brennigan@mailbox.example");
    let message = Message::new(Author::Customer, None, text);
    Ticket::new("T-1", Some(customer), vec![message]).unwrap()
}

fn knowledge() -> KnowledgeBase {
    let status = Article::new("status", "Where is my order", Locale::English)
        .as_macro()
        .examples(["where is my parcel", "my order has not arrived"])
        .text("Your order {ORDER} is {STATUS}. Its number is {TRACKING}.");
    KnowledgeBase::from_articles([status]).unwrap()
}

async fn desk(source: Arc<Warehouse>) -> Desk {
    let desk = Desk::builder()
        .in_memory()
        .region(Region::France)
        .clock(clock())
        .knowledge(knowledge())
        .facts(source)
        .open()
        .await
        .unwrap();
    desk.onboard(crate::contract(shop())).await.unwrap();
    desk
}

#[tokio::test]
async fn a_common_inquiry_is_answered_from_facts_without_a_model() {
    let warehouse = Arc::new(Warehouse::default());
    let desk = desk(Arc::<Warehouse>::clone(&warehouse)).await;
    let agent = by(Role::Agent);
    let session = desk.ingest(&agent, &ticket()).await.unwrap();
    assert_eq!(
        *warehouse.asked.lock().unwrap(),
        ["FL-204417", "orla.brennigan@mailbox.example"]
    );
    // Nothing personal is left in what a model could see.
    let facts: Vec<&str> = session.facts().iter().map(|f| f.value().as_str()).collect();
    assert_eq!(facts, ["on its way", "[TRACKING_1]", "packed"]);
    let Suggested::Draft(proposal) = desk.suggest(&agent, &session).await.unwrap() else {
        panic!("a draft");
    };
    assert_eq!(proposal.draft().source(), Source::Macro);
    assert!(!proposal.draft().text().as_str().contains("PX 77"));
    let shown = desk.show(&agent, &session, &proposal).await.unwrap();
    let expected = "Your order FL-204417 is on its way. Its number is PX 77 310 QZ.";
    assert!(shown.expose().contains(expected), "{}", shown.expose());
    assert!(shown.expose().starts_with("Hello Orla Brennigan,"));
}

#[tokio::test]
async fn a_source_that_fails_costs_no_ticket() {
    let warehouse = Arc::new(Warehouse {
        broken: true,
        ..Warehouse::default()
    });
    let desk = desk(warehouse).await;
    let session = desk.ingest(&by(Role::Agent), &ticket()).await.unwrap();
    assert!(session.facts().is_empty());
}

#[tokio::test]
async fn facts_survive_a_restart_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let agent = by(Role::Agent);
    let first = {
        let desk = in_dir(&clock, folder.path())
            .facts(Arc::new(Warehouse::default()))
            .open()
            .await
            .unwrap();
        desk.onboard(crate::contract(shop())).await.unwrap();
        desk.ingest(&agent, &ticket()).await.unwrap()
    };
    let desk = in_dir(&clock, folder.path())
        .knowledge(knowledge())
        .open()
        .await
        .unwrap();
    let again = desk.session(&agent, first.record()).await.unwrap();
    let told = |s: &tactful::Session| -> Vec<String> {
        let facts = s.facts().iter();
        facts
            .map(|f| format!("{:?} {}", f.kind(), f.value().as_str()))
            .collect()
    };
    assert_eq!(told(&again), told(&first));
    let Suggested::Draft(proposal) = desk.suggest(&agent, &again).await.unwrap() else {
        panic!("a draft");
    };
    let shown = desk.show(&agent, &again, &proposal).await.unwrap();
    assert!(shown.expose().contains("PX 77 310 QZ"));
}
