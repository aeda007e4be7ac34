package crieur

import (
	"strings"
)

// A coding is a content coding that documents are had in (RFC 9110, section
// 8.4.1).
type coding int

// The codings, from the one that is liked least to the one that is liked best
// where a reader takes several as gladly: by how short they make a document.
const (
	plain coding = iota
	gzipped
	zstandard
	brotlied

	codings
)

var codingNames = [codings]string{"identity", "gzip", "zstd", "br"}

// tagSuffixes tell the entity tags of a document in its codings apart: other
// tags, because they are other bytes.
var tagSuffixes = [codings]string{"", "-gz", "-zstd", "-br"}

// tagIn is the entity tag in a coding of a document that has etag itself.
func tagIn(c coding, etag string) string {
	return strings.TrimSuffix(etag, `"`) + tagSuffixes[c] + `"`
}

// isTag reports whether tag is that of the document in any coding, of ours or
// of the proxies that compress what they pass on and name the coding in the tag.
func isTag(tag, etag string) bool {
	rest, ok := strings.CutPrefix(tag, strings.TrimSuffix(etag, `"`))
	if !ok {
		return false
	}
	switch rest {
	case `"`, `-gz"`, `-zstd"`, `-br"`, `-gzip"`:
		return true
	}
	return false
}

// accepted is the coding to answer in, by the fields Accept-Encoding of a
// request (RFC 9110, section 12.5.3): that of the highest weight, and of several
// the one that is shortest. Who lists no coding by its name, but writes *, may
// know none but gzip. Who refuses everything, identity too, has it all the same.
func accepted(fields []string) coding {
	const unnamed = -1
	weights := [codings]int{unnamed, unnamed, unnamed, unnamed}
	star := unnamed
	for _, field := range fields {
		for len(field) > 0 {
			var item string
			item, field, _ = strings.Cut(field, ",")
			name, params, _ := strings.Cut(item, ";")
			q := weight(params)
			switch name = strings.TrimSpace(name); {
			case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
				weights[gzipped] = q
			case strings.EqualFold(name, "br"):
				weights[brotlied] = q
			case strings.EqualFold(name, "zstd"):
				weights[zstandard] = q
			case strings.EqualFold(name, "identity"):
				weights[plain] = q
			case name == "*":
				star = q
			}
		}
	}
	if weights[gzipped] == unnamed {
		weights[gzipped] = star
	}
	best := plain
	most := max(0, weights[plain]) // where it is not named, anything named is liked better
	for c := gzipped; c < codings; c++ {
		if q := weights[c]; q > 0 && q >= most {
			best, most = c, q
		}
	}
	return best
}

// weight is the q of the parameters of an item in thousandths: 1000 where there
// is none, 0 where it is no weight.
func weight(params string) int {
	params = strings.TrimSpace(params)
	if params == "" {
		return 1000
	}
	name, value, _ := strings.Cut(params, "=")
	value = strings.TrimSpace(value)
	if !strings.EqualFold(strings.TrimSpace(name), "q") || value == "" || len(value) > len("0.000") || value[0] != '0' && value[0] != '1' {
		return 0
	}
	q := int(value[0]-'0') * 1000
	if len(value) > 1 && value[1] != '.' {
		return 0
	}
	for i, unit := 2, 100; i < len(value); i, unit = i+1, unit/10 {
		if value[i] < '0' || value[i] > '9' {
			return 0
		}
		q += int(value[i]-'0') * unit
	}
	if q > 1000 {
		return 0
	}
	return q
}
