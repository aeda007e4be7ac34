"""newsboat: lets it fetch each feed, and prints what is in its cache then."""
import datetime
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

epoch = datetime.datetime(1970, 1, 1)
memory = "/dev/shm"  # where it can be had, since the cache is written to the disk entry by entry


def date(seconds):
    when = epoch + datetime.timedelta(seconds=seconds)
    return when.isoformat() + "Z"


names = {pathlib.Path(name).absolute().as_uri(): name for name in sys.argv[1:]}
with tempfile.TemporaryDirectory(dir=memory if os.path.isdir(memory) else None) as folder:
    folder = pathlib.Path(folder)
    (folder / "config").write_text("reload-threads 2\n")
    (folder / "urls").write_text("".join('"%s"\n' % url for url in names))
    done = subprocess.run(
        ["newsboat", "-C", folder / "config", "-u", folder / "urls", "-c", folder / "cache.db", "-x", "reload"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    cache = sqlite3.connect(folder / "cache.db")
    for url, name in names.items():
        rows = cache.execute(
            "select guid, title, url, pubDate, author, content, enclosure_url, enclosure_type from rss_item where feedurl = ? order by id", (url,))
        values = [{
            "ID": guid,
            "Title": title,
            "Link": link,
            "Date": date(when),
            "Published": date(when),
            "Authors": [author],
            "Content": content,
            "Enclosure": {"URL": file or "", "Type": kind or ""},
        } for guid, title, link, when, author, content, file, kind in rows]
        faults = [line for line in done.stdout.splitlines() if url in line and "rror" in line]
        if done.returncode:
            faults.append("exit status %d: %s" % (done.returncode, done.stdout[-500:]))
        print(json.dumps({"File": name, "Values": values, "Faults": faults}))
    cache.close()
