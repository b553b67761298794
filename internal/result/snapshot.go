package result

import "slices"

// Snapshot is the result as it is now, which the growing one leaves alone: it may be judged beside the run. The
// distributions of slots that have ended are shared, since nothing changes them.
func (r *Result) Snapshot() *Result {
	s := *r
	s.Shards, s.Timeline, s.Addresses = slices.Clone(r.Shards), slices.Clone(r.Timeline), slices.Clone(r.Addresses)
	s.Endpoints, s.Transactions = snapshots(r.Endpoints), snapshots(r.Transactions)
	s.Resources = slices.Clone(r.Resources)
	for i := range s.Resources {
		s.Resources[i].Readings = slices.Clone(s.Resources[i].Readings)
	}
	return &s
}

func snapshots(all []Endpoint) []Endpoint {
	all = slices.Clone(all)
	for i := range all {
		e := &all[i]
		e.Slots, e.Failures, e.Server = slices.Clone(e.Slots), slices.Clone(e.Failures), slices.Clone(e.Server)
	}
	return all
}
