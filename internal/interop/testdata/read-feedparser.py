"""feedparser: prints what it reads of each feed."""
import calendar
import json
import sys
import time

import feedparser


def date(entry):
    parsed = entry.get("published_parsed") or entry.get("updated_parsed")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(calendar.timegm(parsed))) if parsed else ""


for name in sys.argv[1:]:
    with open(name, "rb") as f:
        feed = feedparser.parse(f.read())
    print(json.dumps({
        "File": name,
        "Values": [{
            "ID": e.get("id", ""),
            "Title": e.get("title", ""),
            "Link": e.get("link", ""),
            "Date": date(e),
        } for e in feed.entries],
        "Faults": [str(feed.bozo_exception)] if feed.bozo else [],
    }))
