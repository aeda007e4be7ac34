package page

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"rsc.io/qr"
)

// Each provider reads the address in a form of its own.
func TestNewCalendar(t *testing.T) {
	c := NewCalendar("https://agenda.brume.example/events/tag/c%2B%2B.ics?a=1&b=2", "Fêtes & R+D")
	const outlook = "/calendar/0/addfromweb?url=https%3A%2F%2Fagenda.brume.example%2Fevents%2Ftag%2Fc%252B%252B.ics%3Fa%3D1%26b%3D2&name=F%C3%AAtes%20%26%20R%2BD"
	for _, l := range []struct{ name, got, want string }{
		{"applications", string(c.App), "webcal://agenda.brume.example/events/tag/c%2B%2B.ics?a=1&b=2"},
		{"Google", c.Google, "https://calendar.google.com/calendar/render?cid=webcal%3A%2F%2Fagenda.brume.example%2Fevents%2Ftag%2Fc%252B%252B.ics%3Fa%3D1%26b%3D2"},
		{"Microsoft 365", c.Office, "https://outlook.office.com" + outlook},
		{"Outlook.com", c.Outlook, "https://outlook.live.com" + outlook},
	} {
		if l.got != l.want {
			t.Errorf("%s: %s, want %s", l.name, l.got, l.want)
		}
	}
}

var pen = regexp.MustCompile(`M(\d+) (\d+)\.5|m(\d+) 0|h(\d+)`)

// What is drawn is the code, module by module, within white.
func TestQR(t *testing.T) {
	const address = "https://agenda.brume.example/events.html"
	svg := string(QR(address, `Code "de" <la> page`))
	if !strings.Contains(svg, `role="img" aria-label="Code &#34;de&#34; &lt;la&gt; page"`) {
		t.Errorf("it has no name: %.200s", svg)
	}
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		t.Fatal(err)
	}
	side := code.Size + 2*quiet
	if want := fmt.Sprintf(`viewBox="0 0 %d %d"`, side, side); !strings.Contains(svg, want) {
		t.Errorf("no %s: %.200s", want, svg)
	}
	_, path, _ := strings.Cut(svg, `stroke="#000" d="`)
	black := map[[2]int]bool{}
	x, y := 0, 0
	for _, m := range pen.FindAllStringSubmatch(path, -1) {
		n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
		switch {
		case m[1] != "":
			x, y = n(1), n(2)
		case m[3] != "":
			x += n(3)
		default:
			for range n(4) {
				black[[2]int{x, y}] = true
				x++
			}
		}
	}
	for y := range side {
		for x := range side {
			if got, want := black[[2]int{x, y}], code.Black(x-quiet, y-quiet); got != want {
				t.Fatalf("the module at %d, %d is black: %t", x, y, got)
			}
		}
	}
	if got := QR(strings.Repeat("x", 5000), ""); got != "" {
		t.Errorf("an address that is too long gives %.100s", got)
	}
}
