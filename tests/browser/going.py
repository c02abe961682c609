"""Going from page to page: Playwright clicks and returns, whatever the click began."""

from __future__ import annotations


def follow(locator):
    """Click what leads to another page or place, and wait until that is whole.

    What is read without waiting (`count()`, `inner_text()`, `url`, a file) is read from the page before otherwise,
    or from one of which only the beginning has come: seldom on a quick machine, often on a busy one.
    """
    with locator.page.expect_navigation():
        locator.click()
