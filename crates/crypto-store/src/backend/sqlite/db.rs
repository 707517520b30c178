//! A connection with the statements that were prepared on it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::{Deref, DerefMut};

use rusqlite::{Connection, Statement};

use super::fresh::Fresh;

/// A connection that prepares each of its few statements once. They are known by where their text stands in the program, so
/// that finding one costs no look at the text.
pub(super) struct Db<'c> {
    connection: &'c Connection,
    idle: RefCell<HashMap<Place, Statement<'c>>>,
    fresh: RefCell<Fresh>,
}

/// Where a text begins, and its length.
type Place = (usize, usize);

impl<'c> Db<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Db {
            connection,
            idle: RefCell::default(),
            fresh: RefCell::default(),
        }
    }

    /// A statement to use until it is dropped. One that is in use already is prepared a second time.
    pub(super) fn prepare_cached(&self, sql: &'static str) -> rusqlite::Result<Cached<'_, 'c>> {
        let place = (sql.as_ptr().addr(), sql.len());
        let idle = self.idle.borrow_mut().remove(&place);
        let statement = match idle {
            Some(statement) => statement,
            None => self.connection.prepare(sql)?,
        };
        Ok(Cached {
            db: self,
            place,
            statement: Some(statement),
        })
    }

    /// Rows that this connection has seen outside of their tree.
    pub(super) fn fresh(&self) -> &RefCell<Fresh> {
        &self.fresh
    }

    pub(super) fn connection(&self) -> &'c Connection {
        self.connection
    }
}

impl Deref for Db<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}

/// A statement in use. What was bound to it is forgotten when it goes back.
pub(super) struct Cached<'d, 'c> {
    db: &'d Db<'c>,
    place: Place,
    /// There until it goes back.
    statement: Option<Statement<'c>>,
}

impl Drop for Cached<'_, '_> {
    fn drop(&mut self) {
        if let Some(mut statement) = self.statement.take() {
            statement.clear_bindings();
            self.db.idle.borrow_mut().insert(self.place, statement);
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "the statement leaves its place in drop alone"
)]
impl<'c> Deref for Cached<'_, 'c> {
    type Target = Statement<'c>;

    fn deref(&self) -> &Statement<'c> {
        self.statement.as_ref().expect("a statement in use")
    }
}

#[expect(
    clippy::expect_used,
    reason = "the statement leaves its place in drop alone"
)]
impl DerefMut for Cached<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.statement.as_mut().expect("a statement in use")
    }
}
