//! Images and data sheets of products, and the previews that are made of them.

use std::io::Cursor;
use std::path::Path;

use diesel_async::SimpleAsyncConnection;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use reqwest::Method;
use reqwest::header::IF_NONE_MATCH;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::market::{Market, Offered};

struct Scene {
    app: TestApp,
    market: Market,
    seller: Client,
    lamp: Offered,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let market = app.market().await;
    let seller = market.member(&app, "Seller", &["sell"]).await.owner;
    let lamp = market.offer(&seller, "5", &[("1", "2.00")]).await;
    Scene { app, market, seller, lamp }
}

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 251) as u8, (y % 241) as u8, 7]));
    let mut bytes = Vec::new();
    DynamicImage::from(image).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A PNG whose header says that it has other sides than it has.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut png = picture(2, 2, ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&png[12..29]);
    png[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    png
}

impl Scene {
    fn path(&self) -> String {
        format!("/v1/products/{}/media", self.lamp.product_id)
    }

    fn offer(&self) -> String {
        format!("/v1/portals/{}/catalogue/{}", self.market.slug, self.lamp.offer_id)
    }

    async fn add(&self, name: &str, bytes: &[u8]) -> String {
        self.seller.add_media(&self.lamp.product_id, name, bytes, json!({"en": name})).await.expect(201).id()
    }

    /// One of them, once it was looked at.
    async fn looked_at(&self, id: &str) -> Value {
        let path = format!("{}/{id}", self.path());
        self.app.until(async || self.seller.get(&path).await.expect(200).json()["state"] != "waiting").await;
        self.seller.get(&path).await.expect(200).json()
    }

    /// How many files there are with this in their name.
    fn files(&self, id: &str) -> usize {
        let own: &Path = &self.app.shared.config.files_directory.join("own");
        let names = std::fs::read_dir(own).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.contains(id)).count()
    }

    async fn seen(&self) -> Value {
        self.app.anonymous().get(&self.offer()).await.expect(200).json()
    }
}

#[tokio::test]
async fn images_get_previews_and_stand_with_data_sheets_beside_the_offer() {
    let s = scene().await;
    let title = json!({"en": "Front", "ru": "Спереди"});
    let png = picture(1000, 500, ImageFormat::Png);
    let added = s.seller.add_media(&s.lamp.product_id, "front.png", &png, title).await.expect(201);
    assert_eq!((&added.json()["state"], &added.json()["position"]), (&json!("waiting"), &json!(1)));
    let front = added.id();
    let sheet = s.add("sheet.pdf", b"%PDF-1.4\n1 0 obj <</Type/Pages/Kids[]/Count 3>>\n%%EOF\n").await;
    let side = s.add("side.jpg", &picture(100, 300, ImageFormat::Jpeg)).await;
    let back = s.add("back.webp", &picture(300, 100, ImageFormat::WebP)).await;
    let told = s.looked_at(&front).await;
    assert_eq!((&told["state"], &told["width"], &told["height"]), (&json!("ready"), &json!(1000), &json!(500)));
    let sides: Vec<_> =
        told["previews"].as_array().unwrap().iter().map(|one| (&one["width"], &one["height"])).collect();
    assert_eq!(sides, [(&json!(160), &json!(80)), (&json!(640), &json!(320))]);
    let told = s.looked_at(&sheet).await;
    assert_eq!((&told["kind"], &told["page_count"], &told["size"]), (&json!("data_sheet"), &json!(3), &json!(54)));
    for id in [&side, &back] {
        assert_eq!(s.looked_at(id).await["state"], "ready");
    }

    // Beside the offer they have titles in the reader's language; a page of offers has the first image.
    let russian = s.app.anonymous().request(Method::GET, &s.offer()).header("Accept-Language", "ru");
    let seen = s.app.anonymous().send(russian).await.expect(200).json();
    let media = seen["media"].as_array().unwrap();
    assert_eq!((media.len(), &media[0]["title"], &media[1]["title"]), (4, &json!("Спереди"), &json!("sheet.pdf")));
    let page = format!("/v1/portals/{}/catalogue", s.market.slug);
    let page = s.app.anonymous().get(&page).await.expect(200).json();
    assert_eq!(page["items"][0]["image"]["id"], front);
    let (small, large) = (page["items"][0]["image"]["small"].as_str().unwrap(), media[0]["url"].as_str().unwrap());

    // Whoever sees the offer fetches them, and need not fetch them twice.
    let whole = s.app.anonymous().get(large).await.expect(200);
    assert_eq!(whole.header("content-type"), "image/png");
    assert_eq!(whole.header("content-length"), png.len().to_string());
    let request = s.app.anonymous().request(Method::GET, small);
    let bytes = request.send().await.unwrap().bytes().await.unwrap();
    let preview = image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap();
    assert_eq!((preview.width(), preview.height()), (160, 80));
    let tag = s.app.anonymous().get(small).await.etag();
    assert_ne!(tag, whole.etag());
    let again = s.app.anonymous().request(Method::GET, small).header(IF_NONE_MATCH, &tag);
    s.app.anonymous().send(again).await.expect(304);
    let odd = format!("{large}?preview=161");
    s.app.anonymous().get(&odd).await.problem(404, "not-found");

    // Others are at another place by an edit; the version is the product's.
    let etag = s.seller.etag(&s.path()).await;
    let path = format!("{}/{side}", s.path());
    s.seller.edit(&path, json!({"position": 1, "title": {"en": "Side"}})).await.expect(200);
    let seen = s.seen().await;
    assert_eq!((&seen["image"]["id"], &seen["media"][0]["title"]), (&json!(side), &json!("Side")));
    assert_eq!(seen["media"][1]["id"], front);
    s.seller.delete_if(&path, &etag).await.problem(412, "precondition-failed");
    assert_eq!(s.files(&side), 3);
    let etag = s.seller.etag(&s.path()).await;
    s.seller.delete_if(&path, &etag).await.expect(204);
    s.app.until(async || s.files(&side) == 0).await;
    assert_eq!(s.seen().await["image"]["id"], front);
    let positions = s.seller.get(&s.path()).await.expect(200).json();
    let positions: Vec<_> = positions["items"].as_array().unwrap().iter().map(|one| one["position"].as_i64()).collect();
    assert_eq!(positions, [Some(1), Some(2), Some(3)]);
    assert_eq!(s.app.count("SELECT count(*) FROM product_media_left").await, 0);
    assert_eq!(s.app.count("SELECT count(*) FROM event WHERE type = 'product.media_ready'").await, 4);
    // A product that is edited keeps its image.
    s.seller.edit(&format!("/v1/products/{}", s.lamp.product_id), json!({"name": {"en": "Lamp"}})).await.expect(200);
    assert_eq!(s.seen().await["image"]["id"], front);
}

// S1
#[tokio::test]
async fn who_does_not_see_the_offer_sees_none_of_its_files() {
    let s = scene().await;
    let id = s.add("front.png", &picture(20, 20, ImageFormat::Png)).await;
    s.looked_at(&id).await;
    let file = format!("{}/media/{id}", s.offer());
    s.app.anonymous().get(&file).await.expect(200);
    let buyer = s.market.member(&s.app, "Buyer", &["buy"]).await;
    let other = s.market.offer(&s.seller, "5", &[("1", "2.00")]).await;
    let elsewhere = format!("/v1/portals/{}/catalogue/{}/media/{id}", s.market.slug, other.offer_id);
    buyer.owner.get(&elsewhere).await.problem(404, "not-found");
    let offer = format!("/v1/portals/{}/offers/{}", s.market.slug, s.lamp.offer_id);
    s.seller.edit(&offer, json!({"audience": {"organisations": [buyer.id]}})).await.expect(200);
    buyer.owner.get(&file).await.expect(200);
    for path in [file.clone(), format!("{file}?preview=160")] {
        s.app.anonymous().get(&path).await.problem(404, "not-found");
    }
    buyer.owner.get(&format!("{}/{id}/content", s.path())).await.problem(404, "not-found");
}

#[tokio::test]
async fn a_broken_or_hostile_file_fails_and_is_never_shown() {
    let s = scene().await;
    let whole = picture(300, 300, ImageFormat::Png);
    let broken = s.add("half.png", &whole[..whole.len() / 2]).await;
    let huge = s.add("huge.png", &claiming(60_000, 60_000)).await;
    let many = s.add("many.png", &claiming(10_000, 10_000)).await;
    let junk = s.add("junk.jpg", &[b"\xff\xd8\xff".as_slice(), &[7; 4000]].concat()).await;
    let good = s.add("good.png", &whole).await;
    for (id, fault) in [(&broken, "broken"), (&huge, "too_large"), (&many, "too_large"), (&junk, "broken")] {
        let told = s.looked_at(id).await;
        assert_eq!((&told["state"], &told["fault"]), (&json!("failed"), &json!(fault)), "{told}");
        s.app.anonymous().get(&format!("{}/media/{id}", s.offer())).await.problem(404, "not-found");
        s.seller.get(&format!("{}/{id}/content", s.path())).await.expect(200);
    }
    assert_eq!(s.looked_at(&good).await["state"], "ready");
    let seen = s.seen().await;
    assert_eq!((seen["media"].as_array().unwrap().len(), &seen["image"]["id"]), (1, &json!(good)));

    // What is no image and no data sheet is not taken; nor is one without a title, and nothing of it stays.
    let add = async |name: &str, title: Value| s.seller.add_media(&s.lamp.product_id, name, &whole, title).await;
    add("half.pdf", json!({"en": "x"})).await.problem(415, "forbidden-file-type");
    let text = s.seller.add_media(&s.lamp.product_id, "x.txt", b"text", json!({"en": "x"})).await;
    text.problem(415, "forbidden-file-type");
    assert_eq!(add("x.png", json!({})).await.faults(), ["/title required"]);
    s.app.sql("UPDATE product_media_left SET remove_at = now()").await;
    s.app.until(async || s.app.count("SELECT count(*) FROM product_media_left").await == 0).await;
    let files = s.files("");
    assert_eq!(files, 4 + 3);
}

#[tokio::test]
async fn a_node_that_was_too_slow_leaves_what_another_one_made() {
    let s = scene().await;
    let later = "CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.leased_until = '2999-01-01'; RETURN NEW; END $$;
        CREATE TRIGGER later BEFORE INSERT ON product_media FOR EACH ROW EXECUTE FUNCTION later()";
    s.app.sql(later).await;
    let id = s.add("front.png", &picture(300, 300, ImageFormat::Png)).await;
    let mut holder = tests::database::connect(&s.app.database_url).await;
    holder.batch_execute("BEGIN; SELECT FROM product FOR UPDATE").await.unwrap();
    s.app.sql("DROP TRIGGER later ON product_media; UPDATE product_media SET leased_until = NULL").await;
    // It has looked at the image and waits for the product, and another node was quicker.
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()";
    s.app.until(async || s.app.count(waits).await > 0).await;
    s.app.sql("UPDATE product_media SET state = 'ready', width = 300, height = 300").await;
    holder.batch_execute("COMMIT").await.unwrap();
    let next = s.add("side.png", &picture(300, 100, ImageFormat::Png)).await;
    assert_eq!(s.looked_at(&next).await["state"], "ready");
    assert_eq!(s.app.count("SELECT count(*) FROM product_media_left").await, 0);
    assert_eq!(s.files(&id), s.files(&next));
}
