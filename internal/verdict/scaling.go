package verdict

import "github.com/loadgate/loadgate/internal/reason"

// Scaling is what a search for the highest load says of the number of replicas. It changes no
// outcome.
type Scaling struct {
	Replicas int // that were measured
	// Says is the advice, or that there is none because of what Refused says; Notes are what else
	// has to be known of it.
	Says    reason.Reason
	Refused []reason.Reason
	Notes   []reason.Reason
	// Each is the requests per second that one replica serves, by the lower end of the interval;
	// not OK where nothing held.
	Each Value
	// Share of what one replica carries is where an autoscaler should add another, in (0, 1). Target is that,
	// in Requests per second, or of its processor: Cores, or a share of its limit.
	Share  Value
	Target Value
	By     ScaledBy
	Peak   Value // requests per second to be carried; not OK: nobody said
	Needed int   // replicas for the peak; 0: unknown
	// Objects are for a Kubernetes cluster; nil without a peak, or where advice is refused.
	Objects []ScalingObject
}

// Advised says whether there is advice, and not only why there is none.
func (s *Scaling) Advised() bool { return len(s.Refused) == 0 }

// ScaledBy is the figure that an autoscaler goes by.
type ScaledBy uint8

// The figures.
const (
	ByRequests  ScaledBy = iota // requests per second of each replica
	ByCores                     // processors that each replica uses
	ByUsedLimit                 // the share that each replica uses of its limit of processor time
)

// String is the name of the figure in verdict.json.
func (s ScaledBy) String() string { return [...]string{"requests", "cores", "cpu_share"}[s%3] }

// ScalingObject is one object as YAML.
type ScalingObject struct{ Kind, YAML string }
