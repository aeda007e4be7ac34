"""newsboat: reloads a feed into the cache in a folder, and prints what is there then."""
import json
import pathlib
import sqlite3
import subprocess
import sys

url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
(folder / "config").touch()
(folder / "urls").write_text(url + "\n")
subprocess.run(["newsboat", "-C", folder / "config", "-u", folder / "urls", "-c", folder / "cache.db", "-x", "reload"],
               stdin=subprocess.DEVNULL, stdout=sys.stderr, check=True)
rows = sqlite3.connect(folder / "cache.db").execute("select guid, title, content from rss_item where deleted = 0 order by id")
print(json.dumps({"Entries": [{"ID": guid, "Title": title, "Text": text} for guid, title, text in rows]}))
