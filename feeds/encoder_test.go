package feeds

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// methods are those of an Encoder, in the order of encoders.
func methods(e *Encoder) []func(io.Writer, *Feed) error {
	return []func(io.Writer, *Feed) error{e.RSS, e.Atom, e.JSON}
}

// An Encoder writes the same bytes as one that has never written anything, whatever became of the feed in between.
func TestEncoderRemembersRight(t *testing.T) {
	if testing.Short() {
		t.Skip("long, and of one goroutine")
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	f, _ := many(40)
	serial := len(f.Articles)
	var e Encoder
	for round := range 400 {
		switch i := rnd.IntN(len(f.Articles)); rnd.IntN(10) {
		case 0:
			f.Articles[i].Title = fmt.Sprint("Titre ", round)
		case 1:
			f.Articles[i].Tags[0] = fmt.Sprint("mot ", round)
		case 2:
			f.Articles[i].Event = &Event{Start: time.Unix(int64(round), 0).In(time.FixedZone("", 3600))}
		case 3:
			if e := f.Articles[i].Event; e != nil {
				e.Start = e.Start.UTC() // the same instant on another clock
			}
		case 4:
			f.Articles = slices.Delete(f.Articles, i, min(i+rnd.IntN(4), len(f.Articles)))
		case 5, 6:
			serial++
			a := f.Articles[i]
			a.ID, a.Tags = fmt.Sprint("tag:valmeuse.example,2024:", serial), slices.Clone(a.Tags)
			f.Articles = slices.Insert(f.Articles, i%2*i, a)
		case 7:
			rnd.Shuffle(len(f.Articles), func(i, j int) { f.Articles[i], f.Articles[j] = f.Articles[j], f.Articles[i] })
		case 8:
			f.Authors[0].Name = fmt.Sprint("Mairie ", round/20)
		case 9:
			f.Articles[i].Content += "<p>et la suite</p>"
		}
		for i, write := range methods(&e) {
			var got bytes.Buffer
			if err := write(&got, f); err != nil {
				t.Fatal(err)
			}
			if want := encode(t, encoders[i].encode, f); !bytes.Equal(got.Bytes(), want) {
				t.Fatalf("round %d: %s is\n%s\nwant\n%s", round, encoders[i].name, &got, want)
			}
		}
	}
	if kept := len(e.rss.byID); kept != len(f.Articles) {
		t.Errorf("keeps %d articles, want %d", kept, len(f.Articles))
	}
	used := 0
	for _, p := range e.rss.list {
		used += p.to - p.from
	}
	if len(e.rss.buf) > 2*used+flushAt {
		t.Errorf("keeps %d octets, of which %d are of use", len(e.rss.buf), used)
	}
}

func TestEncoderReportsFaults(t *testing.T) {
	var e Encoder
	f := many2(t)
	if err := e.Atom(io.Discard, f); err != nil {
		t.Fatal(err)
	}
	good := f.Articles[1]
	for _, bad := range []func(a *Article){
		func(a *Article) { a.ID = f.Articles[0].ID },
		func(a *Article) { a.ID = "" },
		func(a *Article) { a.Updated = time.Time{} },
		func(a *Article) { a.URL = "/relative" },
	} {
		f.Articles[1] = good
		bad(&f.Articles[1])
		want := Check(f)
		for range 2 {
			var b bytes.Buffer
			if err := e.Atom(&b, f); want == nil || err == nil || err.Error() != want.Error() || b.Len() > 0 {
				t.Errorf("error is %v with %d octets, want %v", err, b.Len(), want)
			}
		}
	}
	for _, ids := range [][2]string{{"", ""}, {"tag:a.example,2024:é", "tag:a.example,2024:%C3%A9"}, {"tag:a.example,2024:x", "tag:a.example,2024:x"}} {
		f.Articles[0].ID, f.Articles[1].ID, f.Articles[1].Title = ids[0], ids[1], ""
		if want, err := Check(f), e.Atom(io.Discard, f); want == nil || err == nil || err.Error() != want.Error() {
			t.Errorf("%q: error is %v, want %v", ids, err, want)
		}
	}
	f.Articles = many2(t).Articles
	var b bytes.Buffer
	if err := e.Atom(&b, f); err != nil || !bytes.Equal(b.Bytes(), encode(t, EncodeAtom, f)) {
		t.Errorf("after faults it writes %v\n%s", err, &b)
	}
}

// What is of no use any more is thrown away, and one change costs next to nothing.
func TestEncoderKeepsLittle(t *testing.T) {
	f, _ := many(500)
	var e Encoder
	round := 0
	write := func() {
		round++
		f.Articles[round%len(f.Articles)].Title = "Titre " + string(rune('a'+round%26))
		if err := e.RSS(io.Discard, f); err != nil {
			t.Fatal(err)
		}
	}
	for range 3000 {
		write()
	}
	used := 0
	for _, p := range e.rss.list {
		used += p.to - p.from
	}
	if len(e.rss.buf) > 2*used+2*flushAt {
		t.Errorf("keeps %d octets, of which %d are of use", len(e.rss.buf), used)
	}
	if n := testing.AllocsPerRun(100, write); n > 20 {
		t.Errorf("%v allocations for one change", n)
	}
}

func TestWriterFails(t *testing.T) {
	f, _ := many(200)
	full := errors.New("no space left")
	var e Encoder
	for i, write := range methods(&e) {
		for _, write := range []func(io.Writer, *Feed) error{encoders[i].encode, write, write} {
			for _, n := range []int{0, 1, 100_000} {
				if err := write(&short{n, full}, f); !errors.Is(err, full) {
					t.Errorf("%s: error after %d octets is %v", encoders[i].name, n, err)
				}
			}
			var b bytes.Buffer
			if err := write(&b, f); err != nil || !bytes.Equal(b.Bytes(), encode(t, encoders[i].encode, f)) {
				t.Errorf("%s: not the same after a failure: %v", encoders[i].name, err)
			}
		}
	}
}

// A short writer takes so many octets.
type short struct {
	room int
	err  error
}

func (w *short) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, w.err
	}
	return len(p), nil
}

// Every field counts when articles are compared.
func TestEveryFieldIsCompared(t *testing.T) {
	full := func() Article {
		return Article{
			ID: "a", URL: "a", Title: "a", Summary: "a", Content: "a", Authors: []Person{{}}, Tags: []string{"a"}, Language: "a",
			Published: time.Unix(1, 0), Updated: time.Unix(1, 0), Image: "a", Enclosure: &Enclosure{}, Source: &Source{Updated: time.Unix(1, 0)}, Event: &Event{}, Calendar: "a",
		}
	}
	a := full()
	if b := a.clone(); !a.equal(&b) {
		t.Error("an article is not equal to its copy")
	}
	var change func(path string, v reflect.Value, changed func(path string))
	change = func(path string, v reflect.Value, changed func(path string)) {
		if v.IsZero() && v.Kind() == reflect.Pointer {
			t.Fatalf("%s is not set", path)
		}
		switch v.Kind() {
		case reflect.Struct:
			if v.Type() == reflect.TypeFor[time.Time]() {
				old := v.Interface()
				v.Set(reflect.ValueOf(old.(time.Time).Add(time.Hour)))
				changed(path)
				v.Set(reflect.ValueOf(old))
				return
			}
			for i := range v.NumField() {
				change(path+"."+v.Type().Field(i).Name, v.Field(i), changed)
			}
		case reflect.Pointer:
			change(path, v.Elem(), changed)
		case reflect.Slice:
			change(path, v.Index(0), changed)
		case reflect.String:
			old := v.String()
			v.SetString(old + "x")
			changed(path)
			v.SetString(old)
		case reflect.Bool:
			v.SetBool(!v.Bool())
			changed(path)
			v.SetBool(!v.Bool())
		case reflect.Int64:
			v.SetInt(v.Int() + 1)
			changed(path)
			v.SetInt(v.Int() - 1)
		default:
			t.Fatalf("%s is a %s", path, v.Kind())
		}
	}
	b := a.clone()
	n := 0
	change("Article", reflect.ValueOf(&a), func(path string) {
		n++
		if a.equal(&b) {
			t.Errorf("%s is not compared", path)
		}
	})
	if n < 20 {
		t.Errorf("%d fields were changed", n)
	}
}
