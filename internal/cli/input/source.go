package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/regular"
	"github.com/loadgate/loadgate/internal/target"
)

// Bounds of what a first file is made from.
const (
	largestSource = 64 << 20
	sourceWithin  = 30 * time.Second
)

// IsURL reports whether a text is an address of HTTP, and not a file.
func IsURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// ReadSource reads a file or what an address answers with, to a limit.
func ReadSource(ctx context.Context, name string) (text []byte, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("read %s: %w", withoutPassword(name), failure.WithoutPath(err))
		}
	}()
	in, err := open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err = io.ReadAll(io.LimitReader(in, largestSource+1))
	if err == nil && len(text) > largestSource {
		err = fmt.Errorf("it is larger than %d MiB", largestSource>>20)
	}
	return text, err
}

// withoutPassword is a name for messages: a password in an address does not get into a log.
func withoutPassword(name string) string {
	if !IsURL(name) {
		return name
	}
	u, err := url.Parse(name)
	if err != nil {
		return target.WithoutCredentials(name)
	}
	return u.Redacted()
}

// open opens a file, or asks an address.
func open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !IsURL(name) {
		file, err := regular.Open(name)
		if err != nil {
			return nil, err
		}
		return file, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, errors.Unwrap(err) // without the address, which may hold a password
	}
	request.Header.Set("Accept", "application/json, application/yaml;q=0.9, */*;q=0.8")
	answer, err := (&http.Client{Timeout: sourceWithin}).Do(request)
	if err != nil {
		return nil, failure.CouldNotRun(errors.Unwrap(err))
	}
	if answer.StatusCode != http.StatusOK {
		return nil, failure.CouldNotRun(errors.Join(fmt.Errorf("it answered %s", answer.Status), answer.Body.Close()))
	}
	return answer.Body, nil
}
