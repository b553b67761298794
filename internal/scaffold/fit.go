package scaffold

import (
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/plan"
)

// size is how much load the profile of a draft makes.
type size struct {
	users    int
	duration time.Duration
}

// smallest is what a draft begins with, and the others bound what it may become:
// who wants to know more of a service has to say so.
var smallest = size{20, 2 * time.Minute}

const (
	mostUsers   = 200
	mostLasting = time.Hour
)

// fit lets the profile grow until a run can decide every rule: each group has a
// user, each endpoint enough requests. Where no such load is small enough, a look
// says so.
func (d *Draft) fit() error {
	d.size.users = max(d.size.users, len(d.groups))
	for range 12 {
		short, factor, err := d.short()
		if err != nil || !short {
			return err
		}
		before := d.size
		if grown := max(float64(d.size.users)*min(factor, 1.5), float64(d.size.users)+1); d.size.users < mostUsers {
			d.size.users = min(int(math.Ceil(grown/5))*5, max(mostUsers, d.size.users))
		}
		longer := time.Duration(float64(d.size.duration) * min(max(factor, 1.2), 4))
		d.size.duration = min(longer.Round(time.Minute)+time.Minute, mostLasting)
		if d.size == before {
			break
		}
	}
	if short, _, err := d.short(); err != nil || !short {
		return err
	}
	d.addLook(fmt.Sprintf("%d users for %s cannot decide every rule: loadgate plan says what would",
		d.size.users, d.size.duration))
	return nil
}

// short says whether a run of the profile would leave a rule undecided, and how
// many times as many requests would be needed.
func (d *Draft) short() (bool, float64, error) {
	text, err := d.encode()
	if err != nil {
		return false, 0, err
	}
	s, err := config.Decode(text, "thresholds.yaml", config.Options{})
	if err != nil {
		return false, 0, fmt.Errorf("what came of it cannot be read back: %w", err)
	}
	p, err := plan.New(s, plan.Options{Seed: 1})
	if err != nil { // a group without a user
		return true, 1.5, nil
	}
	short, factor := false, 1.0
	for _, f := range p.Forecast() {
		if f.Prospect == plan.Decidable || f.Unlimited {
			continue
		}
		short = true
		if f.Expected > 0 {
			factor = max(factor, 400/f.Expected)
		} else {
			factor = 4
		}
	}
	return short, factor, nil
}
