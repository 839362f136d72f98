"""Cases in a real browser, one a run: cases.py CASE URL. The server has the jobs that BrowserTests.swift gives it."""

import gzip
import json
import sys
import urllib.request

from audit import audit
from page import follow, open_page, run, until

PROJECT = "/p/orchard"


def symbols(page):
    return page.eval_on_selector_all(".m[aria-label] a", "links => links.map(link => link.textContent)")


def selected(page):
    return page.eval_on_selector_all(".m a[aria-current]", "links => links.map(link => link.textContent)")


def names(page):
    """Role and name of everything that a screen reader would tell."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in nodes if not node["ignored"]]


def load(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base)
    follow(page, page.get_by_role("link", name="orchard", exact=True))
    assert page.title() == "orchard · Drover", page.title()
    assert symbols(page) == ["1", "B", "1", "2", "10", "7", "x", "2"], symbols(page)
    told = names(page)
    for wanted in [
        ("link", "2 test failed"), ("link", "1 success"), ("link", "10 running"), ("rowheader", "linux64 opt"),
        ("table", "Jobs of push ba0d49136409, a platform a row"), ("main", ""), ("banner", ""), ("search", ""),
        ("navigation", "Where you are"), ("region", "Push ba0d49136409"), ("searchbox", "Search jobs"),
        ("checkbox", "Only failures"), ("DisclosureTriangle", "+1"),
    ]:
        assert wanted in told, (wanted, told)
    # Folded, and shown by a click.
    folded = page.locator(".m a.o")
    assert not folded.is_visible()
    page.locator(".m summary").click()
    assert folded.is_visible()
    trouble.check(page)


def filters(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base + PROJECT)
    page.get_by_label("Only failures").check()
    page.wait_for_url("**/p/orchard?failures=1")
    assert symbols(page) == ["2"], symbols(page)
    page.get_by_role("link", name="only failures").click()
    page.wait_for_url("**/p/orchard")
    page.keyboard.press("/")
    page.keyboard.type("android")
    page.keyboard.press("Enter")
    page.wait_for_url("**/p/orchard?text=android")
    assert symbols(page) == ["1"], symbols(page)
    page.get_by_text("More filters").click()
    page.get_by_label("State").select_option("running")
    page.wait_for_url("**/p/orchard?text=android&state=running")
    assert symbols(page) == []
    assert page.get_by_text("Nothing here passes the filters: 7 jobs are hidden.").is_visible()
    page.get_by_role("link", name="everything").click()
    page.wait_for_url("**/p/orchard")
    assert len(symbols(page)) == 8
    trouble.check(page)


def job(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base + PROJECT)
    page.locator(".m a.f").click()
    page.wait_for_selector("#panel .job")
    panel = page.locator("#panel")
    assert "mochitest-2" in panel.inner_text() and "test failed after 21 min 30 s" in panel.inner_text()
    assert "assertion 0" in panel.inner_text()
    assert selected(page) == ["2"] and "job=" in page.url
    page.reload()
    assert page.locator("#panel .job").is_visible() and selected(page) == ["2"]
    assert ("complementary", "Job") in names(page)
    # An earlier one of the same signature, by the strip.
    page.locator("#panel .strip a").first.click()
    until(page, "document.querySelector('#panel .verdict').textContent.includes('success')")
    page.locator("#panel [data-close]").click()
    assert not panel.is_visible() and "job=" not in page.url
    # With a key held it is a page of its own.
    with page.context.expect_page() as opened:
        page.locator(".m a.f").click(modifiers=["Control"])
    opened.value.wait_for_load_state()
    assert "/job/" in opened.value.url and not panel.is_visible()
    trouble.check(page)


def log(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base + PROJECT)
    page.locator(".m a.f").click()
    follow(page, page.get_by_role("link", name="Open the log"))
    line = page.get_by_text("assertion 3 of 7")
    line.wait_for()
    assert "1043" in page.locator(".lines li", has_text="assertion 3 of 7").inner_text()
    raw = page.get_by_role("link", name="Raw log")
    assert raw.get_attribute("rel") == "noopener noreferrer" and raw.get_attribute("target") == "_blank"
    assert page.get_by_text("There were more errors than these").is_visible()
    page.get_by_role("link", name="to the first failure").click()
    assert page.locator("li.failed").first.is_visible()
    trouble.check(page)


def keyboard(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base + PROJECT)
    visited = []
    for key in ["j", "j", "j", "k", "n", "n", "p", "j"]:
        page.keyboard.press(key)
        visited += selected(page)
    # There is one failure: n and p stay on it. What is folded is passed over.
    assert visited == ["1", "B", "1", "B", "2", "2", "2", "10"], visited
    until(page, "document.querySelector('#panel .job h2')?.textContent.includes('mochitest-10')")
    assert page.evaluate("document.activeElement.textContent") == "10"
    page.keyboard.press("Enter")
    until(page, "document.activeElement.id === 'panel'")
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible() and selected(page) == []
    assert page.evaluate("document.activeElement.textContent") == "10"
    page.keyboard.press("?")
    assert page.get_by_role("dialog", name="Help").is_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    assert not page.locator("#help").is_visible() and selected(page) == []
    page.keyboard.press("/")
    page.keyboard.type("jn?")
    assert page.locator(".search input").input_value() == "jn?" and selected(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_selector("#panel [data-log]")
    page.keyboard.press("l")
    page.wait_for_url("**/log?name=buildbot_text")
    # The first thing that a key reaches leads past the head.
    page.goto(base + PROJECT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    trouble.check(page)


def script_off(chromium, base):
    page, _ = open_page(chromium, base, java_script_enabled=False)
    page.goto(base)
    follow(page, page.get_by_role("link", name="orchard", exact=True))
    assert page.locator(".m a.f").is_visible()
    page.locator(".m summary").click()
    assert page.locator(".m a.o").is_visible()
    page.get_by_role("link", name="Help").click()
    assert page.get_by_text("What the symbols mean").is_visible()
    page.locator("#help [data-close]").click()
    page.get_by_label("Only failures").check()
    follow(page, page.get_by_role("button", name="Filter"))
    assert page.locator(".m[aria-label] a").all_inner_texts() == ["2"]
    follow(page, page.locator(".m a.f"))
    assert page.locator("#job-title").inner_text().endswith("mochitest-2")
    assert page.get_by_text("Times").is_visible()
    follow(page, page.get_by_role("link", name="Open the log"))
    assert page.get_by_text("assertion 3 of 7").is_visible()


def hostile(chromium, base):
    page, trouble = open_page(chromium, base)
    page.goto(base)
    addresses = page.eval_on_selector_all("main a", "links => links.map(link => link.href)")
    seen = set()
    while addresses:
        address = addresses.pop()
        assert address.startswith((base + "/", "https://e.org/")), address
        address = address.partition("#")[0]
        if address in seen or not address.startswith(base) or "/api/" in address or "unfold=" in address:
            continue
        seen.add(address)
        page.goto(address)
        assert page.evaluate("typeof pwned") == "undefined", address
        assert page.locator("#main").count() == 1 and page.locator("body > header").count() == 1, address
        for tag in ["script:not([src^='/assets/'])", "iframe", "object", "embed", "style", "svg:not(.bar)", "base"]:
            assert page.locator(tag).count() == 0, (address, tag)
        handlers = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => /^on|^style$/.test(a.name))).length")
        assert handlers == 0, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        addresses += page.eval_on_selector_all("main a", "links => links.map(link => link.href)")
        trouble.check(page)
    assert len(seen) > 50, seen
    # And in the panel, where the script puts it.
    page.goto(base + json.loads(urllib.request.urlopen(base + "/test/hostile").read()))
    page.keyboard.press("j")
    page.wait_for_selector("#panel .job")
    assert page.evaluate("typeof pwned") == "undefined"
    trouble.check(page)


def accessible(chromium, base):
    for scheme in ["light", "dark"]:
        for width in [1280, 360]:
            page, trouble = open_page(chromium, base, color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(base)
            audit(page, f"projects, {scheme}, {width}")
            page.goto(base + PROJECT + "?unfold=1&text=o")
            audit(page, f"pushes, {scheme}, {width}")
            page.locator(".m a.f").click()
            page.wait_for_selector("#panel .job")
            audit(page, f"panel, {scheme}, {width}")
            page.keyboard.press("?")
            audit(page, f"help, {scheme}, {width}")
            page.keyboard.press("Escape")
            page.goto(page.locator("#panel .job").get_attribute("data-address").join([base, ""]))
            audit(page, f"job, {scheme}, {width}")
            follow(page, page.get_by_role("link", name="Open the log"))
            audit(page, f"log, {scheme}, {width}")
            page.goto(base + "/p/none")
            audit(page, f"problem, {scheme}, {width}")
            trouble.check(page)


def live(chromium, base):
    # The page is behind a proxy that is cut; what changes the store goes past it.
    direct = sys.argv[3]

    def change(step):
        urllib.request.urlopen(urllib.request.Request(f"{direct}/test/change?step={step}", method="POST")).read()

    page, trouble = open_page(chromium, base)
    page.set_viewport_size({"width": 1280, "height": 300})
    page.goto(base + PROJECT)
    until(page, "document.querySelector('#live').textContent === 'Live'")
    page.locator(".m summary").first.click()
    page.locator(".m a.r").click()
    page.wait_for_selector("#panel .job")
    page.evaluate("scrollBy(0, 40)")
    before = page.locator(".m a[aria-current]").bounding_box()
    # A job more in the same push, ahead of the one that is open.
    change("more")
    until(page, "[...document.querySelectorAll('.m a')].some(link => link.textContent === '0')")
    assert selected(page) == ["10"] and page.locator(".m a.o").is_visible()
    assert abs(page.locator(".m a[aria-current]").bounding_box()["y"] - before["y"]) < 2
    assert page.evaluate("document.activeElement.textContent") == "10"
    # The open job ends: its symbol and its panel change.
    change("end")
    until(page, "document.querySelector('.m a[aria-current]')?.className.includes('s')")
    until(page, "document.querySelector('#panel .verdict').textContent.includes('success')")
    # A push more: it comes on top, and what is looked at stays where it is.
    before = page.locator(".m a[aria-current]").bounding_box()
    change("push")
    until(page, "document.querySelectorAll('.push').length === 3")
    assert abs(page.locator(".m a[aria-current]").bounding_box()["y"] - before["y"]) < 2
    # The connection is lost; what happened meanwhile is there once the page is back.
    change("drop")
    until(page, "[...document.querySelectorAll('.m a')].some(link => link.textContent === '99')")
    until(page, "document.querySelector('#live').textContent === 'Live'")
    trouble.check(page)


def size(chromium, base):
    with urllib.request.urlopen(base + PROJECT) as answer:
        html = answer.read()
    assert html.count(b"/job/") >= 10_000
    compressed = len(gzip.compress(html, 6))
    assert compressed < 150_000, compressed
    page, trouble = open_page(chromium, base)
    page.goto(base + PROJECT)
    assert page.locator(".m[aria-label] a").count() == html.count(b"/job/")
    trouble.check(page)


run({
    "load": load, "filters": filters, "job": job, "log": log, "keyboard": keyboard, "script-off": script_off,
    "hostile": hostile, "accessible": accessible, "live": live, "size": size,
})
