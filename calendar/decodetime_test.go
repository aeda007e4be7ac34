package calendar

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want span
		ok   bool
	}{
		{"PT15M", span{0, 15 * time.Minute}, true},
		{"P2W", span{14, 0}, true},
		{"+P1DT1H0M5S", span{1, time.Hour + 5*time.Second}, true},
		{"", span{}, false},
		{"P", span{}, false},
		{"PT", span{}, false},
		{"-PT5M", span{0, -5 * time.Minute}, true},
		{"-P1D", span{-1, 0}, true},
		{"P1DT", span{}, false},
		{"12 hours", span{}, false},
		{"P1H", span{}, false},
		{"PT1D", span{}, false},
		{"PT9999999999999H", span{}, false},
	} {
		got, err := parseDuration(tt.in)
		if (err == nil) != tt.ok || tt.ok && got != tt.want {
			t.Errorf("parseDuration(%q) = %v, %v", tt.in, got, err)
		}
	}
	for _, d := range []time.Duration{time.Second, 90 * time.Minute, 36 * time.Hour, 25*time.Hour + 61*time.Second} {
		if got, err := parseDuration(duration(d)); err != nil || got != (span{0, d}) {
			t.Errorf("%s is written %s and read %v, %v", d, duration(d), got, err)
		}
	}
}
