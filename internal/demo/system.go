package demo

import (
	"encoding/json"
	"time"
)

const metricsPath = "/metrics"

func systemRoutes() []*route {
	return []*route{{
		method: "GET", path: "/health", tag: systemTag, summary: "Whether the service is well; 200 also when it is not",
		answer: object(must("status", text("healthy", "degraded")),
			must("database", text("up", "down")), must("uptime_seconds", count())),
		median: 3 * time.Millisecond, spread: 0.25,
		handle: (*service).health,
	}, {
		method: "GET", path: metricsPath, tag: systemTag, summary: "Prometheus metrics",
		media: "text/plain; version=0.0.4; charset=utf-8", answer: text(),
		median: 4 * time.Millisecond, spread: 0.25,
		local:  true,
		handle: func(s *service, _ *call) (document, error) { return s.metricsText(), nil },
	}, {
		method: "GET", path: "/openapi.json", tag: systemTag, summary: "This description",
		answer: object(must("openapi", text("3.1.0"))),
		median: 3 * time.Millisecond, spread: 0.25,
		local:  true,
		handle: func(s *service, _ *call) (document, error) { return s.openAPI, nil },
	}}
}

// health answers 200 whatever it finds, as the real service does: who waits
// for readiness has to look into the body.
func (s *service) health(*call) (document, error) {
	status, database := "healthy", "up"
	if _, err := read(s.store, func(t *tables) (*tutor, error) { return t.tutors.byID(1) }); err != nil {
		status, database = "degraded", "down"
	}
	return json.Marshal(map[string]any{"status": status, "database": database,
		"uptime_seconds": int(time.Since(s.start).Seconds())})
}
