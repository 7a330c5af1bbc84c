use super::*;

fn document(version: &str, statements: &str) -> String {
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\"><BkToCstmrStmt><GrpHdr><MsgId>M-1</MsgId>\
         <CreDtTm>2026-03-06T02:00:00+01:00</CreDtTm></GrpHdr>{statements}</BkToCstmrStmt></Document>"
    )
}

fn balance(kind: &str, amount: &str, direction: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>\
         <Dt><Dt>2026-03-05</Dt></Dt></Bal>"
    )
}

fn statement(content: &str) -> String {
    format!(
        "<Stmt><Id>S-1</Id><ElctrncSeqNb>17</ElctrncSeqNb><CreDtTm>2026-03-06T02:00:00+01:00</CreDtTm>\
         <Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>{content}</Stmt>"
    )
}

fn entry(amount: &str, direction: &str, inner: &str) -> String {
    format!(
        "<Ntry><NtryRef>1</NtryRef><Amt Ccy=\"EUR\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>BOOK</Sts>\
         <BookgDt><Dt>2026-03-05</Dt></BookgDt><ValDt><DtTm>2026-03-06T00:00:00+01:00</DtTm></ValDt>{inner}</Ntry>"
    )
}

/// A payment with a name, as versions before `.08` write it.
fn payment(amount: &str, name: &str, reference: &str) -> String {
    format!(
        "<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy=\"EUR\">{amount}</Amt></TxAmt></AmtDtls>\
         <RltdPties><Dbtr><Nm>{name}</Nm></Dbtr><DbtrAcct><Id><IBAN>NL91 ABNA 0417 1643 00</IBAN></Id></DbtrAcct></RltdPties>\
         <RmtInf><Ustrd>{reference}</Ustrd><Strd><CdtrRefInf><Ref>RF18539007547034</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>"
    )
}

fn details(inner: &str) -> String {
    format!("<AcctSvcrRef>B-1</AcctSvcrRef><NtryDtls>{inner}</NtryDtls>")
}

fn whole() -> String {
    let single = entry("100.00", "CRDT", &details(&payment("100.00", "Nordmarkt", "INV2026-000042")));
    let batch = "<Btch><NbOfTxs>2</NbOfTxs></Btch>".to_owned()
        + &payment("30.00", "A", "INV-1")
        + &payment("20.00", "B", "INV-2");
    let batch = entry("50.00", "CRDT", &details(&batch).replace("B-1", "B-2"));
    let fee = entry(
        "5.50",
        "DBIT",
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>",
    );
    let back = entry("10.00", "DBIT", "<RvslInd>true</RvslInd>");
    let pending = entry("999.00", "CRDT", "").replace("BOOK", "PDNG");
    let balances = balance("OPBD", "20.00", "DBIT") + &balance("CLBD", "114.50", "CRDT");
    statement(&(balances + &single + &batch + &fee + &back + &pending))
}

fn read_text(text: &str) -> Result<Message, Refusal> {
    read(text.as_bytes(), &Limits::default())
}

fn faults(text: &str) -> Vec<(String, &'static str)> {
    read_text(text).unwrap_err().faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (format!("/Document/BkToCstmrStmt/Stmt{pointer}"), code)
}

#[test]
fn a_statement_says_what_came_and_went() {
    let message = read_text(&document("02", &whole())).unwrap();
    assert_eq!((message.id.as_str(), message.created_at.to_rfc3339()), ("M-1", "2026-03-06T01:00:00+00:00".to_owned()));
    let statement = &message.statements[0];
    assert_eq!((statement.account.number(), statement.sequence.as_deref()), ("DE89370400440532013000", Some("17")));
    let balances: Vec<_> =
        statement.balances.iter().map(|one| (one.kind.as_str(), one.amount.amount().to_string())).collect();
    assert_eq!(balances, [("OPBD", "-20.00".to_owned()), ("CLBD", "114.50".to_owned())]);
    let first = &statement.entries[0];
    assert_eq!((first.direction, first.status, first.is_reversal), (Direction::Credit, Status::Booked, false));
    assert_eq!(
        (first.booked_on.unwrap().to_string(), first.value_on.unwrap().to_string()),
        ("2026-03-05".to_owned(), "2026-03-06".to_owned())
    );
    assert_eq!(first.bank_reference.as_deref(), Some("B-1"));
    let payment = &first.details[0];
    assert_eq!(
        (payment.debtor.name.as_deref(), payment.debtor.account.as_deref()),
        (Some("Nordmarkt"), Some("NL91ABNA0417164300"))
    );
    assert_eq!(payment.references.end_to_end, None);
    assert_eq!(payment.remittance.creditor_references, ["RF18539007547034"]);
    assert_eq!(statement.entries[1].batch_size, Some(2));
    assert_eq!(statement.entries[2].code.as_deref(), Some("PMNT-MDOP-CHRG"));
    assert!(statement.entries[3].is_reversal);
}

#[test]
fn all_versions_are_read_alike() {
    let old = read_text(&document("02", &whole())).unwrap();
    let new = whole()
        .replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>")
        .replace("<Sts>PDNG</Sts>", "<Sts><Cd>PDNG</Cd></Sts>")
        .replace("<Dbtr><Nm>", "<Dbtr><Pty><Nm>")
        .replace("</Nm></Dbtr>", "</Nm></Pty></Dbtr>")
        .replace("<AmtDtls><TxAmt>", "")
        .replace("</TxAmt></AmtDtls>", "");
    for version in ["02", "03", "04", "06", "08", "10", "13"] {
        assert_eq!(read_text(&document(version, &whole())).unwrap(), old, "{version}");
        assert_eq!(read_text(&document(version, &new)).unwrap(), old, "{version}");
    }
    let prefixed = document("08", &new).replace("<", "<n:").replace("<n:/", "</n:").replace("xmlns=", "xmlns:n=");
    assert_eq!(read_text(&prefixed).unwrap(), old);
    for version in ["01", "14", "8", "0x", "008"] {
        assert_eq!(faults(&document(version, &whole())), [("/Document".to_owned(), "document_type")], "{version}");
    }
    let other = document("08", &new).replace("camt.053", "camt.054");
    assert_eq!(faults(&other), [("/Document".to_owned(), "document_type")]);
}

#[test]
fn payments_are_told_one_by_one() {
    let message = read_text(&document("02", &whole())).unwrap();
    let all = transactions(&message.statements[0]);
    let told: Vec<_> = all
        .iter()
        .map(|one| (one.entry, one.part, one.amount.amount().to_string(), one.other_name.as_deref()))
        .collect();
    let text = |text: &str| text.to_owned();
    let expected = [
        (0, 0, text("100.00"), Some("Nordmarkt")),
        (1, 0, text("30.00"), Some("A")),
        (1, 1, text("20.00"), Some("B")),
        (2, 0, text("5.50"), None),
        (3, 0, text("10.00"), None),
    ];
    assert_eq!(told, expected);
    assert_eq!(all[0].references, ["RF18539007547034", "INV2026-000042"]);
    assert_eq!(all[0].other_account.as_deref(), Some("NL91ABNA0417164300"));
    assert!(all[4].is_reversal && all[4].direction == Direction::Debit);
}

#[test]
fn a_batch_that_does_not_add_up_stays_one() {
    let parts = payment("30.00", "A", "INV-1") + &payment("10.00", "B", "INV-2");
    let message = read_text(&document("02", &statement(&entry("50.00", "CRDT", &details(&parts))))).unwrap();
    let all = transactions(&message.statements[0]);
    assert_eq!((all.len(), all[0].amount.amount().to_string()), (1, "50.00".to_owned()));
    assert!(all[0].references.contains(&"INV-1".to_owned()) && all[0].references.contains(&"INV-2".to_owned()));
    assert_eq!(all[0].other_name, None);
}

#[test]
fn a_text_that_is_cut_is_read_as_one() {
    let cut = payment("1.00", "A", "INV2026-</Ustrd><Ustrd>000042");
    let message = read_text(&document("02", &statement(&entry("1.00", "CRDT", &details(&cut))))).unwrap();
    assert_eq!(transactions(&message.statements[0])[0].references[1], "INV2026-000042");
}

#[test]
fn a_statement_that_does_not_add_up_is_refused() {
    let wrong = whole().replace("114.50", "114.51");
    assert_eq!(faults(&document("02", &wrong)), [at("/Bal[2]", "sum")]);
    let detail = read_text(&document("02", &wrong)).unwrap_err().faults[0].detail.clone();
    assert_eq!(detail, "Opening balance and entries make 114.50 EUR, the closing balance is 114.51.");
    let before = whole().replace("OPBD", "PRCD");
    assert!(read_text(&document("02", &before)).is_ok());
    for page in [wrong.replace("CLBD", "ITBD"), wrong.replace("OPBD", "ITBD")] {
        assert!(read_text(&document("02", &page)).is_ok());
    }
}

#[test]
fn account_numbers_have_right_check_digits() {
    let wrong = whole().replace("DE89370400440532013000", "DE88370400440532013000");
    assert_eq!(faults(&document("02", &wrong)), [at("/Acct/Id/IBAN", "check_digit")]);
    let form = whole().replace("DE89370400440532013000", "DE89");
    assert_eq!(faults(&document("02", &form)), [at("/Acct/Id/IBAN", "format")]);
    let other = whole().replace("<IBAN>DE89370400440532013000</IBAN>", "<Othr><Id>40702810900000000001</Id></Othr>");
    let message = read_text(&document("02", &other)).unwrap();
    assert_eq!(message.statements[0].account, Account::Other("40702810900000000001".to_owned()));
}

#[test]
fn all_faults_are_told_at_once() {
    let bad = whole()
        .replace("<Amt Ccy=\"EUR\">100.00</Amt><CdtDbtInd>CRDT", "<Amt Ccy=\"EUR\">-100.00</Amt><CdtDbtInd>CR")
        .replace("<Amt Ccy=\"EUR\">5.50</Amt>", "<Amt>5.50</Amt>")
        .replace("<Amt Ccy=\"EUR\">10.00</Amt>", "<Amt Ccy=\"EUR\">10.001</Amt>")
        .replace("<Sts>PDNG</Sts>", "");
    let expected = [
        at("/Ntry[1]/Amt", "negative"),
        at("/Ntry[1]/CdtDbtInd", "code"),
        at("/Ntry[3]/Amt/@Ccy", "required"),
        at("/Ntry[4]/Amt", "too_precise"),
        at("/Ntry[5]/Sts", "required"),
    ];
    assert_eq!(faults(&document("02", &bad)), expected);
    let dollars = whole().replace("<Amt Ccy=\"EUR\">5.50</Amt>", "<Amt Ccy=\"USD\">5.50</Amt>");
    assert_eq!(faults(&document("02", &dollars)), [at("/Ntry[3]", "currency_mismatch")]);
}

#[test]
fn what_stands_there_twice_is_refused() {
    let one = entry("1.00", "CRDT", &details(&payment("1.00", "A", "x")));
    assert_eq!(faults(&document("02", &statement(&one.repeat(2)))), [at("/Ntry[2]", "repeated")]);
    let two = statement(&one).repeat(2);
    assert_eq!(faults(&document("02", &two)), [("/Document/BkToCstmrStmt/Stmt[2]".to_owned(), "repeated")]);
    let reversal = one.clone() + &one.replace("CRDT", "DBIT").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>");
    assert!(read_text(&document("02", &statement(&reversal))).is_ok());
}

#[test]
fn words_for_no_reference_are_none() {
    for word in ["NONREF", "NOTPROVIDED"] {
        let one = entry("1.00", "CRDT", &details(&payment("1.00", "A", "x")).replace("B-1", word));
        let message = read_text(&document("02", &statement(&one.repeat(2)))).unwrap();
        assert_eq!(transactions(&message.statements[0])[1].bank_reference, None, "{word}");
    }
}

#[test]
fn numbers_of_the_bank_are_bounded() {
    let refer = |id: &str| {
        let inner = details("<TxDtls><Refs><AcctSvcrRef>T-1</AcctSvcrRef></Refs></TxDtls>");
        let one = statement(&entry("1.00", "CRDT", &inner));
        let text = document("02", &one).replace(">M-1<", &format!(">{id}<")).replace(">S-1<", &format!(">{id}<"));
        let text = text.replace(">17<", &format!(">{id}<")).replace(">B-1<", &format!(">{id}<"));
        text.replace(">T-1<", &format!(">{id}<"))
    };
    assert!(read_text(&refer(&"ж".repeat(140))).is_ok());
    let expected = [
        ("/Document/BkToCstmrStmt/GrpHdr/MsgId".to_owned(), "too_long"),
        at("/Id", "too_long"),
        at("/Ntry/NtryDtls/TxDtls/Refs/AcctSvcrRef", "too_long"),
        at("/Ntry/AcctSvcrRef", "too_long"),
        at("/ElctrncSeqNb", "too_long"),
    ];
    assert_eq!(faults(&refer(&"ж".repeat(141))), expected);
}

#[test]
fn attacks_are_refused() {
    let external =
        format!("<!DOCTYPE Document [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>{}", document("02", &whole()));
    assert_eq!(faults(&external), [(String::new(), "doctype")]);
    let entity = document("02", &whole().replacen("Nordmarkt", "&x;", 1));
    assert_eq!(faults(&entity), [at("/Ntry/NtryDtls/TxDtls/RltdPties/Dbtr/Nm", "entity")]);
    let text = document("02", &whole());
    for end in (0..text.len()).step_by(11) {
        assert!(read_text(&text[..end]).is_err(), "{end}");
    }
}

#[test]
fn many_entries_are_read() {
    let numbered =
        |n: usize| entry("1.00", "CRDT", &details(&payment("1.00", "A", "x")).replace("B-1", &format!("B-{n}")));
    let entries: String = (0..5_000).map(numbered).collect();
    let balances = balance("OPBD", "0.00", "CRDT") + &balance("CLBD", "5000.00", "CRDT");
    let message = read_text(&document("08", &statement(&(balances + &entries)))).unwrap();
    assert_eq!(transactions(&message.statements[0]).len(), 5_000);
}
