package fleet_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/loadgate/loadgate/internal/fleet"
)

func TestLine(t *testing.T) {
	want := fleet.Line{
		K: 2, Seat: 9, Round: 3, Number: 70_000, Text: []byte(strings.Repeat(`{"slice":{}}`, 500) + "\n"),
	}
	message, err := fleet.EncodeLine(want)
	if err != nil {
		t.Fatal(err)
	}
	if len(message) > len(want.Text)/10 {
		t.Errorf("%d bytes for %d", len(message), len(want.Text))
	}
	got, err := fleet.DecodeLine(message)
	if err != nil || got.K != want.K || got.Seat != want.Seat || got.Round != want.Round || got.Number != want.Number ||
		!bytes.Equal(got.Text, want.Text) {
		t.Errorf("round %d, line %d, %v", got.Round, got.Number, err)
	}
	for _, wrong := range []fleet.Line{{K: 1, Number: 1}, {K: 1, Round: 1}, {K: 1, Round: 1, Number: -1},
		{Round: 1, Number: 1}} {
		if _, err := fleet.EncodeLine(wrong); err == nil {
			t.Errorf("%+v is sent", wrong)
		}
	}
}

// No message of another machine takes more memory than the longest line, or is read as a line that it is not.
func FuzzLine(f *testing.F) {
	message, err := fleet.EncodeLine(fleet.Line{K: 1, Round: 1, Number: 2, Text: []byte("{}\n")})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message)
	f.Add(message[:15])
	f.Fuzz(func(t *testing.T, message []byte) {
		l, err := fleet.DecodeLine(message)
		if err != nil {
			return
		}
		again, err := fleet.EncodeLine(l)
		if err != nil {
			t.Fatalf("read as %+v, which cannot be sent: %v", l, err)
		}
		same, err := fleet.DecodeLine(again)
		if err != nil || !bytes.Equal(same.Text, l.Text) || same.Number != l.Number {
			t.Errorf("line %d is read as %d, %v", l.Number, same.Number, err)
		}
	})
}
