package hub_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/link"
)

// seedText is a seed of the bytes 0 to 31.
const seedText = "lgh1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

func parseSeed(t *testing.T, text string) hub.Seed {
	t.Helper()
	s, err := hub.ParseSeed(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func secretOf(t *testing.T, s hub.Seed) fleet.Secret {
	t.Helper()
	secret, err := s.Secret()
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// One seed is one join secret, on every machine and in every version: manifests that are stored rely on it. The pin
// is the hash of the certificate, so its bytes are the same too.
func TestSeedIsTheSecret(t *testing.T) {
	s := parseSeed(t, "  "+seedText+"\n")
	if s.Text() != seedText {
		t.Errorf("read %s as %s", seedText, s.Text())
	}
	const want = "lgj1.galk8sF8SAqp1qC1n7tFVDYNoeL-1EsF-g7Ae00AzcA." +
		"85d018213a615031b1f64396fb229e78496339f72daaa85543aa64e1c96f3c77"
	for range 3 {
		if got := secretOf(t, s).Text(); got != want {
			t.Errorf("secret %s, want %s", got, want)
		}
	}
	if again, err := fleet.ParseSecret(want); err != nil || again != secretOf(t, s) {
		t.Errorf("workers read %v, %v", again, err)
	}
	other := hub.NewSeed()
	if a, b := secretOf(t, s), secretOf(t, other); a.Token == b.Token || a.Pin == b.Pin || other == hub.NewSeed() {
		t.Error("two seeds share what derives from them")
	}
	for _, verb := range []string{"%v", "%+v", "%s", "%#v", "%q"} {
		shown := fmt.Sprintf(verb, s)
		if strings.Contains(shown, seedText[5:15]) || !strings.Contains(shown, "lgh1.***") {
			t.Errorf("%s shows %s", verb, shown)
		}
	}
}

// The hub of a seed takes workers with the secret of that seed alone.
func TestSeedJoins(t *testing.T) {
	s := parseSeed(t, seedText)
	h, err := hub.StartAs(s, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(h.Close)
	mine, other := secretOf(t, s), secretOf(t, hub.NewSeed())
	if h.Secret() != mine {
		t.Error("the hub has another secret than its seed")
	}
	c, err := link.Join(h.Address(), mine, nil)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	if _, err := link.Join(h.Address(), other, nil); err == nil ||
		!strings.Contains(err.Error(), "certificate is not the one of the join secret") {
		t.Errorf("with the secret of another seed: %v", err)
	}
	other.Pin = mine.Pin // a hub that is right, and a token that is not
	if _, err := link.Join(h.Address(), other, nil); err == nil ||
		!strings.Contains(err.Error(), "the join secret is not the hub's") {
		t.Errorf("with the token of another seed: %v", err)
	}
}

func TestNoSeeds(t *testing.T) {
	for _, text := range []string{
		"", "lgh1.", seedText[5:], seedText[:len(seedText)-1], seedText + "A", "lgh2." + seedText[5:],
		strings.Replace(seedText, "A", "+", 1), seedText[:20] + "\n" + seedText[20:], seedText + "=",
		seedText[:len(seedText)-1] + "9", // bits behind the last byte
		"lgh1." + strings.Repeat("A", 43), "lgj1." + seedText[5:], strings.ToUpper(seedText), seedText + " " + seedText,
	} {
		_, err := hub.ParseSeed(text)
		switch {
		case err == nil:
			t.Errorf("%q is a seed", text)
		case strings.Contains(err.Error(), "ECAwQFBgcICQoL"), strings.Contains(err.Error(), "\n"):
			t.Errorf("%q: the message repeats it, or is no line: %v", text, err)
		}
	}
}

func FuzzParseSeed(f *testing.F) {
	f.Add(seedText)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := hub.ParseSeed(text)
		if err != nil {
			return
		}
		if s.Text() != strings.TrimSpace(text) {
			t.Errorf("%q is read as %s", text, s.Text())
		}
	})
}
