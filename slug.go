package crieur

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// maxSlug is the longest slug in bytes: percent-encoded it is at most three
// times as long, and an address stays below the 256 characters that some
// calendars take.
const maxSlug = 60

// slug makes a readable name for a file or an address from any text: small
// letters and digits of any script, without their accents, words joined by
// hyphens. It may be empty, and two texts may share one; see uniqueSlug. Slugs
// that differ, differ also where files are told apart by neither case nor
// normal form.
func slug(s, language string) string {
	and := "and"
	if language == "" || strings.HasPrefix(language, "fr") {
		and = "et"
	}
	var b strings.Builder
	word := func(w string) {
		hyphen(&b)
		b.WriteString(w)
		b.WriteByte('-')
	}
	for _, r := range norm.NFKD.String(caseless(s)) {
		r = unicode.ToLower(unicode.ToUpper(r)) // "№" was no capital, and "No" is one; "I" is the capital of "ı" too
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
			// An accent goes; a vowel sign of a script that needs it is a
			// mark of another kind, or composed again below.
			if r >= 0x0300 && r <= 0x036f || unicode.Is(unicode.Variation_Selector, r) {
				continue
			}
			b.WriteRune(r)
		case unicode.Is(unicode.M, r):
			b.WriteRune(r)
		case r == '+':
			word("plus")
		case r == '#':
			word("sharp")
		case r == '&':
			word(and)
		case unicode.Is(unicode.Cf, r):
			// A soft hyphen or a mark of direction is not seen.
		default:
			hyphen(&b)
		}
	}
	out := norm.NFC.String(strings.Trim(b.String(), "-"))
	if len(out) > maxSlug {
		out = out[:maxSlug]
		for !utf8.ValidString(out) {
			out = out[:len(out)-1]
		}
		if i := strings.LastIndexByte(out, '-'); i > maxSlug/2 {
			out = out[:i]
		}
		out = strings.Trim(out, "-")
	}
	return out
}

func hyphen(b *strings.Builder) {
	if s := b.String(); s != "" && s[len(s)-1] != '-' {
		b.WriteByte('-')
	}
}

// uniqueSlug returns base where it is free, else base with as much of a hash
// of what it stands for as it takes.
func uniqueSlug(base, of string, given func(string) bool) string {
	if base != "" && !given(base) && !reserved.MatchString(base) {
		return base
	}
	sum := sha256.Sum256([]byte(of))
	digits := hex.EncodeToString(sum[:])
	for n := 6; n < len(digits); n++ {
		s := strings.TrimPrefix(base+"-"+digits[:n], "-")
		if !given(s) {
			return s
		}
	}
	return digits
}

// reserved are names that Windows gives to devices.
var reserved = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// fold is the identity of a category or tag: its letters, whatever their case
// and the white space between words.
func fold(s string) string {
	return caseless(norm.NFC.String(strings.Join(strings.Fields(s), " ")))
}

// caseless returns s as it is compared without regard to case (Unicode, section 5.18.4).
func caseless(s string) string {
	for _, r := range s {
		switch {
		case r == 'ß', r == 'µ': // which are other characters then
			return cases.Fold().String(s)
		case r <= unicode.MaxLatin1, r == 'Œ', r == 'œ', '‐' <= r && r <= '…':
		default:
			return cases.Fold().String(s)
		}
	}
	return strings.ToLower(s)
}
