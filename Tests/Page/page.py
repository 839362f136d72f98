"""What the scripts that drive a browser share."""

import contextlib
import os
import sys
import time

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"

# Notes what a page should never do, before anything of the page runs.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""


@contextlib.contextmanager
def browser():
    """Debian's Chromium; root has to do without its sandbox."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            yield chromium
        finally:
            chromium.close()


class Trouble:
    """What went wrong on a page without anybody asking: errors, dialogs, requests to other servers."""

    def __init__(self, page, base):
        self.seen = []
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: self.seen.append(f"error: {error}"))
        page.on("dialog", self.dialog)
        page.on("request", lambda request: self.request(request.url, base))

    def dialog(self, dialog):
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def request(self, url, base):
        if not url.startswith((base, "data:")):
            self.seen.append(f"request: {url}")

    def check(self, page):
        violations = page.evaluate("window.violations")
        assert not violations, violations
        assert not self.seen, self.seen


def open_page(chromium, base, **options):
    """A page of a new profile, watched."""
    page = chromium.new_context(viewport={"width": 1280, "height": 900}, **options).new_page()
    page.set_default_timeout(20_000)
    return page, Trouble(page, base)


def follow(page, element):
    """Clicks on what leads to another page, and waits for that one: a click returns before it has come."""
    with page.expect_navigation():
        element.click()


def until(page, condition):
    """Waits until the condition holds in the page, whose policy forbids Playwright's own way to do so."""
    deadline = time.monotonic() + 20
    while not page.evaluate(condition):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(10)


def run(cases):
    """Runs the case that the command line names against the server that it names."""
    name, base = sys.argv[1:3]
    with browser() as chromium:
        cases[name](chromium, base.rstrip("/"))
