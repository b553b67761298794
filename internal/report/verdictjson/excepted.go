package verdictjson

import (
	"github.com/loadgate/loadgate/internal/verdict"
)

// excepted is an exception in verdict.json.
type excepted struct {
	Rule      string   `json:"rule"` // baseline: the comparison with earlier runs
	Endpoints []string `json:"endpoints"`
	Reason    string   `json:"reason"`
	Until     string   `json:"until"` // YYYY-MM-DD, the first day on which it counts no longer; empty: no end
	File      string   `json:"file"`
	Line      int      `json:"line"`
	Column    int      `json:"column"`
}

func exceptions(all []verdict.Excepted) []excepted {
	list := make([]excepted, 0, len(all))
	for _, x := range all {
		list = append(list, excepted{
			Rule: x.Rule, Endpoints: append([]string{}, x.Endpoints...), Reason: x.Reason, Until: x.Until,
			File: x.Pos.File, Line: x.Pos.Line, Column: x.Pos.Column,
		})
	}
	return list
}
