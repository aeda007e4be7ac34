package crieur

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A tagger makes up tags, among them all that ever went wrong in a name of
// a file or an address.
type tagger struct {
	*rand.Rand
	scripts []*unicode.RangeTable
}

func newTagger(seed uint64) *tagger {
	t := &tagger{Rand: rand.New(rand.NewPCG(seed, 0))}
	for _, name := range slices.Sorted(maps.Keys(unicode.Scripts)) {
		t.scripts = append(t.scripts, unicode.Scripts[name])
	}
	return t
}

var (
	tagWords = strings.Fields(`Évènement Événement evenement ÉVÉNEMENT fête Fete marché Marche pêche péché c++ C# c .NET node.js R&D RD r-et-d
		STRASSE straße ΣΊΣΥΦΟΣ σίσυφος Μαΐου İstanbul istanbul ısı isi № no ℋaut haut ﬁn fin Ⅷ viii ǅ dž 日本 日本語 にほん ニホン ﾆﾎﾝ 한국 हिन्दी ไทย ქართული
		العربية עברית ру́сский русский pаris paris ｐａｒｉｓ 𝐩𝐚𝐫𝐢𝐬 ᏸᏹ ᏰᏱ œuvre ŒUVRE ŉ ʼn ſ s K k Å å e` + "\u0301" + ` 1 ① ¹ ١ 2027`)
	tagDevices = strings.Fields("con CON prn aux nul NUL com1 COM¹ lpt9 con.txt aux.ics nul. com0 conin$ clock$ index events . .. ~ - _ null")
	tagMarks   = strings.Fields(`! ? … — « » / \ : * " < > | % %2F %00 # & + = @ $ ' ; , ( ) [ ] { } ^ ~ . .. ../ ..\ // ?a=b #c <b> </b> &amp; &#47;`)
	tagHidden  = []string{"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202e", "\u2066", "\u2069", "\u00ad", "\ufe0f", "\u2060", "\u180e", "\u034f"}
	tagSpaces  = []string{" ", "  ", "\u00a0", "\u202f", "\u2003", "\u3000", " \u00a0 "}
	tagEmoji   = []string{"❤️", "🎉", "👨‍👩‍👧‍👦", "🇫🇷", "1️⃣", "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "☕", "✈︎"}
)

func pick[E any](t *tagger, list []E) E { return list[t.IntN(len(list))] }

// letter is a character of any script, or a mark that joins to one.
func (t *tagger) letter() string {
	if t.IntN(6) == 0 {
		return string(rune(0x300 + t.IntN(0x70)))
	}
	table := pick(t, t.scripts)
	n := 0
	for r := range runes(table) {
		if n++; t.IntN(n) == 0 && n > 40 || n > 400 {
			return string(r)
		}
	}
	for r := range runes(table) {
		if n--; n <= 0 || t.IntN(20) == 0 {
			return string(r)
		}
	}
	return ""
}

// runes are the characters of a table.
func runes(table *unicode.RangeTable) func(func(rune) bool) {
	return func(yield func(rune) bool) {
		for _, x := range table.R16 {
			for r := rune(x.Lo); r <= rune(x.Hi); r += rune(x.Stride) {
				if !yield(r) {
					return
				}
			}
		}
		for _, x := range table.R32 {
			for r := rune(x.Lo); r <= rune(x.Hi); r += rune(x.Stride) {
				if !yield(r) {
					return
				}
			}
		}
	}
}

// tag makes up a tag.
func (t *tagger) tag() string {
	var b strings.Builder
	if t.IntN(8) == 0 {
		b.WriteString(pick(t, tagDevices))
	}
	for range t.IntN(5) {
		switch t.IntN(10) {
		case 0, 1, 2:
			b.WriteString(pick(t, tagWords))
		case 3:
			b.WriteString(pick(t, tagMarks))
		case 4:
			b.WriteString(pick(t, tagHidden))
		case 5:
			b.WriteString(pick(t, tagSpaces))
		case 6:
			b.WriteString(pick(t, tagEmoji))
		default:
			for range 1 + t.IntN(6) {
				b.WriteString(t.letter())
			}
		}
	}
	switch s := b.String(); t.IntN(40) {
	case 0:
		return strings.Repeat(s+"x", 1+t.IntN(300)) // very long
	case 1:
		return norm.NFD.String(s)
	case 2:
		return norm.NFC.String(s)
	case 3:
		return strings.Repeat("a", t.IntN(90)) + s
	default:
		return s
	}
}

// tags are n tags, no two alike to fold.
func (t *tagger) tags(n int) []string {
	var list []string
	seen := map[string]bool{"": true}
	for len(list) < n {
		if s := t.tag(); !seen[fold(s)] {
			seen[fold(s)] = true
			list = append(list, s)
		}
	}
	return list
}

// respell writes a tag in another case, with other white space or in another
// normal form, where that leaves it the same tag.
func (t *tagger) respell(s string) string {
	var other string
	switch t.IntN(5) {
	case 0:
		other = strings.ToUpper(s)
	case 1:
		other = strings.ToLower(s)
	case 2:
		other = strings.ReplaceAll(" "+s, " ", pick(t, tagSpaces))
	case 3:
		other = norm.NFD.String(s)
	default:
		other = strings.Map(func(r rune) rune {
			if t.IntN(2) == 0 {
				return unicode.SimpleFold(r)
			}
			return r
		}, s)
	}
	if fold(other) != fold(s) || !utf8.ValidString(other) {
		return s
	}
	return other
}
