package page

import (
	"html/template"
	"net/url"
	"strings"
)

// A Calendar is a calendar to subscribe to.
type Calendar struct {
	Address string        // to be copied
	App     template.URL  // the same as webcal:, which opens calendar applications
	Google  string        // pages of those who keep calendars, which ask to confirm
	Office  string        // Microsoft 365
	Outlook string        // Outlook.com
	Code    template.HTML // QR code of the page; empty: there is none
	Guide   string        // where it is told how to subscribe, application by application; empty: here
}

// NewCalendar returns the Calendar at an http or https address, by the name
// that subscribers see.
func NewCalendar(address, name string) *Calendar {
	_, rest, _ := strings.Cut(address, "://")
	app := "webcal://" + rest
	// Google takes no https: here, Outlook nothing else.
	outlook := "/calendar/0/addfromweb?url=" + escape(address) + "&name=" + escape(name)
	return &Calendar{
		Address: address,
		App:     template.URL(app),
		Google:  "https://calendar.google.com/calendar/render?cid=" + escape(app),
		Office:  "https://outlook.office.com" + outlook,
		Outlook: "https://outlook.live.com" + outlook,
	}
}

// escape writes s as a value of a query, a space as %20: not all who read it
// know the plus sign.
func escape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// A Feed is a feed to follow, in one format or more.
type Feed struct {
	Main   Link // the one to be copied
	Others []Link
}

// A Form is one to choose from a channel, by GET.
type Form struct {
	Action string
	Open   bool // there is a choice already
	Sets   []ChoiceSet
	From   string // the first day, as 2027-01-31; empty: any
	To     string // the last
}

// A ChoiceSet is the values of one key of a query.
type ChoiceSet struct {
	Legend, Name string
	Choices      []Choice
}

// A Choice is one of them.
type Choice struct {
	Title, Value string
	Checked      bool
}

// A Field is an address to be copied.
type Field struct {
	Layout
	ID, Label, Address string
}

// Field gives an address the layout of the page it stands in.
func (l Layout) Field(id, label, address string) Field { return Field{l, id, label, address} }
