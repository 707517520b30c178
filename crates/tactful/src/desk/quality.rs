//! What is counted, what is switched, what is known: the desk as its team leads see it.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use crypto_store::{Accessor, IndexTerm, NewRecord, Reason};
use retention_policy::{Category, Purpose, PurposeSet, RecordId, SubjectId, Timestamp};
use suggest_core::{
    Engine, Hint, KnowledgeBase, Label, Outcome, Request, Switches, TeamWeek, UsageEvent, Week,
};

use super::Desk;
use crate::{Error, Session};

/// Usage is counted to improve the service; nobody is in it.
pub(super) const IMPROVE: Reason = Reason::new(Purpose::ImproveService);

/// The field under which the events of a week are found.
const WEEK: &str = "usage_week";

/// A passage for the agent, taken out of the knowledge as it was.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reading {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Likeness to the message, 0 to 1.
    pub likeness: f32,
    /// Whether it is for the team alone: show it with a mark, and ask before any of it is sent.
    pub internal: bool,
}

impl Desk {
    /// Changes the knowledge: articles, macros, replies are added and removed for the drafts that begin from now on.
    ///
    /// # Errors
    /// What `change` fails with; nothing has changed then.
    pub fn knowledge<T, E>(
        &self,
        change: impl FnOnce(&mut KnowledgeBase) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut engine = self.engine.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Engine::clone(&engine);
        let done = change(next.knowledge_mut())?;
        *engine = Arc::new(next);
        Ok(done)
    }

    /// Changes what is switched off: a channel, a label, everything. It counts for drafts that begin from now on.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(
            &mut self
                .switches
                .write()
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    pub(super) fn switches(&self) -> Switches {
        let switches = self.switches.read().unwrap_or_else(PoisonError::into_inner);
        switches.clone()
    }

    pub(super) fn engine(&self) -> Arc<Engine> {
        Arc::clone(&self.engine.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// What the agent may want to read beside a session, from articles, macros and past replies, at most `k` of each. Passages
    /// for the team alone are among them, and marked. Nothing is written: they are the client's own texts.
    ///
    /// # Errors
    /// The clock is not trusted.
    pub fn readings(&self, session: &Session, k: usize) -> Result<Vec<Reading>, Error> {
        let (thread, now) = (session.thread()?, self.now()?);
        let engine = self.engine();
        let request = Request::new(&thread, &session.map, &self.detector, now);
        let reading = |hint: Hint<'_>| Reading {
            id: hint.passage.id().to_owned(),
            title: hint.passage.title().to_owned(),
            text: hint.passage.text().to_owned(),
            likeness: hint.likeness,
            internal: hint.is_internal(),
        };
        Ok(engine.hints(&request, k).into_iter().map(reading).collect())
    }

    /// The ids of passages for the team alone that an agent's text quotes: to be asked about before it is decided.
    #[must_use]
    pub fn quotes_internal(&self, text: &str) -> Vec<String> {
        let engine = self.engine();
        let quoted = engine.quotes_internal(text);
        quoted.into_iter().map(str::to_owned).collect()
    }

    /// What was counted in a week, for bills and figures. Each event is read with an audit leaf of its own.
    ///
    /// # Errors
    /// [`Error::Stopped`]; [`Error::is_denied`] for a role that does not work on figures; the store failed.
    pub async fn usage(&self, by: &Accessor, week: Week) -> Result<Vec<UsageEvent>, Error> {
        let now = self.now()?;
        self.may_read(by.tenant(), IMPROVE.purpose())?;
        let term = IndexTerm::new(WEEK, &week.to_string())?;
        let mut events = Vec::new();
        for record in self.store.find(&term, by, &IMPROVE, now).await? {
            let opened = self.store.get(record, by, &IMPROVE, now).await?;
            let line = std::str::from_utf8(opened.expose()).ok();
            let event = line.and_then(UsageEvent::from_line);
            events.push(event.ok_or(Error::DamagedSession)?);
        }
        Ok(events)
    }

    /// The teams of a week that is over, each with at least five agents. Who decided is kept in memory alone, and only until
    /// [`Desk::end_team_weeks`].
    ///
    /// # Errors
    /// The clock is not trusted.
    pub fn teams(&self, week: Week) -> Result<Vec<TeamWeek>, Error> {
        let now = Week::of(self.now()?);
        let teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(teams.told(week, now))
    }

    /// Ends all weeks before this one: what may be told is handed out for the last time, and who decided is forgotten.
    ///
    /// # Errors
    /// The clock is not trusted.
    pub fn end_team_weeks(&self) -> Result<Vec<TeamWeek>, Error> {
        let now = Week::of(self.now()?);
        let mut teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(teams.close_before(now))
    }

    pub(super) fn note_team(&self, by: &Accessor, week: Week, outcome: Outcome, viewed: Duration) {
        let team = self.team_of.get(&by.actor()).copied();
        let team = team.unwrap_or(Label(by.tenant().to_bytes()));
        let agent = Label(by.actor().to_bytes());
        let mut teams = self.teams.lock().unwrap_or_else(PoisonError::into_inner);
        teams.note(team, agent, week, outcome, viewed);
    }

    /// Writes an event down, under a subject of its own: the record means nobody.
    pub(super) async fn count(
        &self,
        by: &Accessor,
        event: UsageEvent,
        once: &[u8],
        now: Timestamp,
    ) -> Result<RecordId, Error> {
        let nobody = SubjectId::from_random(self.random()?);
        let improve = PurposeSet::only(Purpose::ImproveService);
        let meta = self.meta(by.tenant(), nobody, Category::Usage, improve, now)?;
        let term = IndexTerm::new(WEEK, &event.week().to_string())?;
        let mut record = NewRecord::new(meta, event.to_line().into_bytes()).terms(vec![term]);
        if !once.is_empty() {
            record = record.idempotency_key(once);
        }
        let record = self.store.put(record, by, &IMPROVE, now).await?.id();
        self.shelve(record, &meta, now).await?;
        Ok(record)
    }
}
