package probe

import (
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
)

// A kind is a source of gauges: its word after from, and how its gauges are opened.
type kind struct {
	from metric.Source
	open func(config.Probe, *World) (Probe, error)
}

// kinds is the table of all sources; config has their keys.
var kinds = []kind{
	{metric.FromHost, openHost},
	{metric.FromProcess, openProcess},
	{metric.FromCgroup, openCgroup},
	{metric.FromMetricsPage, openMetrics},
	{metric.FromPrometheus, openPrometheus},
	{metric.FromPostgres, openPostgres},
	{metric.FromRedis, openRedis},
	{metric.FromCommand, openCommand},
	{metric.FromJSON, openJSON},
}

// Open makes a probe ready. Nothing is read and nothing is dialled yet, so that
// what is down may come up again; the error is one of what the file says, such as a host that the allow list has not.
func (w *World) Open(p config.Probe) (Probe, error) {
	i := slices.IndexFunc(kinds, func(k kind) bool { return k.from == p.From })
	if i < 0 {
		return Probe{}, fmt.Errorf("there is no probe %q", p.From)
	}
	return kinds[i].open(p, w)
}
