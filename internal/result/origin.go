package result

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/loadgate/loadgate/internal/unit"
)

// Origin says where a run comes from: the version of the service, as the caller
// knows it, and the machine that made the load. All of it is untrusted text; the
// zero value knows nothing.
type Origin struct {
	Commit string `json:"commit,omitempty"`
	Branch string `json:"branch,omitempty"`
	Runner Runner `json:"runner,omitzero"`
}

// ShortCommit is enough of the commit to find it; empty where it is unknown.
func (o Origin) ShortCommit() string {
	runes := []rune(o.Commit)
	return string(runes[:min(len(runes), 10)])
}

// Runner is the machine that made the load.
type Runner struct {
	// Name is what the caller calls this kind of machine; empty: the other fields
	// identify it.
	Name   string `json:"name,omitempty"`
	CPU    string `json:"cpu,omitempty"`   // model
	Cores  int    `json:"cores,omitempty"` // that the process may use at once; 0: unknown
	Memory int64  `json:"memory_bytes,omitempty"`
	OS     string `json:"os,omitempty"` // and architecture, such as linux/amd64
}

// Class names the kind of machine: figures of runs on machines of one class
// are compared with each other, others never. It is the name where there is
// one, else model, cores, memory to the nearest GiB and system: two machines of
// a kind differ by a few pages that the kernel keeps for itself. Empty: nothing
// is known.
func (r Runner) Class() string {
	if r.Name != "" {
		return r.Name
	}
	var parts []string
	add := func(known bool, text string) {
		if known {
			parts = append(parts, text)
		}
	}
	add(r.CPU != "", strings.Join(strings.Fields(r.CPU), " "))
	add(r.Cores == 1, "1 core")
	add(r.Cores > 1, fmt.Sprintf("%d cores", r.Cores))
	const gib = 1 << 30
	add(r.Memory > 0, unit.Quantity{Value: float64(max(1, (r.Memory+gib/2)/gib)) * gib, Unit: unit.Bytes}.String())
	add(r.OS != "", r.OS)
	return strings.Join(parts, ", ")
}

// or fills in what is not known of the origin from another.
func (o Origin) or(other Origin) Origin {
	o.Commit, o.Branch = cmp.Or(o.Commit, other.Commit), cmp.Or(o.Branch, other.Branch)
	o.Runner = cmp.Or(o.Runner, other.Runner)
	return o
}
