"""vobject, over dateutil: prints the occurrences of each calendar that begin
between two instants (Unix seconds). It tells the starts of a series; the
overrides, which it leaves to its user, are put in by their RECURRENCE-ID."""
import datetime
import json
import sys

import vobject


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
        with open(name, encoding="utf-8", newline="") as f:
            calendar = vobject.readOne(f, validate=True)
        series, overrides = [], {}
        for event in getattr(calendar, "vevent_list", []):
            if hasattr(event, "recurrence_id"):
                overrides.setdefault(event.uid.value, {})[instant(event.recurrence_id.value)] = event
            else:
                series.append(event)
        for event in series:
            start = event.dtstart.value
            if isinstance(start, datetime.datetime):
                all = event.getrruleset(addRDate=True).xafter(start, inc=True)
            else:
                # A set of naive midnights.
                all = event.getrruleset(addRDate=True).xafter(datetime.datetime.combine(start, datetime.time()), inc=True)
                all = (v.date() for v in all)
            moved = overrides.get(event.uid.value, {})
            for at in all:
                wall = at if isinstance(at, datetime.datetime) else datetime.datetime.combine(at, datetime.time())
                if wall.replace(tzinfo=wall.tzinfo or datetime.timezone.utc) > until:
                    break
                if instant(at) not in moved:
                    values.append({"UID": event.uid.value, "Start": instant(at), "End": "", "Summary": event.summary.value})
            for o in moved.values():
                values.append({"UID": o.uid.value, "Start": instant(o.dtstart.value), "End": "", "Summary": o.summary.value})
    except Exception as e:
        faults.append("%s: %s" % (type(e).__name__, e))
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
