package markup

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// pieces are what misnested HTML is made of.
var pieces = strings.Fields(`<a/href=/x> </a> <b> </b> <i> </i> <font> </font> <nobr> </nobr> <span> </span> <p> </p> <div> </div> <section> </section>
	<form> </form> <center> </center> <main> </main> <legend> <button> </button> <object> </object> <marquee> </marquee> <label>
	<ul> </ul> <ol> <li> </li> <menu> <dl> <dt> <dd> </dl> <h1> </h1> <h2> <address> </address> <blockquote> <q> <del> </del>
	<table> </table> <tbody> <tr> </tr> <td> </td> <th> <caption> </caption> <colgroup> <col> <pre> </pre> <listing> <xmp> </xmp> <plaintext>
	<svg> </svg> <title> </title> <desc> <foreignObject> <math> </math> <mtext> </mtext> <mglyph> <annotation-xml/encoding=text/html> <mi>
	<style> </style> <script> </script> <noscript> </noscript> <template> </template> <iframe> </iframe> <noembed> </noembed> <textarea> </textarea>
	<select> </select> <option> <optgroup> <img/src=/i> <img/src=data:,/alt=t> <image> <br> </br> <hr> <input> <video> </video> <source/src=s> <audio> <track> <picture> </picture>
	<ruby> </ruby> <rb> <rt> <rp> <rtc> <details> </details> <summary> <dialog> <frameset> <frame> <body> </body> <head> <html> </html> <base>
	<!-- --> --!> <!doctype> <![CDATA[ ]]> <?x> </ < > " ' = & &lt; &#60; &nbsp; &#10; a b {{ }} <x-y> </x-y> <p/title="</style><img/src=x/onerror=y>">`)

// soup makes HTML of pieces, with a line end or a space between some.
func soup(picks []byte) string {
	var b strings.Builder
	for i, p := range picks {
		b.WriteString(pieces[int(p)%len(pieces)])
		switch {
		case i%5 == 2:
			b.WriteByte(' ')
		case i%7 == 3:
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// However elements are nested, what is rendered is safe, and reads the same the second time.
func FuzzNesting(f *testing.F) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := range 2000 {
		picks := make([]byte, 2+n%30)
		for i := range picks {
			picks[i] = byte(random.Uint32())
		}
		f.Add(picks)
	}
	f.Fuzz(func(t *testing.T, picks []byte) {
		src := soup(picks)
		out, err := Render(src, HTML, page)
		if err != nil {
			t.Skip(err)
		}
		checkSafe(t, out)
		if again, err := Render(out, HTML, nil); !strings.Contains(out, "{") && (err != nil || again != out) {
			t.Errorf("%q gives\n%s\nand again\n%s\n%v", src, out, again, err)
		}
	})
}
