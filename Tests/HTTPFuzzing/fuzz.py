"""Sends a running `drover serve` what no client would, and looks at what becomes of it.

fuzz.py DROVER REQUESTS [SEED]

The server is started over a SQLite file of its own. At the end it has to live, to have answered nothing with a status from
500 on but 503, to have logged no error, to hold nothing of what was not signed rightly, and to have given up every
connection that was left hanging; its memory is printed as it goes. Ends with status 1 and says what is wrong.
"""
import base64
import hashlib
import hmac
import json
import os
import random
import re
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

drover, total = sys.argv[1], int(sys.argv[2])
seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
chance = random.Random(seed)
IDLE = 6
MAXIMUM_CONNECTIONS = 400
# Stands in everything that must not be kept.
FORBIDDEN = "forbidden-fruit"

# MARK: Words


def word(length=8):
    return "".join(chance.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _ in range(length))


HOSTILE = [
    "", "0", "-1", "1", "10", "2000", "2001", "1000000", "2147483648", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "1e308", "NaN", "0x10", "+5", " 5", "5 ", "null", "true", "%00", "a%00b", "%", "%zz", "%ff%fe",
    "%C0%AF", "%F4%90%80%80", "%ED%A0%80", "' or 1=1 --", "1; drop table job", "\"", "\\", "{}", "[]", "{p0}", "{rows}",
    "{in p0}", "?1", "$1", "%27%20union%20select%20secret%20from%20credential--", "../../etc/passwd", "..%2f..%2f",
    "%E2%80%AE", "%F0%9F%90%91", "2016-06-10", "2016-06-10T15:40:16", "9999-99-99", "-2016-06-10", "0000-00-00",
    "99999999999-01-01", ",", ",,,", "1,2,3", "pending,running", "e6cd0b4484e7", "list", "dict", "completed", "g" * 41,
    "%25%25%25", "*", "%2a", "\t", "__in", "id__in",
]


def value():
    kind = chance.random()
    if kind < 0.8:
        return chance.choice(HOSTILE)
    if kind < 0.9:
        return str(chance.randrange(-(1 << 65), 1 << 65))
    if kind < 0.98:
        return urllib.parse.quote(bytes(chance.randrange(256) for _ in range(chance.randrange(12))))
    return chance.choice(["9", "a", "%41", "%e9", "1,", "%00"]) * chance.choice([300, 3000, 20_000])


FIELDS = (
    "id job_guid signature job_coalesced_to_guid build_platform_id option_collection_hash machine_name platform result state "
    "reason who tier start_timestamp end_timestamp submit_timestamp last_modified push_id result_set_id job_type_symbol "
    "platform_option running_eta failure_classification_id author revision push_timestamp name type title job_id job__guid "
    "job_detail repository").split()
NAMES = FIELDS + (
    "count offset return_type fromchange tochange startdate enddate full format limit page user oauth_consumer_key "
    "oauth_signature").split()
OPERATIONS = ["", "__in", "__nin", "__ne", "__gt", "__gte", "__lt", "__lte", "__", "____in", "__xyz"]
PATHS = [
    "/api/project/{p}/resultset/", "/api/project/{p}/resultset/{n}/", "/api/project/{p}/resultset/{n}/revisions/",
    "/api/project/{p}/resultset/{n}/status/", "/api/project/{p}/push/", "/api/project/{p}/push/{n}/",
    "/api/project/{p}/jobs/", "/api/project/{p}/jobs/{n}/", "/api/project/{p}/jobs/{n}/text_log_steps/",
    "/api/project/{p}/artifact/", "/api/project/{p}/artifact/{n}/", "/api/project/{p}/job-log-url/", "/api/jobdetail/",
    "/api/repository/", "/api/product/", "/api/jobgroup/", "/api/jobtype/", "/api/machine/", "/api/machineplatform/",
    "/api/buildplatform/", "/api/failureclassification/", "/api/optioncollectionhash/", "/api/openapi.json", "/", "/api/",
    "/p/{p}", "/p/{p}", "/p/{p}/push/{n}", "/p/{p}/job/{n}", "/p/{p}/job/{n}/log",
    "/health/live", "/health/ready", "/metrics",
]
METHODS = ["GET"] * 30 + ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "G\0T", "M" * 40]


def path():
    text = chance.choice(PATHS)
    text = text.replace("{p}", "orchard" if chance.random() < 0.8 else value())
    text = text.replace("{n}", str(chance.randrange(1, 30)) if chance.random() < 0.5 else value())
    kind = chance.random()
    if kind < 0.05:
        text = mutated(text.encode()).decode("latin-1")
    elif kind < 0.08:
        text = text.rstrip("/")
    elif kind < 0.1:
        text = text.replace("/", chance.choice(["//", "/./", "/../", "%2f", "\\"]))
    elif kind < 0.11:
        text = chance.choice(["*", "http://elsewhere/api/", "", "?", "#", "//", "/" * 3000, word(200)])
    if chance.random() < 0.7:
        parameters = [
            chance.choice(NAMES + [value()]) + (chance.choice(OPERATIONS) if chance.random() < 0.5 else "")
            + chance.choice(["=", "=", "=", "=", "", "=="]) + value() for _ in range(chance.choice([1, 1, 2, 3, 3, 8]))]
        text += "?" + "&".join(parameters)
    if kind < 0.97:
        text = text.replace(" ", "%20").replace("\t", "%09")
    return text


def mutated(data):
    data = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5])):
        if not data:
            break
        at = chance.randrange(len(data))
        kind = chance.random()
        if kind < 0.4:
            data[at] = chance.randrange(256)
        elif kind < 0.6:
            del data[at:at + chance.randrange(1, 9)]
        elif kind < 0.8:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 5)))
        else:
            other = chance.randrange(len(data))
            data[at:at] = data[other:other + chance.randrange(1, 60)]
    return bytes(data)


# MARK: Collections

revisions = ["%040x" % chance.getrandbits(160) for _ in range(20)]


def job(mark):
    return {
        "project": "orchard", "revision": chance.choice(revisions),
        "job": {
            "job_guid": f"{mark}-{word(6)}", "name": f"{mark}-mochitest", "job_symbol": "M", "group_symbol": "T",
            "state": chance.choice(["pending", "running", "completed"]), "result": "success", "who": mark,
            "submit_timestamp": chance.choice([1365732271, "1365732271", 1365732271.5]), "machine": "m" + word(2),
            "build_platform": {"os_name": "linux", "platform": "linux64", "architecture": "x86_64"},
            "option_collection": {"opt": True}, "tier": 1,
            "log_references": [{"name": "buildbot_text", "url": "http://log/" + word(), "parse_status": "pending"}],
            "artifacts": [{"type": "json", "name": "Job Info", "blob": {"job_details": [{"title": mark, "value": "v"}]}}],
        },
        "coalesced": [],
    }


def push(mark):
    revision = chance.choice(revisions)
    return {"revision": revision, "author": mark, "push_timestamp": 1365732271, "type": "hg",
            "revisions": [{"revision": revision, "author": mark, "comment": mark, "repository": "orchard"}]}


def artifact(mark):
    return {"type": chance.choice(["json", "text"]), "name": mark, "blob": {"a": mark}, "job_guid": f"{mark}-{word(1)}"}


def spoiled(element):
    """An element of which one value somewhere is another."""
    holders = []

    def visit(holder):
        for key, inner in holder.items() if isinstance(holder, dict) else enumerate(holder):
            holders.append((holder, key))
            if isinstance(inner, (dict, list)):
                visit(inner)

    visit(element)
    holder, key = chance.choice(holders)
    holder[key] = chance.choice([
        None, True, -1, 1 << 63, 1 << 70, 1e308, "", "\0", "\ud800", "x" * 60, "x" * 70_000, [], {}, [None], {"a": {}},
        "' --", "\U0001f411" * 30, 0.1, "9" * 400])
    return element


def collection(mark):
    endpoint, make = chance.choice([("jobs", job), ("resultset", push), ("artifact", artifact)])
    elements = [make(mark) for _ in range(chance.choice([1, 1, 2, 5, 20]))]
    if chance.random() < 0.7:
        elements = [spoiled(element) for element in elements]
    body = json.dumps(elements, ensure_ascii=chance.random() < 0.9).encode(errors="surrogatepass")
    if chance.random() < 0.3:
        body = mutated(body)
    if chance.random() < 0.02:
        body = chance.choice([b"[" * 100_000, b"{\"a\":" * 50_000, b"", b"null", b"[]", b"\xff\xfe", b"[" + b"1," * 99_999 + b"1]"])
    return endpoint, body


# MARK: Signatures

CONTENT = "application/json"


def hawk(method, target, body, identity="fuzz", key=None, ts=None):
    ts, nonce = str(ts or int(time.time())), word(10)
    payload = base64.b64encode(hashlib.sha256(b"hawk.1.payload\n" + CONTENT.encode() + b"\n" + body + b"\n").digest()).decode()
    text = f"hawk.1.header\n{ts}\n{nonce}\n{method}\n{target}\n{host}\n{port}\n{payload}\n\n"
    mac = base64.b64encode(hmac.new((key or secret).encode(), text.encode(), hashlib.sha256).digest()).decode()
    return f'Hawk id="{identity}", ts="{ts}", nonce="{nonce}", hash="{payload}", mac="{mac}"'


def changed(text):
    """A signature with one letter of one of its values another; not the last ones, of which base64 does not use every bit."""
    places = [match for match in re.finditer(r'"([^"]{4,})"', text)]
    place = chance.choice(places)
    at = chance.randrange(place.start(1), place.end(1) - 3)
    return text[:at] + chance.choice([letter for letter in "abcdefg0123456789" if letter != text[at]]) + text[at + 1:]


def unsigned(target, body):
    kind = chance.random()
    if kind < 0.2:
        return []
    if kind < 0.3:
        return ["Authorization: " + chance.choice(
            ["Hawk", "Basic YTpi", "Bearer x", 'Hawk id=""', "Hawk " + "a=" * 2000, 'Hawk id="fuzz", ts="1"', "OAuth x", ""])]
    if kind < 0.5:
        return ["Authorization: " + changed(hawk("POST", target, body))]
    if kind < 0.6:
        return ["Authorization: " + hawk("POST", target, body + b" ")]
    if kind < 0.7:
        return ["Authorization: " + hawk("POST", target, body, key="another")]
    if kind < 0.8:
        return ["Authorization: " + hawk("POST", target, body, identity=chance.choice(["nobody", "'", "é", "x" * 5000]))]
    if kind < 0.9:
        return ["Authorization: " + hawk("POST", target, body, ts=chance.choice([1, 99999999999999999999, int(time.time()) - 90, int(time.time()) + 90]))]
    return ["Authorization: " + hawk("POST", chance.choice(["/", target + "?", target + "x"]), body)]


# MARK: Requests


def fields():
    lines = [f"Host: {host}:{port}"]
    if chance.random() < 0.3:
        lines.append("Accept: " + chance.choice(
            ["*/*", "application/json; version=1.0", "application/json; version=2.0", "application/json;version=", "a;" * 3000,
             "version", ",;=,;=", "application/json; version=\"1.1\"", "\xff\xfe"]))
    if chance.random() < 0.1:
        lines.append("X-Request-ID: " + chance.choice([word(), "x" * 4000, "\x01", "a b"]))
    if chance.random() < 0.1:
        lines.append("If-None-Match: " + chance.choice(["*", "\"a\"", "W/\"a\"", "," * 5000, "\""]))
    if chance.random() < 0.1:
        lines.append("Accept-Encoding: " + chance.choice(["gzip", "gzip;q=0", "*", "br, gzip;q=nan", "identity"]))
    if chance.random() < 0.05:
        lines.append(chance.choice(
            ["Expect: 100-continue", "Expect: x", "Upgrade: h2c", "Connection: close", "Connection: upgrade", "Range: bytes=0-",
             "Content-Type: text/plain", "X-Forwarded-For: " + "1," * 500, "Transfer-Encoding: identity", "Cookie: a=b; c",
             "X-" + "y" * 500 + ": z", "Host: other", "TE: trailers", "X-Empty:"]))
    return lines


def reading():
    method = chance.choice(METHODS)
    return method, "\r\n".join([f"{method} {path()} HTTP/1.1", *fields(), "", ""]).encode("latin-1", "replace")


def writing(mark):
    endpoint, body = collection(mark)
    target = f"/api/project/orchard/{endpoint}/"
    lines = [f"POST {target} HTTP/1.1", *fields(), f"Content-Type: {CONTENT}"]
    lines += [f"Authorization: {hawk('POST', target, body)}"] if mark != FORBIDDEN else unsigned(target, body)
    if chance.random() < 0.15:
        lines.append("Transfer-Encoding: chunked")
        body, rest = b"", body
        while rest:
            size = chance.randrange(1, 4000)
            piece, rest = rest[:size], rest[size:]
            body += f"{len(piece):x}\r\n".encode() + piece + b"\r\n"
        body += b"0\r\n\r\n"
    else:
        lines.append(f"Content-Length: {len(body)}")
    return "POST", "\r\n".join(lines + ["", ""]).encode("latin-1", "replace") + body


def request():
    kind = chance.random()
    if kind < 0.72:
        return reading()
    return writing(FORBIDDEN) if kind < 0.9 else writing("fuzz")


def broken():
    """Bytes after which the connection is of no more use."""
    method, data = request()
    kind = chance.random()
    if kind < 0.3:
        return mutated(data)
    if kind < 0.4:
        return bytes(chance.randrange(256) for _ in range(chance.choice([1, 10, 300, 5000])))
    if kind < 0.5:
        return data[:chance.randrange(len(data))]
    if kind < 0.6:
        return data.replace(b"Content-Length: ", chance.choice(
            [b"Content-Length: -", b"Content-Length: 9", b"Content-Length: 99999999999999999999", b"Content-Length: x\r\nContent-Length: "]))
    if kind < 0.7:
        return b"POST /api/project/orchard/jobs/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chance.choice(
            [b"zz\r\n", b"-1\r\n", b"ffffffffffffffffff\r\nx", b"5\r\nab", b"1;" + b"x" * 90_000, b"0\r\n" + b"A: b\r\n" * 3000, b"5\r\nabcdefgh\r\n"])
    if kind < 0.8:
        return b"GET / HTTP/1.1\r\n" + chance.choice(
            [b"A: b\r\n" * 5000, b"A" * 100_000 + b": b\r\n", b"A: " + b"b" * 200_000, b": b\r\n\r\n", b"A\r\n\r\n", b"\r\n" * 3, b" A: b\r\n\r\n",
             b"Host: a\r\nHost: b\r\n\r\n", b"A: b\r\n c\r\n\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n"])
    if kind < 0.9:
        return b"GET " + b"/" * chance.choice([100_000, 70_000]) + b" HTTP/1.1\r\n\r\n"
    return chance.choice(
        [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n", b"GET /\r\n\r\n",
         b"\r\n" * 50_000, b"GET / HTTP/1.0\r\n\r\n", b"CONNECT a:1 HTTP/1.1\r\n\r\n" + b"x" * 5000, b"GET / HTTP/1.1\nHost: a\n\n"])


# MARK: Connections

statuses = {}
wrong = []


def note(status, data):
    statuses[status] = statuses.get(status, 0) + 1
    if status >= 500 and status not in (503, 505):
        wrong.append(f"status {status} for {data[:400]!r}")


class Connection:
    def __init__(self):
        self.socket = socket.create_connection((host, port), timeout=30)
        self.file = self.socket.makefile("rb")

    def answer(self, method, data):
        """Reads an answer; false where the connection is over."""
        while True:
            line = self.file.readline(65_536)
            match = re.match(rb"HTTP/1\.1 (\d{3}) ", line)
            if not match:
                if line:
                    wrong.append(f"{line[:80]!r} in answer to {data[:400]!r}")
                return False
            status, length, chunked, closes = int(match[1]), 0, False, False
            while (line := self.file.readline(65_536)) not in (b"\r\n", b""):
                name, _, content = line.lower().partition(b":")
                if name == b"content-length":
                    length = int(content)
                chunked |= name == b"transfer-encoding" and b"chunked" in content
                closes |= name == b"connection" and b"close" in content
            note(status, data)
            if status >= 200:
                break
        if method != "HEAD" and status != 304:
            if chunked:
                while size := int(self.file.readline(100), 16):
                    self.file.read(size + 2)
                self.file.readline(100)
            else:
                self.file.read(length)
        return not closes

    def close(self):
        self.file.close()
        self.socket.close()


connection = None


def exchange():
    """Sends requests one behind the other, and reads their answers; returns how many the server came to see."""
    global connection
    seen = 0
    requests = [request() for _ in range(chance.choice([1, 1, 5, 10, 20]))]
    try:
        connection = connection or Connection()
        # Both sides send: what does not fit into the socket is sent while answers are read.
        data = b"".join(data for _, data in requests)
        if len(data) > 100_000:
            for method, one in requests:
                seen += 1
                connection.socket.sendall(one)
                if not connection.answer(method, one):
                    raise ConnectionError
        else:
            connection.socket.sendall(data)
            for method, one in requests:
                seen += 1
                if not connection.answer(method, one):
                    raise ConnectionError
    except TimeoutError:
        wrong.append(f"no answer within 30 s to one of {[data[:300] for _, data in requests]!r}")
        connection = None
    except (OSError, ValueError):
        if connection:
            connection.close()
        connection = None
    return seen


def break_one():
    data = broken()
    one = Connection()
    one.socket.settimeout(2)
    try:
        one.socket.sendall(data)
        if chance.random() < 0.5:
            one.socket.shutdown(socket.SHUT_WR)
            while one.answer("GET", data):
                pass
        elif select.select([one.socket], [], [], 0.003)[0]:
            one.answer("GET", data)
    except (OSError, ValueError):
        pass
    one.close()
    return 1


# Connections that are left hanging, with the time until which the server has to have ended them.
hanging = []


def hang():
    """Begins something and does not go on."""
    one = socket.create_connection((host, port), timeout=30)
    kind = chance.random()
    limit = 2 * IDLE + 8
    try:
        if kind < 0.2:
            pass
        elif kind < 0.4:
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        elif kind < 0.7:
            data = writing(FORBIDDEN)[1]
            one.sendall(data[:-1] if b"chunked" in data else data.replace(b"Content-Length: ", b"Content-Length: 9"))
        elif kind < 0.8:
            one.sendall(b"GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            one.shutdown(socket.SHUT_WR)
        elif kind < 0.9:
            one.sendall(b"GET /api/project/orchard/jobs/?count=2000 HTTP/1.1\r\nHost: a\r\n\r\n" * 200)
        else:
            one.sendall(b"POST /api/project/orchard/jobs/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na")
        one.setblocking(False)
        hanging.append((time.monotonic() + limit, one, kind))
    except OSError:
        one.close()
    return 1


def drip():
    """Sends a byte more on every hanging connection, and forgets those that the server has ended."""
    now = time.monotonic()
    for entry in list(hanging):
        limit, one, kind = entry
        try:
            if 0.2 <= kind < 0.7:
                one.send(b"x")
            if not 0.8 <= kind < 0.9:
                while one.recv(65_536):
                    pass
                raise ConnectionError
        except BlockingIOError:
            # Whoever does not read does not see the end either; the server's files tell it.
            if now > limit and not 0.8 <= kind < 0.9:
                wrong.append(f"a connection of kind {kind:.1f} hangs for {now - limit + 2 * IDLE + 8:.0f} s")
            elif now <= limit:
                continue
        except OSError:
            pass
        one.close()
        hanging.remove(entry)


def flood():
    """More connections than the server takes at once."""
    many = []
    try:
        for _ in range(MAXIMUM_CONNECTIONS + 100):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex((host, port))
            many.append(one)
        if server_files() > MAXIMUM_CONNECTIONS + 60:
            wrong.append(f"{server_files()} files are open")
    finally:
        for one in many:
            one.close()
    return len(many)


# MARK: The server


def server_files():
    return len(os.listdir(f"/proc/{server.pid}/fd"))


def resident():
    with open(f"/proc/{server.pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])


folder = tempfile.mkdtemp(prefix="drover-fuzz-")
store = f"sqlite:{folder}/fuzz.db"
environment = {**os.environ, "DROVER_STORE": store}
secret = subprocess.run(
    [drover, "credentials", "create", "fuzz", "--project", "orchard"], env=environment, check=True, capture_output=True, text=True
).stdout.strip()
log = open(f"{folder}/log", "w+")
server = subprocess.Popen(
    [drover, "serve", "--address", "127.0.0.1:0", "--rate-limit", "0", "--maximum-body", "1", "--idle-timeout", str(IDLE),
     "--maximum-connections", str(MAXIMUM_CONNECTIONS)], env=environment, stderr=log)


def log_text():
    with open(f"{folder}/log") as file:
        return file.read()


deadline = time.monotonic() + 20
while not (address := re.search(r"http://([0-9.]+):(\d+)/", log_text())):
    if server.poll() is not None or time.monotonic() > deadline:
        sys.exit(f"the server does not start: {log_text()}")
    time.sleep(0.05)
host, port = address[1], int(address[2])
print(f"seed {seed}, {total} requests", flush=True)


def run():
    sent, begin, reported, dripped = 0, time.monotonic(), 0, time.monotonic()
    sizes = []
    while sent < total and server.poll() is None and len(wrong) < 20:
        kind = chance.random()
        if kind < 0.85:
            sent += exchange()
        elif kind < 0.99:
            sent += break_one()
        elif kind < 0.999:
            if len(hanging) < 100:
                sent += hang()
        elif chance.random() < 0.3:
            sent += flood()
        if time.monotonic() - dripped > 1:
            dripped = time.monotonic()
            drip()
        if sent - reported >= total / 10:
            reported = sent
            if server.poll() is None:
                sizes.append(resident())
                print(f"{sent} requests, {sent / (time.monotonic() - begin):.0f}/s, {sizes[-1]} KB resident, "
                      f"{server_files()} files", flush=True)
    return sizes


def drained():
    """Waits until nothing hangs any more."""
    deadline = time.monotonic() + 3 * IDLE + 20
    while (hanging or server_files() > 60) and time.monotonic() < deadline and server.poll() is None:
        drip()
        time.sleep(0.5)
    if server.poll() is None and server_files() > 60:
        wrong.append(f"{server_files()} files are still open")


def kept():
    """What of the forbidden is in the store."""
    with sqlite3.connect(f"{folder}/fuzz.db") as database:
        for (table,) in database.execute("select name from sqlite_schema where type = 'table'").fetchall():
            for row in database.execute(f"select * from {table}"):
                if any(FORBIDDEN in str(cell) for cell in row):
                    wrong.append(f"{table} keeps {row!r}"[:300])
                    break
        return {table: database.execute(f"select count(*) from {table}").fetchone()[0] for table in ("job", "push", "artifact")}


try:
    sizes = run()
    if server.poll() is None:
        drained()
        if connection:
            connection.close()
        probe = Connection()
        probe.socket.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        metrics = probe.file.read().decode()
        for line in metrics.splitlines():
            if 'status="5' in line and 'status="503"' not in line:
                wrong.append(line)
        probe.close()
        server.terminate()
        if server.wait(60) != 0:
            wrong.append(f"the server ended with status {server.returncode}")
    else:
        wrong.append(f"the server is gone, status {server.returncode}: {log_text()[-3000:]}")
    for line in log_text().splitlines():
        if re.search(r"\berror\b.*drover", line) or "Fatal" in line:
            wrong.append(f"logged: {line[:400]}")
    print("statuses: " + ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items())))
    print("stored: " + ", ".join(f"{count} of {table}" for table, count in kept().items()))
    check = subprocess.run([drover, "store", "check"], env=environment, capture_output=True, text=True)
    if check.returncode != 0:
        wrong.append(f"store check: {check.stdout}{check.stderr}"[:1000])
    # Allocators keep a little of everything; what is lost with every request is more.
    if len(sizes) >= 10 and total >= 100_000 and sizes[-1] > sizes[2] * 1.3 + 20_000:
        wrong.append(f"the memory grows: {sizes} KB")
finally:
    if server.poll() is None:
        server.kill()
    shutil.rmtree(folder, ignore_errors=True)
for line in wrong[:20]:
    print(f"WRONG: {line}")
print(f"seed {seed}: {'nothing is wrong' if not wrong else f'{len(wrong)} things are wrong'}")
sys.exit(1 if wrong else 0)
