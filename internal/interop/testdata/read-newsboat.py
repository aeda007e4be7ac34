"""newsboat: lets it fetch each feed, and prints what is in its cache then."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import time


def date(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


names = {pathlib.Path(name).absolute().as_uri(): name for name in sys.argv[1:]}
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "config").write_text("reload-threads 2\n")
    (folder / "urls").write_text("".join('"%s"\n' % url for url in names))
    done = subprocess.run(
        ["newsboat", "-C", folder / "config", "-u", folder / "urls", "-c", folder / "cache.db", "-x", "reload"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    cache = sqlite3.connect(folder / "cache.db")
    for url, name in names.items():
        rows = cache.execute("select guid, title, url, pubDate from rss_item where feedurl = ? order by id", (url,))
        values = [{"ID": guid, "Title": title, "Link": link, "Date": date(when)} for guid, title, link, when in rows]
        faults = [line for line in done.stdout.splitlines() if url in line and "rror" in line]
        if done.returncode:
            faults.append("exit status %d: %s" % (done.returncode, done.stdout[-500:]))
        print(json.dumps({"File": name, "Values": values, "Faults": faults}))
    cache.close()
