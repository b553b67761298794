package mask

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

// longestRow is the longest line that may be one of a dump, in bytes.
const longestRow = 1 << 10

// dumpRow is a line of a dump: what it lists, and where.
type dumpRow struct {
	stretch        // without the number of its first byte, with the column of text
	cells   string // what it lists, as it is written
	digits  int    // of the number of its first byte; 0: it has none
	at      string // that number
	column  bool   // a column shows the same bytes as text
}

// dumps reads the rows of dumps as one text each: what they list, as it is written,
// and in words of which the last byte comes first. Each byte has the place of its
// row, so that what a row shows as text goes with it.
func (v view) dumps() []view {
	var rows []dumpRow
	r, swapped := rewritten{of: v}, rewritten{of: v}
	any := false
	finish := func() {
		for i, one := range rows {
			beside := i > 0 && one.follows(rows[i-1]) || i+1 < len(rows) && rows[i+1].follows(one)
			if alone := strings.Trim(one.cells, " 0123456789abcdefABCDEF") == ""; !one.column && !beside && !alone {
				r.put(between, one.from, one.to)
				continue
			}
			any = true
			r.put(one.cells+"\n", one.from, one.to)
			swapped.put(reversed(one.cells)+"\n", one.from, one.to)
		}
		rows = rows[:0]
		r.put(between, 0, 1)
		swapped.put(between, 0, 1)
	}
	for at := 0; at < len(v.text); {
		end := len(v.text)
		if n := strings.IndexByte(v.text[at:], '\n'); n >= 0 {
			end = at + n
		}
		one, ok := dumpRow{}, false
		if end > at && end-at <= longestRow {
			one, ok = readRow(v.text[at:end], at)
		}
		if ok {
			rows = append(rows, one)
		} else if len(rows) > 0 {
			finish()
		}
		at = end + 1
	}
	if len(rows) == 0 && !any {
		return nil
	}
	open := len(rows) > 0
	finish()
	if !any {
		return nil
	}
	if open { // with the text: what is cut may go on
		for _, list := range []*rewritten{&r, &swapped} {
			n := len(list.text) - len(between) - 1
			list.text, list.from = list.text[:n], list.from[:n]
		}
	}
	return []view{r.view(), swapped.view()}
}

// follows says whether a row comes behind another of the same dump.
func (r dumpRow) follows(before dumpRow) bool {
	return r.digits > 0 && r.digits == before.digits && before.at < r.at
}

// readRow reads a line as a row of a dump. False: it is not one.
func readRow(line string, at int) (dumpRow, bool) {
	r := dumpRow{}
	line = strings.TrimRight(line, " \t\r")
	begin := 0
	if n, digits := rowNumber(line); digits != "" {
		begin, r.digits, r.at = n, len(digits), digits
	}
	// A column of text tells where the cells are, whatever is before them.
	for from := begin; from < len(line); {
		for from < len(line) && line[from] <= ' ' {
			from++
		}
		if cells, end := textColumn(line[from:]); cells > 0 {
			r.column, r.cells = true, line[from:from+cells]
			r.stretch = stretch{at + from, at + from + end}
			return r, true
		}
		for from < len(line) && line[from] > ' ' {
			from++
		}
		if from > begin+maxBefore {
			break
		}
	}
	if r.digits == 0 || begin >= len(line) {
		return r, false
	}
	r.cells, r.stretch = line[begin:], stretch{at + begin, at + len(line)}
	return r, true
}

// maxBefore is how many bytes of other text may be before the cells of a row.
const maxBefore = 80

// rowNumber reads the number of the first byte, at the beginning of the line or after
// other text; what follows it begins at n.
func rowNumber(line string) (n int, digits string) {
	for from := 0; from < min(len(line), maxBefore); {
		for from < len(line) && line[from] <= ' ' {
			from++
		}
		end := from
		for end < len(line) && line[end] > ' ' {
			end++
		}
		word := strings.TrimSuffix(strings.TrimPrefix(line[from:end], "0x"), ":")
		if len(word) >= 4 && len(word) <= 16 && end < len(line) && strings.Trim(word, "0123456789abcdefABCDEF") == "" {
			for end < len(line) && line[end] <= ' ' {
				end++
			}
			return end, word
		}
		from = end
	}
	return 0, ""
}

// fewestShown is how many letters a column of text shows at least that nothing is
// around: fewer are there by chance.
const fewestShown = 2

// textColumn reads groups of hex with the same bytes as text behind them: where the
// groups end, and the text; 0: there is no such column.
func textColumn(text string) (cells, end int) {
	var bytes []byte
	for at := 0; at < len(text); {
		stop := at
		for stop < len(text) && isHexDigit(text[stop]) {
			stop++
		}
		group, err := hex.DecodeString(text[at:stop])
		if err != nil || len(group) == 0 {
			return 0, 0
		}
		bytes = append(bytes, group...)
		next := stop
		for next < len(text) && text[next] <= ' ' {
			next++
		}
		if next == len(text) || next == stop {
			return 0, 0
		}
		if next > stop+1 || text[next-1] == '\t' || !isHexDigit(text[next]) {
			spaces := len(bytes) - len(strings.TrimLeft(string(bytes), " "))
			for _, from := range []int{max(stop+1, next-spaces), next} { // it may begin with spaces
				if n := shown(text[from:], bytes); n > 0 {
					return stop, from + n
				}
			}
		}
		at = next
	}
	return 0, 0
}

// shown is how many bytes of a text are a column that shows bytes, with what is
// around it; 0: it does not.
func shown(text string, bytes []byte) int {
	at, opened := 0, len(text) > 1 && strings.IndexByte("|>*:[", text[0]) >= 0 && text[0] != bytes[0]
	if opened {
		at = 1
	}
	letters := 0
	for _, b := range bytes {
		if at == len(text) {
			break
		}
		c, n := utf8.DecodeRuneInString(text[at:])
		if ' ' < b && b < 0x7f {
			if c != rune(b) {
				return 0
			}
			letters++
		}
		at += n
	}
	closed := at > 1 && at < len(text) && strings.IndexByte("|<*:]", text[at]) >= 0
	if letters < fewestShown && !(opened && closed) {
		return 0
	}
	if closed {
		at++
	}
	return at
}

// reversed are cells with the bytes of each word turned round, as they are listed
// where the last comes first.
func reversed(cells string) string {
	words := strings.Fields(cells)
	for i, word := range words {
		turned := ""
		for n := 0; n+2 <= len(word); n += 2 {
			turned = word[n:n+2] + turned
		}
		if len(word)%2 == 0 {
			words[i] = turned
		}
	}
	return strings.Join(words, " ")
}
