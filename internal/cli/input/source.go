package input

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/regular"
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
	in, err := open(ctx, name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	text, err = io.ReadAll(io.LimitReader(in, largestSource+1))
	if err == nil && len(text) > largestSource {
		err = fmt.Errorf("it is larger than %d MB", largestSource>>20)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, failure.WithoutPath(err))
	}
	return text, nil
}

// open opens a file, or asks an address.
func open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !IsURL(name) {
		file, err := regular.Open(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, failure.WithoutPath(err))
		}
		return file, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	request.Header.Set("Accept", "application/json, application/yaml;q=0.9, */*;q=0.8")
	answer, err := (&http.Client{Timeout: sourceWithin}).Do(request)
	if err != nil {
		return nil, failure.CouldNotRun(fmt.Errorf("read %s: %w", name, errors.Unwrap(err)))
	}
	if answer.StatusCode != http.StatusOK {
		return nil, failure.CouldNotRun(errors.Join(fmt.Errorf("read %s: it answered %s", name, answer.Status),
			answer.Body.Close()))

	}
	return answer.Body, nil
}
