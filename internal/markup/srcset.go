package markup

import (
	"net/url"
	"regexp"
	"strings"
)

// absoluteSet returns the candidates of a srcset attribute with absolute addresses. It reads them as browsers do
// (HTML, section 4.8.4.2.1): a comma within an address belongs to it, one at its end does not.
func absoluteSet(set string, base *url.URL) string {
	const space = " \t\n\f\r"
	var out []string
	for {
		set = strings.TrimLeft(set, space+",")
		if set == "" {
			return strings.Join(out, ", ")
		}
		ref, descriptors := set, ""
		if i := strings.IndexAny(set, space); i >= 0 {
			ref, set = set[:i], set[i:]
		} else {
			set = ""
		}
		if bare := strings.TrimRight(ref, ","); bare != ref {
			ref = bare
		} else {
			descriptors, set = cutDescriptors(set)
		}
		if ref = Absolute(ref, base); ref == "" || !descriptorsRE.MatchString(descriptors) {
			continue
		}
		if bare := strings.TrimRight(ref, ","); bare != ref {
			ref = bare + strings.Repeat("%2C", len(ref)-len(bare)) // it would end the candidate
		}
		out = append(out, strings.TrimSpace(ref+" "+descriptors))
	}
}

// descriptorsRE matches the descriptors that a candidate may have.
var descriptorsRE = regexp.MustCompile(`^(?:[0-9]+w(?: [0-9]+h)?|[0-9]*\.?[0-9]+x)?$`)

// cutDescriptors returns what stands before the comma that ends a candidate, and what after it.
func cutDescriptors(s string) (descriptors, rest string) {
	inside := false // parentheses, which do not nest
	end := strings.IndexFunc(s, func(r rune) bool {
		if r == '(' || r == ')' {
			inside = r == '('
		}
		return r == ',' && !inside
	})
	if end < 0 {
		return strings.Join(strings.Fields(s), " "), ""
	}
	return strings.Join(strings.Fields(s[:end]), " "), s[end+1:]
}
