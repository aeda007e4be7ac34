package zone

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"
)

// Rules stands for the data that this process has of the zone of that name: it is another string where they tell any time
// from 1900 to 2100 otherwise. It is empty for UTC, and for a name that Load does not know.
func Rules(name string) string {
	if loc, err := Load(name); err != nil || loc == time.UTC {
		return ""
	}
	z, _ := zones.Load(name)
	return z.(known).rules()
}

func rules(loc *time.Location) string {
	h := sha256.New()
	for t := time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC).In(loc); t.Year() < 2100; {
		name, offset := t.Zone()
		fmt.Fprintln(h, t.Unix(), name, offset, t.IsDST())
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		if !end.After(t) { // see Next
			end = t.Add(24 * time.Hour)
		}
		t = end
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}
