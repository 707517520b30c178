//! What the desk owes by now and can do itself.

use gdpr_rights::Nonce;
use gdpr_rights::request::case::{Case, Event, Status, Work};

use super::Walk;
use crate::Error;
use crate::desk::Desk;

impl Walk<'_> {
    /// What the desk owes by now and can do itself, until a human or a source is waited for. It follows from the case
    /// alone, so that nothing is forgotten by a crash.
    pub(super) async fn go_on(&mut self) -> Result<(), Error> {
        let desk = self.desk;
        if let Some(residue) = desk
            .limit_use(self.by, self.record, &mut self.file, self.now)
            .await?
        {
            self.residue = Some(residue);
        }
        while let Some(owed) = owed(&self.file.case) {
            let event = match owed {
                Owed::Locate => match desk.locate(self.by, &mut self.file, self.now).await? {
                    Ok((located, found)) => {
                        self.found = found;
                        Event::EverySourceAnswered(located)
                    }
                    Err(residue) => {
                        self.residue = Some(residue);
                        return Ok(());
                    }
                },
                Owed::CarryOut => {
                    let left = desk
                        .carry_out(self.by, self.record, &mut self.file, self.now)
                        .await?;
                    if left.is_some() {
                        self.residue = left;
                        return self.save().await;
                    }
                    Event::Executed {
                        rescan: Nonce::from_random(desk.random()?),
                    }
                }
                Owed::LookAgain(nonce) => {
                    let look = desk
                        .look_again(self.by, &self.file, nonce, self.now)
                        .await?;
                    let event = Desk::event_of(&look);
                    if let Err(residue) = look {
                        self.residue = Some(residue);
                        return self.step(event).await;
                    }
                    event
                }
            };
            self.step(event).await?;
        }
        Ok(())
    }
}

enum Owed {
    Locate,
    CarryOut,
    LookAgain(Nonce),
}

fn owed(case: &Case) -> Option<Owed> {
    if case.status() != Status::Open || case.closing().is_some() || case.is_returned() {
        return None;
    }
    match case.work() {
        Work::NotStarted if !case.is_answered() => Some(Owed::Locate),
        Work::Ordered => Some(Owed::CarryOut),
        Work::Done if !case.is_clean() => case.rescan().map(Owed::LookAgain),
        _ => None,
    }
}
