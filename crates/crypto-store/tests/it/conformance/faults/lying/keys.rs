//! Changes of one key, with one fault.

use crypto_store::Error;
use crypto_store::backend::{Backend, KeyId, KeyOp};
use tokio::task::yield_now;

use super::Lying;
use crate::conformance::faults::Fault;

impl Lying {
    pub(super) fn name(&self, id: KeyId) -> KeyId {
        let mut bytes = *id.as_bytes();
        if self.is(Fault::NamesAreCut) {
            bytes[32] = 0;
        }
        KeyId::from_bytes(bytes)
    }

    fn wrapped(&self, mut wrapped: Vec<u8>) -> Vec<u8> {
        if self.is(Fault::WrappedIsCut) {
            wrapped.truncate(4096);
        }
        wrapped
    }

    async fn one(&self, op: KeyOp) -> Result<bool, Error> {
        Ok(self.inner.change_keys(vec![op]).await?[0])
    }

    pub(super) async fn change_key(&self, op: KeyOp) -> Result<bool, Error> {
        let inner = &self.inner;
        let op = match op {
            KeyOp::Add(id, w) => KeyOp::Add(self.name(id), self.wrapped(w)),
            KeyOp::Set(id, w) => KeyOp::Set(self.name(id), self.wrapped(w)),
            KeyOp::Replace(seen, w) => KeyOp::Replace(seen, self.wrapped(w)),
            KeyOp::Destroy(id) => KeyOp::Destroy(self.name(id)),
        };
        match (self.fault, op) {
            (Fault::AddOverwrites, KeyOp::Add(id, w)) => {
                self.one(KeyOp::Set(id, w)).await.map(|_| true)
            }
            (Fault::AddTellsTrue, op @ KeyOp::Add(..)) => self.one(op).await.map(|_| true),
            (Fault::AddLooksFirst, KeyOp::Add(id, w)) => {
                let there = inner.key(id).await?.is_some();
                yield_now().await;
                if !there {
                    self.one(KeyOp::Set(id, w)).await?;
                }
                Ok(!there)
            }
            (Fault::SetKeepsTheOld, KeyOp::Set(id, w)) => self.one(KeyOp::Add(id, w)).await,
            (Fault::SetTellsTrue, op @ KeyOp::Set(..)) => self.one(op).await.map(|_| true),
            (Fault::SetTellsFalse, op @ KeyOp::Set(..)) => self.one(op).await.map(|_| false),
            (Fault::SetMoves, KeyOp::Set(id, w)) => {
                let there = self.one(KeyOp::Destroy(id)).await?;
                self.one(KeyOp::Add(id, w)).await?;
                Ok(!there)
            }
            (Fault::ReplaceDoesNotCompare, KeyOp::Replace(seen, w)) => {
                if inner.key(seen.id).await?.is_none() {
                    return Ok(false);
                }
                self.one(KeyOp::Set(seen.id, w)).await.map(|_| true)
            }
            (Fault::ReplaceRevives, KeyOp::Replace(seen, w)) => {
                if inner.key(seen.id).await?.is_none() {
                    return self.one(KeyOp::Set(seen.id, w)).await;
                }
                self.one(KeyOp::Replace(seen, w)).await
            }
            (Fault::ReplaceComparesTheBeginning, KeyOp::Replace(seen, w)) => {
                let found = inner.key(seen.id).await?;
                match found {
                    Some(found)
                        if found
                            .iter()
                            .zip(&seen.wrapped)
                            .take(16)
                            .all(|(a, b)| a == b) =>
                    {
                        self.one(KeyOp::Set(seen.id, w)).await.map(|_| true)
                    }
                    _ => Ok(false),
                }
            }
            (Fault::ReplaceMoves, KeyOp::Replace(seen, w)) => {
                let id = seen.id;
                let did = self.one(KeyOp::Replace(seen, w.clone())).await?;
                if did {
                    self.one(KeyOp::Destroy(id)).await?;
                    self.one(KeyOp::Add(id, w)).await?;
                }
                Ok(did)
            }
            (Fault::ReplaceKeepsTheLength, KeyOp::Replace(seen, mut w)) => {
                w.resize(seen.wrapped.len(), 0);
                self.one(KeyOp::Replace(seen, w)).await
            }
            (Fault::ReplaceTellsTrue, KeyOp::Replace(..)) => Ok(true),
            (Fault::ReplaceTellsFalse, op @ KeyOp::Replace(..)) => {
                self.one(op).await.map(|_| false)
            }
            (Fault::ReplaceLooksFirst, KeyOp::Replace(seen, w)) => {
                let same = inner.key(seen.id).await?.as_ref() == Some(&seen.wrapped);
                yield_now().await;
                if same {
                    self.one(KeyOp::Set(seen.id, w)).await?;
                }
                Ok(same)
            }
            (Fault::DestroyKeeps, KeyOp::Destroy(id)) => Ok(inner.key(id).await?.is_some()),
            (Fault::DestroyTellsTrue, op @ KeyOp::Destroy(_)) => self.one(op).await.map(|_| true),
            (Fault::DestroyTakesTheNext, KeyOp::Destroy(id)) => {
                for next in inner.list_keys(Some(id), 1).await? {
                    self.one(KeyOp::Destroy(next)).await?;
                }
                self.one(KeyOp::Destroy(id)).await
            }
            (Fault::DestroyLooksFirst, KeyOp::Destroy(id)) => {
                let there = inner.key(id).await?.is_some();
                yield_now().await;
                self.one(KeyOp::Destroy(id)).await?;
                Ok(there)
            }
            (Fault::EmptyWrappedIsNone, KeyOp::Add(_, w) | KeyOp::Set(_, w)) if w.is_empty() => {
                Ok(true)
            }
            (Fault::ZerosAreFree, KeyOp::Add(_, w) | KeyOp::Set(_, w))
                if w.iter().all(|b| *b == 0) =>
            {
                Ok(true)
            }
            (_, op) => self.one(op).await,
        }
    }
}
