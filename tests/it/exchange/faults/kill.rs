//! SIGKILL under load, again and again.

use futures::future::join_all;
use tests::nodes::Ground;
use tests::process::Service;

use super::load::{Nodes, Trader};
use super::verdict::all_is_as_answered;

const TRADERS: usize = 6;

/// So much is answered between two ends of a host.
const ANSWERS: usize = 60;

/// How often a host dies: `TORG_KILLS`, or ten times.
fn kills() -> usize {
    let given = std::env::var_os("TORG_KILLS").and_then(|given| given.to_str()?.parse().ok());
    given.unwrap_or(10)
}

// T1, T9
#[tokio::test]
async fn a_market_whose_hosts_are_killed_under_load_has_done_what_it_answered_and_nothing_twice() {
    let ground = Ground::prepare(TRADERS).await;
    let nodes = Nodes::default();
    let mut services = vec![ground.node().await, ground.node().await];
    nodes.are(&services);
    let load = join_all((0..TRADERS).map(|index| Trader::new(&ground, &nodes, index).trade()));
    let trial = async {
        for round in 1..=kills() {
            nodes.answer(ANSWERS).await;
            let host = take_host(&ground, &mut services).await;
            kill(&ground, host).await;
            replace(&ground, &nodes, &mut services).await;
            // Now and then one ends in order, so that those who follow begin from its snapshot.
            if round % 5 == 0 {
                nodes.answer(ANSWERS).await;
                let host = take_host(&ground, &mut services).await;
                host.signal("TERM");
                assert!(host.ended().await.success());
                replace(&ground, &nodes, &mut services).await;
            }
        }
        nodes.answer(ANSWERS).await;
        nodes.end();
    };
    let (traders, ()) = tokio::join!(load, trial);
    let placed: usize = traders.iter().map(|trader| trader.orders.len()).sum();
    assert!(placed > ANSWERS * kills() / 2);
    println!("{} kills, {placed} orders placed", kills());
    all_is_as_answered(&ground, &services[1], &traders).await;
    for service in services {
        service.signal("TERM");
        assert!(service.ended().await.success());
    }
    ground.agrees().await;
}

/// The node that hosts the market now.
async fn take_host(ground: &Ground, services: &mut Vec<Service>) -> Service {
    let address = ground.host().await;
    let place = services.iter().position(|service| service.url() == address).expect("one of them hosts it");
    services.remove(place)
}

/// While a new node starts, the traders ask the one that is left.
async fn replace(ground: &Ground, nodes: &Nodes, services: &mut Vec<Service>) {
    nodes.are(services);
    services.push(ground.node().await);
    nodes.are(services);
}

/// The lease keeps a living host from being robbed. Whom it belongs to is dead, so it is cut short: how it ends by itself is another trial's.
async fn kill(ground: &Ground, host: Service) {
    let address = host.url();
    host.kill().await;
    ground.sql(&format!("UPDATE journal_stream SET leased_until = '-infinity' WHERE address = '{address}'")).await;
}
