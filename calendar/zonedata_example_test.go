package calendar_test

import (
	"fmt"
	"strings"

	"github.com/crieur/crieur/calendar"
)

func ExampleZoneData() {
	release, stale := calendar.ZoneData()
	if len(stale) > 0 {
		fmt.Printf("time zones of release %s, which is older than %s: wrong hours in %s\n",
			release, calendar.NewestZoneData, strings.Join(stale, ", "))
	}
}
