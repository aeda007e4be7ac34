// Package pieces hashes documents piece by piece, so that the hash of a long document can be told from those of its parts,
// without its octets.
package pieces

import (
	"bytes"
	"crypto/sha256"
)

// A Mark is how each piece of one kind begins and ends in a document: with octets that stand at the beginning of a line.
type Mark struct{ Begin, End string }

// Sum is the SHA-256 of the SHA-256 of each piece of a document, and of what is before, between and after them. What has other
// octets has another Sum.
func (m Mark) Sum(octets []byte) [sha256.Size]byte { return sha256.Sum256(m.Append(nil, octets)) }

// Append appends what [Mark.Sum] is the SHA-256 of.
func (m Mark) Append(sums, octets []byte) []byte {
	for {
		begin := lineIndex(octets, m.Begin)
		if begin < 0 {
			break
		}
		end := lineIndex(octets[begin:], m.End)
		if end < 0 {
			break
		}
		end += begin + len(m.End)
		sums = Add(Add(sums, octets[:begin]), octets[begin:end])
		octets = octets[end:]
	}
	return Add(sums, octets)
}

// Add appends the SHA-256 of one piece, unless it is empty.
func Add(sums, piece []byte) []byte {
	if len(piece) == 0 {
		return sums
	}
	sum := sha256.Sum256(piece)
	return append(sums, sum[:]...)
}

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
