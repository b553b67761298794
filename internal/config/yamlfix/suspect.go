package yamlfix

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/loadgate/loadgate/internal/config/mistake"
	"github.com/loadgate/loadgate/internal/safetext"
)

// special are the characters with which a value without quotes is not a text
// any more, or that end one inside { } or [ ].
const special = "?{}[]*>@!#%&`|,"

var (
	blockScalar = regexp.MustCompile(`[:-] +[|>][0-9+-]*[ \t]*(?:#.*)?\r?\n?$`)
	alias       = regexp.MustCompile(`^\*[A-Za-z0-9_-]+$`)
	dashTab     = regexp.MustCompile(`^[ \t]*(?:- +)*-([ ]*\t[ \t]*)\S`)
	innerKey    = regexp.MustCompile(`[{,] *([A-Za-z_][A-Za-z0-9_-]*)( *[;=] *| +)["']`)
	quotedKey   = regexp.MustCompile(`^["']([^"':]+):(?: |$)`)
	noComma     = regexp.MustCompile(`[^\s,:{\[]( +)([A-Za-z_][A-Za-z0-9_-]*): `)
	twoCommas   = regexp.MustCompile(`,( *,)`)
	innerText   = regexp.MustCompile(`[{,] *[A-Za-z_][A-Za-z0-9_-]*: *("[^,{}]*"|'[^,{}]*') *[,}]`)
	comment     = regexp.MustCompile(`[ \t]+#.*$`)
)

// suspectLines lists, for each line, the edits that may repair it: alternatives, each
// of one edit or several together. starts are the lines' offsets in the whole text.
func suspectLines(lines []string, starts []int) [][][]edit {
	all := make([][][]edit, len(lines))
	block := -1 // indentation of the key of a block scalar, -1 outside of one
	for i, line := range lines {
		body := strings.TrimRight(line, "\r\n")
		indent := len(body) - len(strings.TrimLeft(body, " "))
		if strings.TrimSpace(body) == "" {
			continue
		}
		if block >= 0 && indent > block {
			continue
		}
		block = -1
		if blockScalar.MatchString(line) {
			block = indent
			continue
		}
		c := suspectLine{number: i + 1, start: starts[i], text: body}
		all[i] = c.alternatives()
	}
	return all
}

// maxLine is the longest line, in bytes, that is searched: nobody writes a
// longer one by hand.
const maxLine = 4 << 10

// suspectLine finds the suspects of one line.
type suspectLine struct {
	number, start int
	text          string
}

func (l suspectLine) alternatives() [][]edit {
	if len(l.text) > maxLine {
		return nil
	}
	var found [][]edit
	blank := l.text[:len(l.text)-len(strings.TrimLeft(l.text, " \t"))]
	for _, width := range []int{2, 4, 8} {
		if e, ok := l.tab(blank, width); ok {
			found = append(found, []edit{e})
		}
	}
	if e, ok := l.tabAfterDash(); ok {
		found = append(found, []edit{e})
	}
	at := len(blank)
	for strings.HasPrefix(l.text[at:], "- ") {
		at += 2
		at += len(l.text[at:]) - len(strings.TrimLeft(l.text[at:], " "))
	}
	item := at
	if colon := keyEnd(l.text[at:]); colon > 0 {
		at += colon
	}
	if segments := l.flow(at); len(segments) > 0 {
		for _, s := range segments {
			found = append(found, []edit{s})
		}
		if len(segments) > 1 {
			found = append(found, segments)
		}
	}
	found = append(found, l.openKey(item)...)
	found = append(found, l.innerColons()...)
	found = append(found, l.commas(at)...)
	found = append(found, l.innerQuotes()...)
	found = append(found, l.quotes(at)...)
	found = append(found, l.bracket(at, item)...)
	if at > item || !strings.HasSuffix(l.text, ":") {
		found = append(found, l.value(at)...)
	}
	if at > item && item > len(blank) {
		found = append(found, l.value(item)...)
	}
	return found
}

// openKey mends a quote that begins a key and is not closed: a key that is one word needs none.
func (l suspectLine) openKey(item int) [][]edit {
	m := quotedKey.FindStringSubmatchIndex(l.text[item:])
	if m == nil {
		return nil
	}
	mark, key, at := l.text[item], l.text[item+m[2]:item+m[3]], item+m[3]
	if bareKey.MatchString(key) && !strings.Contains(key, " ") {
		why := fmt.Sprintf("the %c before %s is not closed; leave it out", mark, key)
		return [][]edit{{l.edit(item, item+1, "", why)}}
	}
	e := l.edit(at, at, string(mark), fmt.Sprintf("the %c is not closed; write the other one before the colon", mark))
	e.shown = column(l.text, item)
	return [][]edit{{e}}
}

// innerColons write the colon between a key and a value in quotes that a { } lacks.
func (l suspectLine) innerColons() (found [][]edit) {
	for _, m := range innerKey.FindAllStringSubmatchIndex(l.text, maxPlaces) {
		key, value := l.text[m[2]:m[3]], l.text[m[5]:]
		value = value[:quotedLength(value)]
		why := "a colon is missing after " + key
		if strings.TrimSpace(l.text[m[4]:m[5]]) != "" {
			why = "a key and its value have a colon between them"
		}
		found = append(found, []edit{l.edit(m[4], m[5], ": ",
			fmt.Sprintf("%s; write %s: %s", why, key, mistake.Show(value)))})
	}
	return found
}

// commas write a comma between two keys of a { } that has none there, and delete one of two.
func (l suspectLine) commas(at int) (found [][]edit) {
	if at >= len(l.text) || l.text[at] != '{' && l.text[at] != '[' {
		return nil
	}
	for _, m := range noComma.FindAllStringSubmatchIndex(l.text[at:], maxPlaces) {
		key := mistake.Show(l.text[at+m[4] : at+m[5]])
		e := l.edit(at+m[2], at+m[3], ", ", fmt.Sprintf("a comma is missing before %s; write one", key))
		e.shown = column(l.text, at+m[4])
		found = append(found, []edit{e})
	}
	for _, m := range twoCommas.FindAllStringSubmatchIndex(l.text[at:], maxPlaces) {
		found = append(found, []edit{l.edit(at+m[2], at+m[3], "", "there are two commas; write one")})
	}
	return found
}

// innerQuotes are the repairs of a quoted text inside { } that contains its own kind of quote: they use the other kind.
func (l suspectLine) innerQuotes() (found [][]edit) {
	for _, m := range innerText.FindAllStringSubmatchIndex(l.text, maxPlaces) {
		text := l.text[m[2]:m[3]]
		if inner := text[1 : len(text)-1]; strings.Contains(inner, text[:1]) {
			found = append(found, []edit{l.edit(m[2], m[3], quote(inner),
				withRemedy(fmt.Sprintf("a text in %[1]c holds %[1]c", text[0]), inner))})
		}
	}
	return found
}

const tabbed = "the indentation has a tab; write spaces"

// tab is the edit that writes an indentation with spaces.
func (l suspectLine) tab(blank string, width int) (edit, bool) {
	tab := strings.IndexByte(blank, '\t')
	if tab < 0 {
		return edit{}, false
	}
	e := l.edit(0, len(blank), strings.ReplaceAll(blank, "\t", strings.Repeat(" ", width)),
		tabbed)
	e.shown = column(l.text, tab)
	return e, true
}

// tabAfterDash is the edit that writes a space in place of a tab between a dash and its item.
func (l suspectLine) tabAfterDash() (edit, bool) {
	m := dashTab.FindStringSubmatchIndex(l.text)
	if m == nil {
		return edit{}, false
	}
	return l.edit(m[2], m[3], " ", "there is a tab after the dash; write a space"), true
}

// keyEnd returns where the value after a key begins; 0 when there is no key.
func keyEnd(text string) int {
	from := 0
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return 0
	}
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		if end := strings.IndexByte(text[1:], text[0]); end >= 0 {
			from = end + 2
		}
	}
	colon := strings.Index(text[from:], ": ")
	if colon < 0 {
		return 0
	}
	end := from + colon + 2
	return end + len(text[end:]) - len(strings.TrimLeft(text[end:], " "))
}

// value makes the edits that put everything from a place to the end of the
// line in quotes: up to a comment, and with it.
func (l suspectLine) value(at int) [][]edit {
	text := strings.TrimRight(l.text[at:], " \t")
	if text == "" {
		return nil
	}
	var found [][]edit
	for _, text := range []string{comment.ReplaceAllString(text, ""), text} {
		if text == "" || len(found) == 1 && found[0][0].end == l.start+at+len(text) {
			continue
		}
		why, inner := "", text
		switch first := text[0]; {
		case first == '"' || first == '\'':
			why, inner = "a quote is not closed, or text stands outside of the quotes", unquote(text)
		case unclosed(text):
			why = fmt.Sprintf("the %c is not closed; close it, or, if the value is a text,", first)
		case strings.IndexByte(special, first) >= 0:
			why = fmt.Sprintf("a value that begins with %c means something else in YAML", first)
		case strings.Contains(text, ": ") || strings.HasSuffix(text, ":"):
			why = `a value with a colon and a space in it means something else in YAML`
		default:
			continue
		}
		message := withRemedy(why, inner)
		if mark := openQuote(text); mark != 0 {
			message = fmt.Sprintf(notClosed, mark)
		}
		e := l.edit(at, at+len(text), quote(inner), message)
		if i := lastQuote(text, openQuote(text)); openQuote(text) != 0 && i >= 0 {
			e.shown = column(l.text, at+i)
		}
		found = append(found, []edit{e})
		if i := extraQuote(text); i >= 0 {
			found = append(found, []edit{l.edit(at+i, at+i+1, "",
				fmt.Sprintf("there is a %c too many here; leave it out", text[0]))})
		}
	}
	return found
}

// withRemedy words a mistake with its remedy.
func withRemedy(why, text string) string {
	if alias.MatchString(text) {
		why = text + " refers to &" + text[1:] +
			", which is not used here; write it out, or, if it is text,"
	}
	text = safetext.Brief(text, mistake.LongestShown)
	if !strings.HasSuffix(why, ",") {
		why += ";"
	}
	return why + " put it in quotes: " + quote(text)
}

// flow finds the values inside { } and [ ] that need quotes there.
func (l suspectLine) flow(at int) []edit {
	var found []edit
	begin := -1    // of a value that has begun, -1 before one
	keyed := false // the key of this pair is read already: another colon is one of its value
	finish := func(end int) {
		if begin < 0 {
			return
		}
		text := strings.TrimRight(l.text[begin:end], " \t")
		if i := strings.IndexAny(text, special); i >= 0 || strings.Contains(text, ": ") {
			what := ": "
			if i >= 0 {
				what = text[i : i+1]
			}
			found = append(found, l.edit(begin, begin+len(text), quote(text),
				withRemedy(fmt.Sprintf("a value with %q in it means something else inside { } and [ ]", what), text)))
		}
		begin = -1
	}
	depth := 0
	for i := at; i < len(l.text); {
		c := l.text[i]
		switch {
		case begin < 0 && (c == '"' || c == '\''):
			i += quotedLength(l.text[i:])
			continue
		case begin < 0 && (c == '{' || c == '['):
			depth, keyed = depth+1, false
		case strings.IndexByte("({[", c) >= 0:
			i += nested(l.text[i:])
			continue
		case c == ',' || c == '}' || c == ']':
			finish(i)
			keyed = false
			if c != ',' {
				depth--
			}
		case c == ':' && strings.HasPrefix(l.text[i:], ": ") &&
			begin >= 0 && !keyed && !strings.ContainsAny(l.text[begin:i], special):
			begin, keyed = -1, true // it was a key
		case begin < 0 && c != ' ' && c != '\t':
			begin = i
		}
		i++
	}
	if depth > 0 || at == 0 {
		finish(len(l.text))
	}
	return found
}

func (l suspectLine) edit(from, to int, with, message string) edit {
	width := utf8.RuneCountInString(with)
	return edit{
		line: l.number, column: column(l.text, from), start: l.start + from,
		end: l.start + to, with: with, message: message,
		width: width, growth: width - utf8.RuneCountInString(l.text[from:to]),
	}
}
