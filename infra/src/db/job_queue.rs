//! Tables of jobs as queues. One node works on a job at a time, for as long as its lease; the jobs of one organisation are worked off one
//! after the other, in the order in which they came, those of different organisations in turns.

/// The queue of a table of jobs, where its `JobRow` and the prelude of diesel are in scope.
macro_rules! job_queue {
    ($jobs:ident) => {
        /// What waits or runs.
        const WAITING: [&str; 2] = ["queued", "running"];

        /// How many jobs of an organisation wait or run.
        pub async fn waiting(connection: &mut Connection, own: OrganisationId) -> Result<i64, Failure> {
            let query = $jobs::table.filter($jobs::organisation_id.eq(own.0).and($jobs::state.eq_any(WAITING)));
            Ok(query.count().get_result(connection).await?)
        }

        /// Takes the job that was left alone longest and that no node works on, until its lease ends.
        pub async fn lease(tx: &mut Connection, at: Timestamp, until: Timestamp) -> Result<Option<JobRow>, Failure> {
            let earlier = diesel::alias!($jobs as earlier);
            let before = earlier
                .filter(earlier.field($jobs::organisation_id).eq($jobs::organisation_id))
                .filter(earlier.field($jobs::state).eq_any(WAITING))
                .filter(earlier.field($jobs::id).lt($jobs::id));
            let found: Option<JobRow> = $jobs::table
                .filter($jobs::state.eq_any(WAITING).and($jobs::leased_until.le(at)))
                .filter(diesel::dsl::not(diesel::dsl::exists(before)))
                .order(($jobs::leased_until, $jobs::id))
                .select(JobRow::as_select())
                .for_update()
                .skip_locked()
                .first(tx)
                .await
                .optional()?;
            let Some(mut job) = found else { return Ok(None) };
            (job.leased_until, job.attempts) = (until, job.attempts + 1);
            let lease = ($jobs::leased_until.eq(until), $jobs::attempts.eq(job.attempts));
            diesel::update($jobs::table.find(job.id)).set(lease).execute(tx).await?;
            Ok(Some(job))
        }

        /// Leaves a job alone until then, unless somebody has gone on with it: one that did not get on, or, with no attempts, one that did
        /// and is given back.
        pub async fn put_off(tx: &mut Connection, id: Uuid, attempts: i32, until: Timestamp) -> Result<(), Failure> {
            let still = $jobs::table.filter($jobs::id.eq(id).and($jobs::attempts.eq(attempts)));
            diesel::update(still).set($jobs::leased_until.eq(until)).execute(tx).await?;
            Ok(())
        }
    };
}
pub(crate) use job_queue;
