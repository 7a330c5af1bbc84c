//! How PostgreSQL reads: the hot queries go by index, however much there is, and every foreign key has an index.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use diesel::sql_types::{BigInt, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use domain::kernel::{AuctionId, OrganisationId, PortalId, Timestamp, WebhookId};
use infra::catalogue::search::{AttributeFilter, Condition, Search, Sort, Words};
use infra::db::page::{After, Page};
use infra::{Failure, auction, billing, catalogue, contract, event, idempotency, mailbox, ordering, party, timer};
use tests::app::TestApp;
use tests::database;
use uuid::Uuid;

/// Foreign keys that need no index, each with its reason. Nothing that they lead to is ever deleted, so only what is asked for
/// counts.
const WITHOUT_INDEX: &[(&str, &str)] = &[
    ("api_client.created_by", "for the record; asked for by organisation"),
    ("catalogue_entry.id,product_id,seller_id", "the primary key is the first of them, which says it all"),
    ("contract.cancel_asked_by", "for the record; asked for by party"),
    ("contract.disputed_by", "for the record; asked for by party"),
    ("contract_amendment.proposed_by", "for the record; asked for by contract"),
    ("contract_signature.organisation_id", "asked for by contract"),
    ("invitation.created_by", "for the record; asked for by organisation"),
    ("invoice.bank_account_id", "asked for by invoice"),
    ("invoice.document_id", "asked for by invoice"),
    ("order_line.offer_id,product_id,seller_id", "order_line_offer has the first of them, which says it all"),
    ("portal_rules.published_by", "for the record; asked for by portal"),
    ("portal_rules_acceptance.organisation_id", "asked for by portal and version"),
    ("portal_rules_acceptance.person_id", "for the record; asked for by portal and version"),
    ("purchase_order.contract_id", "asked for by order; a contract names its order"),
    ("session.organisation_id", "running sessions are asked for by person"),
    ("session.person_id", "session_person has those that run; the others are never asked for"),
];

// DESIGN §4
#[tokio::test]
async fn every_foreign_key_has_an_index() {
    #[derive(diesel::QueryableByName)]
    struct Key {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let mut connection = database::connect(&database::fresh().await).await;
    let bare: Vec<Key> = diesel::sql_query(
        "SELECT t.relname || '.' || (SELECT string_agg(a.attname, ',' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k (attnum, n)
                JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) AS name
         FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
         WHERE c.contype = 'f' AND NOT EXISTS (
             SELECT FROM pg_index i WHERE i.indrelid = c.conrelid
                AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
                AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))
         ORDER BY 1",
    )
    .load(&mut connection)
    .await
    .unwrap();
    let bare: Vec<&str> = bare.iter().map(|key| key.name.as_str()).collect();
    let listed: Vec<&str> = WITHOUT_INDEX.iter().map(|(name, _)| *name).collect();
    let missing: Vec<_> = bare.iter().filter(|name| !listed.contains(name)).collect();
    let needless: Vec<_> = listed.iter().filter(|name| !bare.contains(name)).collect();
    assert!(missing.is_empty(), "foreign keys without an index that begins with them: {missing:?}");
    assert!(needless.is_empty(), "these have an index, or are gone: {needless:?}");
}

/// Rows that stand for a busy year: 2,000 organisations, and 8,000 of everything else.
const FILLING: &str = include_str!("../data/filling.sql");

/// Fewer rows than this are no sign of a scan.
const FEW: i64 = 1_000;

/// A database with much in it, and the plans that a connection makes there.
struct Full {
    connection: AsyncPgConnection,
    amiss: Vec<String>,
}

#[derive(diesel::QueryableByName)]
struct Scan {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

impl Full {
    /// Runs a query and notes if it read much more than it gives: once with a plan for its parameters, once with one for any. A
    /// random page costs what it does on an SSD; with that, thousands of rows are enough to see what millions would do.
    async fn uses_indexes<T>(&mut self, what: &str, query: impl AsyncFn(&mut AsyncPgConnection) -> Result<T, Failure>) {
        self.uses_indexes_in(&["force_custom_plan", "force_generic_plan"], what, query).await;
    }

    async fn uses_indexes_in<T>(
        &mut self,
        modes: &[&str],
        what: &str,
        query: impl AsyncFn(&mut AsyncPgConnection) -> Result<T, Failure>,
    ) {
        for mode in modes {
            self.connection
                .batch_execute(&format!("BEGIN; SET LOCAL random_page_cost = 1.1; SET LOCAL plan_cache_mode = {mode}"))
                .await
                .unwrap();
            let before = self.read().await;
            query(&mut self.connection).await.unwrap_or_else(|failure| panic!("{what}: {failure}"));
            let after = self.read().await;
            self.connection.batch_execute("ROLLBACK").await.unwrap();
            for (name, rows) in after {
                let rows = rows - before.get(&name).unwrap_or(&0);
                if rows >= FEW {
                    self.amiss.push(format!("{what} ({mode}) reads {rows} rows of {name}"));
                }
            }
        }
    }

    /// How many rows this connection has read of each table, and by which index.
    async fn read(&mut self) -> BTreeMap<String, i64> {
        let scans: Vec<Scan> = diesel::sql_query(
            "SELECT relname::text AS name, seq_tup_read AS rows FROM pg_stat_xact_user_tables
             UNION ALL
             SELECT relname || ' by ' || indexrelname, pg_stat_get_xact_tuples_returned(indexrelid) FROM pg_stat_user_indexes",
        )
        .load(&mut self.connection)
        .await
        .unwrap();
        scans.into_iter().map(|scan| (scan.name, scan.rows)).collect()
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn first() -> Page {
    Page { limit: 50, after: None }
}

fn later(number: u128) -> Page {
    Page { limit: 50, after: Some(After { key: String::new(), id: id(number) }) }
}

/// What is looked for in a catalogue.
fn searches() -> Vec<(&'static str, Search)> {
    let words = Some(Words::Typed("unobtainium".into()));
    let sorted = |sort| Search { sort, ..Search::default() };
    vec![
        ("the catalogue", Search::default()),
        ("the newest", sorted(Sort::Newest)),
        ("by price", sorted(Sort::Price)),
        ("by name", sorted(Sort::NameRu)),
        ("words", Search { words: words.clone(), sort: Sort::Relevance, ..Search::default() }),
        ("a category", Search { category: Some(id(1)), ..Search::default() }),
        (
            "an attribute",
            Search {
                attributes: vec![AttributeFilter::OneOf(vec![serde_json::json!({"colour": "red"})])],
                ..Search::default()
            },
        ),
    ]
}

/// The page in another order.
fn keyed(page: &Page, sort: Sort) -> Page {
    let key = match sort {
        Sort::Price => "2",
        Sort::NameRu => "thing 4000",
        _ => "",
    };
    let after = page.after.as_ref().map(|after| After { key: key.to_owned(), id: after.id });
    Page { limit: page.limit, after }
}

/// What a catalogue is asked beside its pages.
async fn catalogue_queries(
    full: &mut Full,
    seller: OrganisationId,
    buyer: OrganisationId,
    portal: PortalId,
    at: Timestamp,
) {
    let seen = catalogue::visibility::seen_by(Some(buyer), at);
    let nothing = Search::default();
    let condition = Condition::new(&portal, &seen, &nothing);
    let unknown = [("unobtanium".to_owned(), 2), ("unob".to_owned(), 1)];
    full.uses_indexes("words that are near", async |c| catalogue::search::word::nearest(c, portal, &unknown).await)
        .await;
    let words = ["unobtainium".to_owned()];
    full.uses_indexes_in(&["force_custom_plan"], "words by themselves", async |c| {
        catalogue::search::word::judge(c, condition, true, &words).await
    })
    .await;
    full.uses_indexes("what stands beside", async |c| catalogue::relation::offers(c, portal, seen, id(4_000)).await)
        .await;
    let some = Search { category: Some(id(1)), ..Search::default() };
    full.uses_indexes_in(&["force_custom_plan"], "matches", async |c| {
        catalogue::search::facet::matches(c, Condition::new(&portal, &seen, &some), 10_000).await
    })
    .await;
    full.uses_indexes_in(&["force_custom_plan"], "counts", async |c| {
        catalogue::search::tally(c, Condition::new(&portal, &seen, &some), true).await
    })
    .await;
    let word = async |c: &mut AsyncPgConnection| catalogue::search::word::beginning(c, portal, "word77", 10).await;
    full.uses_indexes("suggestions", word).await;
    full.uses_indexes("an offer", async |c| catalogue::search::find(c, portal, seen, id(4_000)).await).await;
    full.uses_indexes("offers seen", async |c| catalogue::visibility::among(c, &[id(4_000)], seen).await).await;
    full.uses_indexes("sight", async |c| catalogue::visibility::sees_otherwise(c, buyer).await).await;
    full.uses_indexes("buyer groups", async |c| catalogue::buyer_group::list(c, seller, &first()).await).await;
    full.uses_indexes("blocked buyers", async |c| catalogue::blocked_buyer::list(c, seller, &first()).await).await;
    full.uses_indexes("prices from lists", async |c| {
        catalogue::pricing::listed_prices(c, Some(buyer), &[id(8)], at).await
    })
    .await;
    full.uses_indexes("prices of a list", async |c| catalogue::price_list_edition::page(c, id(7), &later(4_000)).await)
        .await;
    full.uses_indexes("price lists", async |c| catalogue::price_list::list(c, portal, seller, &first()).await).await;
}

async fn auction_queries(full: &mut Full, buyer: OrganisationId, portal: PortalId, at: Timestamp) {
    use auction::listing::{Reader, Search, Sort};
    let reader = Reader { organisation: Some(buyer.0), operator: false };
    let key = |sort| if sort == Sort::End { at.timestamp_micros().to_string() } else { String::new() };
    for sort in [Sort::End, Sort::Newest] {
        let after = Page { limit: 50, after: Some(After { key: key(sort), id: id(4_000) }) };
        for page in [first(), after] {
            let any = Search { sort, ..Search::default() };
            full.uses_indexes("auctions", async |c| auction::listing::list(c, portal, reader, any, &page).await).await;
        }
    }
    let narrow = [
        Search { state: Some("sold"), ..Search::default() },
        Search { format: Some("dutch"), ..Search::default() },
        Search { currency: Some("USD"), ..Search::default() },
        Search { seller: Some(id(7)), ..Search::default() },
    ];
    for search in narrow {
        let list = async |c: &mut AsyncPgConnection| auction::listing::list(c, portal, reader, search, &first()).await;
        full.uses_indexes_in(&["force_custom_plan"], "some auctions", list).await;
    }
    let of = AuctionId(id(4_000));
    full.uses_indexes("bidders", async |c| auction::bidder::list(c, of, None, &first()).await).await;
    full.uses_indexes("lots", async |c| auction::lot::of_auction(c, of).await).await;
    let own = OrganisationId(id(7));
    full.uses_indexes("lots of a bidder", async |c| auction::history::lots_of_bidder(c, of, own).await).await;
    full.uses_indexes("lots to settle", async |c| auction::outcome::take_closed(c, &[]).await).await;
}

// R10
#[tokio::test]
async fn the_hot_queries_go_by_index_on_the_first_page_as_on_a_later_one() {
    let app = TestApp::start().await;
    app.sql(FILLING).await;
    let at: Timestamp = app.shared.clock.now();
    let mut full = Full { connection: database::connect(&app.database_url).await, amiss: Vec::new() };
    let (buyer, seller, portal) = (OrganisationId(id(7)), OrganisationId(id(1007)), PortalId(id(1)));
    let seen = catalogue::visibility::seen_by(Some(buyer), at);
    for page in [first(), later(4_000)] {
        // A search is planned for what it looks for: how many rows that finds cannot be known without it.
        for (what, search) in searches() {
            let page = if search.sort == Sort::Relevance { first() } else { keyed(&page, search.sort) };
            let search = async |c: &mut AsyncPgConnection| {
                catalogue::search::page(c, Condition::new(&portal, &seen, &search), &page).await
            };
            full.uses_indexes_in(&["force_custom_plan"], what, search).await;
        }
        full.uses_indexes("products", async |c| catalogue::product::list(c, seller, None, &page).await).await;
        full.uses_indexes("offers", async |c| catalogue::offer::list(c, portal, seller, &page).await).await;
        for (side, who) in [(ordering::order::Side::Buyer, buyer), (ordering::order::Side::Seller, seller)] {
            full.uses_indexes("orders", async |c| ordering::order::list(c, who, side, None, None, &page).await).await;
        }
        for as_buyer in [None, Some(true), Some(false)] {
            full.uses_indexes("contracts", async |c| {
                contract::store::list(c, buyer, as_buyer, None, None, &page).await
            })
            .await;
            full.uses_indexes("payments", async |c| {
                billing::payment::list(c, buyer, as_buyer, None, None, &page).await
            })
            .await;
            let search = billing::invoice::Search {
                as_buyer,
                state: None,
                kind: None,
                match_state: None,
                contract: None,
                due_before: None,
                sight: None,
            };
            full.uses_indexes("invoices", async |c| billing::invoice::list(c, buyer, &search, &page).await).await;
        }
    }
    catalogue_queries(&mut full, seller, buyer, portal, at).await;
    auction_queries(&mut full, buyer, portal, at).await;
    full.uses_indexes("an order", async |c| ordering::order::find(c, buyer, domain::kernel::OrderId(id(7))).await)
        .await;
    for after in [None, Some(event::Position { tx: 4_000, seq: 4_000 })] {
        full.uses_indexes("the feed", async |c| event::feed(c, buyer.0, after, &Default::default(), 50).await).await;
    }
    full.uses_indexes("who asks", async |c| party::access::of_session(c, id(7), id(7), at).await).await;
    let key = || idempotency::Key { scope: id(7), key: "k7".into(), request_hash: Vec::new() };
    full.uses_indexes("a key", async |c| idempotency::claim(c, &key()).await.map(|_| ())).await;
    let day = at - TimeDelta::hours(26);
    full.uses_indexes("old keys", async |c| idempotency::forget(c, day).await).await;
    full.uses_indexes("timers", async |c| timer::take_due(c, at, &[]).await).await;
    webhook_queries(&mut full, buyer, at).await;
    full.uses_indexes("mails", async |c| mailbox::lease_due(c, at, at).await).await;
    assert!(full.amiss.is_empty(), "{}", full.amiss.join("\n"));
}

/// The sending of webhooks, and what is shown of it.
async fn webhook_queries(full: &mut Full, own: OrganisationId, at: Timestamp) {
    use infra::integration::webhook::{attempt, delivery, endpoint, fan_out, lease, turn};
    let webhook = WebhookId(id(7));
    full.uses_indexes("events for webhooks", async |c| fan_out::waits(c, at).await).await;
    full.uses_indexes("webhooks that are due", async |c| lease::take(c, id(1), false, 200, &[], (at, at)).await).await;
    full.uses_indexes("what is due of one", async |c| turn::due(c, webhook, at, 20, 100).await).await;
    full.uses_indexes("when it is due again", async |c| turn::next_due(c, webhook).await).await;
    full.uses_indexes("webhooks", async |c| endpoint::list(c, own, &first()).await).await;
    for state in [None, Some("failed")] {
        let wanted = delivery::Wanted { state, ..delivery::Wanted::default() };
        full.uses_indexes("deliveries", async |c| delivery::list(c, webhook, &wanted, &later(4_000)).await).await;
    }
    let wanted = delivery::Wanted { event_type: Some("order.placed".into()), ..delivery::Wanted::default() };
    full.uses_indexes("deliveries of a type", async |c| delivery::list(c, webhook, &wanted, &first()).await).await;
    full.uses_indexes("attempts", async |c| attempt::of_delivery(c, id(7)).await).await;
    // Little waits among much that was delivered, as long as all goes well.
    let little = "DELETE FROM webhook_delivery WHERE state IN ('pending', 'retrying') AND seq % 400 > 1";
    for statement in [little, "VACUUM ANALYZE webhook_delivery"] {
        full.connection.batch_execute(statement).await.unwrap();
    }
    for state in [Some("pending"), Some("retrying")] {
        let wanted = delivery::Wanted { state, ..delivery::Wanted::default() };
        full.uses_indexes("what waits", async |c| delivery::list(c, webhook, &wanted, &first()).await).await;
    }
}
