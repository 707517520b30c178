//! No error, Debug output or log line holds a name, an address, a number, a code or a token.

use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use tactful::crypto_store::{ParcelToken, SeededEntropy};
use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{Art19, Extent, Message as Sent, NotNeeded};
use tactful::gdpr_rights::request::identity::FactKind;
use tactful::gdpr_rights::request::refusal::{Reason, RefusalGround};
use tactful::pii_detect::Kind;
use tactful::{Clock, Correction, Customer, Error, RightsRequest, Step};
use tracing_subscriber::filter::LevelFilter;

use super::place::{Fault, Place};
use super::{ORLA, ask, desk, go, noor_wrote_of_orla, officer, orla_wrote};
use crate::clock;

/// All that was logged in this process, by any test.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is said of a thing in every form.
fn note(out: &mut String, thing: &impl Debug) {
    writeln!(out, "{thing:?}\n{thing:#?}").unwrap();
}

fn note_error(out: &mut String, error: Error) {
    writeln!(out, "{error}").unwrap();
    note(out, &error);
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        writeln!(out, "{inner} {inner:?}").unwrap();
        source = inner.source();
    }
}

#[test]
fn a_step_does_not_say_what_was_typed() {
    let facts = [(FactKind::OrderNumber, "FL-204417")];
    let mut out = String::new();
    note(&mut out, &Step::Code("77812788"));
    let step = Step::CodeAndFacts {
        typed: "77812788",
        given: &facts,
        on_file: &facts,
    };
    note(&mut out, &step);
    assert!(
        !out.contains("77812788") && !out.contains("204417"),
        "{out}"
    );
}

const PHONE: &str = "+353 1 555 0142";
const STREET: &str = "17 Harbour Lane";

fn full() -> Customer {
    let mut who = super::orla();
    who.phones.push(PHONE.to_owned());
    who.addresses.push(STREET.to_owned());
    who.customer_ids.push("K-30778812".to_owned());
    who
}

#[tokio::test]
async fn nothing_that_is_said_of_a_case_names_a_person() {
    let sink = Sink::default();
    let writer = sink.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .try_init()
        .unwrap();
    let mut out = String::new();
    let mut secrets = Vec::new();
    let (clock, crm) = (clock(), Place::new("crm"));
    crm.plant(ORLA, "prefers the morning at 17 Harbour Lane");
    let desk = desk(&clock, &[&crm]).await;
    orla_wrote(&desk, &clock).await;
    noor_wrote_of_orla(&desk, &clock).await;

    let correction = Correction::new(Kind::Person, "Orla Brennigan", "Orla Brannigan").unwrap();
    note(&mut out, &correction);
    let request = RightsRequest::new(Right::Rectification, clock.now(), full())
        .correcting(correction)
        .as_controller()
        .with_message_id("<20260302.brennigan@mailbox.example>");
    note(&mut out, &request);
    crm.breaks("restrict", Fault::Fails);
    let intake = ask(&desk, &request).await;
    note(&mut out, &intake);
    note(&mut out, &ask(&desk, &request).await);
    crm.mend();

    let request = RightsRequest::new(Right::Access, clock.now(), full()).as_controller();
    let case = ask(&desk, &request).await.case;
    let asked = go(&desk, case, Step::AskIdentity).await;
    note(&mut out, &asked);
    let digits = asked.digits.as_ref().unwrap().expose().to_owned();
    let given = [
        (FactKind::OrderNumber, "FL-204417"),
        (FactKind::Amount, "89.90"),
    ];
    let step = Step::CodeAndFacts {
        typed: &digits,
        given: &given,
        on_file: &given,
    };
    let wrong: String = digits.chars().rev().collect();
    for typed in [wrong.as_str(), "orla.brennigan@mailbox.example"] {
        let error = desk.advance(&officer(), case, Step::Code(typed)).await;
        note_error(&mut out, error.unwrap_err());
    }
    note(&mut out, &go(&desk, case, step).await);
    secrets.extend([digits, wrong]);
    crm.breaks("scan", Fault::Fails);
    note(&mut out, &go(&desk, case, Step::Resume).await);
    crm.mend();
    note(&mut out, &go(&desk, case, Step::Resume).await);
    let early = desk.advance(&officer(), case, Step::Deliver).await;
    note_error(&mut out, early.unwrap_err());
    note(
        &mut out,
        &go(&desk, case, Step::Approve(Extent::Full)).await,
    );
    note(&mut out, &go(&desk, case, Step::Execute).await);
    let made = go(&desk, case, Step::Deliver).await;
    note(&mut out, &made);
    note(&mut out, &go(&desk, case, Step::Sent(Sent::Answer)).await);
    let handover = made.package.as_ref().unwrap();
    note(&mut out, handover);
    secrets.push(handover.token.expose().to_string());
    let wrong = ParcelToken::random(&SeededEntropy::insecure(98)).unwrap();
    secrets.push(wrong.expose().to_string());
    let error = desk.collect(&officer(), case, &wrong).await;
    note_error(&mut out, error.unwrap_err());
    let fetched = desk.collect(&officer(), case, &handover.token).await;
    note(&mut out, &fetched.unwrap());
    note(&mut out, &desk.case(&officer(), case).await.unwrap());

    let request = RightsRequest::new(Right::Objection, clock.now(), full()).as_controller();
    let case = ask(&desk, &request).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::LowHarm);
    note(&mut out, &go(&desk, case, step).await);
    let words = "Orla Brennigan owes us for FL-204417.";
    let reasons = [Reason::new(RefusalGround::OverridingGrounds, words).unwrap()];
    let refused = go(&desk, case, Step::Refuse(&reasons)).await;
    assert!(refused.letter.as_ref().unwrap().expose().contains(words));
    note(&mut out, &refused);

    let both = Customer::new().with_email(ORLA).with_email(super::NOOR);
    note(&mut out, &both);
    let request = RightsRequest::new(Right::Access, clock.now(), both).as_controller();
    let case = ask(&desk, &request).await.case;
    let step = Step::IdentityNotNeeded(NotNeeded::Authenticated);
    let error = desk.advance(&officer(), case, step).await;
    note_error(&mut out, error.unwrap_err());

    let case = super::as_processor(&desk, Right::Erasure, full(), &clock).await;
    crm.breaks("erase", Fault::Fails);
    note(&mut out, &go(&desk, case, Step::Execute).await);
    crm.mend();
    note(&mut out, &go(&desk, case, Step::Resume).await);
    let step = Step::Recipients(Art19::NoRecipients);
    note(&mut out, &go(&desk, case, step).await);
    let made = go(&desk, case, Step::Deliver).await;
    note(&mut out, &made);
    out.push_str(&String::from_utf8(made.certificate.unwrap().to_bytes()).unwrap());
    clock.advance(TimeDelta::days(2));
    desk.sweep().await.unwrap();

    let logged = String::from_utf8_lossy(&sink.0.lock().unwrap()).into_owned();
    assert!(logged.contains("tactful"), "nothing is logged at all");
    let planted = [
        "Orla",
        "orla",
        "Brennigan",
        "brennigan",
        "Brannigan",
        "Noor",
        "noor",
        "Castellane",
        "castellane",
        "204417",
        "555 0142",
        "5550142",
        "Harbour",
        "30778812",
        "89.90",
        "morning",
    ];
    for (what, text) in [("said", &out), ("logged", &logged)] {
        for value in planted
            .iter()
            .copied()
            .chain(secrets.iter().map(String::as_str))
        {
            let line = text.lines().find(|line| line.contains(value));
            assert!(line.is_none(), "{what}: {value} in {line:?}");
        }
    }
}
