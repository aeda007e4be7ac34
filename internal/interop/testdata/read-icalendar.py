"""python-icalendar: prints what it reads of each calendar."""
import datetime
import json
import sys

import icalendar


def instant(event, name):
    if name not in event:
        return ""
    value = event.decoded(name)
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat()
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def zone(event):
    value = event.decoded("DTSTART")
    if not isinstance(value, datetime.datetime):
        return ""
    if value.tzinfo is None:
        return "floating"
    return event["DTSTART"].params.get("TZID", "UTC")


def categories(event):
    value = event.get("CATEGORIES", [])
    lists = value if isinstance(value, list) else [value]
    return [str(c) for one in lists for c in one.cats]


for name in sys.argv[1:]:
    values, faults = [], []
    try:
        with open(name, "rb") as f:
            calendar = icalendar.Calendar.from_ical(f.read())
        for event in calendar.walk("VEVENT"):
            faults += ["%s: %s" % e for e in event.errors]
            values.append({
                "UID": str(event["UID"]),
                "Summary": str(event.get("SUMMARY", "")),
                "Description": str(event.get("DESCRIPTION", "")),
                "Location": str(event.get("LOCATION", "")),
                "URL": str(event.get("URL", "")),
                "Status": str(event.get("STATUS", "")),
                "Sequence": int(event.get("SEQUENCE", -1)),
                "RecurrenceID": instant(event, "RECURRENCE-ID"),
                "Start": instant(event, "DTSTART"),
                "End": instant(event, "DTEND"),
                "Zone": zone(event),
                "Categories": categories(event),
            })
    except Exception as e:
        faults.append("%s: %s" % (type(e).__name__, e))
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
