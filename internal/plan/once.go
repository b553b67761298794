package plan

import "github.com/loadgate/loadgate/internal/config"

// SetupUser is the user that sends the steps before the load: they are those of its group, and in no row.
func SetupUser(p *Plan) User { return keeper(p, config.SetupName, p.Config.Setup, inSetup) }

// TeardownUser is the user that sends the steps after the load.
func TeardownUser(p *Plan) User { return keeper(p, "teardown", p.Config.Teardown, inTeardown) }

// keeper is a user of the whole run. Its values differ from those of all others.
func keeper(p *Plan, name string, steps []config.Step, of aside) User {
	g := &Group{Group: &config.Group{Name: name}, Pace: 1}
	for i := range steps {
		g.Steps = append(g.Steps, Step{Step: &steps[i], Endpoint: i, Transaction: -1, Gap: -1})
	}
	return User{Group: g, plan: p, aside: of, life: int(of)}
}
