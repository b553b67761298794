package probe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"

	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/safetext"
)

// A Prometheus server has what it scraped, some seconds ago: it is asked for the
// newest value at each look, as its own pages would be.
func openPrometheus(p config.Probe, w *World) (Probe, error) {
	return level(func(ctx context.Context) (float64, error) {
		query := url.Values{"query": {p.Query},
			"time": {strconv.FormatFloat(float64(time.Now().UnixMilli())/1000, 'f', 3, 64)}}
		answer, err := w.Fetch(ctx, strings.TrimRight(p.URL, "/")+"/api/v1/query?"+query.Encode())
		if err != nil {
			return 0, err
		}
		return promValue(answer, p)
	}), w.reach(p.URL)
}

// promValue reads the one number of an answer of the query API.
func promValue(answer Answer, p config.Probe) (float64, error) {
	var doc struct {
		Status, Error string
		Data          struct {
			ResultType model.ValueType
			Result     json.RawMessage
		}
	}
	if err := json.Unmarshal(answer.Body, &doc); err != nil {
		return 0, fmt.Errorf("it answers %d, and no JSON of Prometheus' query API", answer.Status)
	}
	if doc.Status != "success" {
		return 0, fmt.Errorf("the server says: %s", safetext.Brief(doc.Error, 200))
	}
	var scalar model.Scalar
	var vector model.Vector
	var number float64
	switch doc.Data.ResultType {
	case model.ValScalar:
		if err := json.Unmarshal(doc.Data.Result, &scalar); err != nil {
			return 0, err
		}
		number = float64(scalar.Value)
	case model.ValVector:
		if err := json.Unmarshal(doc.Data.Result, &vector); err != nil {
			return 0, err
		}
		if len(vector) == 0 {
			return 0, absent("the query gives no series")
		}
		if len(vector) > 1 {
			return 0, fmt.Errorf("the query gives %d series; write one that gives one, such as sum(…)", len(vector))
		}
		number = float64(vector[0].Value)
	default:
		return 0, errors.New("the query gives no number; write one that gives one, such as sum(rate(…[1m]))")
	}
	if math.IsNaN(number) || math.IsInf(number, 0) {
		return 0, absent("the query gives %v, which is not a number", number)
	}
	return number * p.Scale, nil
}
