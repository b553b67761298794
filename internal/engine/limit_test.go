package engine_test

import (
	"errors"
	"math"
	"testing"

	"github.com/loadgate/loadgate/internal/engine"
)

func TestCheckDescriptors(t *testing.T) {
	if err := engine.CheckDescriptors(10, true); err != nil {
		t.Errorf("ten users: %v", err)
	}
	err := engine.CheckDescriptors(math.MaxInt32, false)
	limit, ok := errors.AsType[*engine.LimitError](err)
	if !ok {
		t.Skipf("this system has no limit that two billion users meet: %v", err)
	}
	if limit.Needs != math.MaxInt32+100 || limit.Limit == 0 {
		t.Errorf("CheckDescriptors = %v", err)
	}
}
