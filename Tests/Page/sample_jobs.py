"""Made-up pushes of a project with many jobs, always the same: sample_jobs.py FOLDER writes jobs.jsonl and pushes.json."""

import json
import pathlib
import random
import sys
import uuid
from datetime import UTC, datetime

PROJECT = "meadow"
START = 1_759_734_000
PLATFORMS = [
    ("linux64", "linux", "x86_64", ["opt", "debug", "asan"]), ("macosx1470-64", "mac", "x86_64", ["opt", "debug"]),
    ("windows11-64", "win", "x86_64", ["opt", "debug"]), ("android-13", "android", "aarch64", ["opt"]),
]
GROUPS = [
    ("M", "Mochitests", "mochitest", 8, 1), ("bc", "Browser chrome", "browser-chrome", 5, 1),
    ("wpt", "Web platform tests", "web-platform-tests", 10, 1), ("R", "Reftests", "reftest", 4, 1),
    ("X", "Xpcshell tests", "xpcshell", 4, 1), ("Btime", "Page loads", "browsertime", 5, 2),
]
PUSHES = [
    ("ivo@example.org", ["Count the sheep before the gate is shut, r=ada", "Gates tell how many went through"]),
    ("ada@example.org", ["Back out the new fence: it keeps the dog out as well"]),
    ("mel@example.org", ["A fence that dogs can open, r=ivo\n\nThe latch is at the height of a nose.", "Test the latch",
                         "Paint it", "Write down where the paint is"]),
    ("ivo@example.org", ["Wool is weighed when it is dry, r=mel"]),
]
ERRORS = [
    'TEST-UNEXPECTED-FAIL | fence/test_latch.html | the gate is open - got "shut", expected "open"',
    "TEST-UNEXPECTED-TIMEOUT | flock/test_count.js | Test timed out",
    "PROCESS-CRASH | shepherd | application crashed [@ Herd::Count(Field const&)]",
]


def iso(seconds):
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def job(chance, revision, pushed, name, symbol, group, platform, option, tier, is_last):
    (display, os, architecture) = platform
    guid = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    is_build = group is None
    roll = chance.random()
    state, result = "completed", "success"
    if roll < 0.035:
        result = "fail"
    elif roll < 0.042:
        result = "exception"
    elif roll < 0.05:
        result = "canceled"
    elif roll < 0.06:
        result = "superseded"
    if is_last and not is_build and roll > 0.55:
        state = "running" if roll < 0.8 else "pending"
    start = pushed + 60 + chance.randrange(600) + (0 if is_build else 1500)
    end = start + chance.randrange(200, 2400)
    message = {
        "taskId": guid + "/0", "retryId": 0, "buildSystem": "taskcluster", "version": 1,
        "origin": {"project": PROJECT, "revision": revision}, "state": state, "jobKind": "build" if is_build else "test",
        "display": {"jobName": name, "jobSymbol": symbol, "groupSymbol": group[0] if group else "?"},
        "labels": [option], "owner": "scheduler@example.org", "reason": "scheduled", "productName": "meadow", "tier": tier,
        "buildMachine": {"platform": display, "os": os, "architecture": architecture,
                         "name": f"mdw-{display}-{chance.randrange(60):03}"},
        "timeScheduled": iso(pushed + 30),
    }
    if group:
        message["display"]["groupName"] = group[1]
    if state == "pending":
        return message
    url = f"https://ci.example.org/meadow/{guid}/0"
    message |= {"timeStarted": iso(start), "logs": [{"name": "live_backing_log", "url": url + "/live.log"}]}
    if state == "running":
        return message
    failed = result == "fail"
    middle = start + (end - start) // 4
    errors = [{"line": f"{iso(end - 40 + 9 * n)[11:19]} ERROR {ERRORS[(n + chance.randrange(3)) % 3]}", "linenumber": 1804 + 37 * n}
              for n in range(chance.randrange(1, 4))] if failed else []
    step = [
        {"name": "fetch target.tar.gz", "timeStarted": iso(start), "timeFinished": iso(middle), "lineStarted": 0,
         "lineFinished": 211, "result": "success"},
        {"name": f"run {name.rsplit('/', 1)[-1]}", "timeStarted": iso(middle), "timeFinished": iso(end), "lineStarted": 212,
         "lineFinished": 2435, "result": "fail" if failed else "success"} | ({"errors": errors} if errors else {}),
    ]
    message |= {
        "timeCompleted": iso(end), "result": result,
        "logs": [{"name": "live_backing_log", "url": url + "/live.log", "steps": step, "errorsTruncated": False}],
        "jobInfo": {"summary": "", "links": [
            {"label": "artifact uploaded", "linkText": "target.tar.gz" if is_build else "errorsummary.json",
             "url": url + "/public/" + ("target.tar.gz" if is_build else "errorsummary.json")}]},
    }
    return message


def main(folder):
    chance = random.Random(20)
    pushes, messages = [], []
    for number, (author, comments) in enumerate(PUSHES):
        revisions = ["%040x" % chance.getrandbits(160) for _ in comments]
        pushed = START + 5400 * number
        pushes.append({
            "revision": revisions[0], "author": author, "push_timestamp": pushed, "type": "hg",
            "revisions": [{"revision": revision, "author": author, "comment": comment, "repository": PROJECT}
                          for revision, comment in zip(revisions, comments)],
        })
        for display, os, architecture, options in PLATFORMS:
            for option in options:
                platform, base = (display, os, architecture), f"{display}/{option}"
                is_last = number == len(PUSHES) - 1
                messages.append(job(chance, revisions[0], pushed, f"build-{base}", "B", None, platform, option, 1, is_last))
                for group in GROUPS:
                    for chunk in range(1, group[3] + 1):
                        messages.append(job(chance, revisions[0], pushed, f"test-{base}-{group[2]}-{chunk}", str(chunk),
                                            group, platform, option, group[4], is_last))
    (folder / "jobs.jsonl").write_text("".join(json.dumps(message) + "\n" for message in messages))
    (folder / "pushes.json").write_text(json.dumps(pushes))


main(pathlib.Path(sys.argv[1]))
