"""The JSON API of entries, as an editor: read, check, save, create, and every way in which a save is refused."""

from __future__ import annotations

import time

import pytest

from kb.accounts import Accounts, Role
from kb.library import Library
from tests.accounts.people import PASSWORD, cheap
from tests.editing.shop import file_of, shop
from tests.web.signing import signed_in
from tests.web.test_openapi import resolved, validator
from webapp import create_app

__all__ = ["cheap"]


@pytest.fixture
def client(tmp_path, cheap):  # noqa: ARG001 - cheap hashes
    library = Library(shop(tmp_path / "kb"), engine="memory", cache=False)
    library.commit_saves = False
    accounts = Accounts(tmp_path / "accounts", time.time)
    accounts.users.add("ann", Role.EDITOR, PASSWORD, display="Ann")
    found = signed_in(create_app(library, accounts=accounts), accounts, "ann")
    found.library = library
    yield found
    accounts.close()


def send(client, method, address, body, **headers):
    found = client.open(f"/api/v1/{address}", method=method, json=body, headers={"X-CSRF-Token": client.csrf} | headers)
    return found.status_code, found.json


def entry(client, name="claim-1"):
    return client.get(f"/api/v1/entries/claim/{name}").json["entry"]


def test_a_save_changes_one_line_and_is_found_at_once(client):
    before = entry(client)
    fields = before["fields"] | {"rationale": "Quite another reason."}
    status, saved = send(client, "PUT", "entries/claim/claim-1", {"fields": fields, "revision": before["revision"]})
    assert (status, saved["changed"], saved["searchable"]) == (200, True, True)
    text = file_of(client.library.root, "claim-1").read_text(encoding="utf-8")
    assert text == saved["entry"]["text"] == entry(client)["text"]
    assert "rationale: Quite another reason.\n" in text
    assert saved["commit_problem"] == "commits are turned off"
    assert client.get("/api/v1/claims/claim-1").json["claim"]["rationale"] == "Quite another reason."


def test_saving_the_same_again_changes_nothing(client):
    before = entry(client)
    for body in ({"fields": before["fields"]}, {"text": before["text"].replace("\n", "\r\n")}):
        headers = {"If-Match": f'"{before["revision"]}"'}
        status, saved = send(client, "PUT", "entries/claim/claim-1", body, **headers)
        assert (status, saved["changed"], saved["entry"]) == (200, False, before)


def test_all_problems_come_at_once_and_nothing_is_written(client):
    before = entry(client)
    wrong = before["fields"] | {"verdict": "maybe", "themes": [], "nonsense": 1}
    status, said = send(client, "PUT", "entries/claim/claim-1", {"fields": wrong, "revision": before["revision"]})
    assert (status, said["ok"], said["status"]) == (422, False, 422)
    assert {error["field"] for error in said["errors"]} == {"verdict", "themes", "nonsense"}
    wrong = before["fields"] | {"themes": ["moood"], "caveats": [{"caveat": "fades-son", "near": "section"}]}
    status, said = send(client, "PUT", "entries/claim/claim-1", {"fields": wrong, "revision": before["revision"]})
    assert {problem["rule"] for problem in said["problems"]} >= {"unknown-theme", "unknown-caveat"}
    assert "Did you mean 'fades-soon'?" in {problem["suggestion"] for problem in said["problems"]}
    assert entry(client) == before


def test_raw_text_with_a_slip_names_the_line(client):
    before = entry(client)
    text = before["text"].replace("verdict: supported", "verdict: suported")
    status, said = send(client, "POST", "check/claim/claim-1", {"text": text})
    line = text.split("\n").index("verdict: suported") + 1
    assert (status, said["valid"]) == (200, False)
    assert [(problem["field"], problem["line"]) for problem in said["problems"]] == [("verdict", line)]


def test_who_is_overtaken_gets_all_three_versions(client):
    before = entry(client)
    theirs = before["fields"] | {"rationale": "Theirs."}
    mine = before["fields"] | {"rationale": "Mine."}
    _, saved = send(client, "PUT", "entries/claim/claim-1", {"fields": theirs, "revision": before["revision"]})
    status, said = send(client, "PUT", "entries/claim/claim-1", {"fields": mine, "revision": before["revision"]})
    assert status == said["status"] == 409
    assert said["versions"] == {"mine": mine, "theirs": saved["entry"], "base": before}
    body = {"fields": mine, "revision": said["versions"]["theirs"]["revision"]}
    assert send(client, "PUT", "entries/claim/claim-1", body)[0] == 200


def test_a_new_claim_and_an_id_that_is_taken(client):
    fields = {key: value for key, value in entry(client)["fields"].items() if key not in ("id", "review")}
    body = {"id": "claim-new", "area": "sleep", "fields": fields | {"claim": "Something new is claimed of it."}}
    assert send(client, "POST", "check/claim", body | {"area": "x"})[0] == 400
    assert send(client, "POST", "check/claim", {"id": "claim-1", "fields": fields})[1]["valid"] is False
    status, saved = send(client, "POST", "entries/claim", body)
    assert (status, saved["created"], saved["entry"]["path"]) == (201, True, "entries/sleep/claim-new.yaml")
    assert saved["entry"]["fields"]["review"]["author"] == "Ann"
    assert send(client, "POST", "entries/claim", body)[0] == 409
    assert send(client, "POST", "entries/claim", body | {"id": "No Slug"})[0] == 422
    assert send(client, "POST", "entries/claim", {key: body[key] for key in ("id", "fields")} | {"id": "z-z"})[0] == 422


@pytest.mark.parametrize(
    ("kind", "name", "fields"),
    [
        ("theme", "rest", {"group": "efficacy", "description": "brings rest"}),
        ("concept", "calm", {"terms": ["calm", "at ease"]}),
        (
            "reference",
            "roe2021",
            {"type": "book", "design": "review", "title": "A", "finding": "B.", "read": "primary"},
        ),
    ],
)
def test_an_entry_of_a_shared_file_comes_changes_and_goes(client, kind, name, fields):
    status, made = send(client, "POST", f"entries/{kind}", {"id": name, "fields": fields})
    assert (status, made.get("created")) == (201, True), made
    path = client.library.root / made["entry"]["path"]
    whole = path.read_text(encoding="utf-8")
    assert made["entry"]["text"] in whole
    raw = made["entry"]["text"].rstrip("\n") + "  # why\n"
    body = {"text": raw, "revision": made["entry"]["revision"]}
    status, saved = send(client, "PUT", f"entries/{kind}/{name}", body)
    assert (status, path.read_text(encoding="utf-8")) == (200, whole.replace(made["entry"]["text"], raw))
    from kb.library import Editor  # noqa: PLC0415 - only here

    gone = client.library.delete_draft(kind, name, revision=saved["entry"]["revision"], editor=Editor("Ann"))
    assert gone.entry.id == name
    assert name not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("method", "address", "body", "status"),
    [
        ("PUT", "entries/claim/claim-1", {"fields": {}}, 400),
        ("PUT", "entries/claim/claim-1", {"fields": {}, "text": "", "revision": "0" * 64}, 400),
        ("PUT", "entries/claim/claim-1", {"revision": "0" * 64}, 400),
        ("PUT", "entries/clam/claim-1", {"fields": {}, "revision": "0" * 64}, 400),
        ("PUT", "entries/claim/claim-1?x=1", {"fields": {}, "revision": "0" * 64}, 400),
        ("PUT", "entries/claim/nothing", {"fields": {}, "revision": "0" * 64}, 404),
        ("PUT", "entries/claim/..%2fx", {"fields": {}, "revision": "0" * 64}, 404),
        ("PUT", "entries/claim/claim-1", {"fields": {}, "revision": "0" * 64}, 409),
    ],
)
def test_what_cannot_be_asked(client, method, address, body, status):
    assert send(client, method, address, body)[0] == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"text": "It lifts mood.", "rules": [{"all": ["mood"]}]}, 200),
        ({"text": "It helps.", "rules": [{"all": ["mood"], "any": ["gone"], "unless": ["mood"], "within": 3}]}, 200),
        ({"text": "x", "rules": [{}]}, 200),
        ({"text": "", "rules": [{"all": ["mood"]}]}, 400),
        ({"text": "x", "rules": []}, 400),
        ({"text": "x"}, 400),
    ],
)
def test_rules_are_tried(client, body, status):
    found, said = send(client, "POST", "try-rule", body)
    assert found == status
    described = client.get("/api/v1/openapi.json").json
    content = described["paths"]["/api/v1/try-rule"]["post"]["responses"][str(status)]
    content = resolved(described, content)["content"]["application/json"]
    validator(described, content["schema"]).validate(said)


def test_rules_are_tried_with_the_token_in_json_and_with_nothing_in_the_address(client):
    body = {"text": "x", "rules": [{"all": ["mood"]}]}
    assert send(client, "POST", "try-rule?x=1", body)[0] == 400
    token = {"X-CSRF-Token": client.csrf}
    assert client.post("/api/v1/try-rule", data="x", content_type="text/plain", headers=token).status_code == 415
    assert client.post("/api/v1/try-rule", json=body).status_code == 400
    assert client.application.test_client().post("/api/v1/try-rule", json=body).status_code == 401


def test_an_edit_cannot_approve(client):
    before = entry(client)
    fields = before["fields"] | {"status": "published"}
    status, said = send(client, "PUT", "entries/claim/claim-1", {"fields": fields, "revision": before["revision"]})
    assert (status, [error["field"] for error in said["errors"]]) == (422, ["status"])


def test_without_the_token_nothing_is_saved(client):
    client.csrf = ""
    assert send(client, "PUT", "entries/claim/claim-1", {"fields": {}, "revision": "0" * 64})[0] == 400


@pytest.mark.parametrize("value", [None, True, 7, "x", [], ["x"], {}, {"x": 1}, [[1]], [{"x": []}], {"x": {"y": None}}])
def test_whatever_stands_in_a_field_is_refused_in_words(client, value):
    before = entry(client)
    for field in before["fields"]:
        body = {"fields": before["fields"] | {field: value}}
        status, said = send(client, "POST", "check/claim/claim-1", body)
        assert (status, said["ok"]) == (200, True)
        status, said = send(client, "PUT", "entries/claim/claim-1", body | {"revision": before["revision"]})
        assert status in (200, 422), (field, said)
        before = entry(client)
        status, said = send(client, "POST", "check/claim", {"id": "claim-new"} | body)
        assert (status, said["ok"]) == (200, True)
