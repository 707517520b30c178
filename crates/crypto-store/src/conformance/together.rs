//! Several tasks on one thread, without an executor.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use super::BoxFuture;
use super::trial::{Unmet, so};

/// Runs tasks in turns on the task that awaits this.
pub async fn interleave(mut tasks: Vec<BoxFuture<'static, ()>>) {
    poll_fn(|cx| {
        tasks.retain_mut(|task| task.as_mut().poll(cx).is_pending());
        if tasks.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

/// Runs tasks as the maker does and collects what they found, in the order of the tasks.
pub(super) async fn collect<T, R>(
    tasks: Vec<BoxFuture<'static, Result<T, Unmet>>>,
    run: impl FnOnce(Vec<BoxFuture<'static, ()>>) -> R,
) -> Result<Vec<T>, Unmet>
where
    T: Send + 'static,
    R: Future<Output = ()>,
{
    let number = tasks.len();
    let found = Arc::new(Mutex::new(Vec::with_capacity(number)));
    let noting = tasks
        .into_iter()
        .enumerate()
        .map(|(position, task)| {
            let found = Arc::clone(&found);
            Box::pin(async move {
                let result = task.await;
                let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                found.push((position, result));
            }) as BoxFuture<'static, ()>
        })
        .collect();
    run(noting).await;
    let mut found = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    so(found.len() == number, "every task to end")?;
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, result)| result).collect()
}
