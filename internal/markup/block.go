package markup

import "strings"

// endBlocks ends the blocks of HTML that a site's generator ends earlier than CommonMark: with the closing tag of the element that
// began one ("</figure>**Anne**", as kramdown does), and with a line break that stands alone. What follows is Markdown again.
func endBlocks(src string) string {
	if !strings.Contains(src, "<") {
		return src
	}
	var out strings.Builder
	fence, blank := "", true // blank: the line before was
	for line := range strings.Lines(src) {
		mark := fenceMark(line)
		switch {
		case fence != "":
			if strings.HasPrefix(mark, fence) {
				fence = ""
			}
		case mark != "":
			fence = mark
		default:
			line = endBlock(line, blank)
		}
		blank = strings.Trim(line, " \t>\r\n") == ""
		out.WriteString(line)
	}
	return out.String()
}

// endBlock returns a line with an empty one after the block that ends in it, if there is more.
func endBlock(line string, first bool) string {
	text := strings.TrimLeft(line, " >")
	prefix := line[:len(line)-len(text)]
	if text == "" || text[0] != '<' || strings.Contains(prefix, "    ") {
		return line
	}
	name := strings.ToLower(text[1 : 1+len(text[1:])-len(strings.TrimLeft(text[1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ123456"))])
	if name == "br" {
		if i := strings.IndexByte(text, '>'); first && i > 0 && strings.TrimSpace(text[i+1:]) == "" {
			return strings.TrimRight(line, "\r\n") + "\n" + strings.TrimRight(prefix, " ") + "\n"
		}
		return line
	}
	end := indexFold(text, "</"+name+">")
	if name == "" || end < 0 {
		return line
	}
	end += len(name) + 3
	rest := strings.TrimLeft(text[end:], " \t")
	if !strings.ContainsAny(rest, "*[_`") || rest[0] == '<' && !hasPrefixFold(rest, "<br") || indexFold(text[:end-len(name)-3][1:], "<"+name) >= 0 {
		return line
	}
	return prefix + text[:end] + "\n" + strings.TrimRight(prefix, " ") + "\n" + prefix + rest
}
