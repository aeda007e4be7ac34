"""vobject: prints what it reads of each calendar, after its own validation."""
import datetime
import json
import sys

import vobject


def text(event, name):
    return getattr(event, name).value if hasattr(event, name) else ""


def instant(event, name):
    if not hasattr(event, name):
        return ""
    value = getattr(event, name).value
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def zone(event):
    value = event.dtstart.value
    if not isinstance(value, datetime.datetime):
        return ""
    if value.tzinfo is None:
        return "floating"
    return event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", ["UTC"])[0]


for name in sys.argv[1:]:
    values, faults = [], []
    try:
        with open(name, encoding="utf-8", newline="") as f:
            calendar = vobject.readOne(f, validate=True)
        for event in getattr(calendar, "vevent_list", []):
            values.append({
                "UID": event.uid.value,
                "Summary": text(event, "summary"),
                "Description": text(event, "description"),
                "Location": text(event, "location"),
                "URL": text(event, "url"),
                "Status": text(event, "status"),
                "Sequence": int(event.sequence.value),
                "RecurrenceID": instant(event, "recurrence_id"),
                "Start": instant(event, "dtstart"),
                "End": instant(event, "dtend"),
                "Zone": zone(event),
                "Categories": text(event, "categories") or [],
            })
    except Exception as e:
        faults.append("%s: %s" % (type(e).__name__, e))
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
