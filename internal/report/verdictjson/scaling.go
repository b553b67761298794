package verdictjson

import (
	"github.com/loadgate/loadgate/internal/report/content"
)

// scaling is what a search says of replicas, in verdict.json.
type scaling struct {
	given                      // the advice, or that it is refused
	Advised    bool            `json:"advised"`  // false: refused says why not
	Replicas   int             `json:"replicas"` // that were measured
	By         string          `json:"by"`       // requests, cores or cpu_share: what target is of
	PerReplica *Amount         `json:"per_replica"`
	Share      *Amount         `json:"share"`
	Target     *Amount         `json:"target"`
	Peak       *Amount         `json:"peak"`
	Needed     *int64          `json:"needed"` // replicas for the peak
	Refused    []given         `json:"refused"`
	Notes      []given         `json:"notes"`
	Text       string          `json:"text"`
	Remedy     string          `json:"remedy"`
	Objects    []scalingObject `json:"objects"`
}

// scalingObject is one of a cluster's objects.
type scalingObject struct {
	Kind string `json:"kind"`
	YAML string `json:"yaml"`
}

func scalingOf(s *content.Scaling) *scaling {
	if s == nil {
		return nil
	}
	doc := &scaling{
		given:   given{s.Says.Code, argsOf(s.Says.Args)},
		Advised: s.Advised(), Replicas: s.Replicas, By: s.By.String(), PerReplica: AmountOf(s.Each),
		Share: AmountOf(s.Share), Target: AmountOf(s.Target), Peak: AmountOf(s.Peak), Needed: known(int64(s.Needed)),
		Refused: givenOf(s.Refused), Notes: givenOf(s.Notes), Text: s.Text, Remedy: s.Remedy,
		Objects: make([]scalingObject, 0, len(s.Objects)),
	}
	for _, o := range s.Objects {
		doc.Objects = append(doc.Objects, scalingObject{o.Kind, o.YAML})
	}
	return doc
}
