"""Writes what a client of the HTTP interface submits in place of messages.

submissions.py jobs MESSAGES.jsonl [LIMIT] > jobs.jsonl        the same jobs
submissions.py resultset MESSAGES.jsonl COUNT > pushes.jsonl   their pushes, and others up to COUNT, of three revisions each
"""
import json
import random
import sys
from datetime import datetime

kind, file = sys.argv[1], sys.argv[2]
limit = int(sys.argv[3]) if len(sys.argv) > 3 else None


def messages():
    with open(file) as lines:
        for number, line in enumerate(lines):
            if kind == "jobs" and number == limit:
                return
            yield json.loads(line)


def seconds(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


def platform(machine):
    return {"os_name": machine["os"], "platform": machine["platform"], "architecture": machine["architecture"]}


def job(message):
    display, links = message["display"], message["jobInfo"]["links"]
    details = [{"title": link["label"], "value": link["linkText"], "url": link["url"], "content_type": "link"} for link in links]
    return {
        "project": message["origin"]["project"],
        "revision": message["origin"]["revision"],
        "job": {
            "job_guid": message["taskId"],
            "name": display["jobName"],
            "job_symbol": f"{display['jobSymbol']}{display['chunkId']}",
            "group_symbol": display["groupSymbol"],
            "group_name": display["groupName"],
            "product_name": message["productName"],
            "reason": message["reason"],
            "who": message["owner"],
            "state": message["state"],
            "result": {"fail": "testfailed"}.get(message["result"], message["result"]),
            "tier": message["tier"],
            "submit_timestamp": seconds(message["timeScheduled"]),
            "start_timestamp": seconds(message["timeStarted"]),
            "end_timestamp": seconds(message["timeCompleted"]),
            "machine": message["runMachine"]["name"],
            "machine_platform": platform(message["runMachine"]),
            "build_platform": platform(message["buildMachine"]),
            "option_collection": {label: True for label in message["labels"]},
            "log_references": [{"name": log["name"], "url": log["url"], "parse_status": "pending"} for log in message["logs"]],
            "artifacts": [{"type": "json", "name": "Job Info", "blob": {"job_details": details}}],
        },
    }


def push(revision, number):
    revisions = [revision] + ["%040x" % random.getrandbits(160) for _ in range(2)]
    return {
        "revision": revision,
        "author": f"developer-{number % 40}@example.org",
        "push_timestamp": 1775120000 + 60 * number,
        "type": "hg",
        "revisions": [
            {"revision": name, "author": "A Developer <developer@example.org>", "repository": "orchard",
             "comment": f"Bug {1900000 + number} - Let the gate swing both ways, part {part + 1}. r=reviewer"}
            for part, name in enumerate(revisions)
        ],
    }


if kind == "jobs":
    for message in messages():
        print(json.dumps(job(message)))
else:
    random.seed(limit)
    known = list(dict.fromkeys(message["origin"]["revision"] for message in messages()))
    known += ["%040x" % random.getrandbits(160) for _ in range(limit - len(known))]
    for number, revision in enumerate(known):
        print(json.dumps(push(revision, number)))
