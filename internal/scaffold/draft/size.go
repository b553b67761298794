package draft

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/thresholds"
	"github.com/loadgate/loadgate/internal/unit"
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

// fitLoad lets the profile grow until a run can decide every rule: each group has a
// user, each endpoint enough requests. Where no such load is small enough, a look
// says so.
func (d *Draft) fitLoad() error {
	if len(d.Loads) > 0 {
		return d.judgeLoad()
	}
	d.load.users = max(d.load.users, len(d.Groups))
	for range 12 {
		short, factor, err := d.undecided()
		if err != nil || !short {
			return err
		}
		before := d.load
		if grown := max(float64(d.load.users)*min(factor, 1.5), float64(d.load.users)+1); d.load.users < mostUsers {
			d.load.users = min(int(math.Ceil(grown/5))*5, max(mostUsers, d.load.users))
		}
		longer := time.Duration(float64(d.load.duration) * min(max(factor, 1.2), 4))
		d.load.duration = min(longer.Round(time.Minute)+time.Minute, mostLasting)
		if d.load == before {
			break
		}
	}
	d.people()
	if short, _, err := d.undecided(); err != nil || !short {
		return err
	}
	d.AddLook(fmt.Sprintf("%s for %s cannot decide every rule: loadgate plan says what would",
		unit.Counted(d.load.users, "user"), d.load.duration))
	return nil
}

// people raises the weights of groups that would get no user of the profile: such a file is refused.
func (d *Draft) people() {
	total := 0.0
	for _, g := range d.Groups {
		total += cmp.Or(g.Weight, 1)
	}
	for _, g := range d.Groups {
		if least := math.Ceil(10*total/float64(d.load.users)) / 10; cmp.Or(g.Weight, 1) < least {
			g.Looks = append(g.Looks, fmt.Sprintf("weight: it was %v, which is less than one of %d users",
				cmp.Or(g.Weight, 1), d.load.users))
			g.Weight = least
		}
	}
}

// judgeLoad says whether the load that the source asks for decides every rule.
func (d *Draft) judgeLoad() error {
	short, _, err := d.undecided()
	if short {
		d.AddLook(fmt.Sprintf("profile %s may not decide every rule: loadgate plan says what would", d.Loads[0].Name))
	}
	return err
}

// undecided says whether a run of the profile would leave a rule undecided, and how
// many times as many requests would be needed.
func (d *Draft) undecided() (bool, float64, error) {
	text, err := d.encode()
	if err != nil {
		return false, 0, err
	}
	s, err := thresholds.Decode(text, "thresholds.yaml", thresholds.Options{Unsent: true})
	if err != nil {
		return false, 0, fmt.Errorf("the draft cannot be read back: %w", err)
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
			factor = max(factor, 4)
		}
	}
	return short, factor, nil
}
