package calendar_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"time"

	"github.com/crieur/crieur/calendar"
)

// A fair as jCal, for programs that read JSON: a component is its name, its properties, and the components in it.
func ExampleEncodeJCal() {
	var b bytes.Buffer
	if err := calendar.EncodeJCal(&b, fair()); err != nil {
		log.Fatal(err)
	}
	var component [3]json.RawMessage
	var events [][3]json.RawMessage
	var properties []json.RawMessage
	err := json.Unmarshal(b.Bytes(), &component)
	if err == nil {
		err = json.Unmarshal(component[2], &events)
	}
	if err == nil {
		err = json.Unmarshal(events[0][1], &properties)
	}
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range properties {
		fmt.Println(string(p))
	}
	// Output:
	// ["uid",{},"text","foire-2027@valmorin.example"]
	// ["dtstamp",{},"date-time","2026-11-02T09:30:00Z"]
	// ["dtstart",{},"date","2027-05-08"]
	// ["dtend",{},"date","2027-05-09"]
	// ["last-modified",{},"date-time","2026-11-02T09:30:00Z"]
	// ["sequence",{},"integer",0]
	// ["summary",{},"text","Foire aux plants, de printemps"]
	// ["categories",{},"text","Foire","Jardin"]
	// ["transp",{},"text","TRANSPARENT"]
	// ["x-microsoft-cdo-busystatus",{},"unknown","FREE"]
}

// The same fair as xCal, for programs that read XML.
func ExampleEncodeXCal() {
	var b bytes.Buffer
	if err := calendar.EncodeXCal(&b, fair()); err != nil {
		log.Fatal(err)
	}
	var doc struct {
		Events []struct {
			Summary    string   `xml:"properties>summary>text"`
			Start      string   `xml:"properties>dtstart>date"`
			Categories []string `xml:"properties>categories>text"`
		} `xml:"vcalendar>components>vevent"`
	}
	if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
		log.Fatal(err)
	}
	for _, e := range doc.Events {
		fmt.Printf("%s: %s %q\n", e.Start, e.Summary, e.Categories)
	}
	// Output:
	// 2027-05-08: Foire aux plants, de printemps ["Foire" "Jardin"]
}

func fair() *calendar.Calendar {
	day := calendar.Date{Year: 2027, Month: time.May, Day: 8}
	return &calendar.Calendar{Events: []calendar.Event{{
		UID:        "foire-2027@valmorin.example",
		Summary:    "Foire aux plants, de printemps",
		When:       calendar.Days(day, day),
		Categories: []string{"Foire", "Jardin"},
		Updated:    time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC),
	}}}
}
