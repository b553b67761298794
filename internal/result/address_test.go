package result_test

import (
	"fmt"
	"testing"

	"github.com/loadgate/loadgate/internal/result"
)

func TestAddressesSince(t *testing.T) {
	before := []result.Address{{Address: "a:1", Requests: 5, Failed: 1, Refused: 0}, {Address: "b:1", Requests: 2,
		Failed: 0, Refused: 3}}
	now := []result.Address{{Address: "a:1", Requests: 9, Failed: 2, Refused: 0},
		{Address: "b:1", Requests: 2, Failed: 0,
			Refused: 3}, {Address: "c:1", Requests: 0, Failed: 0, Refused: 4}}
	want := fmt.Sprint([]result.Address{{Address: "a:1", Requests: 4, Failed: 1, Refused: 0},
		{Address: "c:1", Requests: 0,
			Failed: 0, Refused: 4}})
	if got := fmt.Sprint(result.AddressesSince(now, before)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
