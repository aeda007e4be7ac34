"""Prints the microformats of pages as JSON, an object a line."""
import json
import sys

import mf2py


def walk(items):
    for item in items:
        yield item
        yield from walk(item.get("children", []))


def first(item, name):
    values = item["properties"].get(name, [""])
    value = values[0]
    return value if isinstance(value, str) else value.get("value", "")


for file in sys.argv[1:]:
    with open(file, encoding="utf-8") as f:
        items = list(walk(mf2py.parse(doc=f.read(), html_parser="html.parser")["items"]))
    print(json.dumps({
        "File": file,
        "Events": [{k: first(i, v) for k, v in (("Summary", "name"), ("URL", "url"), ("Start", "start"), ("End", "end"), ("Location", "location"))}
                   for i in items if "h-event" in i["type"]],
        "Entries": [{k: first(i, v) for k, v in (("Title", "name"), ("Link", "url"), ("Date", "published"))} for i in items if "h-entry" in i["type"]],
    }))
