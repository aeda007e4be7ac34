"""libical, through its GLib binding: prints what it reads of each calendar,
and the errors that it marks, the restrictions of RFC 5546 included."""
import json
import sys

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402


def marked(component):
    """Yields the text of every X-LIC-ERROR in component and those it holds."""
    p = component.get_first_property(ICalGLib.PropertyKind.XLICERROR_PROPERTY)
    while p:
        yield p.get_value_as_string()
        p = component.get_next_property(ICalGLib.PropertyKind.XLICERROR_PROPERTY)
    inner = component.get_first_component(ICalGLib.ComponentKind.ANY_COMPONENT)
    while inner:
        yield from marked(inner)
        inner = component.get_next_component(ICalGLib.ComponentKind.ANY_COMPONENT)


def instant(time):
    if time is None or time.is_null_time():
        return ""
    if time.is_date():
        return "%04d-%02d-%02d" % (time.get_year(), time.get_month(), time.get_day())
    if time.get_timezone() is None:
        return "%04d-%02d-%02dT%02d:%02d:%02d" % (
            time.get_year(), time.get_month(), time.get_day(), time.get_hour(), time.get_minute(), time.get_second())
    utc = time.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())
    return "%04d-%02d-%02dT%02d:%02d:%02dZ" % (
        utc.get_year(), utc.get_month(), utc.get_day(), utc.get_hour(), utc.get_minute(), utc.get_second())


def end(event):
    # The accessor makes up an end for an event that has none.
    return instant(event.get_dtend()) if event.get_first_property(ICalGLib.PropertyKind.DTEND_PROPERTY) else ""


def zone(event):
    start = event.get_dtstart()
    if start.is_date():
        return ""
    return "floating" if start.get_timezone() is None else start.get_tzid()


def recurrence_id(event):
    # The accessor of the component leaves the zone out.
    p = event.get_first_property(ICalGLib.PropertyKind.RECURRENCEID_PROPERTY)
    return instant(p.get_datetime_with_component(event)) if p else ""


def url(event):
    p = event.get_first_property(ICalGLib.PropertyKind.URL_PROPERTY)
    return p.get_url() if p else ""


def categories(event):
    p = event.get_first_property(ICalGLib.PropertyKind.CATEGORIES_PROPERTY)
    while p:
        yield p.get_categories()
        p = event.get_next_property(ICalGLib.PropertyKind.CATEGORIES_PROPERTY)


STATUS = {
    ICalGLib.PropertyStatus.CONFIRMED: "CONFIRMED",
    ICalGLib.PropertyStatus.TENTATIVE: "TENTATIVE",
    ICalGLib.PropertyStatus.CANCELLED: "CANCELLED",
}


def status(event):
    p = event.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
    return STATUS.get(p.get_status(), "") if p else ""


for name in sys.argv[1:]:
    values, faults = [], []
    with open(name, encoding="utf-8", newline="") as f:
        calendar = ICalGLib.Component.new_from_string(f.read())
    if calendar is None:
        faults.append("not a calendar")
    else:
        ICalGLib.restriction_check(calendar)
        faults += marked(calendar)
        event = calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
        while event:
            values.append({
                "UID": event.get_uid(),
                "Summary": event.get_summary() or "",
                "Description": event.get_description() or "",
                "Location": event.get_location() or "",
                "URL": url(event),
                "Status": status(event),
                "Sequence": event.get_sequence(),
                "RecurrenceID": recurrence_id(event),
                "Start": instant(event.get_dtstart()),
                "End": end(event),
                "Zone": zone(event),
                "Categories": list(categories(event)),
            })
            event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
    print(json.dumps({"File": name, "Values": values, "Faults": faults}))
