package gate_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/loadgate/loadgate/internal/capacity"
	"github.com/loadgate/loadgate/internal/config"
	"github.com/loadgate/loadgate/internal/metric"
	"github.com/loadgate/loadgate/internal/verdict"
)

// scaledObject is the schema of KEDA's own definition, in which a key that it does not have is wrong.
func scaledObject(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "keda.sh_scaledobjects.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var definition struct {
		Spec struct {
			Versions []struct {
				Name   string
				Schema struct{ OpenAPIV3Schema any }
			}
		}
	}
	if err := yaml.Unmarshal(text, &definition); err != nil || len(definition.Spec.Versions) != 1 ||
		definition.Spec.Versions[0].Name != "v1alpha1" {
		t.Fatalf("%+v, %v", definition, err)
	}
	schema := definition.Spec.Versions[0].Schema.OpenAPIV3Schema
	closed(schema)
	c := jsonschema.NewCompiler()
	if err := c.AddResource("keda.json", schema); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("keda.json")
}

// closed lets no object of a schema have other keys than those that it lists. Metadata is that of every object.
func closed(schema any) {
	object, ok := schema.(map[string]any)
	if !ok {
		return
	}
	if properties, ok := object["properties"].(map[string]any); ok {
		object["additionalProperties"] = false
		for name, property := range properties {
			if name != "metadata" || object["required"] != nil {
				closed(property)
			}
		}
	}
	closed(object["items"])
}

func TestScalingObjects(t *testing.T) {
	keda := scaledObject(t)
	for _, wrong := range []string{"spec: {triggers: [], scaleTargetRef: {name: x}, maxReplicas: 3}",
		"spec: {triggers: [{type: cpu, metadata: {value: 3}}], scaleTargetRef: {name: x}}", "spec: {triggers: []}"} {
		if keda.Validate(document(t, wrong)) == nil {
			t.Fatalf("the schema takes %s", wrong)
		}
	}
	usual := map[int]float64{50: 0.3, 100: 0.5, 200: 0.9}
	files := map[verdict.ScaledBy]*config.Config{verdict.ByRequests: file(limit(t, "p95", ms(200))),
		verdict.ByCores:     limited(t, metric.FromProcess, "cpu", "service", 0.8),
		verdict.ByUsedLimit: limited(t, metric.FromCgroup, "cpu", "service", 0.8)}
	sources := map[verdict.ScaledBy]metric.Source{verdict.ByCores: "process", verdict.ByUsedLimit: "cgroup"}
	rapid.Check(t, func(rt *rapid.T) {
		figures := []verdict.ScaledBy{verdict.ByRequests, verdict.ByCores, verdict.ByUsedLimit}
		by := rapid.SampledFrom(figures).Draw(rt, "by")
		ask := capacity.Replicas{Count: rapid.IntRange(1, 100).Draw(rt, "count"), CPU: by != verdict.ByRequests,
			Peak: rapid.Float64Range(0.01, 1e6).Draw(rt, "peak"), ScaleUp: 90 * time.Second,
			Growth: rapid.Float64Range(0, 10).Draw(rt, "growth")}
		name := rapid.String().Draw(rt, "name")
		last := slowAnswer
		if by != verdict.ByRequests {
			last = fastAnswer
		}
		runs := []*run{rung(50, fastAnswer), rung(100, fastAnswer), rung(200, last)}
		for _, r := range runs {
			r.Name = name
			if from := sources[by]; from != "" {
				watching(from, "cpu", "service", usual)(r)
			}
		}
		a := climbed(t, files[by], capacity.Input{End: capacity.SearchClosed, Replicas: &ask}, runs...).Scaling
		if a.By == by && a.Needed > math.MaxInt32 && len(a.Objects) == 0 {
			return // more than an object of Kubernetes can say
		}
		if a.By != by || len(a.Objects) != 2 {
			rt.Fatalf("by %v: %d objects", a.By, len(a.Objects))
		}
		var hpa autoscaling.HorizontalPodAutoscaler
		if err := yaml.UnmarshalStrict([]byte(a.Objects[0].YAML), &hpa); err != nil {
			rt.Fatalf("%v\n%s", err, a.Objects[0].YAML)
		}
		target, amount := hpa.Spec.Metrics[0].Resource, a.Target.Value
		switch by {
		case verdict.ByRequests:
			m := hpa.Spec.Metrics[0].Pods
			if m.Metric.Name != "http_requests_per_second" || m.Target.Type != autoscaling.AverageValueMetricType {
				rt.Errorf("%+v", m)
			}
			near(rt, m.Target.AverageValue.AsApproximateFloat64(), amount)
		case verdict.ByCores:
			near(rt, target.Target.AverageValue.AsApproximateFloat64(), amount)
		case verdict.ByUsedLimit:
			if target.Name != core.ResourceCPU || float64(*target.Target.AverageUtilization) > max(1, 100*amount) {
				rt.Errorf("%+v for %v", target, amount)
			}
		}
		if int(hpa.Spec.MaxReplicas) != a.Needed || int(*hpa.Spec.MinReplicas) != min(a.Needed, ask.Count) ||
			hpa.Spec.ScaleTargetRef.Name != hpa.Name || hpa.Name == "" || strings.Trim(hpa.Name, "-") != hpa.Name ||
			hpa.APIVersion != "autoscaling/v2" || hpa.Kind != a.Objects[0].Kind {
			rt.Errorf("%+v", hpa)
		}
		if err := keda.Validate(document(rt, a.Objects[1].YAML)); err != nil {
			rt.Errorf("%v\n%s", err, a.Objects[1].YAML)
		}
	})
}

// near says that a printed target is the one that was advised, rounded down to a thousandth.
func near(t *rapid.T, got, want float64) {
	if got > max(want, 0.001)+1e-9 || got < want-0.001 {
		t.Errorf("target %v, advised %v", got, want)
	}
}

func document(t interface{ Fatal(...any) }, text string) any {
	var doc any
	data, err := yaml.YAMLToJSONStrict([]byte(text))
	if err == nil {
		err = json.Unmarshal(data, &doc)
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
