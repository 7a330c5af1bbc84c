//! A buyer and a seller, and the steps from an order to a paid invoice, each through the API.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::{Answer, Client};
use crate::given::Company;
use crate::market::{Market, Offered};

/// Two companies on a portal.
pub struct Trade {
    pub market: Market,
    pub seller: Company,
    pub buyer: Company,
}

impl TestApp {
    /// A seller with a bank account in euros, and a buyer.
    pub async fn trade(&self) -> Trade {
        let market = self.market().await;
        let seller = market.member(self, "Nordmetall", &["sell"]).await;
        let buyer = market.member(self, "Brückenbau", &["buy"]).await;
        add_bank_account(&seller).await;
        Trade { market, seller, buyer }
    }
}

/// Gives a company an account in euros.
pub async fn add_bank_account(company: &Company) {
    let body = json!({"holder": company.name, "account_number": "DE89 3704 0044 0532 0130 00", "bank_name": "Bank", "currency": "EUR"});
    company.owner.post(&format!("/v1/organisations/{}/bank-accounts", company.id), body).await.expect(201);
}

impl Trade {
    /// Orders these quantities, has them confirmed in full, and gives the contract, which nobody has signed.
    pub async fn contract(&self, lines: &[(&Offered, &str)]) -> String {
        let answer = self.buyer.owner.post("/v1/orders", self.market.order(lines, true)).await.expect(201).json();
        let order = answer["orders"][0]["id"].as_str().expect("an order").to_owned();
        let confirmed = self.seller.owner.post(&format!("/v1/orders/{order}/confirm"), json!({})).await.expect(200);
        confirmed.json()["contract_id"].as_str().expect("a contract").to_owned()
    }

    /// A contract that both have signed.
    pub async fn active(&self, lines: &[(&Offered, &str)]) -> String {
        let contract = self.contract(lines).await;
        for owner in [&self.seller.owner, &self.buyer.owner] {
            sign(owner, &contract).await.expect(200);
        }
        contract
    }

    /// A contract under which everything was delivered.
    pub async fn fulfilled(&self, lines: &[(&Offered, &str)]) -> String {
        let contract = self.active(lines).await;
        let path = format!("/v1/contracts/{contract}/deliveries");
        let delivery = self.seller.owner.post(&path, json!({})).await.expect(201).id();
        self.buyer.owner.post(&format!("/v1/deliveries/{delivery}/receive"), json!({})).await.expect(200);
        contract
    }

    /// The buyer asks to give back so much of the first line of a contract, which is counted by the piece.
    pub async fn ask_return(&self, contract: &str, quantity: &str) -> Answer {
        let of = self.buyer.owner.get(&format!("/v1/contracts/{contract}")).await.expect(200).json();
        let line = json!({"contract_line_id": of["lines"][0]["id"], "quantity": {"value": quantity, "unit": "C62"}});
        let body = json!({"reason": "It does not fit.", "lines": [line]});
        self.buyer.owner.post(&format!("/v1/contracts/{contract}/returns"), body).await
    }

    /// So much of the first line of a contract goes back and is taken back: the return.
    pub async fn give_back(&self, contract: &str, quantity: &str) -> Value {
        let path = format!("/v1/returns/{}", self.ask_return(contract, quantity).await.expect(201).id());
        self.seller.owner.post(&format!("{path}/accept"), json!({})).await.expect(200);
        self.seller.owner.post(&format!("{path}/complete"), json!({})).await.expect(200).json()
    }

    /// An issued invoice over a delivered contract.
    pub async fn invoice(&self, lines: &[(&Offered, &str)]) -> Value {
        let contract = self.fulfilled(lines).await;
        let body = json!({"contract_id": contract, "issue": true});
        self.seller.owner.post("/v1/invoices", body).await.expect(201).json()
    }

    /// Records a payment by the buyer, for one invoice if it is named.
    pub async fn pay(&self, amount: &str, invoice: Option<&Value>) -> Answer {
        let amount = json!({"amount": amount, "currency": "EUR"});
        let mut body = json!({"payee_id": self.seller.id, "amount": amount, "paid_on": "2026-01-15"});
        if let Some(invoice) = invoice {
            body["allocations"] = json!([{"invoice_id": invoice["id"], "amount": amount}]);
        }
        self.buyer.owner.post("/v1/payments", body).await
    }

    /// Pays and has it confirmed.
    pub async fn paid(&self, amount: &str, invoice: Option<&Value>) {
        let payment = self.pay(amount, invoice).await.expect(201).id();
        self.seller.owner.post(&format!("/v1/payments/{payment}/confirm"), json!({})).await.expect(200);
    }
}

/// Signs a contract as its current text says.
pub async fn sign(by: &Client, contract: &str) -> Answer {
    let path = format!("/v1/contracts/{contract}");
    let hash = by.get(&path).await.expect(200).json()["text_hash"].clone();
    by.post(&format!("{path}/sign"), json!({"text_hash": hash})).await
}

/// Has a product billed by weight: so many kilograms a piece, and a tolerance in percent.
pub async fn weigh(seller: &Client, product: &str, nominal: &str, tolerance: &str) {
    let path = format!("/v1/products/{product}");
    let etag = seller.etag(&path).await;
    let body = json!({"nominal": {"value": nominal, "unit": "KGM"}, "tolerance_percent": tolerance});
    seller.put_if(&format!("{path}/catch-weight"), &etag, body).await.expect(200);
}

/// The balance of an account of the caller's by kind; `0.00` where there is none.
pub async fn balance(of: &Client, kind: &str) -> String {
    let accounts = of.get("/v1/accounts").await.expect(200).json();
    let found = accounts["items"].as_array().expect("items").iter().find(|one| one["kind"] == kind);
    found.map_or("0.00".to_owned(), |one| one["balance"]["amount"].as_str().expect("an amount").to_owned())
}
