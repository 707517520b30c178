//! The ends of one record: every rule, request and law that concerns it, each with its instant.

use super::{Dossier, DueReason};
use crate::Timestamp;
use crate::access::RoleSet;
use crate::name::ObligationId;
use crate::policy::Policy;
use crate::policy::rule::{Disposition, Rule};
use crate::purpose::Purpose;
use crate::trigger::Trigger;

/// When a rule's time is over, and when the record ends by it: later if there is an archive.
struct End {
    over: Timestamp,
    gone: Timestamp,
    rule: Rule,
}

pub(super) struct Ends {
    /// Until when a law keeps the record, and which.
    pub(super) law: Option<(Timestamp, ObligationId)>,
    erasure: Option<Timestamp>,
    withdrawn: Option<Timestamp>,
    written: Timestamp,
    /// Rules of a purpose or an event; the one that ends the record first comes first.
    purposes: Vec<End>,
    default: End,
}

impl Ends {
    pub(super) fn of(policy: &Policy, dossier: &Dossier<'_>) -> Self {
        let meta = dossier.meta;
        let tenant = Some(meta.tenant());
        let made = meta.expiry().made();
        let written = meta.expires_at();
        let start = |trigger| match trigger {
            Trigger::Created => Some(made),
            event => dossier.events.at(event),
        };
        // What the calendar does not reach ends when it was written.
        let within = |at: Option<Timestamp>| at.map_or(written, |at| at.min(written));
        let end = |rule: &Rule, start: Timestamp| {
            let over = rule.after().after(start);
            let gone = match rule.archive() {
                Some(archive) => over.and_then(|over| archive.lasts.after(over)),
                None => over,
            };
            End {
                over: within(over),
                gone: within(gone),
                rule: *rule,
            }
        };
        let mut purposes: Vec<End> = policy
            .in_force(tenant, meta.category())
            .filter(|rule| !rule.is_default())
            .filter(|rule| {
                let purpose = rule.key().purpose;
                purpose.is_none_or(|p| meta.purposes().contains(p))
            })
            .filter_map(|rule| Some(end(rule, start(rule.key().trigger)?)))
            .collect();
        purposes.sort_by_key(|end| (end.gone, end.rule.disposition(), end.rule.key()));
        let law = policy
            .obligations()
            .iter()
            .filter(|o| o.concerns(tenant, meta.category()))
            .map(|o| {
                // A duty that counts from the end of a contract lasts at least as long as the contract.
                let until = start(o.trigger()).map(|start| within(o.lasts().after(start)));
                (until.unwrap_or(written), o.id())
            })
            .max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
        let on_consent = meta.purposes().iter().all(Purpose::can_rest_on_consent);
        Self {
            law,
            erasure: dossier.events.at(Trigger::Request),
            withdrawn: dossier
                .events
                .at(Trigger::ConsentWithdrawn)
                .filter(|_| on_consent),
            written,
            purposes,
            default: end(&policy.default_rule(tenant, meta.category()), made),
        }
    }

    /// The strongest reason for which the record is due, laws and holds left out.
    pub(super) fn due(&self, now: Timestamp) -> Option<(DueReason, Disposition)> {
        let over = |at: Option<Timestamp>| at.is_some_and(|at| now >= at);
        if over(self.erasure) {
            return Some((DueReason::Erasure, Disposition::Erase));
        }
        if over(self.withdrawn) {
            return Some((DueReason::ConsentWithdrawn, Disposition::Erase));
        }
        let purpose = self.purposes.first().filter(|end| now >= end.gone);
        if now >= self.written {
            let first = purpose.filter(|end| end.gone < self.written);
            let rule = first.unwrap_or(&self.default).rule;
            return Some((DueReason::Expired, rule.disposition()));
        }
        if let Some(end) = purpose {
            let reason = DueReason::PurposeOver(end.rule.key().trigger);
            return Some((reason, end.rule.disposition()));
        }
        let over = now >= self.default.gone;
        over.then(|| (DueReason::Default, self.default.rule.disposition()))
    }

    /// The first instant at which it is due, laws and holds left out.
    pub(super) fn first(&self) -> Timestamp {
        let purpose = self.purposes.first().map(|end| end.gone);
        [self.erasure, self.withdrawn, purpose]
            .into_iter()
            .flatten()
            .fold(self.default.gone.min(self.written), Timestamp::min)
    }

    /// The first instant at which a time limit makes it archived or due: nobody who answers tickets reads it from then
    /// on.
    pub(super) fn used_until(&self) -> Timestamp {
        self.purposes
            .iter()
            .chain([&self.default])
            .map(|end| end.over)
            .fold(self.written, Timestamp::min)
    }

    /// When the first archive begins, unless the record is over before.
    pub(super) fn first_archive(&self) -> Option<Timestamp> {
        let archives = self.purposes.iter().chain([&self.default]);
        let begins = archives.filter(|end| end.rule.archive().is_some());
        begins
            .map(|end| end.over)
            .min()
            .filter(|from| *from < self.first())
    }

    /// Who may read, if an archive has begun: who may by every one that has. Should that be nobody, who may by the
    /// first.
    pub(super) fn readers(&self, now: Timestamp) -> Option<RoleSet> {
        let mut begun: Vec<(Timestamp, RoleSet)> = self
            .purposes
            .iter()
            .chain([&self.default])
            .filter(|end| now >= end.over)
            .filter_map(|end| Some((end.over, end.rule.archive()?.readers)))
            .collect();
        begun.sort_by_key(|(over, readers)| (*over, readers.bits()));
        let first = begun.first()?.1;
        let all = begun
            .iter()
            .try_fold(first, |all, (_, readers)| all.and(*readers));
        Some(all.unwrap_or(first))
    }
}
