package k6script

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/loadgate/loadgate/internal/scaffold/k6script/walk"
	"github.com/loadgate/loadgate/internal/scaffold/secrets"
	"github.com/loadgate/loadgate/internal/unit"
)

// options are those of the script.
func (b *builder) options() walk.Setting {
	o := b.Options()
	if b.Has("options") && !o.IsObject() {
		b.Look("the options of the script are known only when it runs: write profiles and thresholds")
	}
	for _, key := range o.Keys() {
		if !slices.Contains(knownOptions, key) {
			b.Look("left out: options." + secrets.Line(key))
		}
	}
	return o
}

// knownOptions are read, or say nothing that a draft could say.
var knownOptions = []string{"scenarios", "thresholds", "stages", "vus", "duration", "iterations", "summaryTrendStats",
	"noConnectionReuse", "discardResponseBodies", "tags", "systemTags", "ext", "cloud", "noUsageReport", "vusMax",
	"summaryTimeUnit", "setupTimeout", "teardownTimeout"}

// readScenarios are the scenarios of the options, or the options themselves as one. There is at
// least one.
func (b *builder) readScenarios(options walk.Setting) (out []*scenario) {
	all := options.Get("scenarios")
	for _, name := range all.Keys() {
		if o := all.Get(name); o.IsObject() {
			out = append(out, b.readScenario(name, o))
		} else {
			b.Look("left out: scenario " + secrets.Line(name) + ", which is known only when the script runs")
		}
	}
	if len(out) > 0 {
		return out
	}
	sc := &scenario{name: "default", exec: "default", alone: true}
	readLoad(sc, options)
	return []*scenario{sc}
}

// readScenario reads one of the scenarios by its executor.
func (b *builder) readScenario(name string, o walk.Setting) *scenario {
	sc := &scenario{name: name, exec: "default", env: map[string]string{}}
	sc.exec = cmp.Or(o.Get("exec").Text(), sc.exec)
	env := o.Get("env")
	for _, key := range env.Keys() {
		sc.env[key] = env.Get(key).Text()
	}
	sc.begins, _ = o.Get("startTime").Duration()
	executor := o.Get("executor").Text()
	switch executor {
	case "constant-arrival-rate", "ramping-arrival-rate":
		readRate(sc, o)
	case "constant-vus", "ramping-vus", "per-vu-iterations", "shared-iterations", "externally-controlled":
		readLoad(sc, o)
	default:
		sc.look("its executor is not one that init reads: which load does it make?")
		readLoad(sc, o)
	}
	if executor == "per-vu-iterations" || executor == "shared-iterations" {
		if sc.rounds == "" {
			sc.rounds = "1 round"
		}
		if executor == "per-vu-iterations" {
			sc.rounds += " of each user"
			n, _ := o.Get("iterations").Number()
			sc.each = int(min(max(n, 1), 1e6))
		}
		sc.lasts, _ = o.Get("maxDuration").Duration()
	}
	return sc
}

func (sc *scenario) look(what string) { sc.looks = append(sc.looks, what) }

// readLoad reads a load of users that wait for their answers.
func readLoad(sc *scenario, o walk.Setting) {
	users, has := o.Get("vus").Number()
	if has && users >= 1 {
		sc.users = int(min(users, 1e6))
	}
	sc.lasts, _ = o.Get("duration").Duration()
	if n, ok := o.Get("iterations").Number(); ok && n >= 1 {
		sc.rounds = unit.Counted(int(min(n, 1e9)), "round")
	}
	stages, ok := o.Get("stages").Items()
	if !ok {
		return
	}
	if start, ok := o.Get("startVUs").Number(); ok && start > 1 {
		sc.stages = append(sc.stages, stage{min(start, 1e6), 0})
	}
	readStages(sc, stages, 1)
}

// readRate reads a load of rounds that begin whether or not earlier ones have ended.
func readRate(sc *scenario, o walk.Setting) {
	sc.open = true
	per := time.Second
	if d, ok := o.Get("timeUnit").Duration(); ok && d > 0 {
		per = d
	}
	scale := 1 / per.Seconds()
	if n, ok := o.Get("rate").Number(); ok && n > 0 {
		sc.rate = n * scale
	}
	users, _ := o.Get("maxVUs").Number()
	if users == 0 {
		users, _ = o.Get("preAllocatedVUs").Number()
	}
	sc.maxUsers = int(min(max(users, 0), 1e5))
	sc.lasts, _ = o.Get("duration").Duration()
	stages, ok := o.Get("stages").Items()
	if !ok {
		return
	}
	if start, ok := o.Get("startRate").Number(); ok && start > 0 {
		sc.stages = append(sc.stages, stage{start * scale, 0})
	}
	readStages(sc, stages, scale)
}

func readStages(sc *scenario, list []walk.Setting, scale float64) {
	for i, v := range list {
		target, isNumber := v.Get("target").Number()
		over, isTime := v.Get("duration").Duration()
		if !isNumber || !isTime || target < 0 || i >= mostStages {
			sc.look(fmt.Sprintf("stage %d is left out: its target or its duration is not known", i+1))
			continue
		}
		sc.stages = append(sc.stages, stage{min(target, 1e6) * scale, over})
	}
}

// mostStages is how many stages a draft has.
const mostStages = 100
