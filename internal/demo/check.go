package demo

import (
	"errors"
	"fmt"
	"time"
)

// longestWork bounds what one request may be kept with.
const longestWork = time.Minute

// check tells every mistake in options that no parser has seen.
func (o *Options) check() error {
	errs := []error{o.Freeze.check(), o.Down.check("down"), o.CacheDown.check("cache down")}
	for _, slow := range o.Slow {
		errs = append(errs, checkEndpoint(slow.Endpoint))
		if slow.Median < 0 || !(slow.More >= 0) || slow.Median == 0 && slow.More == 0 {
			errs = append(errs,
				fmt.Errorf("%s: slow by nothing; give a median or a share above 0", endpointName(slow.Endpoint)))
		}
		if slow.From < 0 {
			errs = append(errs,
				fmt.Errorf("%s: slow from %v on; give 0s or more", endpointName(slow.Endpoint), slow.From))
		}
	}
	for _, fail := range o.Fail {
		errs = append(errs, checkEndpoint(fail.Endpoint))
		if !(fail.Share >= 0 && fail.Share <= 1) {
			errs = append(errs,
				fmt.Errorf("%s: failing share %v is outside 0 to 1", endpointName(fail.Endpoint), fail.Share))
		}
		if fail.From < 0 {
			errs = append(errs,
				fmt.Errorf("%s: failing from %v on; give 0s or more", endpointName(fail.Endpoint), fail.From))
		}
	}
	if d := o.Drift; !(d.Share >= 0) || d.By < 0 || d != (Drift{}) && d.Per <= 0 {
		errs = append(errs,
			fmt.Errorf("drift of %v and %v in %v is none; give what is added, and in what time", d.Share, d.By, d.Per))
	}
	for _, work := range []struct {
		what string
		d    time.Duration
	}{{"burn", o.Burn}, {"metrics block", o.MetricsBlock}, {"hold", o.Hold}} {
		if work.d < 0 || work.d > longestWork {
			errs = append(errs, fmt.Errorf("%s of %v is outside 0s to %v", work.what, work.d, longestWork))
		}
	}
	if o.Pool < 0 || o.Pool > mostConnections {
		errs = append(errs, fmt.Errorf("pool of %d is outside 1 to %d connections", o.Pool, mostConnections))
	}
	if o.RateLimit.Requests < 0 || (o.RateLimit.Requests > 0) != (o.RateLimit.Window > 0) {
		errs = append(errs, fmt.Errorf("rate limit of %d in %v is none; give both above 0",
			o.RateLimit.Requests, o.RateLimit.Window))
	}
	if o.StartDelay < 0 || o.KeepAlive < 0 {
		errs = append(errs, errors.New("start delay and keep-alive must be 0s or more"))
	}
	return errors.Join(errs...)
}

// checkEndpoint is an error where a switch names no endpoint.
func checkEndpoint(name string) error {
	if name == "" {
		return nil
	}
	_, err := endpointNamed(name)
	return err
}

func endpointName(name string) string {
	if name == "" {
		return "all endpoints"
	}
	return name
}
