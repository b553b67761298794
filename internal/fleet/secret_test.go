package fleet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
)

const token = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// What was printed is read again, also with the blanks of a terminal around it, and no message shows it.
func TestSecret(t *testing.T) {
	s := fleet.NewSecret(token, []byte("certificate"))
	got, err := fleet.ParseSecret("  " + s.Text() + "\n")
	if err != nil || got != s {
		t.Fatalf("ParseSecret(%s) = %v, %v", s.Text(), got, err)
	}
	for _, verb := range []string{"%v", "%+v", "%s", "%#v", "%q"} {
		if shown := fmt.Sprintf(verb, s); strings.Contains(shown, token) || !strings.Contains(shown, "lgj1.***") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
	if err := s.Verify([][]byte{[]byte("certificate"), []byte("another")}); err != nil {
		t.Errorf("the hub's own certificate: %v", err)
	}
	for _, shown := range [][][]byte{nil, {[]byte("another")}, {[]byte("another"), []byte("certificate")}} {
		if s.Verify(shown) == nil {
			t.Errorf("a hub that shows %q is trusted", shown)
		}
	}
}

func TestNoSecrets(t *testing.T) {
	good := fleet.NewSecret(token, nil).Text()
	pin := strings.Split(good, ".")[2]
	for _, text := range []string{
		"", "lgj1.", "lgj2." + token + "." + pin, "lgj1." + token, "lgj1." + token + "." + pin[:62],
		"lgj1." + token + "." + pin + "00", "lgj1.short." + pin, "lgj1." + token + "$(x)." + pin,
		"lgj1." + token + "." + strings.Repeat("x", 64), good + "." + pin, strings.ToUpper(good),
	} {
		_, err := fleet.ParseSecret(text)
		if err == nil {
			t.Errorf("%q is a secret", text)
			continue
		}
		if text != "" && strings.Contains(err.Error(), token) {
			t.Errorf("%q: the message repeats it: %v", text, err)
		}
	}
}

func FuzzParseSecret(f *testing.F) {
	f.Add(fleet.NewSecret(token, nil).Text())
	f.Fuzz(func(t *testing.T, text string) {
		s, err := fleet.ParseSecret(text)
		if err != nil {
			return
		}
		if again, err := fleet.ParseSecret(s.Text()); err != nil || again != s {
			t.Errorf("%q is read as %s, and that as %v, %v", text, s.Text(), again, err)
		}
	})
}
