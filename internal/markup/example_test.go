package markup_test

import (
	"fmt"
	"net/url"

	"github.com/crieur/crieur/internal/markup"
)

func ExamplePlain() {
	page, _ := url.Parse("https://valmont.example/agenda/foire/")
	body := "La **foire** ouvre à 9 h.\n\n## Au programme\n* [Inscription](/inscription/){:target=\"_blank\"}\n* Écrire à <foire@valmont.example>\n"
	text, err := markup.Plain(body, markup.Markdown, page)
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println(text)
	// Output:
	// La foire ouvre à 9 h.
	//
	// Au programme
	// • Inscription (https://valmont.example/inscription/)
	// • Écrire à foire@valmont.example
}
