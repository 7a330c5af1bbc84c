// The first trade of the README, by a client that openapi-typescript and openapi-fetch make of the API document.

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./generated/torg.js";

declare const process: { env: Record<string, string | undefined>; exitCode?: number };

type Problem = components["schemas"]["Problem"];
type Answer<T> = { data?: T; error?: Problem; response: Response };

const baseUrl = process.env["SERVER_URL"] ?? "http://127.0.0.1:8080";
const password = "northwind trades since 1996";

/** The good answer, or an error that says what the server said. */
function good<T>(what: string, { data, error, response }: Answer<T>): T {
  if (data === undefined) {
    throw new Error(`${what}: ${response.status} ${error?.title ?? ""} ${error?.detail ?? ""}`);
  }
  return data;
}

function same<T>(what: string, found: T, expected: T): void {
  if (found !== expected) {
    throw new Error(`${what} is ${String(found)}, not ${String(expected)}`);
  }
}

function first<T>(what: string, items: T[]): T {
  const [one] = items;
  if (one === undefined) {
    throw new Error(`no ${what}`);
  }
  return one;
}

async function loggedIn(email: string): Promise<Client<paths>> {
  const anonymous = createClient<paths>({ baseUrl });
  const session = good("the log-in", await anonymous.POST("/v1/sessions", { body: { email, password } }));
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${session.access_token}` } });
}

async function trade(): Promise<void> {
  const buyer = await loggedIn("owner@alfreds-futterkiste.example");
  const seller = await loggedIn("owner@exotic-liquids.example");
  const anonymous = createClient<paths>({ baseUrl });

  // The buyer finds the goods and orders two cases.
  const portal = good("the portal", await anonymous.GET("/v1/portals/{portal}", { params: { path: { portal: "northwind" } } }));
  const found = good(
    "the catalogue",
    await anonymous.GET("/v1/portals/{portal}/catalogue", {
      params: { path: { portal: "northwind" }, query: { q: "syrup" } },
    }),
  );
  const offer = first("offer", found.items);
  const placed = good(
    "the order",
    await buyer.POST("/v1/orders", {
      params: { header: { "Idempotency-Key": `typescript-${Date.now()}` } },
      body: {
        portal_id: portal.id,
        currency: "USD",
        buyer_reference: "My first order",
        submit: true,
        lines: [{ offer_id: offer.id, quantity: { value: "2", unit: "C62" } }],
      },
    }),
  );
  const order = first("order", placed.orders);
  same("the state of the order", order.state, "placed");

  // The seller confirms, both sign what they have read.
  const byId = (id: string) => ({ params: { path: { id } } });
  const confirmed = good("the confirmation", await seller.POST("/v1/orders/{id}/confirm", { ...byId(order.id), body: {} }));
  const contractId = confirmed.contract_id;
  if (typeof contractId !== "string") {
    throw new Error("the confirmed order names no contract");
  }
  const contract = good("the contract", await buyer.GET("/v1/contracts/{id}", byId(contractId)));
  const sign = { ...byId(contractId), body: { text_hash: contract.text_hash } };
  same("the state after one signature", good("the signature", await buyer.POST("/v1/contracts/{id}/sign", sign)).state, "awaiting_signatures");
  same("the state after both", good("the signature", await seller.POST("/v1/contracts/{id}/sign", sign)).state, "active");

  // The goods go out and arrive.
  const sent = good(
    "the delivery",
    await seller.POST("/v1/contracts/{id}/deliveries", { ...byId(contractId), body: { carrier: "Speedy Express" } }),
  );
  const received = good("the receipt", await buyer.POST("/v1/deliveries/{id}/receive", { ...byId(sent.id), body: {} }));
  same("the state of the delivery", received.state, "received");

  // They are invoiced and paid.
  const invoice = good("the invoice", await seller.POST("/v1/invoices", { body: { contract_id: contractId, issue: true } }));
  const payment = good(
    "the payment",
    await buyer.POST("/v1/payments", {
      body: {
        payee_id: invoice.seller_id,
        amount: invoice.gross,
        paid_on: invoice.issue_date ?? new Date().toISOString().slice(0, 10),
        reference: invoice.number ?? "",
        allocations: [{ invoice_id: invoice.id, amount: invoice.gross }],
      },
    }),
  );
  const there = good("the confirmation of the payment", await seller.POST("/v1/payments/{id}/confirm", { ...byId(payment.id), body: {} }));
  same("the state of the payment", there.state, "confirmed");
  const paid = good("the invoice", await buyer.GET("/v1/invoices/{id}", byId(invoice.id)));
  same("the state of the invoice", paid.state, "paid");
  const pdf = good("the PDF", await buyer.GET("/v1/invoices/{id}.pdf", { ...byId(invoice.id), parseAs: "blob" }));
  same("the first bytes of the PDF", (await (pdf as unknown as Blob).text()).slice(0, 5), "%PDF-");

  // What is refused is a problem that the client knows the form of.
  const refused = await buyer.GET("/v1/orders/{id}", byId("0190b5a0-0000-7000-8000-000000000001"));
  same("the status of what is not there", refused.response.status, 404);
  same("its problem", refused.error?.type, "/problems/not-found");
  console.log(`TypeScript: ${paid.number ?? ""} over ${paid.gross.amount} ${paid.gross.currency} is paid.`);
}

trade().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
