"""libical, through its GLib binding: prints the occurrences of each calendar
that begin between two instants (Unix seconds). It expands a series; the
overrides are put in by their RECURRENCE-ID. With --ecal it is libecal, GNOME's
library over libical, that expands."""
import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

KIND = ICalGLib.ComponentKind
PROPERTY = ICalGLib.PropertyKind
UTC = ICalGLib.Timezone.get_utc_timezone()


def at(seconds, date=False):
    return ICalGLib.Time.new_from_timet_with_zone(seconds, date, UTC)


def seconds(time):
    return time.as_timet_with_zone(time.get_timezone())


def instant(time):
    if time.is_date():
        return "%04d-%02d-%02d" % (time.get_year(), time.get_month(), time.get_day())
    if time.get_timezone() is None:
        return time.as_ical_string() + " floating"
    utc = time.convert_to_zone(UTC)
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % (
        utc.get_year(), utc.get_month(), utc.get_day(), utc.get_hour(), utc.get_minute(), utc.get_second())


def times(event, kind):
    """Yields the times of a property in their zone."""
    p = event.get_first_property(kind)
    while p:
        yield p.get_datetime_with_component(event)
        p = event.get_next_property(kind)


def events(calendar):
    event = calendar.get_first_component(KIND.VEVENT_COMPONENT)
    while event:
        yield event
        event = calendar.get_next_component(KIND.VEVENT_COMPONENT)


def libical(event, calendar):
    start, end = event.get_dtstart(), event.get_dtend()
    # foreach_recurrence takes an RDATE to be in UTC.
    found = [(seconds(t), seconds(t) + seconds(end) - seconds(start)) for t in times(event, PROPERTY.RDATE_PROPERTY)]
    while p := event.get_first_property(PROPERTY.RDATE_PROPERTY):
        event.remove_property(p)
    event.foreach_recurrence(at(since), at(until), lambda _, span: found.append((span.get_start(), span.get_end())))
    for first, last in found:
        yield instant(at(first, start.is_date())), instant(at(last, start.is_date()))


def libecal(event, calendar):
    found = []

    def each(_, first, last, *__):
        found.append((instant(first), instant(last)))
        return True

    def zone(tzid, *_):
        return calendar.get_timezone(tzid)

    ECal.recur_generate_instances_sync(event, at(since), at(until), each, None, zone, None, UTC, None)
    yield from found


expand = libical
if sys.argv[1] == "--ecal":
    gi.require_version("ECal", "2.0")
    from gi.repository import ECal  # noqa: E402
    expand = libecal
    del sys.argv[1]
since, until = int(sys.argv[1]), int(sys.argv[2])
for name in sys.argv[3:]:
    values, faults = [], []
    with open(name, encoding="utf-8", newline="") as f:
        calendar = ICalGLib.Component.new_from_string(f.read())
    series, overrides = [], {}
    for event in events(calendar):
        if original := next(times(event, PROPERTY.RECURRENCEID_PROPERTY), None):
            overrides.setdefault(event.get_uid(), {})[instant(original)] = event
        else:
            series.append(event)
    for event in series:
        moved = overrides.get(event.get_uid(), {})
        for first, last in expand(event, calendar):
            if first not in moved:
                values.append({"UID": event.get_uid(), "Start": first, "End": last, "Summary": event.get_summary()})
        for o in moved.values():
            values.append({"UID": o.get_uid(), "Start": instant(o.get_dtstart()), "End": instant(o.get_dtend()), "Summary": o.get_summary()})
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
