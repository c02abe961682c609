"""Schemathesis asks every route what its description allows, and what it does not, and finds every answer as described.

It runs inside this process over a made-up knowledge base: no network, and in CI the same requests every time.
"""

from __future__ import annotations

import os

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig

from tests.web.shelf import Shelf
from webapp import create_app
from webapp.errors import API_PREFIX
from webapp.operations import OPERATIONS

EXAMPLES = 25
"""Requests of each kind to each route."""

IN_CI = bool(os.environ.get("CAVEAT_FORBID_SKIP"))

REFUSED = ["4XX"]
"""Answers to a request that the document does not allow; 413 is among them for a body that is too large."""

ANSWERED = ["2XX", "301", "403", "404", "422"]
"""Answers to a request that it does allow; 422 is for copy that is no file of its kind, and for names in it that there
are none of, and 403 for what takes an account: this server has none."""

config = SchemathesisConfig.from_dict(
    {
        "generation": {"mode": "all", "deterministic": IN_CI},
        "checks": {
            "negative_data_rejection": {"expected-statuses": REFUSED},
            "positive_data_acceptance": {"expected-statuses": ANSWERED},
        },
    }
)
APP = create_app(Shelf(), reload_every=None, audits_per_minute=None)
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", APP, config=config)
schema.location = None  # or the route that serves the document would be left out


def test_no_route_is_left_out():
    asked = {operation.ok().label for operation in schema.get_all_operations()}
    assert asked == {f"{operation.method.upper()} {API_PREFIX}{operation.path}" for operation in OPERATIONS}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=IN_CI,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case):
    case.call_and_validate()
