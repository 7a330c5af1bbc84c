use proptest::prelude::*;

use super::*;

fn refused(text: &str) -> (String, &'static str) {
    of_bytes(text.as_bytes(), Doctype::Refused)
}

fn of_bytes(bytes: &[u8], doctype: Doctype) -> (String, &'static str) {
    let refusal = parse(bytes, &Limits::default(), doctype).unwrap_err();
    assert_eq!(refusal.faults.len(), 1, "{refusal:?}");
    (refusal.faults[0].pointer.clone(), refusal.faults[0].code)
}

fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}

#[test]
fn elements_have_names_namespaces_texts_and_attributes() {
    let text = "\u{feff}<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><a:Order xmlns:a='urn:a' xmlns='urn:b'>\n\
        <ID scheme=' 1&#9;&lt;2\n3 '> x &amp; &#x442;<![CDATA[<&>]]> </ID>\n<a:Line a:no='1' no='2'/>\n<Line xmlns=''/>\n<?hint x?></a:Order>\r\n";
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap();
    let root = document.root();
    assert!(root.is("urn:a", "Order") && root.text().is_empty() && root.parent().is_none());
    let children: Vec<_> = root.children().collect();
    let names: Vec<_> = children.iter().map(|one| (one.namespace(), one.name(), one.line())).collect();
    assert_eq!(names, [("urn:b", "ID", 3), ("urn:a", "Line", 5), ("", "Line", 6)]);
    assert_eq!(children[0].text(), "x & т<&>");
    assert_eq!(children[0].attribute("scheme"), Some(" 1\t<2 3 "));
    assert_eq!(children[1].attribute("no"), Some("2"));
    assert_eq!(children[1].attribute_of("urn:a", "no"), Some("1"));
    assert_eq!(children[2].path(), "/Order/Line");
    assert_eq!(document.size(), 4);
}

#[test]
fn a_path_counts_where_there_are_several_of_a_name() {
    let text = "<O><L><Q/></L><L><Q/><Q/></L><M/></O>";
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap();
    let paths: Vec<String> = document.root().children().flat_map(|one| one.children().map(|q| q.path())).collect();
    assert_eq!(paths, ["/O/L[1]/Q", "/O/L[2]/Q[1]", "/O/L[2]/Q[2]"]);
}

#[test]
fn languages_are_inherited() {
    let text = "<d xml:lang='en'><t/><t xml:lang='ru'><u/></t></d>";
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap();
    let tags: Vec<_> = document.root().children().map(Element::language).collect();
    assert_eq!(tags, ["en", "ru"]);
}

#[test]
fn entities_and_document_types_are_refused() {
    let bomb = "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;'>]><a>&d;</a>";
    let external = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>";
    let parameter = "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://example.org/p.dtd'> %p;]><a/>";
    for text in [bomb, external, parameter] {
        assert_eq!(refused(text), at("", "doctype"));
        assert_eq!(of_bytes(text.as_bytes(), Doctype::Ignored), at("", "internal_subset"));
    }
    assert_eq!(refused("<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>"), at("", "doctype"));
    assert_eq!(refused("<a><b>&d;</b></a>"), at("/a/b", "entity"));
    assert_eq!(refused("<a><b c='&d;'/></a>"), at("/a/b", "entity"));
    assert_eq!(refused("<a>&nbsp;</a>"), at("/a", "entity"));
}

#[test]
fn a_document_type_is_skipped_where_that_is_asked_for() {
    let good = "<?xml version='1.0'?><!DOCTYPE cXML SYSTEM \"http://example.org/cXML.dtd\"><cXML/>";
    assert!(parse(good.as_bytes(), &Limits::default(), Doctype::Ignored).is_ok());
    for bad in ["<a/><!DOCTYPE a SYSTEM 'x'>", "<!DOCTYPE a><!DOCTYPE a><a/>", "<a><!DOCTYPE a></a>"] {
        assert_eq!(of_bytes(bad.as_bytes(), Doctype::Ignored).1, "malformed", "{bad}");
    }
    assert_eq!(of_bytes(b"<!DOCTYPE a SYSTEM 'x'><a>&b;</a>", Doctype::Ignored), at("/a", "entity"));
}

#[test]
fn nothing_is_included() {
    let text = "<a xmlns:i='http://www.w3.org/2001/XInclude'><i:include href='file:///etc/hostname' parse='text'/></a>";
    assert_eq!(refused(text), at("/a/include", "xinclude"));
}

#[test]
fn depth_number_and_length_are_bounded() {
    let deep = "<a>".repeat(200_000);
    let (pointer, code) = refused(&deep);
    assert_eq!((pointer.matches("/a").count(), code), (32, "too_deep"));
    assert_eq!(refused(&format!("<a>{}</a>", "<b/>".repeat(300_000))), at("/a", "too_many_elements"));
    let many: String = (0..200_000).map(|n| format!(" a{n}=''")).collect();
    assert_eq!(refused(&format!("<a><b{many}/></a>")), at("/a/b", "too_many_attributes"));
    let spread = format!("<b{}/>", (0..20).map(|n| format!(" a{n}=''")).collect::<String>());
    assert_eq!(refused(&format!("<a>{}</a>", spread.repeat(20_000))).1, "too_many_attributes");
    assert_eq!(refused(&format!("<a><b>{}</b></a>", "x".repeat(100_000))), at("/a/b", "too_long"));
    assert_eq!(refused(&format!("<a><b>{}</b></a>", "&lt;".repeat(100_000))), at("/a/b", "too_long"));
    assert_eq!(refused(&format!("<a><b c='{}'/></a>", "x".repeat(100_000))), at("/a/b", "too_long"));
    assert_eq!(refused(&format!("<a><{}/></a>", "x".repeat(1_000))), at("/a", "too_long"));
}

#[test]
fn a_million_attributes_are_refused_at_once() {
    let many: String = (0..1_000_000).map(|n| format!(" a{n}=''")).collect();
    let limits = Limits { bytes: 1 << 30, ..Limits::default() };
    let text = format!("<a{many}/>");
    let refusal = parse(text.as_bytes(), &limits, Doctype::Refused).unwrap_err();
    assert_eq!((refusal.faults[0].code, refusal.faults[0].pointer.as_str()), ("too_many_attributes", "/a"));
}

#[test]
fn many_namespaces_are_refused() {
    let nested: String = (0..30).map(|n| format!("<p{n}:a xmlns:p{n}='urn:{n}'>")).collect();
    assert_eq!(refused(&nested).1, "malformed");
    let siblings: String = (0..1000).map(|n| format!("<a xmlns='urn:{n}'/>")).collect();
    assert_eq!(refused(&format!("<r>{siblings}</r>")).1, "too_many_attributes");
    let long = format!("<a xmlns='{}'/>", "x".repeat(600));
    assert_eq!(refused(&long), at("/a", "too_long"));
}

#[test]
fn a_large_document_is_refused_before_it_is_read() {
    let refusal = parse(&vec![b'<'; 5 << 20], &Limits::default(), Doctype::Refused).unwrap_err();
    assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::PayloadTooLarge, "too_large"));
}

#[test]
fn a_document_of_four_mebibytes_is_read() {
    let line = "<Line a='1'><ID>1</ID><Quantity unitCode='C62'>12</Quantity></Line>";
    let text = format!("<Order>{}</Order>", line.repeat(60_000));
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap();
    assert_eq!(document.size(), 180_001);
    assert_eq!(document.root().children().count(), 60_000);
}

#[test]
fn only_utf_8_is_read() {
    let wide: Vec<u8> =
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &wide].concat();
    let foreign = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
    let declared = b"<?xml version='1.0' encoding='windows-1251'?><a>x</a>";
    let utf_7 = b"<?xml version='1.0' encoding='UTF-7'?>+ADw-a/+AD4-";
    let overlong = b"<a>\xc0\xbc</a>";
    let surrogate = b"<a>\xed\xa0\x80</a>";
    for bytes in [&wide[..], &marked, foreign, declared, utf_7, overlong, surrogate] {
        let refusal = parse(bytes, &Limits::default(), Doctype::Refused).unwrap_err();
        assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::UnsupportedMediaType, "encoding"));
    }
    for name in ["UTF-8", "utf-8", "US-ASCII"] {
        let text = format!("<?xml version='1.0' encoding='{name}'?><a/>");
        assert!(parse(text.as_bytes(), &Limits::default(), Doctype::Refused).is_ok(), "{name}");
    }
    assert_eq!(refused("<?xml version='1.0' encoding='US-ASCII'?><a>é</a>").1, "encoding");
}

#[test]
fn characters_that_xml_does_not_know_are_refused() {
    for text in ["<a><b>\0</b></a>", "<a><b>\u{1b}</b></a>", "<a><b>&#0;</b></a>", "<a><b>&#xFFFE;</b></a>"] {
        assert_eq!(refused(text), at("/a/b", "character"), "{text:?}");
    }
    for text in ["<a b='\0'/>", "<a b='&#8;'/>", "<a><!--\0--></a>", "<a><![CDATA[\0]]></a>", "<a>&#xD800;</a>"] {
        assert_eq!(refused(text), at("/a", "character"), "{text:?}");
    }
    assert_eq!(refused("<a>&#99999999999999999999;</a>").1, "character");
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for text in [
        "",
        " ",
        "x",
        "<a",
        "<a>",
        "<a><b></a></b>",
        "<a/><b/>",
        "<a/>x",
        "x<a/>",
        "<a/>&lt;",
        "<a>]]></a>",
        "<a b=1/>",
        "<a b/>",
        "<a b='<'/>",
        "<1/>",
        "<a:b:c xmlns:a='x'/>",
        "<a>&lt</a>",
        "<a>&</a>",
        "<a b='&lt'/>",
        "<a><!-- -- --></a>",
        "<a/><?xml version='1.0'?>",
        " <?xml version='1.0'?><a/>",
        "<?xml?><a/>",
        "<a\0b/>",
        "</a>",
        "<a><?xml x?></a>",
        "<a/><![CDATA[x]]>",
        "<a><![CDATA[x]]</a>",
        "<a><!b></a>",
        "<a b='1'c='2'/>x",
        "<>x</>",
    ] {
        let refusal = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap_err();
        assert_eq!((refusal.kind, refusal.faults[0].code), (Kind::MalformedRequest, "malformed"), "{text:?}");
    }
    assert_eq!(refused("<?xml version='1.1'?><a/>").1, "version");
    assert_eq!(refused("<a><b c='1' c='2'/></a>"), at("/a/b/@c", "duplicate_attribute"));
    assert_eq!(refused("<a xmlns:x='u' xmlns:y='u' x:c='1' y:c='2'/>"), at("/a/@c", "duplicate_attribute"));
    for text in ["<x:a/>", "<a x:b='1'/>", "<a xmlns:xml='urn:x'/>", "<a xmlns:xmlns='urn:x'/>", "<a xmlns:p='&lt;'/>"]
    {
        assert_eq!(refused(text).1, "namespace", "{text}");
    }
}

#[test]
fn every_beginning_of_a_document_is_refused_and_none_panics() {
    let text = "<?xml version='1.0'?><!-- c --><a x='1&amp;'><b>т<![CDATA[y]]></b>&lt;<c/></a>";
    for end in 0..text.len() {
        assert!(parse(&text.as_bytes()[..end], &Limits::default(), Doctype::Ignored).is_err(), "{end}");
    }
}

#[test]
fn numbers_and_days_are_read_as_xml_schema_writes_them() {
    let decimals =
        [("+1.50", "1.5"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("-0.10", "-0.1"), ("0", "0"), ("000", "0")];
    for (text, value) in decimals {
        assert_eq!(read::decimal(text).unwrap().to_string(), value, "{text}");
    }
    for text in ["", ".", "-", "1e3", "1,5", "NaN", "INF", "0x1", "1 000", "--1", "+-1", "٣"] {
        assert!(read::decimal(text).is_err(), "{text}");
    }
    assert_eq!(read::decimal(&"9".repeat(40)).unwrap_err().code, "out_of_range");
    for text in ["2026-03-05", "2026-03-05Z", "2026-03-05+01:00", "2026-03-05T10:00:00"] {
        assert_eq!(read::date(text).unwrap().to_string(), "2026-03-05", "{text}");
    }
    for text in ["2026-02-30", "2026-3-5", "05.03.2026", "20260305", "2026-03-05 ", "+026-03-05", "тттт"] {
        assert_eq!(read::date(text).unwrap_err().code, "date", "{text}");
    }
    let instants = ["2026-03-05T10:00:00+01:00", "2026-03-05T09:00:00", "2026-03-05T09:00:00.0000009Z"];
    for text in instants {
        assert_eq!(read::timestamp(text).unwrap().to_rfc3339(), "2026-03-05T09:00:00+00:00", "{text}");
    }
    assert_eq!(read::timestamp("2026-03-05").unwrap().to_rfc3339(), "2026-03-05T00:00:00+00:00");
    assert!(read::timestamp("yesterday").is_err());
    assert_eq!(["PCE", "BX", "KGM", "XBX"].map(|code| read::unit(code).unwrap().code()), ["H87", "XBX", "KGM", "XBX"]);
    assert!(read::unit("pcs").is_err());
    assert!(read::boolean("1").unwrap() && read::boolean("yes").is_err() && read::number("+1").is_err());
}

#[test]
fn what_is_written_is_read_again() {
    let mut xml = write::Xml::new().unwrap();
    xml.node_with("a", &[("xmlns", "urn:a"), ("b", "1 < 2 & \"3\" 'x'"), ("blank", " ")], |xml| {
        xml.leaf("c", " <&> \u{1} т ")?;
        xml.leaf("d", "  ")?;
        xml.given("e", &None)?;
        xml.node("nothing", |xml| xml.node("in", |xml| xml.leaf("it", " ")))?;
        xml.empty("f", &[("g", "h")])
    })
    .unwrap();
    let text = xml.finish();
    let document = parse(text.as_bytes(), &Limits::default(), Doctype::Refused).unwrap();
    let root = document.root();
    assert_eq!(root.attribute("b"), Some("1 < 2 & \"3\" 'x'"));
    assert_eq!(root.attribute("blank"), None);
    let children: Vec<_> = root.children().map(|one| (one.name(), one.text())).collect();
    assert_eq!(children, [("c", "<&> \u{fffd} т"), ("f", "")]);
}

proptest! {
    #[test]
    fn whatever_is_sent_is_read_or_refused(
        changes in prop::collection::vec((0_usize..400, prop::sample::select(b"<>&;'\"=/!?[]-:#x \0\xff".to_vec())), 0..6)
    ) {
        let good = "<?xml version='1.0' encoding='UTF-8'?><!DOCTYPE a SYSTEM 'x'><!-- c --><p:a xmlns:p='urn:p' xmlns='urn:q' p:b='1&lt;'>\
            <c d='2'>т&#x20;<![CDATA[<x>]]></c><?hint y?><c/><e xmlns=''><f>1</f></e></p:a>";
        let mut bytes = good.as_bytes().to_vec();
        for (place, byte) in changes {
            if let Some(old) = bytes.get_mut(place) {
                *old = byte;
            }
        }
        for doctype in [Doctype::Refused, Doctype::Ignored] {
            match parse(&bytes, &Limits::default(), doctype) {
                Ok(document) => prop_assert!(!document.root().path().is_empty() && document.size() < 50),
                Err(refusal) => prop_assert!(refusal.faults.len() == 1 && !refusal.detail.is_empty()),
            }
        }
    }
}
