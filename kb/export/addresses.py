"""Where the pages are, for exports that lead back to them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of pages and their JSON twins below `site`; a test holds them to the routes of the web."""

    site: str | None = None
    """Such as `https://kb.example.org`, without a slash at its end; `""` gives addresses from the root of a host, and
    `None` none at all: an address that leads nowhere would be worse."""

    def home(self) -> str | None:
        """Return the address of the search page."""
        return self._page("")

    def feed(self) -> str | None:
        """Return the address of the feed of changes."""
        return self._page("changes.atom")

    def claim(self, claim_id: str) -> str | None:
        """Return the address of a claim's page."""
        return self._page("claims", claim_id)

    def caveat(self, caveat_id: str) -> str | None:
        """Return the address of a caveat's page."""
        return self._page("caveats", caveat_id)

    def json(self, collection: str, entry_id: str) -> str | None:
        """Return the address of an entry's JSON twin; `collection` is `claims`, `caveats` or `references`."""
        return self._page("api", "v1", collection, entry_id)

    def _page(self, *parts: str) -> str | None:
        if self.site is None:
            return None
        return "/".join((self.site, *(quote(part, safe="") for part in parts)))
