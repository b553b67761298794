"""Asks the demo as a browser would, and writes down what was said as Chrome
exports it: loadgate demo --listen 127.0.0.1:8000 & python3 record.py >tutors.har"""

import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone

BASE = "http://127.0.0.1:8000"
clock = datetime(2026, 11, 22, 9, 0, tzinfo=timezone.utc)
entries = []


def ask(method, address, body=None, form=None, think=0.0, token=None, headers=(), kind="fetch"):
    global clock
    clock += timedelta(seconds=think)
    url = address if "://" in address else BASE + address
    sent = [("Host", "127.0.0.1:8000"), ("User-Agent", "Mozilla/5.0"), ("Accept", "application/json"), ("Cookie", "theme=dark; sid=c00kie-s3cret"), *headers]
    post = data = None
    if body is not None:
        data, post = json.dumps(body).encode(), {"mimeType": "application/json", "text": json.dumps(body)}
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
        post = {"mimeType": "application/x-www-form-urlencoded; charset=UTF-8", "text": data.decode()}
    if post:
        sent.append(("Content-Type", post["mimeType"]))
    if token:
        sent.append(("Authorization", "Bearer " + token))
    began = time.monotonic()
    status, text, mime = 200, "", "text/css"
    if "127.0.0.1" in url and kind == "fetch":
        request = urllib.request.Request(url, data, dict(sent), method=method)
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as failed:
            answer = failed
        status, text, mime = answer.status, answer.read().decode(), answer.headers.get("Content-Type", "")
    took = time.monotonic() - began
    entry = {
        "startedDateTime": clock.isoformat().replace("+00:00", "Z"), "time": round(1000 * took, 3), "_resourceType": kind,
        "request": {"method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": [{"name": n, "value": v} for n, v in sent],
                    "cookies": [{"name": "sid", "value": "c00kie-s3cret"}], "queryString": [], "headersSize": -1, "bodySize": len(data or b"")},
        "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": [{"name": "Content-Type", "value": mime}], "cookies": [],
                     "redirectURL": "", "content": {"size": len(text), "mimeType": mime, "text": text}, "headersSize": -1, "bodySize": len(text)},
        "cache": {}, "timings": {"send": 0, "wait": round(1000 * took, 3), "receive": 0},
    }
    if post:
        entry["request"]["postData"] = post
    entries.append(entry)
    clock += timedelta(seconds=took)
    return json.loads(text) if text else None


ask("GET", "/static/app.css", kind="stylesheet")
ask("GET", "https://fonts.example.net/a.woff2", kind="font")
ask("POST", "https://metrics.example.net/collect", body={"page": "/"}, kind="ping")
token = ask("POST", "/api/auth/login", form={"username": "ops_manager@tutormax.example", "password": "demo"}, think=1)["access_token"]
tutors = ask("GET", "/api/tutors?limit=3", think=2, token=token)["tutors"]
tutor = tutors[1]["id"]
ask("GET", f"/api/tutors/{tutor}", think=4, token=token)
ask("GET", f"/api/tutors/{tutor}/sessions?limit=2", token=token)
session = ask("POST", "/api/sessions", think=6, token=token, headers=[("X-Requested-With", "fetch")], body={
    "tutor_id": tutor, "student_id": 42, "subject": "Math", "scheduled_start": "2026-11-23T10:00:00Z", "duration_minutes": 60, "session_type": "group"})
ask("PATCH", f"/api/sessions/{session['id']}", think=3, token=token, body={"actual_start": "2026-11-23T10:01:00Z"})
ask("GET", "/api/admin/users/7", think=2, token=token)
ask("GET", "/api/nothing", think=1, token=token)
json.dump({"log": {"version": "1.2", "creator": {"name": "record.py", "version": "1"}, "pages": [], "entries": entries}}, sys.stdout, indent=1)
