package pieces

import (
	"bytes"
	"testing"
)

// Law: other octets have another sum, wherever they are divided.
func FuzzSum(f *testing.F) {
	for _, seed := range []string{"{\n  [\n    {\n      a\n    },\n    {\n    }\n  ]\n}\n", "    {    }", "    {\n    }    {\n    }"} {
		f.Add([]byte(seed), 0, byte(1))
		f.Add([]byte(seed), len(seed)-1, byte(1))
	}
	mark := Mark{"    {", "    }"}
	f.Fuzz(func(t *testing.T, data []byte, at int, other byte) {
		if at < 0 || at >= len(data) {
			return
		}
		changed := bytes.Clone(data)
		changed[at] ^= other
		if (mark.Sum(data) == mark.Sum(changed)) != (other == 0) {
			t.Errorf("%q and %q", data, changed)
		}
		if mark.Sum(data) == mark.Sum(data[:at]) || mark.Sum(data) == mark.Sum(data[at+1:]) {
			t.Errorf("%q and a part of it", data)
		}
	})
}

// Law: the sum of a document is that of its pieces.
func TestAppend(t *testing.T) {
	mark := Mark{"BEGIN\n", "END\n"}
	first, second := "BEGIN\na\nEND\n", "BEGIN\nb BEGIN\n END\nEND\n"
	sums := mark.Append(nil, []byte("head\n"))
	sums = Add(Add(sums, []byte(first)), []byte(second))
	if want := mark.Append(nil, []byte("head\n"+first+second+"tail")); !bytes.Equal(mark.Append(sums, []byte("tail")), want) {
		t.Error("the pieces have other sums than the whole")
	}
	if len(Add(nil, nil)) > 0 {
		t.Error("nothing is a piece")
	}
}
