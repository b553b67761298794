package mask_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/mask"
	"github.com/loadgate/loadgate/internal/safetext"
)

// units are what services number of a text: its bytes in UTF-8, its units in UTF-16, its characters.
var units = map[string]func(text string) []int{
	"bytes": func(text string) []int {
		var list []int
		for i := range len(text) {
			list = append(list, int(text[i]))
		}
		return list
	},
	"UTF-16": func(text string) []int {
		var list []int
		for _, u := range utf16.Encode([]rune(text)) {
			list = append(list, int(u))
		}
		return list
	},
	"characters": func(text string) []int {
		var list []int
		for _, c := range text {
			list = append(list, int(c))
		}
		return list
	},
}

// numerals are how a number is written: without a prefix, with zeros in front, or with a prefix.
var numerals = map[string][]string{
	"decimal": {"%d", "%03d", `\%d`, "#%d"},
	"hex":     {"%x", "%02x", "%04X", "0x%x", "0X%02X", `\%x`, "U+%04X", "%08x", "0x%08x"},
	"octal":   {"%o", "%03o", "0%o", "0o%o", "0O%03o", `\%03o`, `\%o`},
	"binary":  {"%b", "%07b", "%08b", "%016b", "%032b", "0b%b", "0B%08b", `\%08b`},
}

// numbered is a text as a list of numbers, and the mark in front of the first, which may be masked with it or not.
func numbered(t *rapid.T, text string) (list, prefix string) {
	names := func(of []string) []string { slices.Sort(of); return of }
	var bases, kinds []string
	for base := range numerals {
		bases = append(bases, base)
	}
	for kind := range units {
		kinds = append(kinds, kind)
	}
	form := rapid.SampledFrom(numerals[rapid.SampledFrom(names(bases)).Draw(t, "base")]).Draw(t, "form")
	between := rapid.SampledFrom([]string{",", ", ", " ", "; ", "|", ",\n  ", `", "`}).Draw(t, "between")
	var parts []string
	for _, n := range units[rapid.SampledFrom(names(kinds)).Draw(t, "units")](text) {
		parts = append(parts, fmt.Sprintf(form, n))
	}
	for _, p := range []string{`\`, "#", "U+"} {
		if strings.HasPrefix(form, p) {
			prefix = p
		}
	}
	return strings.Join(parts, between), prefix
}

// numberable are secrets of six bytes and more, in several scripts.
func numberable(of string) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune(of)), 2, 24, -1).
		Filter(func(s string) bool { return strings.Trim(s, " +") == s && len(s) >= 6 })
}

// A list of numbers that spell a secret is masked in any base, with any numbers around it.
func TestMaskFindsListsOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := numberable(`abcXYZ0189+/="'\<>&%.:;-_ éßñ漢字한日த😀🔑𝄞`).Draw(t, "secret")
		list, prefix := numbered(t, secret)
		brackets := rapid.SampledFrom([]string{"[]", "()", "{}"}).Draw(t, "brackets")
		before := strings.Repeat("~", rapid.IntRange(0, 150).Draw(t, "before")) +
			rapid.SampledFrom([]string{"said", "error 3, 17: "}).Draw(t, "said") + brackets[:1]
		after := brackets[1:] + strings.Repeat("~", rapid.IntRange(0, 60).Draw(t, "after"))
		text, secrets, want := before+list+after, []string{secret}, []string{before + "***" + after}
		if prefix != "" {
			want = append(want, before+prefix+"***"+after)
		}
		if got := mask.Text(text, secrets); !slices.Contains(want, got) {
			t.Errorf("Text(%q) = %q, want one of %q", text, got, want)
		}
		got := mask.Head(text, 200, secrets)
		begins := func(whole string) bool { return strings.HasPrefix(whole, got) }
		if len(text) > 200 && !slices.ContainsFunc(want, begins) {
			t.Errorf("Head(%q) = %q, want the beginning of one of %q", text, got, want)
		}
	})
}

// Where a text breaks off within such a list, nothing of the list is left.
func TestMaskHidesTheBeginningOfAListOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		secret := numberable("abcXYZ0189éñ漢字한日த😀🔑").Draw(t, "secret")
		list, prefix := numbered(t, secret)
		ends := regexp.MustCompile(`(0[xXoObB])?[0-9a-fA-F]+`).FindAllStringIndex(list, -1)
		from := min(3, len(ends)-1) // fewer may be left: they are three bytes at most
		at := rapid.IntRange(ends[from][1], len(list)).Draw(t, "cut")
		text := "said: " + list[:at] + safetext.Cut
		got := mask.Text(text, []string{secret})
		if got != "said: ***…" && got != "said: "+prefix+"***…" {
			t.Errorf("Text(%q) = %q, want the beginning of the secret masked", text, got)
		}
	})
}

// Numbers that spell another text stay as they are, byte for byte.
func TestMaskLeavesOtherNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := numberable("abcXYZ0189éñ漢字한日த😀🔑")
		secret, other := of.Draw(t, "secret"), of.Draw(t, "other")
		rest := []rune(strings.ToLower(secret))
		for _, c := range strings.ToLower(other) {
			if len(rest) > 0 && c == rest[0] {
				rest = rest[1:]
			}
		}
		if len(rest) == 0 {
			t.Skip("the secret is in it, perhaps as every other number")
		}
		list, _ := numbered(t, other)
		text := "said [" + list + "] ok"
		if got := mask.Text(text, []string{secret}); got != text {
			t.Errorf("Text(%q) = %q, want it as it is", text, got)
		}
	})
}
