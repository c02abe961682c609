"""Examples of reading and saving entries, for the OpenAPI document: a made-up theme of a made-up drug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]

_TEXT = "  mood: lifts mood\n"
_ENTRY: Json = {
    "kind": "theme",
    "id": "mood",
    "path": "themes.yaml",
    "text": _TEXT,
    "fields": {"group": "efficacy", "description": "lifts mood"},
    "revision": "c04ea5ff65a1a1f12ac00d1ba4a8a3ac7cf3c1b7e1f1d1d5d1d2a5a6b8f7c901",
}
_THEIRS = _ENTRY | {
    "text": "  mood: lifts low mood\n",
    "fields": {"group": "efficacy", "description": "lifts low mood"},
    "revision": "d14ea5ff65a1a1f12ac00d1ba4a8a3ac7cf3c1b7e1f1d1d5d1d2a5a6b8f7c902",
}
_PROBLEM: Json = {
    "field": "evidence[0].reference",
    "level": "error",
    "rule": "unknown-reference",
    "message": "there is no reference 'doe202'",
    "suggestion": "Did you mean 'doe2020'?",
    "line": None,
}
_SAVED: Json = {
    "ok": True,
    "entry": _THEIRS,
    "created": False,
    "changed": True,
    "commit": "5f2b1c0e9d8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c",
    "commit_problem": None,
    "searchable": True,
    "problems": [],
}

ANSWERS: Mapping[str, Json] = {
    "entry": {"ok": True, "entry": _ENTRY},
    "save_entry": _SAVED,
    "create_entry": _SAVED | {"created": True},
    "check_entry": {"ok": True, "valid": False, "problems": [_PROBLEM]},
    "check_new_entry": {"ok": True, "valid": True, "problems": []},
}
"""Operation → its answer."""

BODIES: Mapping[str, Json] = {
    "save_entry": {
        "fields": {"group": "efficacy", "description": "lifts low mood"},
        "revision": _ENTRY["revision"],
        "message": "Say which mood",
    },
    "create_entry": {"id": "appetite", "fields": {"group": "efficacy", "description": "brings back appetite"}},
    "check_entry": {"text": _TEXT},
    "check_new_entry": {"id": "appetite", "fields": {"group": "efficacy", "description": "brings back appetite"}},
}
"""Operation → its body."""

FAILURES: Mapping[str, Json] = {
    "Refused": {
        "ok": False,
        "error": "the claim 'lifts-mood' cannot be saved",
        "errors": [{"field": _PROBLEM["field"], "message": _PROBLEM["message"]}],
        "status": 422,
        "problems": [_PROBLEM],
    },
    "Overtaken": {
        "ok": False,
        "error": "the entry was changed since you read it; nothing was saved",
        "errors": [],
        "status": 409,
        "versions": {
            "mine": {"group": "efficacy", "description": "lifts the mood"},
            "theirs": _THEIRS,
            "base": _ENTRY,
        },
    },
    "Failure": {"ok": False, "error": "themes.yaml cannot be read", "errors": [], "status": 422},
}
"""Shape of an error → an example."""
