use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::billing::paper::PaperLanguage;
use crate::billing::sample::{day, dec, english, line, paper, party as company, russian, settle, some};

/// A line in every category that may stand beside others.
fn categories() -> InvoicePaper {
    let deals = [
        ("Steel beams", ("12", "TNE", "1250.50", "7.5", "S", "19")),
        ("Books", ("3", "C62", "19.99", "0", "S", "7")),
        ("Rescue boat", ("1", "C62", "84000", "0", "Z", "0")),
        ("Training <on site> & insurance", ("2.5", "DAY", "333.333333", "0", "E", "0")),
        ("Assembly", ("40", "HUR", "61.25", "10", "AE", "0")),
        ("Turbine blades", ("7", "H87", "99999.999999", "33.3333", "G", "0")),
    ];
    let mut paper = paper("EUR", PaperLanguage::En, &deals);
    settle(&mut paper, "250.00");
    paper
        .taxes
        .iter_mut()
        .filter(|tax| tax.category == "E")
        .for_each(|tax| tax.exemption_reason = some("§ 4 Nr. 21 UStG"));
    paper
}

fn credit_note() -> InvoicePaper {
    let mut paper = english();
    paper.kind =
        PaperKind::CreditNote { invoice_number: "2026-000016".to_owned(), invoice_issued_on: Some(day("2026-02-01")) };
    (paper.payment_terms, paper.bank) = (None, None);
    settle(&mut paper, "0");
    paper
}

fn of_category(category: &str) -> InvoicePaper {
    paper("EUR", PaperLanguage::En, &[("Pump", ("1", "C62", "100", "0", category, "0"))])
}

/// A paper without VAT, from a company known by its D-U-N-S number only.
fn outside_vat() -> InvoicePaper {
    let mut paper = of_category("O");
    paper.seller = company("Exotic Liquids", "US", &[("duns", "150483782")]);
    paper
}

fn by_email() -> InvoicePaper {
    let mut paper = outside_vat();
    (paper.seller.email, paper.buyer.email) = (some("a@exotic.example"), some("b@chops.example"));
    (paper.seller.identifiers, paper.buyer.vat_id) = (vec![("ru_ogrn".to_owned(), "1027700132195".to_owned())], None);
    paper
}

fn japanese() -> InvoicePaper {
    let deals = [
        ("Tea 茶 \u{1}\u{fffe}", ("3", "KGM", "1234", "15", "S", "10")),
        ("Rice", ("2.5", "KGM", "333", "0", "S", "10")),
        ("Salt", ("1.5", "KGM", "333", "0", "S", "10")),
    ];
    let mut paper = paper("JPY", PaperLanguage::En, &deals);
    paper.seller = company("Mayumi's", "DE", &[("lei", "529900T8BM49AURSDO55"), ("vat", "DE123456788")]);
    paper.buyer.address_lines = vec!["1".to_owned(), "2".to_owned(), " ".to_owned(), "3".to_owned(), "4".to_owned()];
    paper
}

fn italian() -> InvoicePaper {
    let mut paper = of_category("Z");
    paper.seller = company("Formaggi Fortini s.r.l.", "IT", &[]);
    paper.seller.vat_id = some("IT00743110157");
    paper
}

fn dutch() -> InvoicePaper {
    let mut paper = of_category("K");
    paper.seller = company("Zaanse Snoepfabriek", "NL", &[("0106", "12345678")]);
    paper.seller.vat_id = some("NL004495445B01");
    paper
}

fn papers() -> Vec<(&'static str, InvoicePaper)> {
    vec![
        ("categories", categories()),
        ("english", english()),
        ("russian", russian()),
        ("credit_note", credit_note()),
        ("union", of_category("K")),
        ("outside_vat", outside_vat()),
        ("by_email", by_email()),
        ("japanese", japanese()),
        ("italian", italian()),
        ("dutch", dutch()),
    ]
}

/// Every element with text as path, attribute values and text: `/Invoice/cbc:ID = 17`. The document must be well-formed.
fn leaves(xml: &str) -> Vec<String> {
    let mut reader = Reader::from_str(xml);
    let (mut path, mut text, mut leaves) = (Vec::new(), String::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                let attributes: Vec<String> = start.attributes().map(|a| a.unwrap().value.into_owned()).collect();
                path.push((start.name().as_ref().to_owned(), attributes));
                text.clear();
            }
            Event::Text(part) => text += &part,
            Event::GeneralRef(part) => text = format!("{text}&{};", &*part),
            Event::End(_) => {
                let names: String = path.iter().map(|(name, _)| format!("/{name}")).collect();
                let (_, attributes) = path.pop().unwrap();
                if !text.trim().is_empty() {
                    leaves.push(format!("{names} {} = {text}", attributes.join(",")).replace("  = ", " = "));
                }
                text.clear();
            }
            Event::Eof => return leaves,
            _ => {}
        }
    }
}

/// The values at a path below the document element.
fn at(leaves: &[String], path: &str) -> Vec<String> {
    let found = leaves.iter().filter_map(|leaf| leaf.split_once(path));
    found
        .filter(|(before, after)| before.matches('/').count() == 1 && after.starts_with(' '))
        .map(|(_, after)| after.trim_start_matches([' ', '=']).to_owned())
        .collect()
}

fn rendered(paper: &InvoicePaper) -> Vec<String> {
    leaves(&render(paper).unwrap())
}

#[test]
fn an_invoice_says_who_owes_whom_what() {
    let leaves = rendered(&english());
    for (path, value) in [
        ("/cbc:CustomizationID", PEPPOL),
        ("/cbc:ProfileID", PROFILE),
        ("/cbc:ID", "2026-000017"),
        ("/cbc:IssueDate", "2026-03-05"),
        ("/cbc:DueDate", "2026-04-04"),
        ("/cbc:InvoiceTypeCode", "380"),
        ("/cac:OrderReference/cbc:ID", "PO-10248"),
        ("/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID", "0088 = 4012345000009"),
        ("/cac:AccountingCustomerParty/cac:Party/cbc:EndpointID", "9925 = BE0428759497"),
        ("/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:AdditionalStreetName", "Bâtiment C, quai 4"),
        ("/cac:PaymentMeans/cbc:PaymentMeansCode", "58"),
        ("/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID", "DE89370400440532013000"),
        ("/cac:TaxTotal/cbc:TaxAmount", "EUR = 577.37"),
        ("/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount", "EUR = 8598.57"),
        ("/cac:LegalMonetaryTotal/cbc:PrepaidAmount", "EUR = 1000.00"),
        ("/cac:LegalMonetaryTotal/cbc:PayableAmount", "EUR = 7598.57"),
    ] {
        assert_eq!(at(&leaves, path), [value], "{path}");
    }
    assert_eq!(
        at(&leaves, "/cac:InvoiceLine/cbc:InvoicedQuantity"),
        ["C62 = 12", "C62 = 10", "KGM = 250.5", "C62 = 1"]
    );
}

#[test]
fn a_discount_is_an_allowance_that_makes_the_line_add_up() {
    let leaves = rendered(&english());
    let allowance = |field| at(&leaves, &format!("/cac:InvoiceLine/cac:AllowanceCharge/{field}"));
    assert_eq!(allowance("cbc:BaseAmount"), ["EUR = 98.00", "EUR = 8717.40"]);
    assert_eq!(allowance("cbc:Amount"), ["EUR = 4.90", "EUR = 1089.68"]);
    assert_eq!(allowance("cbc:MultiplierFactorNumeric"), ["5", "12.5"]);

    let mut rebate = english();
    rebate.lines.truncate(1);
    rebate.lines[0].net = dec("150.00");
    settle(&mut rebate, "0");
    let leaves = rendered(&rebate);
    assert_eq!(at(&leaves, "/cac:InvoiceLine/cac:AllowanceCharge/cbc:Amount"), ["EUR = 18.00"]);
    assert!(at(&leaves, "/cac:InvoiceLine/cac:AllowanceCharge/cbc:BaseAmount").is_empty());
}

#[test]
fn every_category_has_its_rate_and_reason() {
    let leaves = rendered(&categories());
    let category = |field| at(&leaves, &format!("/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/{field}"));
    assert_eq!(category("cbc:ID"), ["S", "S", "Z", "E", "AE", "G"]);
    assert_eq!(category("cbc:Percent"), ["19", "7", "0", "0", "0", "0"]);
    assert_eq!(category("cbc:TaxExemptionReasonCode"), ["VATEX-EU-AE", "VATEX-EU-G"]);
    assert_eq!(category("cbc:TaxExemptionReason")[0], "§ 4 Nr. 21 UStG");
    assert_eq!(at(&leaves, "/cac:InvoiceLine/cac:Item/cbc:Name")[3], "Training &lt;on site&gt; &amp; insurance");
}

#[test]
fn a_credit_note_refers_to_its_invoice() {
    let leaves = rendered(&credit_note());
    assert!(leaves.iter().all(|leaf| leaf.starts_with("/CreditNote/")));
    assert_eq!(at(&leaves, "/cbc:CreditNoteTypeCode"), ["381"]);
    assert_eq!(at(&leaves, "/cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"), ["2026-000016"]);
    assert_eq!(at(&leaves, "/cac:PaymentTerms/cbc:Note"), ["Credit for invoice 2026-000016"]);
    assert_eq!(at(&leaves, "/cac:CreditNoteLine/cbc:CreditedQuantity").len(), 4);
    assert!(at(&leaves, "/cbc:DueDate").is_empty());
}

#[test]
fn what_is_not_subject_to_vat_shows_no_rate_and_no_vat_number() {
    let leaves = rendered(&outside_vat());
    assert_eq!(at(&leaves, "/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"), ["0060 = 150483782"]);
    assert!(!leaves.iter().any(|leaf| leaf.contains("PartyTaxScheme") || leaf.contains("cbc:Percent")));
    assert_eq!(at(&leaves, "/cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory/cbc:TaxExemptionReasonCode"), ["VATEX-EU-O"]);
}

#[test]
fn without_an_address_for_peppol_the_core_standard_is_named() {
    for paper in [by_email(), russian()] {
        let leaves = rendered(&paper);
        assert_eq!(at(&leaves, "/cbc:CustomizationID"), [CORE]);
        assert!(at(&leaves, "/cac:AccountingSupplierParty/cac:Party/cbc:EndpointID")[0].starts_with("EM = "));
    }
    let mut unreferenced = english();
    (unreferenced.order_number, unreferenced.buyer_reference) = (None, some(" "));
    assert_eq!(at(&rendered(&unreferenced), "/cbc:CustomizationID"), [CORE]);
    for (country, expected) in [("SE", PEPPOL), ("GR", CORE), ("DK", CORE), ("NO", CORE)] {
        let mut paper = english();
        paper.seller.country = domain::kernel::country::Country::parse(country).unwrap();
        assert_eq!(at(&rendered(&paper), "/cbc:CustomizationID"), [expected], "{country}");
    }
}

#[test]
fn russian_numbers_find_their_places() {
    let leaves = rendered(&russian());
    let seller = |field| at(&leaves, &format!("/cac:AccountingSupplierParty/cac:Party/{field}"));
    assert_eq!(seller("cac:PartyTaxScheme/cbc:CompanyID"), ["7707083893"]);
    assert_eq!(seller("cac:PartyTaxScheme/cac:TaxScheme/cbc:ID"), ["TAX"]);
    assert_eq!(seller("cac:PartyLegalEntity/cbc:CompanyID"), ["7707083893"]);
    assert_eq!(seller("cac:PartyLegalEntity/cbc:CompanyLegalForm"), ["KPP 771501001"]);
    assert_eq!(at(&leaves, "/cac:PaymentMeans/cbc:PaymentMeansCode"), ["30"]);
}

#[test]
fn amounts_follow_the_currency_and_texts_fit_into_xml() {
    let leaves = rendered(&japanese());
    assert_eq!(at(&leaves, "/cac:InvoiceLine/cbc:LineExtensionAmount"), ["JPY = 3147", "JPY = 832", "JPY = 500"]);
    let rounding = |field| at(&leaves, &format!("/cac:InvoiceLine/cac:AllowanceCharge/cbc:{field}"));
    assert_eq!(rounding("AllowanceChargeReason"), ["Discount", "Rounding", "Rounding"]);
    assert_eq!(rounding("ChargeIndicator"), ["false", "false", "true"]);
    assert_eq!(rounding("Amount"), ["JPY = 555", "JPY = 0.5", "JPY = 0.5"]);
    assert_eq!(at(&leaves, "/cac:InvoiceLine/cac:Item/cbc:Name")[0], "Tea 茶 \u{fffd}\u{fffd}");
    assert_eq!(
        at(&leaves, "/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cac:AddressLine/cbc:Line"),
        ["3, 4"]
    );
    let long = line(1, "x", ("1", "C62", "0.123456", "0", "S", "19"), english().currency);
    let mut paper = english();
    paper.lines = vec![long];
    settle(&mut paper, "0");
    assert_eq!(at(&rendered(&paper), "/cac:InvoiceLine/cac:Price/cbc:PriceAmount"), ["EUR = 0.123456"]);
}

#[test]
fn all_that_is_missing_is_told_at_once() {
    let missing = |change: &dyn Fn(&mut InvoicePaper)| {
        let mut paper = english();
        change(&mut paper);
        match render(&paper) {
            Err(UblError::Incomplete(missing)) => missing.len(),
            Err(UblError::Write(error)) => panic!("{error}"),
            Ok(_) => 0,
        }
    };
    assert_eq!(missing(&|_| ()), 0);
    assert_eq!(missing(&|paper| paper.lines.clear()), 1);
    assert_eq!(missing(&|paper| (paper.due_on, paper.payment_terms) = (None, None)), 1);
    assert_eq!(missing(&|paper| paper.lines[0].net += dec("1")), 1);
    assert_eq!(missing(&|paper| paper.seller.vat_id = None), 1);
    assert_eq!(missing(&|paper| (paper.seller.vat_id, paper.seller.identifiers) = (None, Vec::new())), 2);
    assert_eq!(missing(&|paper| paper.taxes[0].category = "O".to_owned()), 1);
    assert_eq!(
        missing(
            &|paper| (paper.taxes[0].category, paper.buyer.vat_id, paper.delivered_on) = ("K".to_owned(), None, None)
        ),
        2
    );
    assert_eq!(missing(&|paper| paper.currency = domain::kernel::Currency::parse("KWD").unwrap()), 1);
}

#[test]
fn no_element_is_empty() {
    for (name, paper) in papers() {
        let xml = render(&paper).unwrap();
        assert!(!xml.contains("/>") && !xml.contains("></"), "{name}");
    }
}

/// Writes the documents for a validator: see `scripts/validate-ubl`.
#[test]
#[ignore = "writes files for scripts/validate-ubl"]
#[allow(clippy::disallowed_methods)]
fn documents_to_validate() {
    let folder = std::path::PathBuf::from(std::env::var("UBL_DIR").unwrap());
    for (name, paper) in papers() {
        std::fs::write(folder.join(format!("{name}.xml")), render(&paper).unwrap()).unwrap();
    }
}
