//! The end of a contract.

use std::fs;

use serde_json::json;
use tactful::Clock;
use tactful::gdpr_rights::account::contract_end::ContractEnd;
use tactful::retention_policy::{Choice, Role};

use super::super::QuickStartError;
use super::super::proof::{note, row};
use super::super::rights::signing_key;
use super::{OPERATOR, Scene, unproved};
use crate::paint::{DIM, styled};

impl Scene<'_> {
    /// The client ends its contract: all of it goes, and it has that in writing.
    pub(super) async fn leave(&mut self) -> Result<(), QuickStartError> {
        let operator = self.by(OPERATOR, Role::PrivacyOfficer);
        let off = self.desk.offboard(&operator, Choice::Delete).await?;
        self.screen
            .say(&note("the client leaves and wants everything destroyed"))?;
        self.screen.say(&row(
            "due",
            &off.due().format("%Y-%m-%d").to_string(),
            off.due() > self.clock.now(),
        ))?;
        self.desk.sweep().await?;
        let signed = self.desk.contract_certificates(self.client);
        let bytes = signed.last().ok_or_else(unproved)?;
        let certificate = ContractEnd::verify(bytes, &signing_key().verifying_key())
            .map_err(|e| QuickStartError::Proof(e.to_string()))?;
        let field = |name| certificate.field(name).unwrap_or("?").to_owned();
        let (records, keys) = (field("destroyed records"), field("destroyed keys"));
        let gone = !self.desk.store().has_tenant(self.client).await?;
        self.screen.say(&row(
            "the next sweep",
            &format!("{records} records and {keys} keys destroyed, the client's own among them"),
            gone,
        ))?;
        let place = match self.kept_in {
            Some(dir) => {
                let file = dir.join("contract-end.txt");
                fs::write(&file, bytes)?;
                format!(": {}", file.display())
            }
            None => String::new(),
        };
        self.screen.say(&row(
            "certificate, checked offline",
            &format!("backups: {}{place}", field("backups expire")),
            true,
        ))?;
        self.screen.say(&styled(
            DIM,
            "     what a law keeps would stand there with law, article and day; no legal advice",
        ))?;
        self.screen.tell(&json!({
            "event": "left",
            "destroyed_records": records.parse::<u64>().ok(),
            "keys_left": !gone,
            "certificate": true,
        }))?;
        if gone { Ok(()) } else { Err(unproved()) }
    }
}
