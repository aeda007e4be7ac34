package survey

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// marks are words that are common in one of these languages and not in the others.
var marks = map[string][]string{
	"fr": {"le", "les", "des", "et", "du", "une", "pour", "est", "avec", "dans"},
	"en": {"the", "and", "of", "with", "for", "is", "this", "we", "are", "will"},
	"de": {"der", "und", "das", "mit", "für", "ist", "ein", "wir", "auf", "nicht"},
	"es": {"el", "los", "las", "y", "con", "es", "por", "más", "este", "como"},
	"it": {"il", "che", "di", "per", "sono", "della", "gli", "anche", "nel", "alla"},
	"nl": {"het", "een", "van", "voor", "zijn", "niet", "ook", "naar", "wij", "deze"},
	"pl": {"się", "jest", "nie", "dla", "oraz", "na", "jak", "czyli", "będzie", "przez"},
	"pt": {"os", "uma", "não", "dos", "ao", "são", "mais", "pela", "também", "você"},
}

// languageOf is the table of marks the other way round.
var languageOf = func() map[string]string {
	m := map[string]string{}
	for language, words := range marks {
		for _, w := range words {
			m[w] = language
		}
	}
	return m
}()

// countWords counts words that only one language has.
func countWords(words map[string]int, text string) {
	for w := range strings.FieldsSeq(strings.ToLower(text)) {
		if language := languageOf[strings.Trim(w, ".,;:!?()\"")]; language != "" {
			words[language]++
		}
	}
}

// mostly returns the language that most words are of, French if there are none.
func mostly(words map[string]int) (language, why string) {
	if len(words) == 0 {
		return "fr", "no text was found that says another"
	}
	language = slices.MaxFunc(slices.Sorted(maps.Keys(words)), func(a, b string) int { return cmp.Compare(words[a], words[b]) })
	return language, "by the words of the texts"
}

// isLanguage reports whether a folder is named for a language: "fr", "pt-br". Codes that are words of English are left out: "it", "no".
func isLanguage(folder string) bool {
	base, _, ok := cut(strings.ToLower(folder))
	return ok && (marks[base] != nil && base != "it" || slices.Contains([]string{"br", "ca", "co", "cs", "da", "el", "eu", "fi", "hu", "ja", "ko", "oc", "ro", "ru", "sv", "tr", "uk", "zh"}, base))
}

// cut divides a language tag, and reports whether it is one of two letters with or without a region.
func cut(tag string) (base, region string, ok bool) {
	base, region, found := strings.Cut(tag, "-")
	return base, region, len(base) == 2 && (!found || len(region) == 2)
}
