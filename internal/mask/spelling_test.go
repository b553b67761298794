package mask_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/mask"
)

// spellings are the ways in which services write a text.
var spellings = map[string]func(t *rapid.T, text string) string{
	"plain": func(_ *rapid.T, text string) string { return text },
	"query": func(_ *rapid.T, text string) string { return url.QueryEscape(text) },
	"path":  func(_ *rapid.T, text string) string { return url.PathEscape(text) },
	"percent, some bytes": func(t *rapid.T, text string) string {
		form := rapid.SampledFrom([]string{"%%%02x", "%%%02X"}).Draw(t, "case")
		return each(t, text, func(b string) string { return bytesAs(form, b) })
	},
	"JSON": func(_ *rapid.T, text string) string {
		quoted, _ := json.Marshal(text) // of text it cannot fail
		return string(quoted[1 : len(quoted)-1])
	},
	"JSON, solidus": func(_ *rapid.T, text string) string { return strings.ReplaceAll(text, "/", `\/`) },
	`JSON, some \u`: func(t *rapid.T, text string) string {
		return each(t, strings.ReplaceAll(text, `\`, `\\`), unicodeEscape)
	},
	"HTML":          func(_ *rapid.T, text string) string { return html.EscapeString(text) },
	"HTML, numbers": func(t *rapid.T, text string) string { return each(t, text, entityOf) },
	"hex":           func(_ *rapid.T, text string) string { return hex.EncodeToString([]byte(text)) },
	"HEX": func(_ *rapid.T, text string) string {
		return strings.ToUpper(hex.EncodeToString([]byte(text)))
	},
	"base64": func(_ *rapid.T, text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	"base64 of a URL": func(_ *rapid.T, text string) string {
		return base64.RawURLEncoding.EncodeToString([]byte("u:" + text))
	},
	"upper case": func(_ *rapid.T, text string) string { return strings.ToUpper(text) },
	"in lines": func(_ *rapid.T, text string) string {
		return string([]rune(text)[:4]) + "\r\n" + string([]rune(text)[4:])
	},
	"hex, apart": func(t *rapid.T, text string) string {
		between := rapid.SampledFrom([]string{":", " ", "-", ", ", "\n", "\r\n\t", ".", "|", "\u00a0"}).Draw(
			t, "between")
		return strings.Join(hexOf(t, text, rapid.IntRange(1, 4).Draw(t, "bytes")), between)
	},
	"hex, 0x": func(t *rapid.T, text string) string {
		between := rapid.SampledFrom([]string{" ", ",", ", ", ",\r\n  ", `", "`, "', '", ""}).Draw(t, "between")
		return "0x" + strings.Join(hexOf(t, text, 1), between+"0x")
	},
	"base64, in lines": func(t *rapid.T, text string) string {
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\r\n ", "\n  ", "\n> "}).Draw(t, "end")
		width, encoding := rapid.IntRange(1, 76).Draw(t, "width"), base64.RawStdEncoding
		if width%4 == 0 { // as in mails: padding has no line for itself
			encoding = base64.StdEncoding
		}
		return strings.Join(pieces(encoding.EncodeToString([]byte(text)), width), end)
	},
	"base64, in fours": func(_ *rapid.T, text string) string {
		return strings.Join(pieces(base64.StdEncoding.EncodeToString([]byte(text)), 4), " ")
	},
	"base32": func(_ *rapid.T, text string) string { return base32.StdEncoding.EncodeToString([]byte(text)) },
	"quoted-printable": func(t *rapid.T, text string) string {
		form := rapid.SampledFrom([]string{"=%02X", "=%02x"}).Draw(t, "case")
		breaks := rapid.SampledFrom([]string{"", "=\r\n", "=\n", "= \r\n"}).Draw(t, "break")
		at := rapid.IntRange(1, 8).Draw(t, "line")
		n := 0
		return each(t, text, func(b string) string {
			if n++; n > 1 && n%at == 0 {
				return breaks + bytesAs(form, b)
			}
			return bytesAs(form, b)
		})
	},
	"octal": func(t *rapid.T, text string) string {
		form := rapid.SampledFrom([]string{`\%03o`, `\0%03o`}).Draw(t, "form")
		return each(t, text, func(b string) string { return bytesAs(form, b) })
	},
	"octal of C":      func(_ *rapid.T, text string) string { return bytesAs(`\%o`, text) },
	"decimal escapes": func(_ *rapid.T, text string) string { return bytesAs(`\%03d`, text) },
	"decimal of Lua":  func(_ *rapid.T, text string) string { return bytesAs(`\%d`, text) },
	"braces of Perl":  func(_ *rapid.T, text string) string { return bytesAs(`\x{%02x}`, text) },
	"base32, lower case": func(_ *rapid.T, text string) string {
		return strings.ToLower(base32.StdEncoding.EncodeToString([]byte(text)))
	},
	"base32, in groups": func(t *rapid.T, text string) string {
		between := rapid.SampledFrom([]string{" ", "-", "\n"}).Draw(t, "between")
		return strings.Join(pieces(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString([]byte(text)),
			4*rapid.IntRange(1, 3).Draw(t, "size")), between)
	},
	"CSS": func(t *rapid.T, text string) string {
		form := rapid.SampledFrom([]string{`\%06x `, `\%06X`, `\%x `, "\\%x\r\n"}).Draw(t, "form")
		return each(t, text, func(c string) string { return fmt.Sprintf(form, []rune(c)[0]) })
	},
	"shell": func(_ *rapid.T, text string) string {
		var b strings.Builder
		for _, c := range text {
			if strings.ContainsRune("+/=\"'\\<>&%.:;- ", c) {
				b.WriteRune('\\')
			}
			b.WriteRune(c)
		}
		return b.String()
	},
	"characters apart": func(t *rapid.T, text string) string {
		between := rapid.SampledFrom([]string{"-", ".", "_", ":", "/", "|", ",", "~", "·"}).Draw(t, "between")
		return strings.Join(strings.Split(text, ""), between)
	},
	"decimal": func(t *rapid.T, text string) string {
		return strings.ReplaceAll(strings.TrimSuffix(bytesAs("%d,", text), ","), ",",
			rapid.SampledFrom([]string{",", ", ", " ", ",\n"}).Draw(t, "between"))
	},
}

// hexOf is a text in hex, in parts of so many bytes.
func hexOf(t *rapid.T, text string, bytes int) []string {
	digits := hex.EncodeToString([]byte(text))
	if rapid.Bool().Draw(t, "upper") {
		digits = strings.ToUpper(digits)
	}
	return pieces(digits, 2*bytes)
}

// pieces cuts a text after each so many bytes.
func pieces(text string, size int) []string {
	var list []string
	for ; len(text) > size; text = text[size:] {
		list = append(list, text[:size])
	}
	return append(list, text)
}

// each writes some characters in another way: all where an escape would be taken
// for part of the text.
func each(t *rapid.T, text string, other func(string) string) string {
	all := rapid.Bool().Draw(t, "all")
	var b strings.Builder
	for _, c := range text {
		if all || strings.ContainsRune(`%&\`, c) || rapid.Bool().Draw(t, "other") {
			b.WriteString(other(string(c)))
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func bytesAs(form, text string) string {
	var b strings.Builder
	for i := range len(text) {
		fmt.Fprintf(&b, form, text[i])
	}
	return b.String()
}

func unicodeEscape(c string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(c)) {
		fmt.Fprintf(&b, `\u%04x`, u)
	}
	return b.String()
}

func entityOf(c string) string { return fmt.Sprintf("&#%d;", []rune(c)[0]) }

// However a service spells a secret, encodes the spelling once more and where
// the text is cut, nothing of it is left.
func TestMaskFindsEverySpelling(t *testing.T) {
	names := make([]string, 0, len(spellings))
	for name := range spellings {
		names = append(names, name)
	}
	slices.Sort(names)
	again := []string{"plain", "query", "JSON", "HTML", "base64",
		"hex", "base64, in lines", "hex, apart", "quoted-printable"}
	secret := rapid.StringOfN(rapid.SampledFrom([]rune(`abcXYZ0189+/="'\<>&%.:;-_é日 `)), 8, 40, -1).
		Filter(func(s string) bool {
			return strings.Trim(s, " +") == s && len(strings.NewReplacer(" ", "", "+", "").Replace(s)) >= 8
		})
	rapid.Check(t, func(t *rapid.T) {
		value := secret.Draw(t, "secret")
		spelled := value
		for _, name := range []string{rapid.SampledFrom(names).Draw(t, "spelling"),
			rapid.SampledFrom(again).Draw(t, "once more")} {
			spelled = spellings[name](t, spelled)
		}
		before, after := strings.Repeat("~", rapid.IntRange(0, 199).Draw(t, "before")),
			strings.Repeat("~", rapid.IntRange(0, 60).Draw(t, "after"))
		secrets := []string{value}
		text := before + spelled + after
		if got, want := mask.Text(text, secrets), before+"***"+after; got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
		want := (before + "***" + after)[:min(200, len(before)+3+len(after))]
		if got := mask.Head(text, 200, secrets); len(text) > 200 && !strings.HasPrefix(want, got) {
			t.Errorf("MaskHead(%q) = %q, want the beginning of %q", text, got, want)
		}
	})
}

// What a cut has left of a secret is not shown either.
func TestMaskHidesTheBeginningOfASecret(t *testing.T) {
	secrets := []string{"Tr0ub4dor&3/x+y"}
	for text, want := range map[string]string{
		`redirects to "https://h/?t=Tr0ub4dor…", which is no URL`: `redirects to ` +
			`"https://h/?t=***…", which is no URL`,
		`redirects to "https://h/?t=Tr0ub4dor%263%2…", which is no URL`: `redirects to ` +
			`"https://h/?t=***…", which is no URL`,
		`the command printed "token Tr0…"`: `the command printed "token ` +
			`***…"`,
		`begins "` + base64.StdEncoding.EncodeToString([]byte("Tr0ub4dor"))[:9] + `…"`: `begins "***…"`,
		`the troubadour said "so…"`: `the troubadour said "so…"`,
	} {
		if got := mask.Text(text, secrets); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
	for limit := range 40 {
		got := mask.Head("password: Tr0ub4dor&3/x+y is wrong", limit, secrets)
		if want := "password: *** is wrong"; !strings.HasPrefix(want, got) || len(got) > limit {
			t.Errorf("MaskHead(…, %d) = %q, want the beginning of %q", limit, got, want)
		}
	}
}

func BenchmarkMask(b *testing.B) {
	secrets := []string{"Tr0ub4dor&3/x+y", "a1b2c3d4e5f6"}
	page := strings.Repeat(`{"detail": "no tutor with this id &amp; name", "path": "/tutors/17?q=a%20b"} `, 26)
	b.ReportAllocs()
	for b.Loop() {
		mask.Head(page, 200, secrets)
	}
}
