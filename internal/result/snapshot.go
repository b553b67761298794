package result

import "slices"

// Snapshot is the result as it is now, which the growing one leaves alone: it may be judged beside the run. The
// distributions of slots that have ended are shared, since nothing changes them.
func (r *Result) Snapshot() *Result {
	s := *r
	s.Shards, s.Timeline, s.Addresses = slices.Clone(r.Shards), slices.Clone(r.Timeline), slices.Clone(r.Addresses)
	s.Planned = r.Planned.clone()
	s.Endpoints, s.Transactions = slices.Clone(r.Endpoints), slices.Clone(r.Transactions)
	for _, e := range s.rows() {
		e.Slots, e.Failures, e.Server = slices.Clone(e.Slots), slices.Clone(e.Failures), slices.Clone(e.Server)
		e.Exemplars = slices.Clone(e.Exemplars)
	}
	s.Resources = cloneResources(r.Resources)
	return &s
}
