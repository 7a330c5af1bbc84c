"""The first trade of the README, by a client that openapi-python-client makes of the API document."""

import os
import sys
import time
from uuid import UUID

from torg_client import AuthenticatedClient, Client
from torg_client.api.billing import confirm_payment, create_invoice, find_invoice, print_invoice, record_payment
from torg_client.api.catalogue import catalogue
from torg_client.api.contract import despatch_delivery, find_contract, receive_delivery, sign_contract
from torg_client.api.ordering import confirm_order, create_order, find_order
from torg_client.api.party import log_in
from torg_client.api.portal import find_portal
from torg_client.models import (
    AllocationData,
    ConfirmationData,
    DespatchData,
    InvoiceData,
    LineData,
    LogIn,
    OrderData,
    PaymentConfirmation,
    PaymentData,
    Problem,
    Quantity,
    ReceiptData,
    SignData,
)

BASE = os.environ.get("SERVER_URL", "http://127.0.0.1:8080")
PASSWORD = "northwind trades since 1996"


def good(what, answer):
    """The good answer, or an error that says what the server said."""
    if answer.parsed is None or isinstance(answer.parsed, Problem):
        raise SystemExit(f"{what}: {answer.status_code} {answer.content!r}")
    return answer.parsed


def same(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what} is {found!r}, not {expected!r}")


def logged_in(anonymous, email):
    body = LogIn(email=email, password=PASSWORD)
    tokens = good("the log-in", log_in.sync_detailed(client=anonymous, body=body))
    return AuthenticatedClient(BASE, token=tokens.access_token)


def trade():
    with (
        Client(BASE) as anonymous,
        logged_in(anonymous, "owner@alfreds-futterkiste.example") as buyer,
        logged_in(anonymous, "owner@exotic-liquids.example") as seller,
    ):
        first_trade(anonymous, buyer, seller)


def first_trade(anonymous, buyer, seller):
    # The buyer finds the goods and orders two cases.
    portal = good("the portal", find_portal.sync_detailed("northwind", client=anonymous))
    found = good("the catalogue", catalogue.sync_detailed("northwind", client=anonymous, q="syrup"))
    line = LineData(offer_id=found.items[0].id, quantity=Quantity(unit="C62", value="2"))
    wanted = OrderData(
        portal_id=portal.id, currency="USD", buyer_reference="My first order", submit=True, lines=[line]
    )
    key = f"python-{time.time_ns()}"
    placed = good("the order", create_order.sync_detailed(client=buyer, body=wanted, idempotency_key=key))
    order = placed.orders[0]
    same("the state of the order", order.state, "placed")

    # The seller confirms, both sign what they have read.
    confirmed = good("the confirmation", confirm_order.sync_detailed(order.id, client=seller, body=ConfirmationData()))
    contract = good("the contract", find_contract.sync_detailed(confirmed.contract_id, client=buyer))
    text = SignData(text_hash=contract.text_hash)
    once = good("the signature", sign_contract.sync_detailed(contract.id, client=buyer, body=text))
    same("the state after one signature", once.state, "awaiting_signatures")
    twice = good("the signature", sign_contract.sync_detailed(contract.id, client=seller, body=text))
    same("the state after both", twice.state, "active")

    # The goods go out and arrive.
    parcel = DespatchData(carrier="Speedy Express")
    sent = good("the delivery", despatch_delivery.sync_detailed(contract.id, client=seller, body=parcel))
    received = good("the receipt", receive_delivery.sync_detailed(sent.id, client=buyer, body=ReceiptData()))
    same("the state of the delivery", received.state, "received")

    # They are invoiced and paid.
    bill = InvoiceData(contract_id=contract.id, issue=True)
    invoice = good("the invoice", create_invoice.sync_detailed(client=seller, body=bill))
    money = PaymentData(
        payee_id=invoice.seller_id,
        amount=invoice.gross,
        paid_on=invoice.issue_date,
        reference=invoice.number,
        allocations=[AllocationData(invoice_id=invoice.id, amount=invoice.gross)],
    )
    payment = good("the payment", record_payment.sync_detailed(client=buyer, body=money))
    there = good(
        "the confirmation of the payment",
        confirm_payment.sync_detailed(payment.id, client=seller, body=PaymentConfirmation()),
    )
    same("the state of the payment", there.state, "confirmed")
    paid = good("the invoice", find_invoice.sync_detailed(invoice.id, client=buyer))
    same("the state of the invoice", paid.state, "paid")
    pdf = good("the PDF", print_invoice.sync_detailed(invoice.id, client=buyer))
    same("the first bytes of the PDF", pdf[:5], b"%PDF-")

    # What is refused is a problem that the client knows the form of.
    nothing = find_order.sync_detailed(UUID("0190b5a0-0000-7000-8000-000000000001"), client=buyer)
    same("the status of what is not there", nothing.status_code, 404)
    same("its problem", nothing.parsed.type_, "/problems/not-found")
    print(f"Python: {paid.number} over {paid.gross.amount} {paid.gross.currency} is paid.")


if __name__ == "__main__":
    sys.exit(trade())
