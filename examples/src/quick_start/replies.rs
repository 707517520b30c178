//! How replies come about: prepared, grounded, not at all, stopped, passed on. Five messages, five answers.

use std::sync::Arc;

use tactful::crypto_store::Accessor;
use tactful::redact::tags_in;
use tactful::retention_policy::Region;
use tactful::suggest_core::{
    Author, FactKind, Finding, NoSuggestion, Options, Prefer, ScriptedModel,
};
use tactful::{
    Clock, Customer, Desk, FactKeys, FactSource, FactsUnavailable, ManualClock, Message, Session,
    Silence, Stated, Suggested, Ticket,
};

use super::{QuickStartError, Screen, knowledge, shop};
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
                (FactKind::Tracking, "QP 5120 7731 09"),
            ]
            .map(|(kind, value)| Stated::new(kind, value).about(order))
        };
        let known = keys.orders().filter(|order| *order == "FL-770104");
        Ok(known.flat_map(parcel).collect())
    }
}

const PREPARED: &str = "Hello, where is my parcel? I ordered the reading lamp ten days ago, order FL-770104. \
                        Regards, Ada Thistlewood";
const GROUNDED: &str =
    "Hallo, wie lange habe ich Zeit, um etwas zur\u{fc}ckzuschicken, und was kostet mich das?";
const OPEN: &str = "Hi, would the brass one look nice next to a green sofa?";
const MADE_UP: &str = "Hello, do you deliver to Iceland, and how long would that take?";
const INVENTED: &str = "Hello,\n\nyes, we deliver to Iceland within 3 working days for 4.90 \u{20ac}. We guarantee it.\n\n\
                        SOURCES: delivery-times-en#how-long-delivery-takes";
const ERASURE: &str = "Bonjour, je ne veux plus entendre parler de vous : effacez tout ce que vous avez sur moi. \
                       Merci, Oc\u{e9}ane Tilleul";
