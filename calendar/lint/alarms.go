package lint

import (
	"strings"

	"github.com/crieur/crieur/internal/contentline"
)

// alarm looks at what a VALARM must have for its ACTION (RFC 5545, section 3.6.6).
func (l *linter) alarm(n *component) {
	l.noteOnce("alarm", n, "the %s has an alarm, which most subscriptions leave out and people did not ask for", n.parent.name)
	count := map[string]int{}
	for _, p := range n.props {
		count[p.Name]++
	}
	need := func(action string, names ...string) {
		for _, name := range names {
			if count[name] == 0 {
				l.reportNode("alarm-incomplete", n, name, "the VALARM of ACTION:%s has no %s", action, name)
			}
		}
	}
	switch action := strings.ToUpper(n.value("ACTION")); action {
	case "DISPLAY":
		need(action, "DESCRIPTION")
	case "EMAIL":
		need(action, "DESCRIPTION", "SUMMARY", "ATTENDEE")
	case "AUDIO":
		if count["ATTACH"] > 1 {
			l.reportNode("alarm-sounds", n, "ATTACH", "the VALARM of ACTION:AUDIO has %d ATTACH, want one", count["ATTACH"])
		}
	}
	if d, r := n.prop("DURATION"), n.prop("REPEAT"); (d == nil) != (r == nil) {
		has, lacks := d, "REPEAT"
		if d == nil {
			has, lacks = r, "DURATION"
		}
		l.report("alarm-repeat", n, has, 0, "%s without %s, want both or none", has.Name, lacks)
	}
}

// trigger looks at when an alarm goes off (RFC 5545, section 3.8.6.3).
func (l *linter) trigger(n *component, p *contentline.Line) {
	related := p.Param("RELATED")
	if strings.EqualFold(p.Param("VALUE"), "DATE-TIME") {
		l.utc(n, p)
		if related != "" {
			l.report("parameter-misplaced", n, p, paramIndex(p, "RELATED"), "parameter RELATED has no meaning for a TRIGGER that is a time")
		}
		return
	}
	if _, reason := readMoment(p.Value); reason == "" {
		return // reported with its type
	}
	around := n.parent
	if around == nil || around.name != "VEVENT" && around.name != "VTODO" {
		return
	}
	ends := around.prop("DTEND") != nil || around.prop("DUE") != nil || around.prop("DURATION") != nil
	switch {
	case strings.EqualFold(related, "END") && !ends && around.prop("DTSTART") != nil:
		l.report("trigger-without-end", n, p, paramIndex(p, "RELATED"), "TRIGGER is related to the end of a %s that has none", around.name)
	case around.prop("DTSTART") == nil && !(around.name == "VTODO" && ends):
		l.report("trigger-without-start", n, p, 0, "TRIGGER is related to the start of a %s that has none", around.name)
	}
}
