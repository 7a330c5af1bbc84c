//! Threads for single purposes.

use std::future::Future;

use tokio::runtime::Handle as Threads;

/// How much less than others a thread gets of a busy machine ("nice"): about a tenth.
const BEHIND: i32 = 10;

/// Runs a future on this thread alone. Its connections are served by the very thread that waits for them, which spares each exchange with
/// the database two changes of threads. Only where the system gives nothing to wait with do the threads for what is small help out.
pub fn alone<F: Future>(threads: &Threads, future: F) -> F::Output {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(own) => own.block_on(future),
        Err(_) => threads.block_on(future),
    }
}

/// Does work that nobody waits for, on a new thread that all others go before.
pub fn behind_others(work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let begin = move || {
        // Where it may not be lowered it is done all the same.
        let _ = rustix::process::setpriority_process(Some(rustix::thread::gettid()), BEHIND);
        work();
    };
    std::thread::Builder::new().name("behind".to_owned()).spawn(begin).map(drop)
}
