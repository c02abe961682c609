"""A real Chromium over a real server with the real entries, on this machine only.

One server and one browser for the whole folder, one context for each test. Where there is no Chromium, the tests are
skipped and say so; `CAVEAT_FORBID_SKIP` makes that a failure, as everywhere.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.editing import served
from tests.browser.serving import ROOT, kb_serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser, ConsoleMessage, Page, SetCookieParam

    from tests.browser.editing import Edited

    OpenPage = Callable[..., Page]

HERE = Path(__file__).parent
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
TIMEOUT = 30_000
"""How long to wait for what must come, in ms: long, since it costs nothing unless it does not come."""
expect.set_options(timeout=TIMEOUT)


def pytest_collection_modifyitems(items):
    """Let the tests of this folder, and no others, talk to this machine."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.fixture(scope="package")
def address(tmp_path_factory) -> Iterator[str]:
    """Serve the entries of this repository with `kb serve`, and return where."""
    with kb_serve(ROOT / "claims", tmp_path_factory.mktemp("served")) as (found, _):
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium, which finds no other machine whatever a page asks for."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian and Ubuntu: apt-get install chromium)")
    with sync_playwright() as playwright:
        arguments = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--disable-gpu"]
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


class Window:
    """One page that goes from address to address, for tests that only look.

    A page in a context of its own costs as much again as what it is opened for: a process, style sheets and scripts.
    """

    def __init__(self, browser: Browser, address: str, cookies: Sequence[SetCookieParam] = ()) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(base_url=address, viewport=DESKTOP, reduced_motion="reduce")
        self.context.add_cookies(cookies)
        self.page = self.context.new_page()
        self.page.set_default_timeout(TIMEOUT)
        listen(self.page, self.complaints)

    def look(self, path: str) -> Page:
        """Go to a path, in light and on a desktop as at first."""
        self.page.set_viewport_size(DESKTOP)
        self.page.emulate_media(color_scheme="light")
        self.page.goto(path)
        return self.page


def listen(page: Page, complaints: list[str]) -> None:
    """Note every error of a script, and all that the policy refused."""

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Give a function that opens a path in a context of its own; options are those of the context.

    Afterwards, nothing may have gone wrong unseen: no error of a script, nothing that the policy refused.
    """
    contexts, complaints = [], []

    def opened(path: str, *, cookies: Sequence[SetCookieParam] = (), **options: Any) -> Page:
        context = browser.new_context(base_url=address, **{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
        context.add_cookies(cookies)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(TIMEOUT)
        listen(page, complaints)
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[OpenPage]:
    """Return a function that opens an address as somebody who is not signed in."""
    with watched(browser, address) as opened:
        yield opened


@pytest.fixture(scope="module")
def window(browser: Browser, address: str) -> Iterator[Window]:
    """Return the one page of the tests of a module that only look."""
    made = Window(browser, address)
    yield made
    made.context.close()


@pytest.fixture
def look(window: Window) -> Iterator[Callable[[str], Page]]:
    """Return a function that looks at a path as somebody who is not signed in."""
    window.complaints.clear()
    yield window.look
    assert window.complaints == []


@pytest.fixture(scope="module")
def edited(tmp_path_factory) -> Iterator[Edited]:
    """One server that may be written to for all tests of a module; each works on an entry of its own, or tidies up."""
    with pytest.MonkeyPatch.context() as patched, served(tmp_path_factory.mktemp("edited"), patched) as found:
        yield found


@pytest.fixture
def open_as(browser: Browser, edited: Edited) -> Iterator[OpenPage]:
    """Return a function that opens an address as somebody who has an account."""
    with watched(browser, edited.address) as opened:

        def opened_as(name: str, path: str, **options: Any) -> Page:
            return opened(path, cookies=[edited.session(name)], **options)

        yield opened_as


@pytest.fixture(scope="module")
def windows(browser: Browser, edited: Edited) -> Iterator[dict[str, Window]]:
    """Return the one page of each person, for the tests of a module that only look."""
    made = {name: Window(browser, edited.address, [edited.session(name)]) for name in ("ada", "bo")}
    yield made
    for window in made.values():
        window.context.close()


@pytest.fixture
def look_as(windows: dict[str, Window]) -> Iterator[Callable[[str, str], Page]]:
    """Return a function that looks at a path as somebody who has an account."""
    for window in windows.values():
        window.complaints.clear()
    yield lambda name, path: windows[name].look(path)
    assert [window.complaints for window in windows.values()] == [[]] * len(windows)
