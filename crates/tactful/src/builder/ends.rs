//! What ends: when it needs two people, and who is told.

use std::sync::Arc;

use retention_policy::Breaker;

use super::DeskBuilder;
use crate::Sink;

impl DeskBuilder {
    /// Registers a place where copies may lie; it is told of every ending until it says that it forgot.
    pub fn sink(mut self, sink: Arc<dyn Sink>) -> Self {
        self.sinks.push(sink);
        self
    }

    /// Of how many records a sweep may take a tenant's before their written end without two people. Default: the policy's.
    pub fn breaker(mut self, breaker: Breaker) -> Self {
        self.breaker = breaker;
        self
    }
}
