package markup

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func addSeeds(f *testing.F) {
	for _, s := range []string{
		"", "**a** [b](/c \"d\") {: .e}\n\n* 9h : *f*\n  1. g\n\n> h",
		"<script>alert(1)</script><p onclick=x style=y>z<a href=javascript:x>w</a>",
		"<img src=x onerror=y srcset='a 1x, javascript:b 2x'><svg><style><a title='</style><img src=x onerror=y>'>",
		"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=x&gt;'>",
		"<noscript><p title='</noscript><img src=x onerror=y>'>", "<a href='java&#10;script:x'>a</a>[b](<java\nscript:x>)",
		"|a|b|\n|-|:-:|\n|c\\|d|`e|`|", "```\n<b>\n```\n`{{x}}` {{< y >}} {% z %} <!-- w", "• a\n- b\n, ,\nhttp://c.fr/(d). e@f.fr",
		"[x]: data:text/html,y\n\n[x] ![x] <http://a@b:c/> <javascript:x>", "<details open><summary>a</summary><iframe src='//x' title='y'></iframe>",
		"<base href=//x><form action=//y><button formaction=javascript:z>a</button><video><source src=b></video>", "&lt;b&gt; &#x3c;script&#62; \\<i>",
		"<ul><li>a<form><li>b</form></ul><a href=x><p><button><p>c</button></a><pre><font>\n\nd</font></pre>",
		"<table><b><a href=x><tr><td><a href=y>z</table><p><b><i></p></b>w</i><center><li><main><li>", "*_a_ b\n\nc*\n\n**d : ** e *f\n\ng*\n9:30 h\n10:30 i", "&#1;&#x2028;<p title='&#7;'>\ufffe&#xfffe;",
		"<math><annotation-xml encoding=text/html><p><svg></p><style><img src=x onerror=y>", "<img src='data:,x' data-src=y srcset='a,,b, c,d 1x,(e, f) 2w'>",
		"<svg><p><xmp></svg><plaintext><object><embed src=x></object><iframe srcdoc=y><b> </b>", "<a href='geo:1,2'>a</a><a href='webcal://x'> </a><a href=#b title=c></a>",
	} {
		f.Add(s)
	}
}

// Whatever the body, what is rendered is safe: known elements and attributes only, and absolute addresses of known schemes.
// Rendered again it is the same, so no reader sees another tree than the one that was checked.
func FuzzRender(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		for _, format := range []Format{Text, Markdown, HTML} {
			out, err := Render(src, format, page)
			if err != nil {
				continue
			}
			checkSafe(t, out)
			if strings.Contains(out, "{") {
				continue // may look like a template's tag the second time
			}
			if again, err := Render(out, HTML, nil); err == nil && again != out {
				t.Errorf("%v %q gives\n%s\nand again\n%s", format, src, out, again)
			}
		}
	})
}

// allowed is what a sanitised body may hold: elements, with their attributes beside lang, dir and title.
var allowed = map[string]string{
	"a": "href hreflang", "abbr": "", "article": "", "aside": "", "audio": "src controls loop muted", "b": "", "bdi": "", "bdo": "", "big": "",
	"blockquote": "cite", "br": "", "caption": "", "cite": "", "code": "", "dd": "", "del": "cite datetime", "details": "open", "dfn": "", "div": "",
	"dl": "", "dt": "", "em": "", "figcaption": "", "figure": "", "footer": "", "h1": "", "h2": "", "h3": "", "h4": "", "h5": "", "h6": "",
	"header": "", "hr": "", "i": "", "img": "src srcset sizes media type alt width height", "ins": "cite datetime", "kbd": "", "li": "value start", "mark": "",
	"ol": "start value reversed", "p": "", "picture": "", "pre": "", "q": "cite", "rb": "", "rp": "", "rt": "", "ruby": "", "s": "", "samp": "",
	"section": "", "small": "", "source": "src srcset sizes media type", "span": "", "strike": "", "strong": "", "sub": "", "summary": "", "sup": "",
	"table": "", "tbody": "", "td": "colspan rowspan align", "tfoot": "", "th": "colspan rowspan align scope", "thead": "", "time": "datetime",
	"tr": "", "track": "src srclang label kind", "tt": "", "u": "", "ul": "", "var": "", "video": "src poster controls loop muted width height", "wbr": "",
}

// checkSafe reports what a sanitised body may not hold.
func checkSafe(t *testing.T, body string) {
	t.Helper()
	if !utf8.ValidString(body) || body != clean(body) {
		t.Errorf("not clean: %q", body)
	}
	if again := sanitise(body); again != body {
		t.Errorf("sanitised once more it is\n%s\ninstead of\n%s", again, body)
	}
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(body), root)
	if err != nil {
		t.Errorf("does not parse: %v\n%s", err, body)
	}
	for _, n := range nodes {
		checkNode(t, body, n)
		for d := range n.Descendants() {
			checkNode(t, body, d)
		}
	}
}

func checkNode(t *testing.T, body string, n *html.Node) {
	t.Helper()
	if n.Type == html.TextNode {
		return
	}
	attributes, ok := allowed[n.Data]
	if n.Type != html.ElementNode || n.Namespace != "" || !ok {
		t.Errorf("<%s%s> in %s", n.Namespace, n.Data, body)
	}
	for _, a := range n.Attr {
		if !slices.Contains(strings.Fields("lang dir title "+attributes), a.Key) || a.Namespace != "" {
			t.Errorf("attribute %s of <%s> in %s", a.Key, n.Data, body)
		}
		switch a.Key {
		case "href", "src", "cite", "poster":
			checkAddress(t, a.Val)
		case "srcset":
			for candidate := range strings.SplitSeq(a.Val, ", ") {
				ref, _, _ := strings.Cut(candidate, " ")
				checkAddress(t, ref)
			}
		}
	}
}

func checkAddress(t *testing.T, ref string) {
	t.Helper()
	u, err := url.Parse(ref)
	if err != nil {
		t.Errorf("address %q: %v", ref, err)
		return
	}
	switch u.Scheme {
	case "http", "https", "webcal":
		if u.Host == "" {
			t.Errorf("address %q has no host", ref)
		}
	case "mailto", "tel", "geo":
	default:
		t.Errorf("address %q has the scheme %q", ref, u.Scheme)
	}
	for _, r := range ref {
		if r <= ' ' || r > '~' {
			t.Errorf("address %q is not encoded", ref)
			return
		}
	}
}

// Plain text has no markup that was not text, and is laid out as promised.
func FuzzPlain(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		for _, format := range []Format{Text, Markdown, HTML} {
			out, err := Plain(src, format, page)
			if err != nil {
				continue
			}
			if !utf8.ValidString(out) || strings.Contains(out, "\n\n\n") || strings.Trim(out, " \t\n") != out || strings.Contains(out, "\r") {
				t.Errorf("%v %q: not laid out well: %q", format, src, out)
			}
			if format == HTML && !strings.Contains(src, "&") && strings.Contains(strings.ToLower(out), "<script>") &&
				!strings.Contains(strings.ToLower(src), "<script>") {
				t.Errorf("%q: a tag came from nowhere: %q", src, out)
			}
		}
	})
}

// A line is one line, whatever it was made of.
func FuzzLine(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, src string) {
		out := Line(src)
		if !utf8.ValidString(out) || strings.ContainsAny(out, "\r\n\t") || strings.Contains(out, "  ") || strings.Trim(out, " ") != out {
			t.Errorf("Line(%q) = %q", src, out)
		}
	})
}

// A summary is never longer than asked for, and never cuts a rune.
func FuzzSummary(f *testing.F) {
	f.Add("La foire de Valmont\n\nouvre à tous", 12)
	f.Add("e\u0301e\u0301e\u0301", 2)
	f.Fuzz(func(t *testing.T, plain string, limit int) {
		plain = strings.ToValidUTF8(plain, "")
		out := Summary(plain, limit)
		if n := utf8.RuneCountInString(out); n > max(0, limit) || !utf8.ValidString(out) || strings.Contains(out, "\n") {
			t.Errorf("Summary(%q, %d) = %q, %d runes", plain, limit, out, n)
		}
	})
}

// An absolute address stays as it is: nothing is encoded twice. What needs no second look would have stood it.
func FuzzAbsolute(f *testing.F) {
	for _, s := range []string{"/a b(1).png", "é%20%zz", "www.exemple.fr/x?y#z", "//u:p@h:1/..//x", "http:\\\\a\\b", "mailto:a@b.fr?x=%", "tel:+1 (2)",
		"http://[::1]/", "a@b.fr", "java\tscript:x", "http://mailto:x@y.fr", "https://é.fr", "?", "#", "/", "/a/b-c_d.html", "/a/../b/./c", "/a.b/c//d", "//e.example/f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, ref string) {
		if address := rooted(ref, page); address != "" && absolute(ref, page) != address {
			t.Errorf("rooted(%q) = %q, want %q", ref, address, absolute(ref, page))
		}
		once := Absolute(ref, page)
		if once == "" {
			return
		}
		checkAddress(t, once)
		if twice := absolute(once, nil); twice != once || isAbsolute(once) && absoluteURL(once, nil) != once {
			t.Errorf("Absolute(%q) = %q, and again %q", ref, once, twice)
		}
	})
}
