package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/safetext"
)

// ofMachine begins the metrics that exporters have of a whole machine.
var ofMachine = []string{"system_", "node_", "host_", "windows_", "machine_"}

// owner says whose a gauge is, and what to look at where it grows: a service is not
// to be blamed for what another process of its machine keeps.
func (e *evidence) owner(name string) (whose, next string) {
	const (
		dumps  = "compare two dumps of what %s keeps, some minutes apart; a cache without a bound looks the same"
		anyone = "find the process that grows there (ps, top, or from: process in the file) before you look into the " +
			"service"
	)
	at := slices.IndexFunc(e.config.Resources, func(r config.Resource) bool { return r.Name == name })
	if at < 0 {
		return "of nothing that the file has still", anyone
	}
	r := e.config.Resources[at]
	page := cmp.Or(safetext.Brief(r.Place(), 80), "its source")
	switch r.From {
	case "process":
		which := processOf(r)
		return "that of " + which + ", with all that it started", fmt.Sprintf(dumps, which)
	case "cgroup":
		which := processOf(r)
		if r.Group != "" {
			which = safetext.Brief(r.Group, 80)
		}
		return "that of the container around " + which + ", with all its processes",
			fmt.Sprintf(dumps, "its largest process")
	case "host":
		return "that of the machine that runs loadgate, with all its processes", anyone
	case "redis":
		return "that of Redis, " + page, "look at what is written there without an expiry, and at maxmemory"
	case "metrics":
		metric := r.Metric[0]
		switch {
		case slices.ContainsFunc(ofMachine, func(prefix string) bool { return strings.HasPrefix(metric, prefix) }):
			return fmt.Sprintf("%s of %s, by its name that of the machine behind it, with all its processes", metric,
				page), anyone
		case strings.HasPrefix(metric, "process_"):
			return fmt.Sprintf("%s of %s, that of the process that answers there", metric, page),
				fmt.Sprintf(dumps, "that process")
		}
		return fmt.Sprintf("%s of %s", metric, page),
			"see what " + metric + " counts, and of which process; then " + fmt.Sprintf(dumps, "it")
	}
	return fmt.Sprintf("read from: %s", r.From), "see which process that is; then " + fmt.Sprintf(dumps, "it")
}

// processOf says which process a resource reads.
func processOf(r config.Resource) string {
	switch {
	case r.PID != 0:
		return fmt.Sprintf("process %d", r.PID)
	case r.PIDFile != "":
		return "the process of " + safetext.Brief(r.PIDFile, 80)
	case r.Named != "":
		return "the processes named " + safetext.Quoted(r.Named, 60)
	case r.Port != 0:
		return fmt.Sprintf("the process that listens on port %d", r.Port)
	}
	return "the process that listens on the target's port"
}
