//! Threads that work together: when one of them fails, the others stop. They would work for days before anybody heard of it.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::BuildError;
use crate::job::{Cancelled, Job, Progress};

/// Tells threads when to stop: when somebody has asked for it, or when one of them has failed.
pub struct WorkerGroup<'a> {
    job: &'a Job<'a>,
    failed: AtomicBool,
}

impl<'a> WorkerGroup<'a> {
    /// Over threads that are about to start.
    pub fn new(job: &'a Job) -> Self {
        Self {
            job,
            failed: AtomicBool::new(false),
        }
    }

    /// Hears how far it is.
    pub fn progress(&self) -> &'a dyn Progress {
        self.job.progress
    }

    /// # Errors
    ///
    /// [`Cancelled`], also when it is another thread that has failed.
    pub fn check_cancelled(&self) -> Result<(), Cancelled> {
        if self.failed.load(Ordering::Relaxed) {
            return Err(Cancelled);
        }
        self.job.check_cancelled()
    }

    /// Does the work of a thread, and makes the others stop where it ends in an error or a panic.
    pub fn over<T, E>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let unless_done = StopOnDrop(&self.failed);
        let result = work();
        if result.is_ok() {
            std::mem::forget(unless_done);
        }
        result
    }
}

struct StopOnDrop<'a>(&'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The results of all threads, or the error that made the others stop.
///
/// # Errors
///
/// The first that is not [`Cancelled`], if there is one.
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
    use crate::job::Silent;

    #[test]
    fn the_others_stop_and_the_cause_is_told() {
        let job = Job {
            today: "2026-11-23".parse().unwrap(),
            progress: &Silent,
            stop: &AtomicBool::new(false),
            threads: 3,
        };
        let watch = WorkerGroup::new(&job);
        assert!(watch.over(|| Ok::<_, BuildError>(())).is_ok() && watch.check_cancelled().is_ok());
        let failed = watch.over::<(), _>(|| Err(BuildError::WorkersEnded));
        let stopped = watch.check_cancelled().map_err(BuildError::from);
        assert!(stopped.is_err());
        let error = all(vec![Ok(()), stopped, failed]).unwrap_err();
        assert!(matches!(error, BuildError::WorkersEnded));
        let error = all(vec![Ok(()), Err(Cancelled.into())]).unwrap_err();
        assert!(matches!(error, BuildError::Cancelled(_)));
    }

    #[test]
    fn the_others_stop_when_one_panics() {
        let job = Job {
            today: "2026-11-23".parse().unwrap(),
            progress: &Silent,
            stop: &AtomicBool::new(false),
            threads: 2,
        };
        let watch = WorkerGroup::new(&job);
        std::thread::scope(|scope| {
            let worker = scope.spawn(|| watch.over::<(), BuildError>(|| panic!("on purpose")));
            assert!(worker.join().is_err());
        });
        assert!(watch.check_cancelled().is_err());
    }
}
