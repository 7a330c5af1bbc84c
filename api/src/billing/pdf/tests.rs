use super::*;
use crate::billing::paper::{PaperKind, PaperLanguage, PaperTax};
use crate::billing::sample::{dec, english, line, paper, russian, settle, some};

fn many(count: u32) -> InvoicePaper {
    let mut paper = russian();
    paper.lines = (1..=count)
        .map(|position| {
            let name = match position % 3 {
                0 => "Кабель силовой ВВГнг(А)-LS 3×2,5 ок (N, PE) — 0,66 кВ, бухта 100 м, сертификат пожарной безопасности",
                1 => "Болт М12×80 оцинкованный",
                _ => "Профиль монтажный перфорированный 41×41×2000×2,5 мм, горячее цинкование",
            };
            line(position, name, ("17.5", "H87", "1249.99", "0", "S", "20"), paper.currency)
        })
        .collect();
    settle(&mut paper, "0");
    paper
}

/// Everything as long and large as it can be.
fn extreme() -> InvoicePaper {
    let mut paper = english();
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    paper.seller.legal_name = format!("{long} {long} GmbH & Co. KG");
    paper.buyer.address_lines =
        vec![long.repeat(2), "北京市朝阳区 建国路 88 号".to_owned(), "ул. Ёжиков, Ÿ ő ș ț ğ".to_owned()];
    paper.buyer.identifiers =
        vec![("lei".to_owned(), "529900T8BM49AURSDO55".to_owned()), ("0106".to_owned(), "x".repeat(90))];
    paper.number = "R/".to_owned() + &"2026-000017/".repeat(12);
    paper.buyer_reference = Some("reference ".repeat(60));
    for line in &mut paper.lines {
        line.name = format!("{} {}", line.name, long.repeat(2));
        line.sku = Some("SKU".repeat(60));
        line.quantity = dec("99999999999.123456");
        line.unit_price = dec("999999999999999.123456");
        line.net = dec("999999999999999.99");
        line.discount_percent = dec("12.3456");
    }
    paper.lines[0].name = "слово ".repeat(900);
    paper.totals.net = dec("999999999999999.99");
    paper.totals.payable = dec("999999999999999.99");
    for category in ["Z", "E", "AE", "K", "G", "O"] {
        let exemption_reason = (category == "E").then(|| "because of the law ".repeat(40));
        let tax = PaperTax {
            category: category.to_owned(),
            rate: dec("0"),
            base: dec("999999999999999.99"),
            tax: dec("0"),
            exemption_reason,
        };
        paper.taxes.push(tax);
    }
    paper.payment_terms = Some(format!("{}\n\n{}", "Terms and conditions apply. ".repeat(300), long.repeat(4)));
    paper
}

/// Only what must be there.
fn bare() -> InvoicePaper {
    let mut paper = paper("JPY", PaperLanguage::En, &[("Tea", ("1", "C62", "500", "0", "O", "0"))]);
    paper.kind = PaperKind::CreditNote { invoice_number: "2026-000001".to_owned(), invoice_issued_on: None };
    for party in [&mut paper.seller, &mut paper.buyer] {
        (party.vat_id, party.contact_name, party.phone, party.email, party.postal_code) =
            (None, None, None, None, None);
        party.identifiers.clear();
        party.address_lines.clear();
    }
    (paper.bank, paper.due_on, paper.delivered_on, paper.payment_terms) = (None, None, None, None);
    (paper.order_number, paper.buyer_reference, paper.contract_number) = (None, some(" "), None);
    paper.lines[0].sku = None;
    paper
}

/// Several categories without tax, large amounts, nothing left to pay.
fn reasons() -> InvoicePaper {
    let deals = [
        ("Нефть сырая Urals, FOB Новороссийск", ("125000.5", "BLL", "5312.4575", "2.25", "G", "0")),
        ("Надзор за погрузкой", ("16", "HUR", "12500", "0", "S", "20")),
        ("Обучение персонала покупателя", ("2", "DAY", "180000", "0", "E", "0")),
        ("Услуги агента за рубежом", ("1", "LS", "99500.5", "0", "AE", "0")),
    ];
    let mut paper = InvoicePaper { lines: Vec::new(), ..russian() };
    paper.lines =
        deals.iter().zip(1..).map(|((name, deal), position)| line(position, name, *deal, paper.currency)).collect();
    settle(&mut paper, "0");
    let gross = paper.totals.gross.to_string();
    settle(&mut paper, &gross);
    paper.taxes[2].exemption_reason = some("Образовательная деятельность, пп. 14 п. 2 ст. 149 НК РФ");
    paper
}

fn papers() -> Vec<(&'static str, InvoicePaper)> {
    vec![
        ("en", english()),
        ("ru", russian()),
        ("many", many(200)),
        ("extreme", extreme()),
        ("reasons", reasons()),
        ("bare", bare()),
    ]
}

fn pages(paper: &InvoicePaper) -> Vec<Page> {
    compose(&Setter { fonts: text::fonts().unwrap(), words: wording::words(paper.language), paper })
}

fn texts(page: &Page) -> Vec<&str> {
    page.iter()
        .filter_map(|mark| match mark {
            Mark::Text { run, .. } => Some(run.text.as_str()),
            Mark::Area { .. } => None,
        })
        .collect()
}

#[test]
fn equal_papers_give_equal_bytes() {
    for (name, paper) in papers() {
        let first = render(&paper).unwrap();
        assert!(first.starts_with(b"%PDF-1.7"), "{name}");
        assert!(first == render(&paper.clone()).unwrap(), "{name}");
    }
    let mut other = english();
    other.number.push('x');
    assert!(render(&english()).unwrap() != render(&other).unwrap());
}

#[test]
fn fonts_are_subsetted() {
    // 60 KB, of which a few hundred bytes depend on the library that packs them; the two fonts as they are have 880 KB.
    let size = render(&english()).unwrap().len();
    assert!(size < 65_000, "{size} bytes");
}

#[test]
fn nothing_leaves_the_page_and_no_two_texts_overlap() {
    for (name, paper) in papers() {
        for (number, page) in pages(&paper).iter().enumerate() {
            let mut boxes = Vec::new();
            for mark in page {
                let Mark::Text { x, baseline, run, style, .. } = mark else { continue };
                let (left, right, top) = (*x, x + run.width, baseline - style.size * 7 / 10);
                assert!(
                    left >= sheet::MARGIN && right <= PAGE_WIDTH - sheet::MARGIN + 10,
                    "{name} {number}: `{}`",
                    run.text
                );
                assert!(top > 0 && *baseline < PAGE_HEIGHT - text::pt(20), "{name} {number}: `{}`", run.text);
                if !run.text.trim().is_empty() {
                    boxes.push((left, right, top, *baseline, &run.text));
                }
            }
            for (index, a) in boxes.iter().enumerate() {
                for b in &boxes[index + 1..] {
                    let apart = a.1 <= b.0 || b.1 <= a.0 || a.3 <= b.2 || b.3 <= a.2;
                    assert!(apart, "{name} {number}: `{}` on `{}`", a.4, b.4);
                }
            }
        }
    }
}

#[test]
fn every_page_of_a_long_table_has_the_head_and_its_number() {
    let paper = many(200);
    let pages = pages(&paper);
    assert!(pages.len() > 3);
    for (index, page) in pages.iter().enumerate() {
        let texts = texts(page);
        assert!(texts.contains(&"Наименование"), "page {}", index + 1);
        assert!(texts.contains(&format!("{} / {}", index + 1, pages.len()).as_str()));
    }
    let positions: Vec<u32> = pages
        .iter()
        .flat_map(|page| page.iter())
        .filter_map(|mark| match mark {
            Mark::Text { x, run, ink: Ink::Grey, .. } if *x == sheet::MARGIN => run.text.parse().ok(),
            _ => None,
        })
        .collect();
    assert_eq!(positions, (1..=200).collect::<Vec<_>>());
}

#[test]
fn the_page_says_what_the_paper_says() {
    let paper = english();
    let pages = pages(&paper);
    assert_eq!(pages.len(), 1);
    let texts = texts(&pages[0]);
    for expected in [
        "Invoice",
        "No.\u{a0}2026-000017",
        "Hanse Feinkost Großhandel GmbH",
        "Épicerie Générale de Belgique S.A.",
        "20457 Hamburg",
        "Belgium",
        "5\u{a0}March\u{a0}2026",
        "12.5%",
        "7,627.72",
        "\u{2212}1,000.00",
        "DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00",
        "1 / 1",
    ] {
        assert!(texts.contains(&expected), "{expected} is not among {texts:#?}");
    }
    assert!(!texts.contains(&"Sum"));
}

#[test]
fn a_credit_note_names_its_invoice_and_asks_for_nothing() {
    let paper = bare();
    let pages = pages(&paper);
    let texts = texts(&pages[0]);
    for expected in ["Credit note", "Credits invoice", "2026-000001", "Amount credited", "500\u{a0}JPY"] {
        assert!(texts.contains(&expected), "{expected} is not among {texts:#?}");
    }
    for unexpected in ["Amount due", "Payment details", "Buyer’s reference", "Discount"] {
        assert!(!texts.contains(&unexpected), "{unexpected}");
    }
}

#[test]
fn any_text_can_be_printed() {
    // A fixed sequence of code points all over Unicode (xorshift), controls and unassigned ones included.
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state
    };
    for _ in 0..20 {
        let mut paper = english();
        let mut text = || (0..60).filter_map(|_| char::from_u32(next() % 0x11_0000)).collect::<String>();
        paper.seller.legal_name = text();
        paper.number = text();
        paper.lines[0].name = text() + "\u{0}\u{feff}\u{fffe}\u{202e}e\u{301}ﬁ👩‍👩‍👧 مرحبا";
        paper.payment_terms = Some(text());
        let pdf = render(&paper).unwrap();
        assert!(pdf.starts_with(b"%PDF"));
    }
}
