"""Pictures of the page: screenshots.py URL FOLDER [NAME…]. The server has the jobs of sample_jobs.py."""

import pathlib
import sys

from audit import audit
from page import browser, open_page

base, folder = sys.argv[1].rstrip("/"), pathlib.Path(sys.argv[2])
wanted = sys.argv[3:]


def take(page, name):
    page.evaluate("document.fonts.ready")
    audit(page, name)
    if not wanted or name in wanted:
        page.screenshot(path=folder / f"{name}.png")


with browser() as chromium:
    for scheme in ["light", "dark"]:
        page, trouble = open_page(chromium, base, color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": 1360, "height": 860})
        page.goto(base)
        take(page, f"projects-{scheme}")
        page.goto(base + "/p/meadow")
        take(page, f"pushes-{scheme}")
        for _ in range(4):
            page.keyboard.press("n")
        page.wait_for_selector("#panel .job .lines")
        take(page, f"job-{scheme}")
        page.keyboard.press("l")
        page.wait_for_selector(".steps")
        take(page, f"log-{scheme}")
        page.goto(base + "/p/meadow?failures=1&platform=linux64")
        take(page, f"filtered-{scheme}")
        page.keyboard.press("?")
        take(page, f"help-{scheme}")
        trouble.check(page)
    page, trouble = open_page(chromium, base, color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": 780})
    page.goto(base + "/p/meadow")
    take(page, "pushes-narrow")
    page.keyboard.press("n")
    page.wait_for_selector("#panel .job")
    take(page, "job-narrow")
    trouble.check(page)
