//! Worker group: threads that stop as soon as one of them fails.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::BuildError;
use crate::job::{Cancelled, Job, Progress};

/// The state that the threads of a group share.
pub struct WorkerGroup<'a> {
    job: &'a Job<'a>,
    failed: AtomicBool,
}

impl<'a> WorkerGroup<'a> {
    pub fn new(job: &'a Job) -> Self {
        Self {
            job,
            failed: AtomicBool::new(false),
        }
    }

    pub fn progress(&self) -> &'a dyn Progress {
        self.job.progress
    }
    /// Fails if the job was cancelled or a thread of the group has failed.
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        self.job.check_cancelled()
    }

    /// Runs the work of a thread. An error or a panic stops the group.
    pub fn run<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let fail = FailOnDrop(&self.failed);
        let result = work();
        if result.is_ok() {
            std::mem::forget(fail);
        }
        result
    }
}

struct FailOnDrop<'a>(&'a AtomicBool);

impl Drop for FailOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The results of all threads, or the first error other than [`Cancelled`], which stopped them.
pub fn all<T>(results: Vec<Result<T, BuildError>>) -> Result<Vec<T>, BuildError> {
    let mut stopped = None;
    let mut all = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(made) => all.push(made),
            Err(error @ BuildError::Cancelled(_)) => stopped = Some(error),
            Err(error) => return Err(error),
        }
    }
    stopped.map_or(Ok(all), Err)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::{Silent, TestJob};

    #[test]
    fn the_others_stop_and_the_cause_is_told() {
        let test = TestJob::default();
        let job = test.job(&Silent);
        let group = WorkerGroup::new(&job);
        assert!(group.run(|| Ok::<_, BuildError>(())).is_ok() && group.check_cancelled().is_ok());
        let failed = group.run::<(), _>(|| Err(BuildError::WorkersEnded));
        let stopped = group.check_cancelled().map_err(BuildError::from);
        assert!(stopped.is_err());
        let error = all(vec![Ok(()), stopped, failed]).unwrap_err();
        assert!(matches!(error, BuildError::WorkersEnded));
        let error = all(vec![Ok(()), Err(Cancelled.into())]).unwrap_err();
        assert!(matches!(error, BuildError::Cancelled(_)));
    }

    #[test]
    fn the_others_stop_when_one_panics() {
        let test = TestJob::default();
        let job = test.job(&Silent);
        let group = WorkerGroup::new(&job);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| group.run::<(), BuildError>(|| panic!("on purpose")));
            assert!(worker.join().is_err());
        });
        assert!(group.check_cancelled().is_err());
    }
}
