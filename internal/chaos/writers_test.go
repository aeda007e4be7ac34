//go:build unix

package chaos

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// A file is one of a record, which is recognised in what is published by the
// token in its title for as long as it must keep its identity.
type file struct {
	path    string // below the content
	token   string
	event   bool
	private bool   // it is in the secret channel alone
	edition int    // of its title
	body    int    // how long
	label   string // a tag of its own; empty: it has none
	damaged bool   // its last good form is what is to be seen
	edited  bool   // since the last rest: it may not have been seen so
	moved   bool   // likewise
}

func (f *file) title() string {
	if f.private {
		return fmt.Sprintf("Réunion %s n° %s, édition %d.", marker, f.token, f.edition)
	}
	return fmt.Sprintf("Marché de Valmeuse n° %s, édition %d.", f.token, f.edition)
}

// text is that of a file. What is private has nothing in common with what is public, not even its hour: else the
// one would be taken for the other that has changed sides.
func (f *file) text() string {
	hour, place := 9, "place du Lavoir"
	if f.private {
		hour, place = 14, "salle "+marker
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: %s\n", f.title())
	if f.event {
		fmt.Fprintf(&b, "event_start_date: 20%d-05-%02d %02d:00:00 +02:00\n", 31+len(f.token)%3, 1+f.body%28, hour)
		tag := []string{"marché", "fête", "atelier"}[f.body%3]
		if f.private {
			tag = marker + " " + tag
			fmt.Fprintf(&b, "lieu: Salle %s\n", marker)
		}
		if f.label != "" {
			tag += ", " + f.label
		}
		fmt.Fprintf(&b, "tags: [%s]\n", tag)
	}
	fmt.Fprintf(&b, "date: 2025-%02d-02\n---\n", 1+f.body%12)
	for i := range 1 + f.body%40 {
		fmt.Fprintf(&b, "Sur la %s, la ronde %d de l’édition %d passe devant l’église & le pont.\n\n", place, i, f.edition)
	}
	return b.String()
}

// milestone is an event by which it is known that all before it was noticed.
func milestone(n int) string {
	return fmt.Sprintf("---\ntitle: Borne %d\nevent_start_date: 2032-01-01\ndate: 2025-01-01\n---\nLa borne.\n", n)
}

func (w *world) at(name string) string { return filepath.Join(w.content, filepath.FromSlash(name)) }

// put writes a file at once.
func (w *world) put(name, text string) {
	w.Helper()
	w.try(os.MkdirAll(filepath.Dir(w.at(name)), 0o755))
	w.try(os.WriteFile(w.at(name), []byte(text), 0o644))
}

// replace writes a file as one of the programs that people use.
func (w *world) replace(name, text string) {
	w.Helper()
	p := w.at(name)
	dir, base := filepath.Split(p)
	switch w.random.IntN(6) {
	case 0: // vim
		w.try(os.WriteFile(dir+"4913", nil, 0o644))
		w.try(os.Remove(dir + "4913"))
		w.try(os.WriteFile(dir+"."+base+".swp", []byte("b0VIM"), 0o600))
		w.try(os.Rename(p, p+"~"))
		w.try(os.WriteFile(p, []byte(text), 0o644))
		w.try(os.Remove(p + "~"))
		w.try(os.Remove(dir + "." + base + ".swp"))
	case 1: // VS Code
		w.try(os.WriteFile(p, []byte(text), 0o644))
	case 2: // rsync
		temp := dir + "." + base + ".x7Rt2a"
		w.try(os.WriteFile(temp, []byte(text), 0o600))
		w.try(os.Chmod(temp, 0o644))
		w.try(os.Rename(temp, p))
	case 3: // emacs
		w.try(os.Symlink("someone@somewhere.4242:1", dir+".#"+base))
		w.try(os.WriteFile(dir+"#"+base+"#", []byte(text), 0o644))
		w.try(os.Link(p, p+"~"))
		w.try(os.Remove(p))
		w.try(os.WriteFile(p, []byte(text), 0o644))
		w.try(os.Remove(p + "~"))
		w.try(os.Remove(dir + "#" + base + "#"))
		w.try(os.Remove(dir + ".#" + base))
	case 4: // something slow
		f, err := os.Create(p)
		w.try(err)
		for i := range len(text) / 500 {
			f.WriteString(text[i*500 : (i+1)*500])
		}
		f.WriteString(text[len(text)/500*500:])
		w.try(f.Close())
	default: // a copy of a copy, with the time of another file
		temp := dir + base + ".part"
		w.try(os.WriteFile(temp, []byte(text), 0o644))
		if info, err := os.Stat(p); err == nil {
			w.try(os.Chtimes(temp, info.ModTime(), info.ModTime()))
		}
		w.try(os.Rename(temp, p))
	}
}

// place is a path that no record had.
func (w *world) place(event, private bool) string {
	w.paths++
	folders := []string{"nouvelles", "divers", "divers/a/b"}
	switch {
	case private:
		folders = []string{"interne", "interne/agents"}
	case event:
		folders = []string{"agenda", "agenda/été", "divers", "divers/a/b"} // where an article is an event without its day
	}
	return fmt.Sprintf("%s/page-%d.md", folders[w.random.IntN(len(folders))], w.paths)
}

func (w *world) token() string {
	w.tokens++
	return fmt.Sprintf("%04d", w.tokens)
}

func (w *world) create() {
	w.Helper()
	event := w.random.IntN(3) > 0
	private := event && w.random.IntN(6) == 0
	f := &file{path: w.place(event, private), token: w.token(), event: event, private: private, edition: 1, body: w.random.IntN(1000), edited: true}
	w.put(f.path, f.text())
	w.files = append(w.files, f)
}

// edit gives a file another title. One that has moved just before is another
// record then: nobody can tell.
func (w *world) edit(f *file) {
	f.edition++
	if f.moved {
		w.seen.remove(f.token)
		f.token, f.edition = w.token(), 1
	}
	f.edited, f.damaged = true, false
}

// operations are some of what writers do.
func (w *world) operations() {
	w.Helper()
	for range 1 + w.random.IntN(5) {
		w.operation()
		w.tally.operations.Add(1)
	}
}

func (w *world) operation() {
	w.Helper()
	i := w.random.IntN(len(w.files))
	f := w.files[i]
	switch n := w.random.IntN(20); {
	case n < 8:
		w.edit(f)
		w.replace(f.path, f.text())
	case n < 10:
		if len(w.files) < 75 {
			w.create()
		}
	case n < 12:
		if len(w.files) > 45 {
			w.try(os.Remove(w.at(f.path)))
			w.files = append(w.files[:i], w.files[i+1:]...)
			w.seen.remove(f.token)
		}
	case n < 15:
		if f.damaged {
			return
		}
		to := w.place(f.event, f.private)
		w.try(os.MkdirAll(filepath.Dir(w.at(to)), 0o755))
		w.try(os.Rename(w.at(f.path), w.at(to)))
		f.path, f.moved = to, true
		if f.edited || w.random.IntN(3) == 0 {
			w.edit(f)
			w.put(f.path, f.text())
		}
	case n < 17:
		if f.edited || f.moved {
			return // what it was is not known
		}
		f.damaged = true
		text := f.text()
		head := strings.LastIndex(text, "---\n")
		damages := []string{"", "---\ntitle: [\n---\n", text[:w.random.IntN(head)]}
		if f.event {
			damages = append(damages, "\x00\x01\xff") // which might be an article
		}
		w.try(os.WriteFile(w.at(f.path), []byte(damages[w.random.IntN(len(damages))]), 0o644))
	case n < 18: // as a checkout does
		for _, f := range w.files[:len(w.files)/3] {
			w.edit(f)
			w.try(os.Remove(w.at(f.path)))
			w.put(f.path, f.text())
		}
	case n < 19: // remove, and write again
		w.try(os.Remove(w.at(f.path)))
		f.damaged = false
		w.put(f.path, f.text())
	default:
		w.litter()
	}
}

// litter puts something into the folder that is no file.
func (w *world) litter() {
	w.Helper()
	p := w.at(fmt.Sprintf("agenda/litter\n%d.md", w.paths))
	w.paths++
	switch w.random.IntN(4) {
	case 0:
		w.try(syscall.Mkfifo(p, 0o644))
	case 1:
		w.try(os.Symlink(p, p))
	case 2:
		w.try(os.Symlink("/etc/passwd", p))
	default:
		w.try(os.Mkdir(p, 0))
	}
	w.clutter = append(w.clutter, func() { w.try(os.Remove(p)) })
}

func (w *world) listing() string {
	var b strings.Builder
	filepath.WalkDir(w.content, func(p string, d fs.DirEntry, err error) error {
		if err == nil {
			fmt.Fprintln(&b, strings.TrimPrefix(p, w.content), d.Type())
		}
		return nil
	})
	return b.String()
}
