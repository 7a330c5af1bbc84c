use proptest::prelude::*;

use super::*;

fn kind(name: &str, head: &[u8]) -> Result<MediaType, Kind> {
    MediaType::recognise(name, head).map_err(|refusal| refusal.kind)
}

/// The beginning of an OpenDocument file.
fn opendocument(media: &str) -> Vec<u8> {
    let length = u32::try_from(media.len()).unwrap().to_le_bytes();
    let header: [&[u8]; 6] = [b"PK\x03\x04", &[0; 14], &length, &length, &[8, 0, 0, 0], b"mimetype"];
    [&header.concat(), media.as_bytes(), b"PK\x03\x04"].concat()
}

#[test]
fn content_and_extension_agree() {
    let odt = opendocument("application/vnd.oasis.opendocument.text");
    let ods = opendocument("application/vnd.oasis.opendocument.spreadsheet");
    let taken: [(&str, &[u8], MediaType); 20] = [
        ("a.pdf", b"%PDF-1.7\n", MediaType::Pdf),
        ("A.PDF", b"%PDF-2.0\n", MediaType::Pdf),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0", MediaType::Png),
        ("a.jpg", b"\xff\xd8\xff\xe0", MediaType::Jpeg),
        ("a.jpeg", b"\xff\xd8\xff\xe1", MediaType::Jpeg),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", MediaType::Webp),
        ("a.txt", "Счёт № 5\r\n\tна оплату".as_bytes(), MediaType::Text),
        ("a.txt", b"\xef\xbb\xbfwith a byte order mark", MediaType::Text),
        ("a.csv", b"sku;price\n1;2.50\n", MediaType::Csv),
        ("a.json", b" [1, 2]", MediaType::Json),
        ("a.xml", b"<Invoice xmlns='urn:x'/>", MediaType::Xml),
        ("a.xml", b"<?xml version='1.0'?>\n<!-- <svg> --><!DOCTYPE cXML SYSTEM 'c.dtd'>\n<cXML>", MediaType::Xml),
        ("a.xml", b"<ubl:Invoice xmlns:ubl='urn:x'>", MediaType::Xml),
        ("a.docx", b"PK\x03\x04\x14\0", MediaType::Docx),
        ("a.xlsx", b"PK\x03\x04\x14\0", MediaType::Xlsx),
        ("a.odt", &odt, MediaType::Odt),
        ("a.ods", &ods, MediaType::Ods),
        ("a.zip", b"PK\x03\x04\x14\0", MediaType::Zip),
        ("a.zip", b"PK\x05\x06\0\0", MediaType::Zip),
        ("a.exe.pdf", b"%PDF-1.4\n", MediaType::Pdf),
    ];
    for (name, head, media) in taken {
        assert_eq!(kind(name, head), Ok(media), "{name}");
        assert_eq!(MediaType::parse(media.code()), Ok(media));
    }
}

#[test]
fn what_could_run_is_refused_under_every_name() {
    let active: [&[u8]; 11] = [
        b"<!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf \n<HTML><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><!-- x --><s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
        b"<?xml version='1.0'?><a><script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script></a>",
        b"<!DOCTYPE a [<!ENTITY b '<script/>'>]><a>&b;</a>",
        b"#!/bin/sh\nrm -r /",
        b"MZ\x90\0\x03\0\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"\xcf\xfa\xed\xfe\x07\0\0\x01",
    ];
    for head in active {
        for media in ["pdf", "png", "jpg", "webp", "txt", "csv", "xml", "json", "docx", "xlsx", "odt", "ods", "zip"] {
            assert_eq!(
                kind(&format!("a.{media}"), head),
                Err(Kind::ForbiddenFileType),
                "{media} {}",
                head.escape_ascii()
            );
        }
    }
}

#[test]
fn other_extensions_are_refused() {
    for name in ["a.html", "a.svg", "a.exe", "a.js", "a.docm", "a.pdf.exe", "a.pdf ", "pdf", "a.", "a", "", "a.рdf"] {
        assert_eq!(kind(name, b"%PDF-1.7"), Err(Kind::ForbiddenFileType), "{name}");
    }
}

#[test]
fn content_of_another_kind_is_refused() {
    let others: [(&str, &[u8]); 11] = [
        ("a.pdf", b""),
        ("a.pdf", b"\n%PDF-1.7"),
        ("a.txt", b""),
        ("a.txt", b"text\0with a zero"),
        ("a.csv", b"\xcf\xf0\xe8\xe2\xe5\xf2"),
        ("a.txt", b"\xff\xfet\0e\0x\0t\0"),
        ("a.json", b"<a/>"),
        ("a.xml", b"plain"),
        ("a.xml", b"<?xml version='1.0'?>"),
        ("a.odt", b"PK\x03\x04\x14\0"),
        ("a.webp", b"RIFF\x10\0\0\0AVI "),
    ];
    for (name, head) in others {
        assert_eq!(kind(name, head), Err(Kind::ForbiddenFileType), "{name} {}", head.escape_ascii());
    }
    let spreadsheet = opendocument("application/vnd.oasis.opendocument.spreadsheet");
    assert_eq!(kind("a.odt", &spreadsheet), Err(Kind::ForbiddenFileType));
}

#[test]
fn a_head_may_end_within_a_character() {
    let long = "я".repeat(HEAD);
    assert_eq!(kind("a.txt", &long.as_bytes()[..HEAD]), Ok(MediaType::Text));
    let odd = format!(" {long}");
    assert_eq!(kind("a.txt", &odd.as_bytes()[..HEAD]), Ok(MediaType::Text));
    // A whole file may not.
    assert_eq!(kind("a.txt", &odd.as_bytes()[..10]), Err(Kind::ForbiddenFileType));
}

#[test]
fn file_names_are_plain() {
    for good in ["invoice.pdf", "Счёт № 5 (копия).pdf", "a", "контракт.v2.docx", "console.txt", "comma,separated.csv"]
    {
        assert_eq!(check_file_name(good), Ok(()), "{good}");
    }
    for bad in [
        "../etc/passwd",
        "a/b.pdf",
        "a\\b.pdf",
        "C:a.pdf",
        "..",
        ".bashrc",
        "a.pdf.",
        "a.pdf ",
        " a.pdf",
        "a\nb.pdf",
        "a\0.pdf",
        "annex\u{202e}fdp.exe",
        "a\u{200b}.pdf",
        "a\"b.pdf",
        "nul",
        "COM1.txt",
    ] {
        assert_eq!(check_file_name(bad).unwrap_err().code, "file_name", "{bad:?}");
    }
    assert_eq!(check_file_name(" ").unwrap_err().code, "blank");
    assert_eq!(check_file_name(&"a".repeat(151)).unwrap_err().code, "too_long");
    assert_eq!(check_file_name(&"漢".repeat(86)).unwrap_err().code, "too_long");
}

proptest! {
    #[test]
    fn whatever_is_sent_is_answered(index in 0..13_usize, head in proptest::collection::vec(any::<u8>(), 0..64), name in "\\PC{0,12}") {
        let extension = ["pdf", "png", "jpg", "webp", "txt", "csv", "xml", "json", "docx", "xlsx", "odt", "ods", "zip"][index];
        let zip = [b"PK\x03\x04", &head[..]].concat();
        let xml = [b"<!", &head[..]].concat();
        for head in [&head, &zip, &xml] {
            let _ = MediaType::recognise(&format!("{name}.{extension}"), head);
        }
        let _ = check_file_name(&name);
    }
}
