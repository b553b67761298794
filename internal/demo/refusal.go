package demo

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"
)

// refusal is an answer other than the one asked for. As an error it ends a call.
type refusal struct {
	status int
	header http.Header
	Detail any `json:"detail"`
}

func (r *refusal) Error() string { return http.StatusText(r.status) }

// refusalOf turns any error of a call into the answer for it.
func refusalOf(err error, r *route) *refusal {
	if no, ok := errors.AsType[*refusal](err); ok {
		if no.status == http.StatusUnauthorized {
			no.header = http.Header{"Www-Authenticate": {"Bearer"}}
		}
		return no
	}
	if errors.Is(err, errNoRow) && r.missing != "" {
		return &refusal{status: http.StatusNotFound, Detail: r.missing}
	}
	return &refusal{status: http.StatusInternalServerError, Detail: "Internal Server Error: " + err.Error()}
}

func retryAfter(status int, detail string, wait time.Duration) error {
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return &refusal{status: status, Detail: detail, header: http.Header{"Retry-After": {seconds}}}
}

func unauthorized(detail string) error {
	return &refusal{status: http.StatusUnauthorized, Detail: detail}
}
