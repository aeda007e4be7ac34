"""evolution-data-server, which GNOME Calendar and Evolution have their calendars from: subscribes to one in a home that
is its own. For each line of input it looks at it again, and prints what it holds, as a line of JSON."""
import json
import os
import pathlib
import sys
import time
import urllib.parse

import gi

gi.require_version("EDataServer", "1.2")
gi.require_version("ECal", "2.0")
from gi.repository import ECal, EDataServer, GLib

address = urllib.parse.urlparse(sys.argv[1])
sources = pathlib.Path(os.environ["XDG_CONFIG_HOME"], "evolution", "sources")
sources.mkdir(parents=True)
(sources / "agenda.source").write_text("""[Data Source]
DisplayName=agenda
Enabled=true
Parent=webcal-stub

[Calendar]
BackendName=webcal

[Authentication]
Host=%s
Port=%d
Method=none

[Security]
Method=none

[WebDAV Backend]
ResourcePath=%s
""" % (address.hostname, address.port, address.path))
registry = EDataServer.SourceRegistry.new_sync(None)
while not registry.ref_source("agenda"):
    time.sleep(0.05)
client = ECal.Client.connect_sync(registry.ref_source("agenda"), ECal.ClientSourceType.EVENTS, 1, None)
for _ in sys.stdin:
    try:
        client.refresh_sync(None)
    except GLib.Error as e:
        print(e, file=sys.stderr)
    held = []
    for comp in client.get_object_list_as_comps_sync("#t", None)[1]:
        c = comp.get_icalcomponent()
        held.append({"ID": c.get_uid(), "Title": c.get_summary(), "Start": c.get_dtstart().as_ical_string(), "Status": c.get_status().value_nick})
    print(json.dumps({"Entries": held}), flush=True)
