use diesel_async::SimpleAsyncConnection;
use infra::db::pool::Pool;
use infra::db::tx;
use tests::app::TestApp;
use tokio::sync::Notify;

#[tokio::test]
async fn a_transaction_that_is_given_up_halfway_is_not_carried_on_by_the_next_one() {
    let app = TestApp::start().await;
    let pool = Pool::new(&app.database_url, 1).unwrap();
    let begun = Notify::new();
    let endless = tx::transaction(&pool, async |tx| {
        tx.batch_execute("CREATE TABLE left_behind ()").await?;
        begun.notify_one();
        std::future::pending::<Result<(), infra::Failure>>().await
    });
    tokio::select! {
        _ = endless => unreachable!("it never ends"),
        () = begun.notified() => {}
    }
    tx::transaction(&pool, async |tx| Ok(tx.batch_execute("CREATE TABLE kept ()").await?)).await.unwrap();
    let there = |table: &str| format!("SELECT count(*) FROM pg_tables WHERE tablename = '{table}'");
    assert_eq!(app.count(&there("kept")).await, 1);
    assert_eq!(app.count(&there("left_behind")).await, 0);
}

#[tokio::test]
async fn what_a_refused_transaction_wrote_is_gone() {
    let app = TestApp::start().await;
    let pool = Pool::new(&app.database_url, 1).unwrap();
    let first = "CREATE TABLE first AS SELECT pg_backend_pid() AS pid";
    tx::transaction(&pool, async |tx| Ok(tx.batch_execute(first).await?)).await.unwrap();
    let refused = tx::transaction(&pool, async |tx| {
        tx.batch_execute("CREATE TABLE refused ()").await?;
        Err::<(), _>(infra::Failure::broken("no"))
    });
    assert!(refused.await.is_err());
    // The same connection serves the next one.
    let keep = "CREATE TABLE kept AS SELECT pg_backend_pid() AS pid";
    tx::transaction(&pool, async |tx| Ok(tx.batch_execute(keep).await?)).await.unwrap();
    assert_eq!(app.count("SELECT count(*) FROM pg_tables WHERE tablename IN ('refused', 'kept')").await, 1);
    assert_eq!(app.count("SELECT count(*) FROM kept JOIN first USING (pid)").await, 1);
}
