package contentline

import "strings"

// textEscapes are the escapes of TEXT values (RFC 5545, section 3.3.11).
var textEscapes = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n")

// Unescape returns what a TEXT value means (RFC 5545, section 3.3.11). Backslashes that escape nothing are kept.
func Unescape(value string) string {
	if strings.IndexByte(value, '\\') < 0 {
		return value
	}
	return textEscapes.Replace(value)
}

// Split cuts a value at the separators that are not escaped. The parts still have their escapes.
func Split(value string, sep byte) []string {
	var parts []string
	from := 0
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case sep:
			parts = append(parts, value[from:i])
			from = i + 1
		}
	}
	return append(parts, value[from:])
}
