//! After a kill: what an earlier run said was durable, against what the store still holds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use tactful::Clock;
use tactful::crypto_store::Reason;
use tactful::retention_policy::{ActorId, Purpose, RecordId, Role};

use super::{Options, QuickStartError, agent, contract, open, shop};

/// Reads the events of an interrupted `--json` run from `events` and prints one JSON object of counts.
///
/// `acknowledged` facts are records said to be written and records said to be shredded; `lost` are those of them that
/// are not so. A last line that was cut off by the kill acknowledges nothing.
///
/// # Errors
/// The store does not open, or the events cannot be read.
pub async fn check(options: &Options, events: &Path) -> Result<(), QuickStartError> {
    let dir = options
        .dir
        .as_deref()
        .ok_or(QuickStartError::Input("--check needs --dir"))?;
    let text = std::fs::read_to_string(events)?;
    let (desk, clock) = open(dir).await?;
    let now = clock.now();
    // A kill between the store and its tenant: what was acknowledged, if anything, is missing and will be counted.
    if desk.contract(shop()).is_none() {
        desk.onboard(contract(&desk, now)?).await?;
    }

    // Why a record is read, and after how many moves of the clock its time is over.
    let mut written: BTreeMap<RecordId, (Reason, Option<u32>)> = BTreeMap::new();
    let mut gone: BTreeSet<RecordId> = BTreeSet::new();
    let mut moves = 0;
    for line in text.split_inclusive('\n').filter(|l| l.ends_with('\n')) {
        let event: Value = serde_json::from_str(line)
            .map_err(|_| QuickStartError::Input("an event is no JSON object"))?;
        let id = |field: &str| {
            event
                .get(field)
                .and_then(Value::as_str)
                .and_then(|id| RecordId::parse(id).ok())
        };
        match event.get("event").and_then(Value::as_str) {
            Some(kind @ ("ingested" | "drafted")) => {
                let reply = Reason::new(Purpose::DraftReply);
                let ends = if kind == "ingested" { 1 } else { 2 };
                written.extend(id("record").map(|id| (id, (reply, Some(ends)))));
            }
            Some("decided") => {
                let improve = Reason::new(Purpose::ImproveService);
                written.extend(id("usage").map(|id| (id, (improve, None))));
                gone.extend(
                    id("session")
                        .filter(|_| event.get("session_closed") == Some(&Value::Bool(true))),
                );
            }
            // From here on sessions are over, from the second time on drafts too, however far the sweep came.
            Some("clock") => moves += 1,
            _ => {}
        }
    }

    let agent = agent();
    // Usage records are read by the worker that learns from them.
    let worker =
        tactful::crypto_store::Accessor::new(ActorId::from_bytes([1; 16]), Role::Worker, shop());
    let (mut lost, mut still_there, mut over) = (0, 0, 0);
    for (id, (reason, ends)) in &written {
        let by = if reason.purpose() == Purpose::DraftReply {
            &agent
        } else {
            &worker
        };
        match desk.store().get(*id, by, reason, now).await {
            Ok(_) if gone.contains(id) => still_there += 1,
            Ok(_) => {}
            Err(error) if gone.contains(id) && (error.is_erased() || error.is_not_found()) => {}
            Err(_) if ends.is_some_and(|ends| ends <= moves) => {}
            // The kill came between the shredding and its acknowledgement.
            Err(error) if error.is_expired() || error.is_erased() || error.is_not_found() => {
                over += 1
            }
            Err(error) => return Err(error.into()),
        }
    }
    // One ticket was at work when the kill came: its session may have been shredded without being told so.
    if over > 1 {
        lost += over - 1;
    }
    let audit = desk.verify_audit().await?;
    desk.close().await?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{}",
        json!({
            "acknowledged": written.len() + gone.len(),
            "lost": lost + still_there,
            "audit_entries": audit.leaves,
            "audit_broken": u8::from(!audit.intact),
        })
    )?;
    Ok(())
}
