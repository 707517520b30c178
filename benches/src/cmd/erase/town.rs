//! A desk on files and four systems of the integrator, with everybody's data in each.

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tactful::gdpr_rights::SourceId;
use tactful::gdpr_rights::request::sign::SigningKey;
use tactful::retention_policy::Region;
use tactful::{Controller, Desk, ManualClock};

use super::super::{Stop, shop};
use super::cache::Cache;
use super::index::Index;
use super::orders::Orders;
use super::people::Person;
use super::plan::Plan;
use super::planted::{Place, Planted};
use super::snapshot::Snapshot;
use super::source::{Source, System};
use crate::figures::Figures;

/// The key of this program alone.
const SIGNING: [u8; 32] = *b"a key for a program that counts.";

/// The folders of the sources, and their names.
pub(super) const SOURCES: [&str; 4] = ["index", "cache", "snapshot", "orders"];

pub(super) struct Town {
    pub(super) desk: Arc<Desk>,
    pub(super) sources: Vec<Arc<Source>>,
    pub(super) key: SigningKey,
    pub(super) planted: Arc<Vec<Planted>>,
}

/// How a system misbehaves.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Faults {
    /// The cache leaves one value where it stands, and says that it erased.
    pub(super) leaves: bool,
    /// The index cannot erase.
    pub(super) fails: bool,
}

impl Town {
    pub(super) async fn build(
        plan: &Plan,
        planted: Vec<Planted>,
        faults: Faults,
        dir: &Path,
        figures: &mut Figures,
    ) -> Result<Self, Stop> {
        let sources = systems(plan, &planted, faults, &dir.join("sources"), figures)?;
        let controller = Controller::new(
            "Fernlicht GmbH",
            "privacy@fernlicht.example",
            "DE-BE",
            "Europe/Berlin",
        )?;
        let key = SigningKey::from_bytes(&SIGNING);
        let store = dir.join("store");
        let mut builder = Desk::builder()
            .directory(&store)
            .key_file(store.join("root.key"))
            .region(Region::France)
            .controller(shop::tenant(), controller)
            .signing_key(key.clone())
            .clock(Arc::new(ManualClock::new(shop::opening())));
        for source in &sources {
            builder = builder.source(Arc::<Source>::clone(source));
        }
        let desk = builder.open().await?;
        desk.onboard(shop::contract()?).await?;
        Ok(Town {
            desk: Arc::new(desk),
            sources,
            key,
            planted: Arc::new(planted),
        })
    }

    /// Seconds that the integrator's systems took so far.
    pub(super) fn seconds(&self) -> f64 {
        self.sources.iter().map(|s| s.seconds()).sum()
    }
}

fn systems(
    plan: &Plan,
    planted: &[Planted],
    faults: Faults,
    dir: &Path,
    figures: &mut Figures,
) -> Result<Vec<Arc<Source>>, Stop> {
    let note = |n: usize, place: Place| {
        let values: Vec<&str> = planted
            .iter()
            .filter(|p| p.person == n && p.place == place)
            .map(|p| p.value.as_str())
            .collect();
        values.join("; ")
    };
    let everybody: Vec<Person> = (0..plan.people).map(Person::new).collect();
    let notes = |place: Place| {
        let note = move |n| {
            if n < plan.erased {
                note(n, place)
            } else {
                String::new()
            }
        };
        everybody.iter().enumerate().map(move |(n, p)| (p, note(n)))
    };
    let profile = |who: &Person, note: &str| {
        let line = json!({
            "customer": who.customer_id, "name": who.name, "email": who.emails[0], "phone": who.phone,
            "orders": who.orders, "language": "en", "note": note,
        });
        line.to_string()
    };

    let of_others = plan.mentions().map(|(n, person, at)| {
        let (writer, theirs) = (Person::new(n), Person::new(person as u64));
        let text = format!(
            "{} asks about order {}. {}",
            writer.name,
            writer.orders[0],
            theirs.identifier(at).1
        );
        (writer.customer_id, text)
    });
    let own = notes(Place::Index).map(|(who, note)| {
        let text = format!(
            "{} ({}) waits for order {}. Notes: {note}. Write to {} or call {}.",
            who.name, who.customer_id, who.orders[0], who.emails[0], who.phone
        );
        (who.customer_id.clone(), text)
    });
    let index = Index::create(&dir.join("index"), own.chain(of_others))?;
    figures.set("index_documents", index.len());

    let entries = notes(Place::Cache).flat_map(|(who, note)| {
        [
            (format!("email:{}", who.emails[0]), who.customer_id.clone()),
            (format!("customer:{}", who.customer_id), profile(who, &note)),
        ]
    });
    let left = planted.iter().find(|p| p.place == Place::Cache);
    let left = left.filter(|_| faults.leaves).map(|p| p.value.clone());
    let cache = Cache::create(&dir.join("cache"), entries, left.into_iter().collect())?;
    figures.set("cache_entries", cache.len());

    let lines: Vec<_> = notes(Place::Snapshot)
        .map(|(who, note)| (who.customer_id.clone(), profile(who, &note)))
        .collect();
    figures.set("snapshot_lines", lines.len());
    let snapshot = Snapshot::create(&dir.join("snapshot"), lines)?;

    let orders = Orders::create(&dir.join("orders"), notes(Place::Orders))?;
    figures.set("orders_rows", orders.len());

    let systems: [(Box<dyn System>, bool); 4] = [
        (Box::new(index), faults.fails),
        (Box::new(cache), false),
        (Box::new(snapshot), false),
        (Box::new(orders), false),
    ];
    SOURCES
        .into_iter()
        .zip(systems)
        .map(|(name, (system, fails))| {
            let id = SourceId::new(name).map_err(|e| Stop::failed("a source")(&e))?;
            Ok(Source::new(id, system, fails))
        })
        .collect()
}
