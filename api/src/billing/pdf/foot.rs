//! What stands below the lines, the payment details, and what stands around the text of every page.

use super::head::{LABEL, SMALL, STRONG, labelled_rows, line, title};
use super::sheet::{BOTTOM, Block, Ink, MARGIN, Mark, PAGE_WIDTH, WIDTH, moved};
use super::text::{Length, pt};
use super::{Setter, wording};
use crate::billing::paper::PaperBank;

/// Room for the labels of the payment details.
const PAYMENT_LABEL: Length = pt(124);

/// Where and how to pay. Empty if there is nothing to tell.
pub fn payment(setter: &Setter<'_>) -> Vec<Block> {
    let (words, paper) = (setter.words, setter.paper);
    let mut facts: Vec<(&str, String)> = paper.bank.iter().flat_map(|bank| bank_facts(setter, bank)).collect();
    if paper.bank.is_some() {
        facts.push((words.payment_reference, title(setter)));
    }
    facts.extend(paper.payment_terms.clone().map(|terms| (words.terms, terms)));
    facts.retain(|(_, value)| !value.trim().is_empty());
    if facts.is_empty() {
        return Vec::new();
    }
    let mut heading = Block::default();
    heading.area((0, 0), (WIDTH, 500), Ink::Line);
    heading.place(0, pt(10), line(setter, words.payment, STRONG, Ink::Blue));
    heading.height += pt(4);
    let mut blocks = vec![heading.kept()];
    for (label, value) in facts {
        blocks.extend(labelled_rows(setter, label, &value, PAYMENT_LABEL, WIDTH));
    }
    // The bank's details are short and are read together; only long terms may go on over a page.
    for block in blocks.iter_mut().take(10) {
        block.keep = true;
    }
    if let Some(last) = blocks.last_mut() {
        last.keep = false;
    }
    blocks
}

fn bank_facts(setter: &Setter<'_>, bank: &PaperBank) -> Vec<(&'static str, String)> {
    let words = setter.words;
    let is_russian = bank.has_bik();
    let account =
        if bank.is_iban() { ("IBAN", in_fours(&bank.account)) } else { (words.account, bank.account.clone()) };
    let code = match (is_russian, setter.paper.language.code()) {
        (true, "ru") => "БИК",
        (true, _) => "BIK",
        (false, _) => "BIC",
    };
    let mut facts = vec![(words.holder, bank.holder.clone()), account];
    facts.extend(bank.bank_code.clone().map(|value| (code, value)));
    facts.extend(bank.bank_name.clone().map(|value| (words.bank, value)));
    facts.extend(bank.correspondent_account.clone().map(|value| (words.correspondent, value)));
    facts
}

/// An IBAN as it is printed, in groups of four.
fn in_fours(iban: &str) -> String {
    let letters: Vec<char> = iban.chars().filter(|c| !c.is_whitespace()).collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("\u{a0}")
}

/// What stands on every page outside the text: a band at the top, the running head from the second page on, and the foot.
pub fn furniture(setter: &Setter<'_>, index: usize, count: usize) -> Vec<Mark> {
    let seller = &setter.paper.seller.legal_name;
    let mut page = Block::default();
    page.area((0, 0), (PAGE_WIDTH, pt(6)), Ink::Blue);
    let mut inner = Block::default();
    if index > 0 {
        let half = WIDTH / 2 - pt(8);
        inner.text(0, pt(36), setter.fitted(&title(setter), LABEL, half), LABEL, Ink::Blue);
        inner.text_to(WIDTH, pt(36), setter.fitted(seller, SMALL, half), SMALL, Ink::Grey);
        inner.area((0, pt(52)), (WIDTH, 500), Ink::Line);
    }
    let foot = BOTTOM + pt(14);
    inner.area((0, foot), (WIDTH, 500), Ink::Line);
    let vat =
        setter.paper.seller.vat().map(|vat| format!(" · {} {vat}", wording::scheme("vat", setter.paper.language)));
    let from = format!("{seller}{}", vat.unwrap_or_default());
    inner.text(0, foot + pt(6), setter.fitted(&from, SMALL, WIDTH - pt(80)), SMALL, Ink::Grey);
    inner.text_to(WIDTH, foot + pt(6), setter.run(&format!("{} / {count}", index + 1), SMALL), SMALL, Ink::Grey);
    page.marks.extend(inner.marks.into_iter().map(|mark| moved(mark, MARGIN, 0)));
    page.marks
}
