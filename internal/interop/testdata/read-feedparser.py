"""feedparser: prints what it reads of each feed, HTML as it stands there."""
import calendar
import json
import sys
import time

import feedparser

feedparser.SANITIZE_HTML = False
feedparser.RESOLVE_RELATIVE_URIS = False


def date(entry, *names):
    for name in names:
        if name in entry.keys():  # get would find another date for one that is not there
            when = time.gmtime(calendar.timegm(entry[name]))
            return "%04d" % when.tm_year + time.strftime("-%m-%dT%H:%M:%SZ", when)
    return ""


def enclosure(entry):
    for file in entry.get("enclosures", []):
        return {"URL": file.get("href", ""), "Type": file.get("type", ""), "Length": int(file.get("length") or 0)}
    return {}


for name in sys.argv[1:]:
    with open(name, "rb") as f:
        feed = feedparser.parse(f.read())
    print(json.dumps({
        "File": name,
        "Values": [{
            "ID": e.get("id", ""),
            "Title": e.get("title", ""),
            "Link": e.get("link", ""),
            "Date": date(e, "published_parsed", "updated_parsed"),
            "Published": date(e, "published_parsed"),
            "Updated": date(e, "updated_parsed"),
            "Authors": [a.get("name") or a.get("email", "") for a in e.get("authors", [])],
            "Tags": [t.get("term", "") for t in e.get("tags", [])],
            "Content": "".join(c.get("value", "") for c in e.get("content", [])),
            "Summary": e.get("summary", ""),
            "Enclosure": enclosure(e),
        } for e in feed.entries],
        "Faults": [str(feed.bozo_exception)] if feed.bozo else [],
    }))
