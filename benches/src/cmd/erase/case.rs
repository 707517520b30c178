//! One person's request, from the mail to the last letter, and how long its parts took.

use std::time::Instant;

use tactful::gdpr_rights::Right;
use tactful::gdpr_rights::request::case::{AnswerTo, Art19, Extent, Message};
use tactful::gdpr_rights::request::certificate::SignedCertificate;
use tactful::{Customer, RightsRequest, Step};

use super::super::{Stop, shop};
use super::town::{SOURCES, Town};
use crate::figures::CpuTime;

/// What an erasure took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timed {
    /// Items that the sources found beforehand.
    pub(super) found: u64,
    /// The order to erase, until every source has looked again.
    pub(super) erase_ms: f64,
    /// CPU time of that, all threads.
    pub(super) cpu_ms: f64,
    /// How much of it passed in the integrator's systems.
    pub(super) sources_ms: f64,
    /// From the mail to the last letter.
    pub(super) case_ms: f64,
    /// Whether there is a certificate that holds offline and names all five sources.
    pub(super) certified: bool,
}

fn ms(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

pub(super) async fn erase(town: &Town, who: Customer) -> Result<Timed, Stop> {
    let (desk, by) = (&town.desk, shop::officer());
    let begun = Instant::now();
    let request = RightsRequest::new(Right::Erasure, shop::opening(), who);
    let case = desk.request(&by, &request, |_| {}).await?.case;
    desk.advance(&by, case, Step::Refer).await?;
    let asked = desk.instruct(&by, case, AnswerTo::Person).await?;
    let found = asked.found.iter().map(|(_, n)| n).sum();
    desk.advance(&by, case, Step::Approve(Extent::Full)).await?;

    let (cpu, sources, started) = (CpuTime::now(), town.seconds(), Instant::now());
    let done = desk.advance(&by, case, Step::Execute).await?;
    let mut timed = Timed {
        found,
        erase_ms: ms(started),
        cpu_ms: cpu.elapsed_s() * 1000.0,
        sources_ms: (town.seconds() - sources) * 1000.0,
        case_ms: ms(begun),
        certified: false,
    };
    if done.residue.is_some() {
        return Ok(timed);
    }
    desk.advance(&by, case, Step::Recipients(Art19::NoRecipients))
        .await?;
    let made = desk.advance(&by, case, Step::Deliver).await?;
    desk.advance(&by, case, Step::Sent(Message::Answer)).await?;
    timed.case_ms = ms(begun);
    if let Some(signed) = made.certificate {
        let checked = SignedCertificate::verify(&signed.to_bytes(), &town.key.verifying_key());
        timed.certified = checked.is_ok_and(|c| c.sources().len() == SOURCES.len() + 1);
    }
    Ok(timed)
}
