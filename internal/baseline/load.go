package baseline

import "github.com/loadgate/loadgate/internal/result"

// Load is the load of a run, in parts: after an edit of thresholds.yaml, the parts that did not
// change can be compared with those of earlier runs. The zero value: not known.
type Load struct {
	Course string `json:"course"` // digest of the profile's model, times and stages
	Around string `json:"around"` // digest of all that decides how often requests are sent
	// Free says that some users send as fast as answers come: then the planned
	// rates are not known.
	Free  bool    `json:"free,omitempty"`
	Asked []Asked `json:"asked"`
}

// Asked is an endpoint, or transaction, of a load.
type Asked struct {
	Endpoint    string  `json:"endpoint"`
	Transaction bool    `json:"transaction,omitempty"`
	Was         string  `json:"was,omitempty"` // its name in earlier runs; empty: the same
	Request     string  `json:"request"`       // digest of what is sent and accepted
	Rate        float64 `json:"rate"`          // planned, per second
}

func loadOf(r *result.Result) Load {
	if r.Load.Course == "" || r.Load.Measured <= 0 || len(r.Planned.Loads) > 0 {
		return Load{}
	}
	r = r.Pooled()
	l := Load{Course: r.Load.Course, Around: r.Load.Around}
	for _, g := range r.Planned.Groups {
		l.Free = l.Free || r.Planned.Rate == 0 && g.Users > 0 && g.ThinkMax == 0
	}
	add := func(rows []result.Endpoint, transaction bool) {
		for _, e := range rows {
			if !e.Once.Any() && e.Request != "" {
				rate := e.Expected / r.Load.Measured.Seconds()
				l.Asked = append(l.Asked, Asked{e.Name, transaction, e.Was, e.Request, rate})
			}
		}
	}
	add(r.Endpoints, false)
	add(r.Transactions, true)
	return l
}
