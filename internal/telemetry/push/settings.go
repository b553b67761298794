package push

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/mask"
)

// Settings say where messages go, and what the environment adds to them.
type Settings struct {
	URL    *url.URL
	From   string            // the flag or the variable that names the address
	Header map[string]string // secrets
	Delta  bool              // each message counts from the one before
	// Resource are attributes of the environment, in its order.
	Resource []Pair
	// Transport is nil for the usual one, with the proxies of the environment.
	Transport http.RoundTripper
}

// Pair is an attribute by its name.
type Pair struct{ Key, Value string }

// Host is what may be said of the address.
func (s Settings) Host() string { return s.URL.Host }

// hide takes the secrets out of a text that the other side wrote.
func (s Settings) hide(text string) string {
	var secrets []string
	for _, value := range s.Header {
		_, credentials, _ := strings.Cut(value, " ") // of a scheme, such as Bearer
		secrets = append(secrets, value, credentials)
	}
	if password, ok := s.URL.User.Password(); ok {
		secrets = append(secrets, password)
	}
	return mask.Text(text, slices.DeleteFunc(secrets, func(s string) bool { return s == "" }))
}

// The variables of OpenTelemetry's specification that are read. A variable for metrics wins over the one for all.
const (
	endpointName        = "OTEL_EXPORTER_OTLP_ENDPOINT"
	metricsEndpointName = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
	temporalityName     = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE"
	resourceName        = "OTEL_RESOURCE_ATTRIBUTES"
	serviceName         = "OTEL_SERVICE_NAME"
	disabledName        = "OTEL_SDK_DISABLED"
	exporterName        = "OTEL_METRICS_EXPORTER"
)

var (
	headerNames   = []string{"OTEL_EXPORTER_OTLP_METRICS_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"}
	protocolNames = []string{"OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"}
)

// signalPath is where a collector takes metrics.
const signalPath = "/v1/metrics"

// Read reads the address from a flag, or where that is empty from the environment; on is false where neither has one.
// An error is about the flag alone. What is wrong with a variable is a note of one line, without its value, and the
// variable is ignored, as the specification wants: they are there for other programs, too.
func Read(flag string, getenv func(string) (string, bool)) (s Settings, on bool, notes []string, err error) {
	e := environment{getenv: getenv}
	if flag != "" {
		if s.URL, err = parseEndpoint(flag); err != nil {
			return s, false, nil, fmt.Errorf("--otlp: %w", err)
		}
		s.From = "--otlp"
		if !strings.HasSuffix(s.URL.Path, signalPath) {
			s.URL = s.URL.JoinPath(signalPath)
		}
	} else if s.URL, s.From = e.endpoint(); s.URL == nil {
		return s, false, e.notes, nil
	}
	s.Header, s.Delta, s.Resource = e.headers(), e.delta(), e.resource()
	return s, true, e.notes, nil
}

// ReadResource are the attributes that the environment gives to whatever is measured here.
func ReadResource(getenv func(string) (string, bool)) []Pair {
	e := environment{getenv: getenv}
	return e.resource()
}

// parseEndpoint reads an address of HTTP.
func parseEndpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Opaque != "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("it is no address of a collector; write one such as http://localhost:4318")
	case u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("an address of a collector has no query; write one such as http://localhost:4318")
	}
	return u, nil
}

// environment reads variables, and notes what is wrong with them.
type environment struct {
	getenv func(string) (string, bool)
	notes  []string
}

func (e *environment) note(format string, args ...any) {
	e.notes = append(e.notes, fmt.Sprintf(format, args...))
}

// first is the first of these variables that is set, and its value; an empty one counts as not set.
func (e *environment) first(names ...string) (name, value string) {
	for _, name := range names {
		if value, _ := e.getenv(name); strings.TrimSpace(value) != "" {
			return name, strings.TrimSpace(value)
		}
	}
	return "", ""
}

// endpoint is the address, and the variable that has it; nil: nothing is to be pushed.
func (e *environment) endpoint() (*url.URL, string) {
	if _, disabled := e.first(disabledName); strings.EqualFold(disabled, "true") {
		return nil, ""
	}
	isOTLP := func(exporter string) bool { return strings.TrimSpace(exporter) == "otlp" }
	if _, exporters := e.first(exporterName); exporters != "" &&
		!slices.ContainsFunc(strings.Split(exporters, ","), isOTLP) {
		return nil, ""
	}
	name, text := e.first(metricsEndpointName, endpointName)
	if name == "" {
		return nil, ""
	}
	if asked, protocol := e.first(protocolNames...); asked != "" && protocol != "http/protobuf" {
		e.note("no metrics are pushed: %s asks for %.20q, and loadgate speaks http/protobuf alone; set --otlp to an "+
			"address of that, such as http://localhost:4318", asked, protocol)
		return nil, ""
	}
	u, err := parseEndpoint(text)
	if err != nil {
		e.note("no metrics are pushed: %s: %v", name, err)
		return nil, ""
	}
	if name == endpointName {
		u = u.JoinPath(signalPath)
	} else if u.Path == "" {
		u.Path = "/"
	}
	return u, name
}

func (e *environment) headers() map[string]string {
	name, text := e.first(headerNames...)
	pairs, err := parsePairs(text)
	if err == nil && slices.ContainsFunc(pairs, func(p Pair) bool { return !token(p.Key) || !visible(p.Value) }) {
		err = errors.New("a name or a value cannot be in a header")
	}
	if err != nil {
		e.note("%s is not used: %v; write name=value,name=value, percent-encoded", name, err)
		return nil
	}
	all := map[string]string{}
	for _, p := range pairs {
		all[p.Key] = p.Value
	}
	return all
}

// delta is what the temporality preference comes to. Histograms and counters are synchronous here, so that
// lowmemory means the same as delta.
func (e *environment) delta() bool {
	switch _, preference := e.first(temporalityName); strings.ToLower(preference) {
	case "", "cumulative":
		return false
	case "delta", "lowmemory":
		return true
	default:
		e.note("%s is not used: it is %.20q; write cumulative, delta or lowmemory", temporalityName, preference)
		return false
	}
}

func (e *environment) resource() []Pair {
	_, text := e.first(resourceName)
	pairs, err := parsePairs(text)
	if err != nil {
		e.note("%s is not used: %v; write key=value,key=value, percent-encoded", resourceName, err)
		pairs = nil
	}
	if _, service := e.first(serviceName); service != "" {
		pairs = append(pairs, Pair{"service.name", service})
	}
	return pairs
}

// parsePairs reads name=value,name=value, percent-encoded, as W3C's baggage is. The error tells no value.
func parsePairs(text string) ([]Pair, error) {
	var pairs []Pair
	for i, part := range strings.Split(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		key, value, ok := strings.Cut(part, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return nil, fmt.Errorf("part %d has no name and value", i+1)
		}
		name, err := url.PathUnescape(key)
		plain, err2 := url.PathUnescape(strings.TrimSpace(value))
		if err != nil || err2 != nil {
			return nil, fmt.Errorf("part %d is not percent-encoded", i+1)
		}
		pairs = append(pairs, Pair{name, plain})
	}
	return pairs, nil
}

// token says whether a text may be the name of a header.
func token(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

// visible says whether a text may be the value of a header.
func visible(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
