"""What can be asked of the JSON API: one table of routes, parameters and answers.

The routes refuse what the table does not name, the OpenAPI document is made from it, and the page that tries the API
out draws its forms from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kb.library import filter_values
from kb.library.addresses import KINDS
from kb.search.base import MAX_PER_PAGE, SORTS
from webapp import audit_asking, shapes
from webapp.params import MAX_PAGE, MAX_TEXT, PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kb.model import KnowledgeBase

LIST_PER_PAGE = 50
"""Entries on a page of a list, unless something else is asked for."""
MAX_PASTED = 20_000
"""Characters of a text whose claims are asked for."""
MAX_COMPLETIONS = 20
"""Completions that can be asked for at once."""

_ID = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
_KEY = r"^[a-z0-9]+(?:_[a-z0-9]+)*$"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a route, in its path or after the question mark."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    where: str = "query"
    required: bool = False
    many: bool = False
    """Whether it may be repeated."""
    values: Callable[[KnowledgeBase], Sequence[str]] | None = None
    """What it may be, in a knowledge base; `None` where the schema says it."""
    example: Callable[[KnowledgeBase], str | None] | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route."""

    path: str
    """Below `/api/v1`, with names of path parameters in braces."""
    name: str
    """The name of the function that answers, and the `operationId`."""
    summary: str
    description: str
    answer: type[shapes.Answer] | str | None
    """`None` where the answer is the document itself; a name, where a schema file says what it is."""
    parameters: tuple[Parameter, ...] = ()
    method: str = "get"
    moves: bool = False
    """Whether a former id leads to the present one (301)."""
    body: type[shapes.Shape] | None = None
    form: type[shapes.Shape] | None = None
    """The body as `multipart/form-data`, where it may be that as well."""
    files: tuple[str, ...] = ()
    """Media types of other formats in which the answer can be had, as a file."""
    refusals: tuple[int, ...] = ()
    """Statuses of errors that this operation has and others have not."""
    failures: Mapping[int, type[shapes.Failure]] = field(default_factory=dict)
    """Status of an error → its shape, where that says more than those of others."""
    creates: bool = False
    """Whether a success is 201."""

    @property
    def query_names(self) -> tuple[str, ...]:
        """The parameters that may stand after the question mark."""
        return tuple(parameter.name for parameter in self.parameters if parameter.where == "query")

    @property
    def never_empty(self) -> tuple[str, ...]:
        """Those of them that are not free text; forms of the pages send empty fields, programs have no reason to."""
        return tuple(
            parameter.name
            for parameter in self.parameters
            if parameter.where == "query" and (parameter.values or parameter.schema["type"] == "integer")
        )

    @property
    def finds_one(self) -> bool:
        """Whether it is about one entry, which may not be there (404)."""
        return "{" in self.path


def _filter(name: str, meaning: str) -> Parameter:
    return Parameter(
        name,
        meaning,
        {"type": "string"},
        many=True,
        values=lambda kb: [str(value) for value in filter_values(kb)[name]],
    )


def _number(name: str, meaning: str, most: int, default: int) -> Parameter:
    return Parameter(name, meaning, {"type": "integer", "minimum": 1, "maximum": most, "default": default})


def _id(kind: str, first: Callable[[KnowledgeBase], Mapping[str, Any]], pattern: str = _ID) -> Parameter:
    return Parameter(
        "key" if pattern == _KEY else "id",
        f"The {kind}'s {'key' if pattern == _KEY else 'id'}.",
        {"type": "string", "pattern": pattern, "maxLength": 80},
        where="path",
        required=True,
        example=lambda kb: next(iter(first(kb)), None),
    )


def _text(meaning: str, most: int, *, required: bool = False, name: str = "q", example: str) -> Parameter:
    schema = {"type": "string", "maxLength": most} | ({"minLength": 1} if required else {})
    return Parameter(name, meaning, schema, required=required, example=lambda _: example)


_KIND = Parameter(
    "kind",
    "What the entry is.",
    {"type": "string"},
    where="path",
    required=True,
    values=lambda _: KINDS,
    example=lambda _: "claim",
)
_PICKED = tuple(kind for kind in KINDS if kind != "kb")
_ENTRY_ID = Parameter(
    "id",
    "The entry's id; `kb` for `kb.yaml`.",
    {"type": "string", "pattern": r"^[a-z0-9]+(?:[-_][a-z0-9]+)*$", "maxLength": 80},
    where="path",
    required=True,
    example=lambda kb: next(iter(kb.claims), None),
)
_IF_MATCH = Parameter(
    "If-Match",
    "The revision that the edit started from, where the body does not name it.",
    {"type": "string"},
    where="header",
)
_PAGE = _number("page", "The page, from 1. Pages beyond the last are empty.", MAX_PAGE, 1)
_PAGING = (_PAGE, _number("per_page", "Entries on a page.", MAX_PER_PAGE, LIST_PER_PAGE))

OPERATIONS = (
    Operation(
        "/search",
        "search",
        "Search claims",
        "Searches claims by words and filters; the same answer as `kb search --json`, inside the envelope and with "
        "links. Several values of one filter mean any of them; several filters mean all of them.",
        shapes.SearchPage,
        (
            Parameter(
                "q",
                f'Words, "a phrase", -without, OR, prefix*, field:value. Anything at all may be typed; the first '
                f"{MAX_TEXT:,} characters are read.",
                {"type": "string"},
                example=lambda _: "relapse",
            ),
            _filter("theme", "Claims that carry this theme."),
            _filter("type", "Claims of this kind."),
            _filter("verdict", "Claims with this verdict."),
            _filter("certainty", "Claims with this GRADE level."),
            _filter("source", "Claims that this article makes."),
            _filter("status", "Claims of this status."),
            _filter("caveat", "Claims that owe this caveat."),
            Parameter(
                "sort",
                "The order. Without it: `relevance` where something was typed, otherwise `sources`.",
                {"type": "string"},
                values=lambda _: SORTS,
            ),
            Parameter(
                "nowiden",
                "A concept of the vocabulary that must not widen what was typed, as `widened` names it. One that there "
                "is none of is passed over.",
                {"type": "string"},
                many=True,
            ),
            _PAGE,
            _number("per_page", "Hits on a page.", MAX_PER_PAGE, PER_PAGE),
        ),
    ),
    Operation(
        "/complete",
        "complete",
        "Complete what is being typed",
        "Words, themes and claims that somebody who has typed so far may mean.",
        shapes.Completions,
        (
            Parameter("q", "What was typed so far.", {"type": "string"}, example=lambda _: "rel"),
            _number("limit", "How many to return.", MAX_COMPLETIONS, 8),
        ),
    ),
    Operation(
        "/match",
        "match",
        "Find the claims that a text makes",
        "Takes a sentence or paragraph and returns the claims that it makes or may make, best first, with reasons: "
        "those that a rule recognises, then those whose words are alike.",
        shapes.Matches,
        (
            _text(
                "The sentence or paragraph, as plain text.",
                MAX_PASTED,
                required=True,
                name="text",
                example="Ketamine eases depression within hours.",
            ),
        ),
    ),
    Operation(
        "/match",
        "match_posted",
        "Find the claims that a longer text makes",
        "The same for a text in the body of the request, as JSON. Nothing is kept.",
        shapes.Matches,
        method="post",
        body=shapes.PastedText,
    ),
    Operation(
        "/audit",
        "audit",
        "Audit copy",
        "Audits copy as `kb audit` does. Nothing is kept. Copy that cannot be read, or that takes more than 60 seconds "
        "or too much memory, is in `skipped` with the reason; where that is true of all of it, the answer is 422.",
        "AuditReport",
        method="post",
        body=shapes.AuditRequest,
        form=shapes.AuditForm,
        files=tuple(dict.fromkeys(media for media, _ in audit_asking.MEDIA.values())),
        refusals=(403, 422, 429),
    ),
    Operation("/claims", "claims", "List claims", "All claims in id order.", shapes.ClaimPage, _PAGING),
    Operation(
        "/claims/{id}",
        "claim",
        "Read a claim",
        "A claim with everything on file. 301 for a former id.",
        shapes.ClaimAnswer,
        (_id("claim", lambda kb: kb.claims),),
        moves=True,
    ),
    Operation("/caveats", "caveats", "List caveats", "All caveats in id order.", shapes.CaveatPage, _PAGING),
    Operation(
        "/caveats/{id}",
        "caveat",
        "Read a caveat",
        "A caveat with everything on file. 301 for a former id.",
        shapes.CaveatAnswer,
        (_id("caveat", lambda kb: kb.caveats),),
        moves=True,
    ),
    Operation("/sources", "sources", "List articles", "The articles, in id order.", shapes.SourcePage, _PAGING),
    Operation(
        "/sources/{id}",
        "source",
        "Read about an article",
        "An article from top to bottom: its outline, the claims and caveats at their places, and its disclosures.",
        shapes.SourceAnswer,
        (_id("article", lambda kb: kb.sources),),
    ),
    Operation("/references", "references", "List references", "All references by key.", shapes.ReferencePage, _PAGING),
    Operation(
        "/references/{key}",
        "reference",
        "Read a reference",
        "A reference in CSL's names, with what cites it.",
        shapes.ReferenceAnswer,
        (_id("reference", lambda kb: kb.references, _KEY),),
    ),
    Operation("/themes", "themes", "List themes", "The closed list of themes, in its groups.", shapes.ThemeGroups),
    Operation(
        "/status",
        "status",
        "Ask what is served",
        "What is served, how far its review is, and whether the index fits the files.",
        shapes.ServiceStatus,
    ),
    Operation(
        "/entries/{kind}/{id}",
        "entry",
        "Read an entry as its file has it",
        "Raw YAML, plain fields and the revision that a save has to name.",
        shapes.EntryAnswer,
        (_KIND, _ENTRY_ID),
    ),
    Operation(
        "/entries/{kind}/{id}",
        "save_entry",
        "Save an entry",
        "Saves fields or raw text; only what changes is touched in the file. Takes the role editor, and from a "
        "browser's session the header `X-CSRF-Token`. Nothing is written where there is an error (422), or where the "
        "entry was changed since `revision` (409).",
        shapes.SavedAnswer,
        (_KIND, _ENTRY_ID, _IF_MATCH),
        method="put",
        body=shapes.EntryEdit,
        refusals=(401, 403),
        failures={409: shapes.Overtaken, 422: shapes.Refused},
    ),
    Operation(
        "/entries/{kind}",
        "create_entry",
        "Save a new entry",
        "The same for an entry that is not there yet; 409 where the id is or was another's.",
        shapes.SavedAnswer,
        (_KIND,),
        method="post",
        body=shapes.EntryNew,
        refusals=(401, 403),
        failures={409: shapes.Overtaken, 422: shapes.Refused},
        creates=True,
    ),
    Operation(
        "/check/{kind}/{id}",
        "check_entry",
        "Check a change",
        "All that is wrong with what might be saved. Nothing is written. Takes the role editor.",
        shapes.CheckAnswer,
        (_KIND, _ENTRY_ID),
        method="post",
        body=shapes.EntryCheck,
        refusals=(401, 403),
        failures={422: shapes.Failure},
    ),
    Operation(
        "/check/{kind}",
        "check_new_entry",
        "Check a new entry",
        "The same for an entry that is not there yet.",
        shapes.CheckAnswer,
        (_KIND,),
        method="post",
        body=shapes.EntryCheck,
        refusals=(401, 403),
        failures={422: shapes.Failure},
    ),
    Operation(
        "/picks/{kind}",
        "picks",
        "Pick an entry",
        "Up to twelve entries of a kind that somebody who has typed so far may mean, the nearest first.",
        shapes.Picks,
        (
            replace(_KIND, values=lambda _: _PICKED),
            Parameter("q", "What was typed.", {"type": "string"}, example=lambda _: "mood"),
        ),
    ),
    Operation(
        "/like",
        "like_this",
        "Find claims that are alike",
        "Up to five claims that say nearly the same as a sentence, those that deny it included.",
        shapes.LikeClaims,
        (
            _text("A claim in one sentence.", MAX_TEXT, required=True, example="Testamine lifts mood."),
            Parameter("except", "The id of a claim that is left out.", {"type": "string"}),
        ),
    ),
    Operation(
        "/try-rule",
        "try_rule",
        "Try rules on a sentence",
        "Whether rules of recognition fire, and for each what it found and what stands in its way. Takes the role "
        "editor, and from a browser's session the header `X-CSRF-Token`.",
        shapes.RulesTried,
        method="post",
        body=shapes.RulesToTry,
        refusals=(401, 403),
    ),
    Operation("/openapi.json", "openapi_document", "Describe the API", "This description (OpenAPI 3.1).", None),
)

_BY_NAME = {operation.name: operation for operation in OPERATIONS}


def operation(name: str) -> Operation:
    """Return the operation that the function of this name answers."""
    return _BY_NAME[name]
