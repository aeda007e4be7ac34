package page

import (
	"fmt"
	"html/template"
	"strings"

	"rsc.io/qr"
)

// quiet is how many modules around a QR code stay white (ISO/IEC 18004).
const quiet = 4

// QR draws a QR code of an address as SVG, black on white in every colour
// scheme. Label is its name for those who do not see it. An address that is too
// long for one gives nothing.
func QR(address, label string) template.HTML {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		return ""
	}
	side := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" viewBox="0 0 %d %[1]d" role="img" aria-label="%s" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path stroke="#000" d="`,
		side, template.HTMLEscapeString(label))
	for y := range code.Size {
		at := 0 // where the pen is; 0: not yet in this row
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			end := x + 1
			for end < code.Size && code.Black(end, y) {
				end++
			}
			if at == 0 {
				fmt.Fprintf(&b, "M%d %d.5h%d", quiet+x, quiet+y, end-x)
			} else {
				fmt.Fprintf(&b, "m%d 0h%d", x-at, end-x)
			}
			x, at = end, end
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String())
}
