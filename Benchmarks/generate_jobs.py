"""Writes job messages of about 1.4 KB, one a line, for the benchmarks.

generate_jobs.py COUNT [INVALID_PERCENT [SEED]] > jobs.jsonl

The same arguments give the same messages.
"""
import json
import random
import sys
import uuid

count = int(sys.argv[1])
invalid_percent = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
random.seed(int(sys.argv[3]) if len(sys.argv) > 3 else count)

PLATFORMS = [("linux64", "linux", "x86_64"), ("windows11-64", "win", "x86_64"), ("macosx1500", "mac", "aarch64")]
SUITES = [("Mochitests", "M", "mochitest-browser"), ("Reftests", "R", "reftest"), ("Builds", "B", "build")]
REVISIONS = ["%040x" % random.getrandbits(160) for _ in range(max(1, count // 2000))]


def job(number):
    platform, os, architecture = PLATFORMS[number % 3]
    group_name, group_symbol, suite = SUITES[number // 3 % 3]
    chunk = number // 9 % 16 + 1
    task = str(uuid.UUID(int=random.getrandbits(128)))
    machine = {"name": f"worker-{number % 400}", "platform": platform, "os": os, "architecture": architecture}
    artifacts = f"https://ci.example.org/api/queue/v1/task/{task}/runs/0/artifacts/public"
    return {
        "taskId": f"{task}/0",
        "origin": {"project": "orchard", "revision": REVISIONS[number // 2000 % len(REVISIONS)]},
        "buildSystem": "taskcluster",
        "display": {
            "jobSymbol": suite[0], "chunkId": chunk, "chunkCount": 16, "groupSymbol": group_symbol,
            "jobName": f"test-{platform}/opt-{suite}-{chunk}", "groupName": group_name,
        },
        "state": "completed",
        "result": "success" if number % 7 else "fail",
        "jobKind": "test",
        "tier": number % 3 + 1,
        "runMachine": machine,
        "buildMachine": machine,
        "owner": "developer@example.org",
        "reason": "scheduled",
        "productName": "orchard",
        "labels": ["opt"],
        "version": 1,
        "timeScheduled": "2026-04-02T09:07:01Z",
        "timeStarted": "2026-04-02T09:08:11Z",
        "timeCompleted": "2026-04-02T09:31:42Z",
        "logs": [{"name": "live_backing_log", "url": f"{artifacts}/logs/live_backing.log"}],
        "jobInfo": {
            "summary": "",
            "links": [{
                "label": "artifact uploaded", "linkText": f"{suite}_errorsummary.log",
                "url": f"{artifacts}/test_info/{suite}_errorsummary.log",
            }],
        },
    }


MISTAKES = [
    lambda job: job.pop("taskId"),
    lambda job: job.update(state="done"),
    lambda job: job["origin"].update(revision="9c6e4c3"),
    lambda job: job["display"].update(chunkId="1"),
    lambda job: job.update(colour="red"),
]

for number in range(count):
    message = job(number)
    if random.random() * 100 < invalid_percent:
        random.choice(MISTAKES)(message)
    print(json.dumps(message))
