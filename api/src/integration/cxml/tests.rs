use domain::kernel::{Currency, Kind, Money, Timestamp, Unit, UnitPrice};
use secrecy::ExposeSecret;

use super::head::Credential;
use super::item::ItemId;
use super::order_message::{Allowed, ItemIn, OrderMessage};
use super::order_request::Action;
use super::setup_request::Operation;
use super::status::{Status, detail, of_refusal};
use super::write::{Body, Profile, Response, Stamp, response};
use super::*;

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE cXML SYSTEM \"http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd\">\n\
         <cXML payloadID=\"171.4@buyer.example\" timestamp=\"2026-03-05T11:00:00+01:00\" xml:lang=\"en-US\">\n\
         <Header><From><Credential domain=\"DUNS\"><Identity>150483782</Identity></Credential>\
         <Credential domain=\"NetworkId\"><Identity>AN01</Identity></Credential></From>\
         <To><Credential domain=\"NetworkId\"><Identity>AN02</Identity></Credential></To>\
         <Sender><Credential domain=\"NetworkId\"><Identity>AN01</Identity><SharedSecret>s3cret&amp;</SharedSecret></Credential>\
         <UserAgent>Buyer 1.0</UserAgent></Sender></Header><Request deploymentMode=\"test\">{body}</Request></cXML>"
    )
}

const SETUP: &str = "<PunchOutSetupRequest operation=\"edit\"><BuyerCookie>c-1</BuyerCookie>\
    <Extrinsic name=\"UserEmail\">jo@buyer.example</Extrinsic>\
    <BrowserFormPost><URL>https://buyer.example/punchout?a=1&amp;b=2</URL></BrowserFormPost>\
    <Contact role=\"endUser\"><Name xml:lang=\"en\">Jo</Name><Email>jo@buyer.example</Email></Contact>\
    <ShipTo><Address addressID=\"7\"><Name xml:lang=\"en\">Works 7</Name><PostalAddress><DeliverTo>Jo</DeliverTo><DeliverTo>Gate 3</DeliverTo>\
    <Street>Main St 1</Street><City>Riga</City><PostalCode>LV-1010</PostalCode><Country isoCountryCode=\"LV\">Latvia</Country>\
    </PostalAddress></Address></ShipTo>\
    <SelectedItem><ItemID><SupplierPartID>S-1</SupplierPartID><SupplierPartAuxiliaryID>x/1</SupplierPartAuxiliaryID></ItemID></SelectedItem>\
    <ItemOut quantity=\"2.5\" lineNumber=\"1\"><ItemID><SupplierPartID>S-2</SupplierPartID></ItemID></ItemOut></PunchOutSetupRequest>";

fn item(line: u32, inner: &str) -> String {
    format!(
        "<ItemOut quantity=\"10\" lineNumber=\"{line}\" requestedDeliveryDate=\"2026-04-01\"><ItemID><SupplierPartID>S-{line}</SupplierPartID>\
         </ItemID><ItemDetail><UnitPrice><Money currency=\"EUR\">1.2345</Money></UnitPrice><Description xml:lang=\"en\">Tea<ShortName>T</ShortName>\
         </Description><UnitOfMeasure>EA</UnitOfMeasure><Classification domain=\"UNSPSC\">50201706</Classification>\
         <ManufacturerPartID>M-1</ManufacturerPartID></ItemDetail><Comments>soon</Comments>{inner}</ItemOut>"
    )
}

fn order(attributes: &str, head: &str, items: &str) -> String {
    envelope(&format!(
        "<OrderRequest><OrderRequestHeader orderID=\"PO-1\" orderDate=\"2026-03-05T10:00:00Z\" {attributes}>\
         <Total><Money currency=\"EUR\">24.69</Money></Total>\
         <BillTo><Address><Name xml:lang=\"en\">Accounts</Name></Address></BillTo>\
         <Payment><PCard number=\"1234567890123456\" expiration=\"2027-01-01\"/></Payment><PaymentTerm payInNumberOfDays=\"30\"/>\
         <Comments xml:lang=\"en\">Gate 3</Comments>{head}</OrderRequestHeader>{items}</OrderRequest>"
    ))
}

fn read_text(text: &str) -> Result<Envelope, Refusal> {
    read(text.as_bytes(), &Limits::default())
}

fn faults(text: &str) -> Vec<(String, &'static str)> {
    read_text(text).unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}

#[test]
fn who_asks_is_told_and_the_secret_is_not_printed() {
    let read = read_text(&envelope("<ProfileRequest/>")).unwrap();
    assert!(matches!(read.request, Request::Profile));
    let head = read.head;
    assert_eq!((head.payload_id.as_str(), head.is_test), ("171.4@buyer.example", true));
    assert_eq!(head.sent_at.to_rfc3339(), "2026-03-05T10:00:00+00:00");
    assert_eq!(
        (head.from.len(), head.to[0].identity.as_str(), head.sender[0].domain.as_str()),
        (2, "AN02", "NetworkId")
    );
    assert_eq!(head.secret.as_ref().unwrap().expose_secret(), "s3cret&");
    assert_eq!(head.language.as_deref(), Some("en-US"));
    assert!(!format!("{head:?}").contains("s3cret"));
}

#[test]
fn a_visit_begins_with_all_that_is_known() {
    let Request::Setup(setup) = read_text(&envelope(SETUP)).unwrap().request else { panic!() };
    assert_eq!((setup.operation, setup.buyer_cookie.as_str()), (Operation::Edit, "c-1"));
    assert_eq!(setup.form_post, "https://buyer.example/punchout?a=1&b=2");
    assert_eq!(setup.selected.unwrap().auxiliary.as_deref(), Some("x/1"));
    assert_eq!((setup.items[0].id.part.as_str(), setup.items[0].quantity.to_string()), ("S-2", "2.5".to_owned()));
    let ship_to = setup.ship_to.unwrap();
    assert_eq!(
        (ship_to.deliver_to.join(", "), ship_to.country.unwrap().code().to_owned()),
        ("Jo, Gate 3".to_owned(), "LV".to_owned())
    );
    assert_eq!(setup.extrinsics, [("UserEmail".to_owned(), "jo@buyer.example".to_owned())]);
    assert_eq!(setup.contact_email.as_deref(), Some("jo@buyer.example"));
}

#[test]
fn a_visit_that_cannot_begin_tells_all_that_is_wrong() {
    let bad = "<PunchOutSetupRequest operation=\"browse\"><BuyerCookie> </BuyerCookie>\
        <BrowserFormPost><URL>javascript:alert(1)</URL></BrowserFormPost><ItemOut quantity=\"0\"><ItemID/></ItemOut></PunchOutSetupRequest>";
    let base = "/cXML/Request/PunchOutSetupRequest";
    let expected = [
        at(&format!("{base}/@operation"), "code"),
        at(&format!("{base}/BuyerCookie"), "required"),
        at(&format!("{base}/BrowserFormPost/URL"), "url"),
        at(&format!("{base}/ItemOut/ItemID/SupplierPartID"), "required"),
        at(&format!("{base}/ItemOut/@quantity"), "not_positive"),
    ];
    assert_eq!(faults(&envelope(bad)), expected);
    let nothing_to_edit = "<PunchOutSetupRequest operation=\"inspect\"><BuyerCookie>c</BuyerCookie>\
        <BrowserFormPost><URL>https://b.example/</URL></BrowserFormPost></PunchOutSetupRequest>";
    assert_eq!(faults(&envelope(nothing_to_edit)), [at(&format!("{base}/ItemOut"), "required")]);
}

#[test]
fn only_addresses_of_the_web_are_taken() {
    for good in ["https://b.example/a?b=c&d=%20", "http://10.0.0.1:8080/", "https://[::1]/"] {
        assert!(url(good).is_ok(), "{good}");
    }
    let long = format!("https://b.example/{}", "a".repeat(2048));
    for bad in [
        "",
        "ftp://b.example",
        "//b.example",
        "https://",
        "https:///x",
        "https://b.example/\"onclick",
        "https://b.example/ x",
        &long,
    ] {
        assert_eq!(url(bad).unwrap_err().code, "url", "{bad}");
    }
}

#[test]
fn an_order_is_read_without_its_card() {
    let read =
        read_text(&order("orderType=\"release\" orderVersion=\"2\"", "", &(item(1, "") + &item(2, "")))).unwrap();
    let Request::Order(order) = read.request else { panic!() };
    assert_eq!((order.id.as_str(), order.action, order.kind.as_str()), ("PO-1", Action::New, "release"));
    assert_eq!(
        (order.total.amount().to_string(), order.version, order.payment_days),
        ("24.69".to_owned(), Some(2), Some(30))
    );
    assert_eq!(order.comments.as_deref(), Some("Gate 3"));
    assert_eq!(order.bill_to.as_ref().unwrap().name.as_deref(), Some("Accounts"));
    let line = &order.items[1];
    let detail = line.detail.as_ref().unwrap();
    assert_eq!((line.id.part.as_str(), line.line, line.comments.as_deref()), ("S-2", Some(2), Some("soon")));
    assert_eq!(
        (detail.price.0.to_string(), detail.unit.code(), detail.description.as_deref()),
        ("1.2345".to_owned(), "EA", Some("Tea"))
    );
    assert_eq!(detail.classifications, [("UNSPSC".to_owned(), "50201706".to_owned())]);
    assert!(!format!("{order:?}").contains("1234567890123456"));
}

#[test]
fn an_order_becomes_numbers_and_quantities() {
    let ship_to = "<ShipTo><Address><Name xml:lang=\"en\">Works 7</Name><PostalAddress><Street>Main St 1</Street><Street>Yard 2</Street>\
        <City>Riga</City><Country isoCountryCode=\"LV\">Latvia</Country></PostalAddress></Address></ShipTo>";
    let text = order("", "", &(item(1, ship_to) + &item(2, "").replace("2026-04-01", "2026-04-02")));
    let Request::Order(request) = read_text(&text).unwrap().request else { panic!() };
    let input = input::order(&request).unwrap();
    assert_eq!(
        (input.buyer_reference.as_str(), input.currency.code(), input.note.as_deref()),
        ("PO-1", "EUR", Some("Gate 3"))
    );
    let line = &input.lines[0];
    assert_eq!(
        (line.sku.as_deref(), line.quantity.value().to_string(), line.quantity.unit().code()),
        (Some("S-1"), "10".to_owned(), "EA")
    );
    assert_eq!(
        (line.requested_date.unwrap().to_string(), line.buyer_reference.as_str()),
        ("2026-04-01".to_owned(), "1")
    );
    assert_eq!(line.expected_price.unwrap().amount().to_string(), "1.2345");
    let address = line.delivery_address.as_ref().unwrap();
    assert_eq!((address.street.as_deref(), address.additional_street.as_deref()), (Some("Main St 1"), Some("Yard 2")));
    assert_eq!((address.further_lines.join(";"), address.country.unwrap().code()), ("Works 7".to_owned(), "LV"));
    assert_eq!(input.lines[1].pointer, "/cXML/Request/OrderRequest/ItemOut[2]");
}

#[test]
fn a_change_names_what_it_changes() {
    let reference = "<DocumentReference payloadID=\"170.1@buyer.example\"/>";
    let Request::Order(changed) = read_text(&order("type=\"update\"", reference, &item(1, ""))).unwrap().request else {
        panic!()
    };
    assert_eq!((changed.action, changed.replaces.as_deref()), (Action::Update, Some("170.1@buyer.example")));
    let base = "/cXML/Request/OrderRequest/OrderRequestHeader";
    assert_eq!(
        faults(&order("type=\"delete\"", "", &item(1, ""))),
        [at(&format!("{base}/DocumentReference"), "required")]
    );
    assert_eq!(faults(&order("type=\"replace\"", "", &item(1, ""))), [at(&format!("{base}/@type"), "code")]);
}

#[test]
fn what_is_wrong_with_lines_is_told_with_their_places() {
    let base = "/cXML/Request/OrderRequest";
    assert_eq!(faults(&order("", "", "")), [at(&format!("{base}/ItemOut"), "required")]);
    let twice = item(1, "") + &item(1, "");
    assert_eq!(faults(&order("", "", &twice)), [at(&format!("{base}/ItemOut[2]"), "repeated")]);
    let dollars = item(1, "") + &item(2, "").replace("currency=\"EUR\"", "currency=\"USD\"");
    assert_eq!(faults(&order("", "", &dollars)), [at(&format!("{base}/ItemOut[2]"), "currency_mismatch")]);
    let wrong = item(1, "").replace(">EA<", ">EACH<").replace("1.2345", "1,23");
    let detail = format!("{base}/ItemOut/ItemDetail");
    let expected =
        [at(&format!("{detail}/UnitPrice/Money"), "decimal"), at(&format!("{detail}/UnitOfMeasure"), "unit")];
    assert_eq!(faults(&order("", "", &wrong)), expected);
    let bare = "<ItemOut quantity=\"1\"><ItemID><SupplierPartID>S</SupplierPartID></ItemID></ItemOut>";
    assert_eq!(faults(&order("", "", bare)), [at(&format!("{base}/ItemOut/ItemDetail"), "required")]);
}

#[test]
fn what_is_not_understood_is_named() {
    let Request::Other(name) = read_text(&envelope("<StatusUpdateRequest/>")).unwrap().request else { panic!() };
    assert_eq!(name, "StatusUpdateRequest");
    assert_eq!(faults(&envelope("")), [at("/cXML/Request", "required")]);
    assert_eq!(faults("<order/>"), [at("/order", "document_type")]);
    let expected =
        ["@payloadID", "@timestamp", "Header", "Request"].map(|name| at(&format!("/cXML/{name}"), "required"));
    assert_eq!(faults("<cXML/>"), expected);
}

#[test]
fn a_document_type_is_never_fetched_and_declares_nothing() {
    let external = envelope("<ProfileRequest/>")
        .replace("cXML.dtd\">", "cXML.dtd\" [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>");
    assert_eq!(faults(&external), [at("", "internal_subset")]);
    let entity = envelope("<ProfileRequest>&x;</ProfileRequest>");
    assert_eq!(faults(&entity), [at("/cXML/Request/ProfileRequest", "entity")]);
    let refusal = read_text(&entity).unwrap_err();
    assert_eq!((refusal.kind, of_refusal(&refusal)), (Kind::MalformedRequest, Status::NotAcceptable));
}

#[test]
fn refusals_have_a_status_and_name_their_faults() {
    let refusal = read_text(&order("", "", "")).unwrap_err();
    assert_eq!(of_refusal(&refusal).code(), 400);
    assert!(detail(&refusal).contains("/cXML/Request/OrderRequest/ItemOut (required)"));
    for (kind, code) in [
        (Kind::InvalidCredentials, 401),
        (Kind::Forbidden, 403),
        (Kind::UnsupportedMediaType, 406),
        (Kind::AlreadyExists, 409),
        (Kind::TooManyRequests, 560),
        (Kind::NotFound, 400),
    ] {
        assert_eq!(of_refusal(&Refusal::new(kind, "x")).code(), code, "{kind:?}");
    }
}

fn stamp() -> Stamp {
    let at: Timestamp = "2026-03-05T10:00:00Z".parse().unwrap();
    Stamp { payload_id: "1@torg.example".to_owned(), at, language: "en".to_owned() }
}

/// What was written, as it is read: path below the document element, attributes and text.
fn leaves(text: &str) -> Vec<String> {
    fn collect(element: Element<'_>, into: &mut Vec<String>) {
        let named =
            ["code", "text", "name", "requestName", "operationAllowed", "quantity", "lineNumber", "currency", "domain"];
        let attributes: Vec<&str> = named.iter().filter_map(|name| element.attribute(name)).collect();
        if !attributes.is_empty() || !element.text().is_empty() {
            let path = element.path().replacen("/cXML/", "", 1);
            into.push(format!("{path} [{}] {}", attributes.join(" "), element.text()));
        }
        element.children().for_each(|child| collect(child, into));
    }
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Ignored).unwrap();
    let mut all = Vec::new();
    collect(document.root(), &mut all);
    all
}

#[test]
fn a_response_tells_the_status_and_the_way_into_the_shop() {
    let body = Body::PunchOutSetup { start_page: "https://torg.example/visit?a=1&b=2".to_owned() };
    let text = response(&stamp(), &Response { status: Status::Ok, detail: String::new(), body }).unwrap();
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE cXML SYSTEM \"http://"), "{text}");
    assert!(text.contains("timestamp=\"2026-03-05T10:00:00+00:00\"") && text.contains("payloadID=\"1@torg.example\""));
    let expected = [
        "Response/Status [200 OK] ",
        "Response/PunchOutSetupResponse/StartPage/URL [] https://torg.example/visit?a=1&b=2",
    ];
    assert_eq!(leaves(&text), expected);
    let refused = Response { status: Status::Unauthorized, detail: "<Who?>".to_owned(), body: Body::None };
    assert_eq!(leaves(&response(&stamp(), &refused).unwrap()), ["Response/Status [401 Unauthorized] <Who?>"]);
}

#[test]
fn a_profile_tells_what_can_be_asked_for() {
    let transactions = vec![("OrderRequest".to_owned(), "https://torg.example/v1/cxml".to_owned())];
    let options = vec![("service".to_owned(), "all".to_owned())];
    let body = Body::Profile(Profile { effective_at: stamp().at, options, transactions });
    let text = response(&stamp(), &Response { status: Status::Ok, detail: String::new(), body }).unwrap();
    let expected = [
        "Response/Status [200 OK] ",
        "Response/ProfileResponse/Option [service] all",
        "Response/ProfileResponse/Transaction [OrderRequest] ",
        "Response/ProfileResponse/Transaction/URL [] https://torg.example/v1/cxml",
    ];
    assert_eq!(leaves(&text), expected);
}

fn basket() -> OrderMessage {
    let eur = Currency::parse("EUR").unwrap();
    let line = |part: &str, unspsc: Option<&str>| ItemIn {
        id: ItemId { part: part.to_owned(), auxiliary: Some("o/7".to_owned()), buyers: None },
        quantity: "2.500000".parse().unwrap(),
        line: Some(1),
        price: UnitPrice::new("1.2345".parse().unwrap(), eur).unwrap(),
        description: "Tea & <biscuits>".to_owned(),
        language: Some("en".to_owned()),
        unit: Unit::parse("C62").unwrap(),
        unspsc: unspsc.map(str::to_owned),
        classifications: Vec::new(),
        manufacturers_part: None,
        manufacturer: None,
        lead_time_days: Some(3),
    };
    let credential = |identity: &str| Credential { domain: "NetworkId".to_owned(), identity: identity.to_owned() };
    OrderMessage {
        from: credential("AN02"),
        to: credential("AN01"),
        user_agent: "Torg".to_owned(),
        buyer_cookie: "c-1".to_owned(),
        may: Allowed::Edit,
        total: Money::new("6.17".parse().unwrap(), eur).unwrap(),
        shipping: Some((Money::new("5".parse().unwrap(), eur).unwrap(), "Parcel".to_owned())),
        tax: None,
        lines: vec![line("S-1", Some("50201706")), line("S-2", None)],
    }
}

#[test]
fn a_basket_goes_back_with_all_that_it_needs() {
    let text = order_message::write(&stamp(), &basket()).unwrap();
    let all = leaves(&text);
    let base = "Message/PunchOutOrderMessage";
    for expected in [
        format!("{base}/BuyerCookie [] c-1"),
        format!("{base}/PunchOutOrderMessageHeader [edit] "),
        format!("{base}/PunchOutOrderMessageHeader/Total/Money [EUR] 6.17"),
        format!("{base}/PunchOutOrderMessageHeader/Shipping/Money [EUR] 5.00"),
        format!("{base}/ItemIn[1] [2.5 1] "),
        format!("{base}/ItemIn[1]/ItemID/SupplierPartAuxiliaryID [] o/7"),
        format!("{base}/ItemIn[1]/ItemDetail/UnitPrice/Money [EUR] 1.2345"),
        format!("{base}/ItemIn[1]/ItemDetail/Description [] Tea & <biscuits>"),
        format!("{base}/ItemIn[1]/ItemDetail/UnitOfMeasure [] C62"),
        format!("{base}/ItemIn[1]/ItemDetail/Classification [UNSPSC] 50201706"),
        format!("{base}/ItemIn[2]/ItemDetail/Classification [none] unclassified"),
        format!("{base}/ItemIn[2]/ItemDetail/LeadTime [] 3"),
        "Header/Sender/UserAgent [] Torg".to_owned(),
    ] {
        assert!(all.contains(&expected), "{expected} in {all:#?}");
    }
    assert!(text.contains("xml:lang=\"en\""));
}

#[test]
fn the_form_carries_the_message_and_nothing_else() {
    let text = order_message::write(&stamp(), &basket()).unwrap();
    let page = order_message::form("https://buyer.example/?a=1&b=\"2", &text, "Back to <Buyer>");
    assert!(
        page.contains("action=\"https://buyer.example/?a=1&amp;b=&quot;2\"") && page.contains("Back to &lt;Buyer&gt;")
    );
    assert!(!page.contains("<cXML") && page.contains("name=\"cxml-urlencoded\" value=\"&lt;?xml"));
    assert!(!page.contains("<script"));
}
