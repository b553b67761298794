package capacity

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/loadgate/loadgate/internal/verdict"
)

// objects are what an autoscaler of Kubernetes, and KEDA, have to be told. Nothing but the name comes from
// a file, and that is a DNS label.
func objects(a *verdict.Scaling, service string) []verdict.ScalingObject {
	name := label(service)
	least, most := min(a.Replicas, a.Needed), a.Needed
	thousandths := max(1, math.Floor(1000*a.Target.Value))
	percent := max(1, math.Floor(100*a.Target.Value))
	var hpa, trigger string
	switch a.By {
	case verdict.ByRequests:
		hpa = fmt.Sprintf(`  - type: Pods
    pods:
      metric:
        name: http_requests_per_second # of each pod, from your metrics adapter
      target:
        type: AverageValue
        averageValue: %.0fm # thousandths
`, thousandths)
		trigger = fmt.Sprintf(`  - type: prometheus
    metricType: AverageValue
    metadata:
      serverAddress: http://prometheus.monitoring.svc:9090 # yours
      query: sum(rate(http_requests_total{service="%s"}[1m])) # of all pods
      threshold: "%.3f"
`, name, thousandths/1000)
	case verdict.ByCores:
		hpa = fmt.Sprintf(`  - type: Resource
    resource:
      name: cpu
      target:
        type: AverageValue
        averageValue: %.0fm # of a processor
`, thousandths)
		trigger = fmt.Sprintf(`  - type: cpu
    metricType: AverageValue
    metadata:
      value: %.0fm # of a processor
`, thousandths)
	case verdict.ByUsedLimit:
		hpa = fmt.Sprintf(`  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: %.0f # percent of the pod's request, which has to equal its limit
`, percent)
		trigger = fmt.Sprintf(`  - type: cpu
    metricType: Utilization
    metadata:
      value: "%.0f" # percent of the pod's request, which has to equal its limit
`, percent)
	}
	return []verdict.ScalingObject{
		{Kind: "HorizontalPodAutoscaler", YAML: fmt.Sprintf(`apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: "%[1]s"
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: "%[1]s" # your Deployment
  minReplicas: %[2]d
  maxReplicas: %[3]d
  metrics:
%[4]s`, name, least, most, hpa)},
		{Kind: "ScaledObject", YAML: fmt.Sprintf(`apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: "%[1]s"
spec:
  scaleTargetRef:
    name: "%[1]s" # your Deployment
  minReplicaCount: %[2]d
  maxReplicaCount: %[3]d
  triggers:
%[4]s`, name, least, most, trigger)},
	}
}

var notInLabel = regexp.MustCompile(`[^a-z0-9]+`)

// label is a name of a service as a DNS label: small letters, digits and dashes, at most 63.
func label(service string) string {
	text := notInLabel.ReplaceAllString(strings.ToLower(service), "-")
	text = strings.Trim(text[:min(len(text), 63)], "-")
	return cmp.Or(text, "my-service")
}
