"""Publishes and listens at full rate for a long time, and looks at what memory that takes.

amqp_soak.py DROVER FILE.jsonl SECONDS

`drover publish` reads the jobs of FILE again and again through a pipe, `drover listen` takes them from a quorum queue
and keeps nothing. Fails where a process grew, and where a job that was published was not stored. The broker is
PULSE_URL, its management answers on MANAGEMENT_PORT.
"""
import base64
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

# From one tenth of the time to another: what a process may grow by before it counts as a leak.
GROWTH, GROWTH_BYTES = 1.1, 8 << 20
# The broker is not to run out of memory where one side is quicker than the other; it counts every five seconds.
BACKLOG = 100_000

drover, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
exchange, queue = "exchange/drover/soak", "soak"
interval = min(5.0, seconds / 60)


def memory(process, key):
    """The process's memory in bytes: VmRSS as it is now, VmHWM at its highest."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith(key + ":"):
                return int(line.split()[1]) << 10
    raise ProcessLookupError(f"{process.args[1]} has ended")


def waiting():
    """How many messages are in the queue, as far as the broker has counted."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{os.environ['MANAGEMENT_PORT']}/api/queues/%2F/queue%2Fdrover%2F{queue}",
        headers={"Authorization": "Basic " + base64.b64encode(b"drover:drover").decode()})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer).get("messages", 0)


def feed(pipe, deadline, may_go):
    """Writes whole lines until the deadline, a piece at a time, while the backlog allows it."""
    with open(path, "rb") as file:
        lines = file.readlines()[:20_000]
    pieces = [b"".join(lines[start:start + 500]) for start in range(0, len(lines), 500)]
    try:
        while time.monotonic() < deadline:
            for piece in pieces:
                may_go.wait()
                if time.monotonic() >= deadline:
                    break
                pipe.write(piece)
    except BrokenPipeError:
        pass  # It ended early; its last line says why.
    finally:
        try:
            pipe.close()
        except BrokenPipeError:
            pass


def ended(process, log):
    """Waits for a process; returns the number that begins its last line, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    status = process.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    log.seek(0)
    lines = log.read().splitlines()
    if status != 0:
        sys.exit(f"{process.args[1]} ended with status {status}: " + "\n".join(lines[-5:]))
    return int(lines[-1].split()[0]), sum(after[:2]) - sum(before[:2])


def row(name, samples, peak):
    """Prints what a process took; returns whether it stayed as it was."""
    tenth = max(1, len(samples) // 10)
    first, last = statistics.median(samples[:tenth]), statistics.median(samples[-tenth:])
    print(f"{name:16}" + "".join(
        f"{value / (1 << 20):14.1f}" for value in (first, statistics.median(samples), last, peak)))
    return last <= first * GROWTH + GROWTH_BYTES


def soak(folder, processes):
    config = os.path.join(folder, "exchanges.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump([{"exchange": exchange, "destinations": ["treeherder"], "projects": ["#"]}], file)
    listen = [drover, "listen", "--config", config, "--queue", queue, "--store", "discard:", "--log-level", "info"]

    def start(arguments, **options):
        log = tempfile.TemporaryFile(mode="w+", dir=folder)
        process = subprocess.Popen(arguments, stderr=log, **options)
        processes.append(process)
        return process, log

    listener, listener_log = start(listen)
    deadline = time.monotonic() + 60
    # Read by its number: a seek would move the place where the listener writes.
    while b"listening" not in os.pread(listener_log.fileno(), 65_536, 0):
        if listener.poll() is not None or time.monotonic() >= deadline:
            sys.exit(f"drover listen does not listen: {os.pread(listener_log.fileno(), 65_536, 0).decode()}")
        time.sleep(0.1)

    # The system's pipes of 64 KB hold less than what is read at once.
    publisher, publisher_log = start(
        [drover, "publish", "--exchange", exchange, "--destination", "treeherder", "-"], stdin=subprocess.PIPE,
        pipesize=1 << 20)
    begin = time.monotonic()
    may_go = threading.Event()
    may_go.set()
    feeder = threading.Thread(target=feed, args=(publisher.stdin, begin + seconds, may_go), daemon=True)
    feeder.start()
    samples = {publisher: [], listener: []}
    peaks = {}
    backlog = 0
    while feeder.is_alive():
        feeder.join(interval)
        if not feeder.is_alive():
            break
        for process, taken in samples.items():
            if process.poll() is not None:
                sys.exit(f"{process.args[1]} ended early: " + "".join(
                    os.pread(log.fileno(), 65_536, 0).decode() for log in (publisher_log, listener_log)))
            taken.append(memory(process, "VmRSS"))
            peaks[process] = memory(process, "VmHWM")
        now = waiting()
        backlog = max(backlog, now)
        if now > BACKLOG:
            may_go.clear()
        else:
            may_go.set()
        print(
            f"{time.monotonic() - begin:6.0f} s, {now} waiting, "
            + ", ".join(f"{process.args[1]} {taken[-1] >> 20} MB" for process, taken in samples.items()),
            file=sys.stderr)

    published, publish_cpu = ended(publisher, publisher_log)
    elapsed = time.monotonic() - begin
    listener.send_signal(signal.SIGTERM)
    stored, listen_cpu = ended(listener, listener_log)
    rest, _ = ended(*start(listen + ["--until-empty"]))

    print(f"\n{'memory in MB':16}{'first tenth':>14}{'median':>14}{'last tenth':>14}{'peak':>14}")
    steady = [row("drover " + process.args[1], taken, peaks[process]) for process, taken in samples.items()]
    print(
        f"{published} published, {stored + rest} stored, {rest} of them after the end; {elapsed:.0f} s, "
        f"{published / elapsed:.0f} messages/s; at most {backlog} were waiting")
    print(f"CPU us/message: {publish_cpu / published * 1e6:.1f} publish, {listen_cpu / max(stored, 1) * 1e6:.1f} listen")
    if published != stored + rest:
        sys.exit(f"{published - stored - rest} jobs were published and not stored")
    if not all(steady):
        sys.exit("memory grew")


processes = []
# The script that started this one ends it so.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
try:
    with tempfile.TemporaryDirectory() as folder:
        soak(folder, processes)
finally:
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()
