package metric

// Source is a kind of probe: where a resource is read, in the word that thresholds.yaml and
// results have for it. A result may have one that this version does not know.
type Source string

// The sources.
const (
	FromHost        Source = "host"
	FromProcess     Source = "process"
	FromCgroup      Source = "cgroup"
	FromMetricsPage Source = "metrics"
	FromPrometheus  Source = "prometheus"
	FromPostgres    Source = "postgres"
	FromRedis       Source = "redis"
	FromCommand     Source = "command"
	FromJSON        Source = "json"
)

// Local says whether it is read from the operating system of loadgate's own machine.
func (s Source) Local() bool { return s == FromHost || s == FromProcess || s == FromCgroup }

// Free says whether the file chooses what is read, so that loadgate knows neither its unit nor
// whether it should change.
func (s Source) Free() bool {
	return s == FromMetricsPage || s == FromPrometheus || s == FromCommand || s == FromJSON
}
