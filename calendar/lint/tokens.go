package lint

import (
	"strconv"
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// statuses are the values of STATUS (RFC 5545, section 3.8.1.11, and RFC 9073), by component.
var statuses = map[string]string{
	"VEVENT":      "TENTATIVE CONFIRMED CANCELLED",
	"VTODO":       "NEEDS-ACTION COMPLETED IN-PROCESS CANCELLED",
	"VJOURNAL":    "DRAFT FINAL CANCELLED",
	"PARTICIPANT": "TENTATIVE CONFIRMED CANCELLED NEEDS-ACTION COMPLETED IN-PROCESS DRAFT FINAL",
}

func (l *linter) status(n *component, p *contentline.Line) {
	if want, ok := statuses[n.name]; ok && !isOneOf(want, p.Value) {
		l.reportValue("status-invalid", n, p, "STATUS is %q, want %s in a %s", excerpt(p.Value), alternatives(want), n.name)
	}
}

func (l *linter) transparency(n *component, p *contentline.Line) {
	if !isOneOf("OPAQUE TRANSPARENT", p.Value) {
		l.reportValue("transp-invalid", n, p, "TRANSP is %q, want OPAQUE or TRANSPARENT", excerpt(p.Value))
	}
}

// token looks at a value that is one of a list, or anybody's that begins with X-.
func (l *linter) token(n *component, p *contentline.Line, want string) {
	switch v := p.Value; {
	case isOneOf(want, v) || isExtension(strings.ToUpper(v)) && isName(v):
	case !isName(v):
		l.reportValue("token-invalid", n, p, "%s is %q, want %s", p.Name, excerpt(v), alternatives(want))
	default:
		l.reportValue("token-unknown", n, p, "%s is %q, want %s", p.Name, excerpt(v), alternatives(want))
	}
}

func (l *linter) class(n *component, p *contentline.Line) {
	l.token(n, p, "PUBLIC PRIVATE CONFIDENTIAL")
}

func (l *linter) busyType(n *component, p *contentline.Line) {
	l.token(n, p, "BUSY BUSY-UNAVAILABLE BUSY-TENTATIVE")
}

func (l *linter) proximity(n *component, p *contentline.Line) {
	l.token(n, p, "ARRIVE DEPART CONNECT DISCONNECT")
}

// action looks at the ACTION of an alarm; NONE is what Apple writes for an alarm that never goes off.
func (l *linter) action(n *component, p *contentline.Line) {
	if strings.EqualFold(p.Value, "PROCEDURE") {
		l.reportValue("action-procedure", n, p, "ACTION is PROCEDURE, which RFC 5545 removed, want AUDIO, DISPLAY or EMAIL")
	} else if !strings.EqualFold(p.Value, "NONE") {
		l.token(n, p, "AUDIO DISPLAY EMAIL")
	}
}

func (l *linter) color(n *component, p *contentline.Line) {
	if !isColor(p.Value) {
		l.reportValue("color-invalid", n, p, "COLOR is %q, want a CSS3 color name such as teal", excerpt(p.Value))
	}
}

// requestStatus looks at a REQUEST-STATUS (RFC 5545, section 3.8.8.3): code, description and, perhaps, data.
func (l *linter) requestStatus(n *component, p *contentline.Line) {
	parts := contentline.Split(p.Value, ';')
	code := strings.Split(parts[0], ".")
	ok := len(parts) >= 2 && len(parts) <= 3 && len(code) >= 2 && len(code) <= 3
	for _, digits := range code {
		ok = ok && digits != "" && strings.Trim(digits, "0123456789") == ""
	}
	if !ok {
		l.reportValue("request-status-invalid", n, p, "REQUEST-STATUS is %q, want a code and a description, such as 2.0;Success", excerpt(p.Value))
	}
}

func (l *linter) deprecated(n *component, p *contentline.Line) {
	l.report("exrule", n, p, 0, "EXRULE, which RFC 5545 removed and many readers leave out, want EXDATE")
}

func (l *linter) structuredData(n *component, p *contentline.Line) {
	if kind := strings.ToUpper(p.Param("VALUE")); kind == "TEXT" || kind == "BINARY" {
		for _, name := range [...]string{"FMTTYPE", "SCHEMA"} {
			if p.Param(name) == "" {
				l.report("parameter-missing", n, p, 0, "STRUCTURED-DATA with VALUE=%s without %s", kind, name)
			}
		}
	}
}

func (l *linter) link(n *component, p *contentline.Line) {
	if p.Param("LINKREL") == "" {
		l.report("parameter-missing", n, p, 0, "LINK without LINKREL, which says what it is")
	}
}

// extensions look at properties of X- whose values are known well enough.
var extensions = map[string]func(l *linter, n *component, p *contentline.Line){
	"X-WR-TIMEZONE":              (*linter).readersZone,
	"X-PUBLISHED-TTL":            (*linter).refresh,
	"X-APPLE-CALENDAR-COLOR":     (*linter).appleColor,
	"X-MICROSOFT-CDO-BUSYSTATUS": (*linter).busyStatus,
}

func (l *linter) readersZone(n *component, p *contentline.Line) {
	if l.location(p.Value) == nil {
		l.reportValue("x-wr-timezone-unknown", n, p, "X-WR-TIMEZONE is %q, want a name of the zone database such as Europe/Paris", excerpt(p.Value))
	}
}

func (l *linter) appleColor(n *component, p *contentline.Line) {
	digits, ok := strings.CutPrefix(p.Value, "#")
	_, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || len(digits) != 6 && len(digits) != 8 {
		l.reportValue("apple-color-invalid", n, p, "X-APPLE-CALENDAR-COLOR is %q, want the form #008080", excerpt(p.Value))
	}
}

func (l *linter) busyStatus(n *component, p *contentline.Line) {
	if !isOneOf("FREE TENTATIVE BUSY OOF WORKINGELSEWHERE", p.Value) {
		l.reportValue("busy-status-unknown", n, p, "X-MICROSOFT-CDO-BUSYSTATUS is %q, want FREE, TENTATIVE, BUSY or OOF", excerpt(p.Value))
	}
}
