package result

// settle counts what documents of older versions call failures of kind
// expression as what it is: requests that were not sent.
func (s *Slot) settle() {
	for kind, n := range s.Failed {
		// What cannot be is left to Check.
		if kind.Sent() || !countable(n) || n > s.Requests {
			continue
		}
		s.Requests, s.Unsent = s.Requests-n, s.Unsent+n
		delete(s.Failed, kind)
	}
	if len(s.Failed) == 0 {
		s.Failed = nil
	}
}

// settle does so in all slots of a document.
func (r *Result) settle() {
	for _, e := range r.rows() {
		for i := range e.Failures {
			e.Failures[i].settle()
		}
		for i := range e.Slots {
			e.Slots[i].settle()
		}
	}
}

// settle does so in a line of a journal.
func (s *Slice) settle() {
	for i := range s.Endpoints {
		s.Endpoints[i].Slot.settle()
		for at := range s.Endpoints[i].Failures {
			s.Endpoints[i].Failures[at].settle()
		}
	}
}
