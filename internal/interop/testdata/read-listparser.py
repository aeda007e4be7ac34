"""listparser: prints the feeds that it finds in each OPML list."""
import json
import sys

import listparser

for name in sys.argv[1:]:
    with open(name, encoding="utf-8") as f:
        found = listparser.parse(f.read())
    print(json.dumps({
        "File": name,
        "Values": [{"Title": feed.title, "URL": feed.url} for feed in found.feeds],
        "Faults": [str(found.bozo_exception)] if found.bozo else [],
    }))
