"""Somebody to fuzz as: the owner of a verified company that takes part in everything the demonstration has."""

import json
import os
import urllib.error
import urllib.request

BASE = os.environ["SERVER_URL"]
PASSWORD = "northwind trades since 1996"
EMAIL = "owner@pruefstand.example"
COMPANY = {
    "legal_name": "Prüfstand GmbH",
    "legal_form": "GmbH",
    "country": "DE",
    "addresses": [
        {"kind": "legal", "lines": ["Werkstraße 1"], "city": "Kassel", "postal_code": "34117", "country": "DE"}
    ],
    "identifiers": [{"scheme": "gln", "value": "9520000098766"}],
    "person": {"name": "Petra Prüfer", "email": EMAIL, "password": PASSWORD},
}
PORTALS = {
    "northwind": ["buy", "sell"],
    "commodities": ["trade"],
    "surplus": ["buy", "sell", "bid"],
    "tenders": ["buy", "quote"],
}


def post(path, body, token=None):
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(BASE + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{path}: {refused.code} {refused.read().decode()}") from None


def logged_in(email):
    return post("/v1/sessions", {"email": email, "password": PASSWORD})["access_token"]


def prepare():
    company = post("/v1/organisations", COMPANY)["id"]
    operator = logged_in("operator@torg.example")
    post(f"/v1/organisations/{company}/verify", {}, operator)
    owner = logged_in(EMAIL)
    for portal, capabilities in PORTALS.items():
        members = f"/v1/portals/{portal}/members"
        post(members, {"capabilities": capabilities}, owner)
        post(f"{members}/{company}/approve", {}, operator)


if __name__ == "__main__":
    prepare()
