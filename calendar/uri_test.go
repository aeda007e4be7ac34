package calendar

import "testing"

func TestURI(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // want "": a fault
		{"https://valmorin.example", "https://valmorin.example"},
		{" https://valmorin.example/a b/é?q=\"1\"\n", "https://valmorin.example/a%20b/%C3%A9?q=%221%22"},
		{"https://valmorin.example/%C3%A9%2f%zz%", "https://valmorin.example/%C3%A9%2f%25zz%25"},
		{"https://valmorin.example/a,b;c", "https://valmorin.example/a,b;c"},
		{"urn:uuid:0c3fd22e-9a1c-5a08-b6f2-0d2f6c5f6d3a", "urn:uuid:0c3fd22e-9a1c-5a08-b6f2-0d2f6c5f6d3a"},
		{"tel:+33000000000", "tel:+33000000000"},
		{"/agenda/", ""},
		{"valmorin.example", ""},
		{"https:/valmorin.example", ""},
		{"https://", ""},
		{"https:///agenda", ""},
		{"3a:b", ""},
		{"https://valmorin.example/\r\nX-EVIL:1", ""},
		{"https://valmorin.example/\x00", ""},
	} {
		err := checkURI(tt.in)
		if (err != nil) != (tt.want == "") {
			t.Errorf("checkURI(%q) = %v, want a fault: %t", tt.in, err, tt.want == "")
		}
		if err == nil && uri(tt.in) != tt.want {
			t.Errorf("%q is written %q, want %q", tt.in, uri(tt.in), tt.want)
		}
		if got := uri(uri(tt.in)); got != uri(tt.in) {
			t.Errorf("%q written twice is %q, want %q", tt.in, got, uri(tt.in))
		}
	}
}

func TestEmail(t *testing.T) {
	for _, tt := range []struct{ in, want string }{ // want "": a fault
		{"mairie@valmorin.example", "mailto:mairie@valmorin.example"},
		{"a.b+c@valmorin.example", "mailto:a.b+c@valmorin.example"},
		{"o'neil?&=%/@valmorin.example", "mailto:o'neil%3F%26%3D%25%2F@valmorin.example"},
		{"élu@valmorin.example", "mailto:%C3%A9lu@valmorin.example"},
		{"mairie", ""},
		{"@valmorin.example", ""},
		{"mairie@", ""},
		{"a..b@valmorin.example", ""},
		{"a@b@valmorin.example", ""},
		{"mairie @valmorin.example", ""},
		{"Mairie <mairie@valmorin.example>", ""},
		{"mairie@valmorin.example\r\nX-EVIL:1", ""},
		{"a\u2028b@valmorin.example", ""},
		{"a\xff@valmorin.example", ""},
	} {
		err := checkEmail(tt.in)
		if (err != nil) != (tt.want == "") {
			t.Errorf("checkEmail(%q) = %v, want a fault: %t", tt.in, err, tt.want == "")
		}
		if got := string(appendMailto(nil, tt.in)); err == nil && got != tt.want {
			t.Errorf("%q is written %q, want %q", tt.in, got, tt.want)
		}
	}
}
