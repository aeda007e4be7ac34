"""feedparser: polls a feed as rss2email does, with the tag and the date of the last time, and prints what it got."""
import json
import os
import sys

import feedparser

url, memory = sys.argv[1:]
last = {}
if os.path.exists(memory):
    with open(memory) as f:
        last = json.load(f)
d = feedparser.parse(url, etag=last.get("etag"), modified=last.get("modified"))
if d.bozo:
    sys.exit("%s: %s" % (url, d.bozo_exception))
for name in "etag", "modified":
    if d.get(name):
        last[name] = d[name]
with open(memory, "w") as f:
    json.dump(last, f)
print(json.dumps({"Status": d.status, "Entries": [{"ID": e.id, "Title": e.title, "Text": e.summary} for e in d.entries]}))
