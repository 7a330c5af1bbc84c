"""What the fuzzer does not know by itself: how bodies that are no JSON are written."""

import json

import schemathesis
from hypothesis.internal import lambda_sources

# CPython 3.11 can fail in the middle of telling how a lambda was written; nobody reads that here.
lambda_sources.lambda_description = lambda function: "lambda"


@schemathesis.serializer(
    "application/x-ndjson", "application/jsonl", "text/csv", "application/xml", "text/xml"
)
def as_text(context, value):
    """Texts as they are, and what is none as lines of JSON."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    lines = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(line) for line in lines).encode()
