// Package typeset puts text of any origin into the cells, lines and marks of a report.
package typeset

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"github.com/loadgate/loadgate/internal/safetext"
)

// Clean makes text safe for a terminal and one line long. What Azure Pipelines,
// TeamCity and GitHub take for a command anywhere in a line of a log,
// ##vso[ and the like, is parted.
func Clean(text string) string { return logCommand.ReplaceAllString(safetext.Line(text), "# #$1") }

var logCommand = regexp.MustCompile(`##(\w*\[)`)

// CleanLine is clean text that may be a whole line of a log. GitHub takes a line that begins with
// two colons for a command, spaces before them or not: the first colon becomes the sign of a ratio,
// which looks the same and is as wide.
func CleanLine(text string) string {
	body := strings.TrimLeft(text, " ")
	if !strings.HasPrefix(body, "::") {
		return text
	}
	return text[:len(text)-len(body)] + "\u2236" + body[1:]
}

// formulaStarts begin a formula in one spreadsheet or another; the wide forms
// do so where they are what the keyboard types.
const formulaStarts = "=+-@＝＋－＠"

// Bounded is clean text of at most limit bytes.
func Bounded(text string, limit int) string { return Cut(Clean(Cut(text, limit)), limit) }

// Cut shortens text to at most limit bytes, between runes, and marks that.
func Cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	return safetext.Brief(text, limit-len(safetext.Cut))
}

// Cell makes text safe for a CSV cell. What looks like a formula gets an
// apostrophe in front, which spreadsheets take as "this is text"; a number
// with a sign is left a number. Quoting is the CSV writer's work.
func Cell(text string) string {
	safe := Clean(text)
	body := strings.TrimLeft(safe, " ")
	if body == "" || isDecimal(body) {
		return safe
	}
	if first := []rune(body)[0]; strings.ContainsRune(formulaStarts, first) {
		return "'" + safe
	}
	return safe
}

// isDecimal accepts an optional sign, digits and at most one point: the
// numbers that cannot be anything else.
func isDecimal(text string) bool {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 {
		return false
	}
	whole, part, _ := strings.Cut(digits, ".")
	return whole+part != "" && strings.Trim(whole+part, "0123456789") == ""
}

// notProse is what Markdown, or a forge that shows it, would make something of:
// what follows the first character of a match decides.
var notProse = regexp.MustCompile(
	": |[0-9]:[0-9]|[\\\\`*_{}\\[\\]<>&|#@~$^!:]|(?i:www)\\.|(?i:gh)-|%[0-9A-Za-z]|^[-+=/]|^[0-9]+[.)](?: |$)")

// Prose makes text safe for Markdown, as words of a line or a table's cell,
// and cuts it to limit runes. Signs are written as references, which no parser
// takes for structure. What a forge finds in the words themselves, such as
// @name, #12, GH-12 and https://, is broken by a zero-width space, which stops
// it where a reference would not.
func Prose(text string, limit int) string {
	runes := []rune(strings.TrimSpace(Clean(Cut(text, 4*limit))))
	if len(runes) > limit {
		runes = append(runes[:limit-1], '…')
	}
	return notProse.ReplaceAllStringFunc(string(runes), func(found string) string {
		last := len(found) - 1
		switch c := found[last]; {
		case found == ": " || len(found) == 3 && found[1] == ':': // nor is the time of a day anything
			return found
		case c == ' ': // after the number of a list
			return fmt.Sprintf("%s&#%d; ", found[:last-1], found[last-1])
		case found[0] == '%':
			return "%&#8203;" + found[1:]
		case strings.IndexByte("#@~$^!:&", c) >= 0:
			return found[:last] + fmt.Sprintf("&#%d;&#8203;", c)
		case last > 0 && c != ')' && found[0] > '9':
			return found + "&#8203;"
		default:
			return found[:last] + fmt.Sprintf("&#%d;", c)
		}
	})
}

// plainCode is what can stand between two backticks, in a table's cell too, and
// is itself there.
var plainCode = regexp.MustCompile("^[A-Za-z0-9./?=&_{}:,;@+~*()!'#%-](?:[A-Za-z0-9 " +
	"./?=&_{}:,;@+~*()!'#%-]*[A-Za-z0-9./?=&_{}:,;@+~*()!'#%-])?$")

// Literal makes text safe for Markdown where it is to be copied, such as the
// name of an endpoint or an address: as code, in which no forge finds anything.
// What cannot be code is prose.
func Literal(text string, limit int) string {
	if len(text) <= limit && plainCode.MatchString(text) {
		return "`" + text + "`"
	}
	return Prose(text, limit)
}

// Width is the number of terminal cells that text takes.
//
// Note: the options are given here, not left to the library's own: those
// depend on the locale of the machine, and the same run must look the same
// everywhere.
func Width(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }

// mostWrapped is how many bytes of a text are wrapped: a screen holds less, and
// a service may say more.
const mostWrapped = 6000

// joints are the signs that join the parts of a word.
const joints = "_-/.:=?&,"

// Wrap breaks text into lines of at most limit cells, between words where it
// can, else behind a sign that joins the parts of a word, such as those of a path.
func Wrap(text string, limit int) []string {
	limit = max(limit, 2)
	text = Cut(text, mostWrapped)
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if left := limit - Width(line) - 1; line != "" && left > limit/2 && Width(word) > left {
			// Much is left beside what is there: the word begins there.
			head := joint(string(fitting([]rune(word), left)))
			if Width(word) > limit || head != "" && strings.ContainsAny(head[len(head)-1:], joints) {
				lines, line = append(lines, line+" "+head), ""
				word = word[len(head):]
			}
		}
		for Width(word) > limit {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := joint(string(fitting([]rune(word), limit)))
			lines = append(lines, head)
			word = word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case Width(line)+1+Width(word) <= limit:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// joint is the beginning of a part of a word up to its last joining sign, if that leaves a third or more.
func joint(part string) string {
	if at := strings.LastIndexAny(part, joints); 3*(at+1) >= len(part) {
		return part[:at+1]
	}
	return part
}

// JoinNonEmpty joins the parts that are not empty.
func JoinNonEmpty(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), separator)
}
