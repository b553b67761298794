package mask_test

import (
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/loadgate/loadgate/internal/mask"
)

// lists are texts in which each character of the secret "Qv4-zT8kLm1e" has its own
// place, with what is left of them.
var lists = []struct{ text, want string }{
	{`chars: ["Q","v","4","-","z","T","8","k","L","m","1","e"].`, `chars: ["***"].`},
	{"chars: ['Q', 'v', '4', '-', 'z', 'T', '8', 'k', 'L', 'm', '1', 'e'].", "chars: ['***']."},
	{`[\"Q\",\"v\",\"4\",\"-\",\"z\",\"T\",\"8\",\"k\",\"L\",\"m\",\"1\",\"e\"]`, `[\"***\"]`},
	{`{"0":"Q","1":"v","2":"4","3":"-","4":"z","5":"T","6":"8","7":"k","8":"L","9":"m","10":"1","11":"e"}`,
		`{"0":"***"}`},
	{"0: Q\n1: v\n2: 4\n3: -\n4: z\n5: T\n6: 8\n7: k\n8: L\n9: m\n10: 1\n11: e\n", "0: ***\n"},
	{`{"0":81,"1":118,"2":52,"3":45,"4":122,"5":84,"6":56,"7":107,"8":76,"9":109,"10":49,"11":101}`, `{"0":***}`},
	{"oid 81.118.52.45.122.84.56.107.76.109.49.101 unknown", "oid *** unknown"},
	{"81|118|52|45|122|84|56|107|76|109|49|101", "***"},
	{"CHR(81)||CHR(118)||CHR(52)||CHR(45)||CHR(122)||CHR(84)||CHR(56)||CHR(107)||CHR(76)||CHR(109)||CHR(49)||CHR(101)",
		"CHR(***)"},
	{"U+0051 U+0076 U+0034 U+002D U+007A U+0054 U+0038 U+006B U+004C U+006D U+0031 U+0065!", "U+***!"},
	{"[0o121, 0o166, 0o64, 0o55, 0o172, 0o124, 0o70, 0o153, 0o114, 0o155, 0o61, 0o145]", "[***]"},
	{"01010001 01110110 00110100 00101101 01111010 01010100 00111000 01101011 01001100 01101101 00110001 01100101.",
		"***."},
	{"[81,0,118,0,52,0,45,0,122,0,84,0,56,0,107,0,76,0,109,0,49,0,101,0]", "[***,0]"},
	{"[" + strings.Join(octal("UXY0LXpUOGtMbTFl"), ", ") + "]", "[***]"}, // in base64 first
	{"Ｑｖ４－ｚＴ８ｋＬｍ１ｅ", "***"},
	{"𝐐𝐯𝟒-𝐳𝐓𝟖𝐤𝐋𝐦𝟏𝐞", "***"},
	{"<b>Q</b><b>v</b><b>4</b><b>-</b><b>z</b><b>T</b><b>8</b><b>k</b><b>L</b><b>m</b><b>1</b><b>e</b>", "<b>***</b>"},
	{"<i class=x>Qv4</i><wbr>-zT8<br/>kLm1e", "<i class=x>***"},
	{
		"<td>51</td><td>76</td><td>34</td><td>2d</td><td>7a</td><td>54</td><td>38</td><td>6b</td>" +
			"<td>4c</td><td>6d</td><td>31</td><td>65</td>", "<td>***</td>"},
	{"\x1b[31mQ\x1b[32mv\x1b[33m4\x1b[0m-\x1b[1;31mz\x1b[mT8kLm1e", "\x1b[31m***"},
	{`\u001b[31mQ\u001b[0mv4-zT8\u001b[31mkLm1e`, `\u001b[31m***`},
	{"Q\bQv\bv4\b4-\b-z\bzT\bT8\b8k\bkL\bLm\bm1\b1e\be", "***\be"},
	{"key Qv4-_zT8k_Lm1e", "key ***"},
	{"key qv4--zt8k (lm1e)", "key ***)"},
	// What only resembles it.
	{"key Qv4zT8kLm1e", "key Qv4zT8kLm1e"},
	{"<b>Q</b>v4-zT8k", "<b>Q</b>v4-zT8k"},
	{"1 < 2 and Qv4 > zT8", "1 < 2 and Qv4 > zT8"},
}

// octal is a text as octal numbers of its bytes.
func octal(text string) (numbers []string) {
	for i := range len(text) {
		numbers = append(numbers, fmt.Sprintf("0o%o", text[i]))
	}
	return numbers
}

func TestMaskFindsListsOfCharacters(t *testing.T) {
	secrets := []string{"Qv4-zT8kLm1e"}
	for _, tt := range lists {
		if got := mask.Text(tt.text, secrets); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.text, got, tt.want)
		}
	}
}

// A key in groups is found; a short word that others spell by chance is not.
func TestMaskFindsGroupsOfLongSecretsOnly(t *testing.T) {
	secrets := []string{"Xk7pQ2mWz9Lt", "123456", "Grüße aus Köln"}
	for text, want := range map[string]string{
		"Xk7p-Q2mW-z9Lt":                "***",
		"XK7P.Q2MW.Z9LT":                "***",
		"at 12:34:56":                   "at 12:34:56",
		"1,234,56":                      "1,234,56",
		"code 1-2-3-4-5-6":              "code ***",
		`code ["1","2","3"]`:            `code ["1","2","3"]`,
		"Grüße-aus-Köln":                "***",
		"Xk7p-----------------Q2mWz9Lt": "Xk7p-----------------Q2mWz9Lt",
	} {
		if got := mask.Text(text, secrets); got != want {
			t.Errorf("Text(%q) = %q, want %q", text, got, want)
		}
	}
}

// dumpers are the ways in which tools dump bytes.
var dumpers = map[string]func(bytes []byte) string{
	"hexdump -C": func(bytes []byte) string { return hex.Dump(bytes) },
	"xxd": func(bytes []byte) string {
		return rowsOf(bytes, "%08x: %-40s %s\n", 16, func(row []byte) string { return hexWords(row, 2, false) })
	},
	"xxd -g1 -c8": func(bytes []byte) string {
		return rowsOf(bytes, "%08x: %-24s %s\n", 8, func(row []byte) string { return hexWords(row, 1, false) })
	},
	"od -t x1z": func(bytes []byte) string {
		return rowsOf(bytes, "%07o %-48s >%s<\n", 16, func(row []byte) string { return hexWords(row, 1, false) })
	},
	"od -x": func(bytes []byte) string {
		return rowsOf(append(bytes, 0)[:(len(bytes)+1)&^1], "%07o %s%.0s\n",
			16, func(row []byte) string { return hexWords(row, 2, true) })
	},
	"od -b": func(bytes []byte) string {
		return rowsOf(bytes, "%07o%s%.0s\n", 16, func(row []byte) string { return bytesAs(" %03o", string(row)) })
	},
	"od -c": func(bytes []byte) string {
		return rowsOf(bytes, "%07o%s%.0s\n", 16, func(row []byte) string { return bytesAs("   %c", string(row)) })
	},
	"packet": func(bytes []byte) string {
		return rowsOf(bytes, "0x%04x:  %-39s  %s\n", 16, func(row []byte) string { return hexWords(row, 2, false) })
	},
	"no numbers": func(bytes []byte) string {
		return rowsOf(bytes, "%.0s%-48s |%s|\n", 16, func(row []byte) string { return hexWords(row, 1, false) })
	},
}

func rowsOf(bytes []byte, form string, width int, cells func([]byte) string) string {
	var b strings.Builder
	for at := 0; at < len(bytes); at += width {
		row := bytes[at:min(at+width, len(bytes))]
		shown := regexp.MustCompile(`[^ -~]`).ReplaceAllString(string(row), ".")
		number := any(at)
		if strings.HasPrefix(form, "%.0s") {
			number = ""
		}
		fmt.Fprintf(&b, form, number, cells(row), shown)
	}
	return b.String()
}

// hexWords writes words of so many bytes; the last of each comes first where they
// are turned round.
func hexWords(row []byte, size int, turned bool) string {
	var words []string
	for _, word := range pieces(string(row), size) {
		if turned && len(word) == 2 {
			word = word[1:] + word[:1]
		}
		words = append(words, hex.EncodeToString([]byte(word)))
	}
	return strings.Join(words, " ")
}

// Wherever a secret is in a dump, nothing of it is left: neither the bytes nor what
// the rows show as text.
func TestMaskFindsSecretsInDumps(t *testing.T) {
	const secret = "Qv4zT8kLm1eWp"
	secrets := []string{secret}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"hexdump -C", "xxd",
			"xxd -g1 -c8", "od -t x1z", "od -x", "od -b", "od -c", "packet", "no numbers"}).Draw(t, "tool")
		before := rapid.StringMatching(`[g-j ]{0,40}`).Draw(t, "before")
		if name == "od -x" {
			before += strings.Repeat("g", len(before)%2)
		}
		after := rapid.StringMatching(`[g-j ]{0,20}`).Draw(t, "after")
		dump := dumpers[name]([]byte(before + secret + after))
		text := rapid.SampledFrom([]string{"", "failed on:\n", "err "}).Draw(t, "said") +
			dump + rapid.SampledFrom([]string{"", "end"}).Draw(t, "end")
		if rapid.Bool().Draw(t, "JSON") {
			text = strings.ReplaceAll(text, "\n", `\n`)
		}
		got := mask.Text(text, secrets)
		if !strings.Contains(got, "***") {
			t.Fatalf("%s: Text(%q) = %q, want the rows with the secret masked", name, text, got)
		}
		for i := range len(secret) - 2 { // no three characters of it, nor their bytes
			part := secret[i : i+3]
			for _, left := range []string{part, hex.EncodeToString([]byte(part)), hexWords([]byte(part), 1, false)} {
				if strings.Contains(got, left) {
					t.Errorf("%s: Text(%q) = %q, with %q in it", name, text, got, left)
				}
			}
		}
	})
}

// A dump without a secret stays as it is.
func TestMaskLeavesOtherDumps(t *testing.T) {
	secrets := []string{"Qv4zT8kLm1eWp", "correct horse battery"}
	for name, dump := range dumpers {
		text := "said:\n" + dump([]byte("no secret is in these bytes, of which there are 60 or more.\x00\x01")) + "end"
		if got := mask.Text(text, secrets); got != text {
			t.Errorf("%s: Text(%q) = %q, want it as it is", name, text, got)
		}
	}
}
