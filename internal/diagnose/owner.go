package diagnose

import (
	"cmp"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/evidence"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/reason"
	"github.com/loadgate/loadgate/internal/safetext"
)

// ofMachine begins the metrics that exporters have of a whole machine.
var ofMachine = []string{"system_", "node_", "host_", "windows_", "machine_"}

// owner is whose a gauge is, and what to look at where it grows: a service is not
// to be blamed for what another process of its machine keeps.
func owner(e *evidence.Run, name string) (whose reason.Reason, remedies []reason.Reason) {
	dumps := func(args reason.Args) reason.Reason { return reason.CompareDumps.With(args) }
	anyone := []reason.Reason{reason.FindProcess.Plain()}
	at := slices.IndexFunc(e.Config.Resources, func(r config.Resource) bool { return r.Name == name })
	if at < 0 {
		return reason.OwnerUnknown.Plain(), anyone
	}
	r := e.Config.Resources[at]
	page := cmp.Or(safetext.Brief(r.Place(), 80), "its source")
	switch r.From {
	case metric.FromProcess:
		args := reason.Args{"process": processOf(r)}
		return reason.OwnerProcess.With(args), []reason.Reason{dumps(args)}
	case metric.FromCgroup:
		which := processOf(r)
		if r.Group != "" {
			which = reason.ContainerOf.With(reason.Args{"group": safetext.Brief(r.Group, 80)})
		}
		return reason.OwnerContainer.With(reason.Args{"process": which}),
			[]reason.Reason{dumps(reason.Args{"process": reason.ProcessLargest.Plain()})}
	case metric.FromHost:
		return reason.OwnerMachine.Plain(), anyone
	case metric.FromRedis:
		return reason.OwnerRedis.With(reason.Args{"place": page}), []reason.Reason{reason.SeeExpiry.Plain()}
	case metric.FromMetricsPage:
		args := reason.Args{"metric": r.Metric[0], "place": page}
		switch {
		case slices.ContainsFunc(ofMachine, func(prefix string) bool { return strings.HasPrefix(r.Metric[0], prefix) }):
			return reason.OwnerMetricHost.With(args), anyone
		case strings.HasPrefix(r.Metric[0], "process_"):
			return reason.OwnerMetricServer.With(args),
				[]reason.Reason{dumps(reason.Args{"process": reason.ProcessAnswering.Plain()})}
		}
		return reason.OwnerMetric.With(args), []reason.Reason{reason.SeeMetric.With(args), dumps(nil)}
	}
	return reason.OwnerSource.With(reason.Args{"source": string(r.From)}),
		[]reason.Reason{reason.SeeProcess.Plain(), dumps(nil)}
}

// processOf is which process a resource reads.
func processOf(r config.Resource) reason.Reason {
	switch {
	case r.PID != 0:
		return reason.ProcessByID.With(reason.Args{"id": int(r.PID)})
	case r.PIDFile != "":
		return reason.ProcessByFile.With(reason.Args{"file": safetext.Brief(r.PIDFile, 80)})
	case r.Named != "":
		return reason.ProcessByName.With(reason.Args{"name": safetext.Brief(r.Named, 60)})
	case r.Port != 0:
		return reason.ProcessByPort.With(reason.Args{"port": int(r.Port)})
	}
	return reason.ProcessOfTarget.Plain()
}
