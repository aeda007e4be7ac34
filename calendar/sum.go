package calendar

import (
	"bytes"
	"crypto/sha256"

	"github.com/crieur/crieur/internal/pieces"
)

// eventMark is how an event begins and ends.
var eventMark = pieces.Mark{Begin: "BEGIN:VEVENT\r\n", End: "END:VEVENT\r\n"}

// Sum is a hash of a calendar's octets that need not begin again for each of its events: the SHA-256 of the SHA-256 of what
// is before the first event, of each event, and of what is between and after them. What has other octets has another Sum,
// whether it is a calendar or not. [SumPrepared] gives that of a calendar which is not even written.
func Sum(octets []byte) [sha256.Size]byte { return eventMark.Sum(octets) }

// SumPrepared returns the [Sum], and the number, of the octets that [EncodePrepared] writes. It takes a small part of the time.
func SumPrepared(c *Calendar, events []*Prepared) (sum [sha256.Size]byte, size int, err error) {
	order, zones, err := arrangePrepared(c, events)
	if err != nil {
		return sum, 0, err
	}
	var (
		frame bytes.Buffer
		head  int
		sums  = sha256.New()
	)
	err = write(&frame, c, zones, func(l *lineWriter) (int, error) {
		err := l.flush()
		head = frame.Len()
		return len(order), err
	})
	if err != nil {
		return sum, 0, err
	}
	size = frame.Len()
	if len(order) > 0 {
		sums.Write(eventMark.Append(nil, frame.Next(head)))
		for _, p := range order {
			sums.Write(p.sums)
			size += len(p.octets)
		}
	}
	sums.Write(eventMark.Append(nil, frame.Bytes()))
	return [sha256.Size]byte(sums.Sum(nil)), size, nil
}
