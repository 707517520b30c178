//! From a ticket that asks for rights to the cases that answer it.

use crypto_store::Accessor;
use gdpr_rights::{IntakeReply, Language, Right};
use retention_policy::Timestamp;
use suggest_core::{Author, NoSuggestion, RightAsked};

use crate::{Desk, Error, OpenedRights, RightsRequest, Ticket};

impl Desk {
    /// Opens a case for each right a ticket asks for, after [`Desk::suggest`] came back without a draft because of it
    /// ([`Reason::RightsRequest`](suggest_core::Reason::RightsRequest)), and queues the reply of each as [`Desk::request`]
    /// does. The person is the ticket's customer, the instant of receipt that of their last message, or now; the language
    /// is that of the message. Called again for the same thread it opens nothing twice.
    ///
    /// What was read is a hint: call this where a human agrees. A correction needs what is wrong and what is right, which
    /// only a human can take from the text: it comes back in [`OpenedRights::for_human`], to be opened by
    /// [`Desk::request`]. Cases are opened as the processor's, as [`RightsRequest::new`] does; for a user of your own, or a
    /// ground, take [`RightsRequest::asked_in`] and change it.
    ///
    /// # Errors
    /// As [`Desk::request`]; [`Error::Incomplete`] for a ticket without a known customer. Cases opened before one that
    /// failed stay open, and a second call comes back with them.
    pub async fn open_rights(
        &self,
        by: &Accessor,
        ticket: &Ticket,
        none: &NoSuggestion,
        mut queue: impl FnMut(&IntakeReply),
    ) -> Result<OpenedRights, Error> {
        let mut opened = OpenedRights {
            cases: Vec::new(),
            for_human: Vec::new(),
        };
        for request in RightsRequest::asked_in(ticket, none, self.now()?)? {
            if request.right == Right::Rectification {
                opened.for_human.push(request.right);
                continue;
            }
            opened
                .cases
                .push(self.request(by, &request, &mut queue).await?);
        }
        Ok(opened)
    }
}

impl RightsRequest {
    /// The requests a ticket holds, one a right, by what [`Desk::suggest`] read in it.
    ///
    /// # Errors
    /// [`Error::Incomplete`] for a ticket without a known customer.
    pub fn asked_in(
        ticket: &Ticket,
        none: &NoSuggestion,
        now: Timestamp,
    ) -> Result<Vec<Self>, Error> {
        let customer = ticket.customer().ok_or(Error::Incomplete(
            "a case is about somebody: give the ticket its customer",
        ))?;
        let received = ticket
            .thread()
            .iter()
            .rev()
            .find(|message| message.author() == Author::Customer)
            .and_then(crate::Message::at)
            .unwrap_or(now);
        // The same thread asks once; a longer one is another message.
        let message = format!("{}\u{0}{}", ticket.id(), ticket.thread().len());
        let language = Language::ALL
            .into_iter()
            .find(|language| none.locale.is_some_and(|l| l.code() == language.code()))
            .unwrap_or(Language::English);
        Ok(none
            .rights
            .iter()
            .filter_map(|asked| right(*asked))
            .map(|right| {
                Self::new(right, received, customer.clone())
                    .in_language(language)
                    .with_message_id(message.clone())
            })
            .collect())
    }
}

/// The right of chapter III that a text asks for.
const fn right(asked: RightAsked) -> Option<Right> {
    Some(match asked {
        RightAsked::Access => Right::Access,
        RightAsked::Rectification => Right::Rectification,
        RightAsked::Erasure => Right::Erasure,
        RightAsked::Restriction => Right::Restriction,
        RightAsked::Portability => Right::Portability,
        RightAsked::Objection => Right::Objection,
        RightAsked::Automated => Right::HumanReview,
        RightAsked::WithdrawConsent => Right::WithdrawConsent,
        // Not one that this version knows how to open.
        _ => return None,
    })
}
