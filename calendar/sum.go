package calendar

import (
	"bytes"
	"crypto/sha256"
)

// Sum is a hash of a calendar's octets that need not begin again for each of its events: the SHA-256 of the SHA-256 of what
// is before the first event, of each event, and of what is between and after them. What has other octets has another Sum,
// whether it is a calendar or not. [SumPrepared] gives that of a calendar which is not even written.
func Sum(octets []byte) [sha256.Size]byte {
	return sha256.Sum256(appendSums(nil, octets))
}

// appendSums appends the SHA-256 of each event in octets, and of what is before, between and after them.
func appendSums(sums, octets []byte) []byte {
	add := func(part []byte) {
		if len(part) > 0 {
			sum := sha256.Sum256(part)
			sums = append(sums, sum[:]...)
		}
	}
	for {
		begin := lineIndex(octets, "BEGIN:VEVENT\r\n")
		if begin < 0 {
			break
		}
		end := lineIndex(octets[begin:], endOfEvent)
		if end < 0 {
			break
		}
		end += begin + len(endOfEvent)
		add(octets[:begin])
		add(octets[begin:end])
		octets = octets[end:]
	}
	add(octets)
	return sums
}

const endOfEvent = "END:VEVENT\r\n"

// lineIndex is where a line begins in octets, which begin with a line; less than zero: nowhere.
func lineIndex(octets []byte, line string) int {
	if bytes.HasPrefix(octets, []byte(line)) {
		return 0
	}
	i := bytes.Index(octets, []byte("\n"+line))
	if i >= 0 {
		i++
	}
	return i
}

// SumPrepared returns the [Sum], and the number, of the octets that [EncodePrepared] writes. It takes a small part of the time.
func SumPrepared(c *Calendar, events []*Prepared) (sum [sha256.Size]byte, size int, err error) {
	order, zones, err := arrangePrepared(c, events)
	if err != nil {
		return sum, 0, err
	}
	var (
		frame bytes.Buffer
		sums  []byte
		head  int
	)
	err = write(&frame, c, zones, func(l *lineWriter) (int, error) {
		err := l.flush()
		head = frame.Len()
		return len(order), err
	})
	if err != nil {
		return sum, 0, err
	}
	size = frame.Len() + octets(order)
	if len(order) > 0 {
		sums = appendSums(sums, frame.Next(head))
		for _, p := range order {
			sums = append(sums, p.sums...)
		}
	}
	return sha256.Sum256(appendSums(sums, frame.Bytes())), size, nil
}
