package selfmon_test

import (
	"errors"
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/selfmon"
)

func TestCheckDescriptors(t *testing.T) {
	if err := selfmon.CheckDescriptors(10, true); err != nil {
		t.Errorf("ten users: %v", err)
	}
	err := selfmon.CheckDescriptors(math.MaxInt32, false)
	limit, ok := errors.AsType[*selfmon.LimitError](err)
	if !ok {
		t.Skipf("this system has no limit that two billion users meet: %v", err)
	}
	if limit.Needs != math.MaxInt32+100 || limit.Limit == 0 {
		t.Errorf("CheckDescriptors = %v", err)
	}
}
