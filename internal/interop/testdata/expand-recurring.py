"""recurring-ical-events, over icalendar and dateutil: prints the occurrences
of each calendar that begin between two instants (Unix seconds)."""
import datetime
import json
import sys

import icalendar
import recurring_ical_events


def instant(value):
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.isoformat() + " floating"
    return value.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


since, until = (datetime.datetime.fromtimestamp(int(s), datetime.timezone.utc) for s in sys.argv[1:3])
for name in sys.argv[3:]:
    values, faults = [], []
    try:
        with open(name, "rb") as f:
            calendar = icalendar.Calendar.from_ical(f.read())
        for event in recurring_ical_events.of(calendar).between(since, until):
            values.append({
                "UID": str(event["UID"]),
                "Start": instant(event["DTSTART"].dt),
                "End": instant(event["DTEND"].dt),
                "Summary": str(event["SUMMARY"]),
            })
    except Exception as e:
        faults.append("%s: %s" % (type(e).__name__, e))
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
