package manifest_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"pgregory.net/rapid"
	"sigs.k8s.io/yaml"

	"github.com/loadgate/loadgate/internal/fleet"
	"github.com/loadgate/loadgate/internal/fleet/manifest"
)

var update = flag.Bool("update", false, "write the file that the output is compared with")

func small() manifest.Run {
	return manifest.Run{
		Name: "loadgate", Image: "ghcr.io/loadgate/loadgate:0.1.0", Workers: 3, File: "thresholds.yaml",
		Files: fleet.Files{
			"thresholds.yaml": []byte("version: 1\n# from here\nname: shop\n"),
			"data/users.csv":  []byte("name\r\nada\r\n"),
			"photo.jpg":       {0xff, 0xd8, 0},
		},
		Seed: "lgh1.seed", Token: "lgj1.token.pin", Args: []string{"--profile=light"},
		Allow: []string{"staging.example.com"},
		Wait:  "5m", CPU: 2, Memory: "512Mi", Deadline: 30*time.Minute + time.Millisecond,
		Env: []manifest.Variable{{Name: "LOGIN"}, {Name: "DSN", Optional: true}}, EnvSecret: "staging-login",
	}
}

// objects are what a cluster would make of a run: each document is decoded strictly into the type of the API.
type objects struct {
	secret              core.Secret
	files               core.ConfigMap
	hub                 core.Service
	coordinator, worker batch.Job
}

type fataler interface{ Fatalf(string, ...any) }

func decode(t fataler, r manifest.Run) (o objects) {
	text, err := r.YAML()
	if err != nil {
		t.Fatalf("%v", err)
	}
	into := []any{&o.secret, &o.files, &o.hub, &o.coordinator, &o.worker}
	documents := bytes.Split(text, []byte("\n---\n"))
	if len(documents) != len(into) {
		t.Fatalf("%d documents, want %d:\n%s", len(documents), len(into), text)
	}
	for i, document := range documents {
		if err := yaml.UnmarshalStrict(document, into[i]); err != nil {
			t.Fatalf("document %d: %v\n%s", i+1, err, document)
		}
	}
	return o
}

func TestGolden(t *testing.T) {
	got, err := small().YAML()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("testdata", "small.yaml")
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%v; -update writes it; got\n%s", err, got)
	}
}

// The types of the API have every field, with the values that were asked for.
func TestObjects(t *testing.T) {
	r := small()
	r.Namespace = "on" // a truth value of YAML 1.1
	o := decode(t, r)
	kinds := []string{o.secret.Kind, o.files.Kind, o.hub.Kind, o.coordinator.Kind, o.worker.Kind}
	if got := strings.Join(kinds, " "); got != "Secret ConfigMap Service Job Job" {
		t.Errorf("kinds %s", got)
	}
	for _, meta := range []struct{ name, namespace string }{
		{o.secret.Name, o.secret.Namespace}, {o.files.Name, o.files.Namespace}, {o.hub.Name, o.hub.Namespace},
		{o.coordinator.Name, o.coordinator.Namespace}, {o.worker.Name, o.worker.Namespace},
	} {
		if !strings.HasPrefix(meta.name, "loadgate") || meta.namespace != "on" {
			t.Errorf("object %s in %s", meta.name, meta.namespace)
		}
	}
	if o.secret.StringData["seed"] != "lgh1.seed" || o.secret.StringData["token"] != "lgj1.token.pin" {
		t.Errorf("secret %v", o.secret.StringData)
	}
	selects(t, o.hub.Spec.Selector, o.coordinator.Spec.Template.Labels, true)
	selects(t, o.hub.Spec.Selector, o.worker.Spec.Template.Labels, false)
	if *o.worker.Spec.Completions != 3 || *o.worker.Spec.Parallelism != 3 ||
		*o.worker.Spec.CompletionMode != batch.IndexedCompletion || *o.worker.Spec.BackoffLimitPerIndex != 0 ||
		*o.worker.Spec.PodReplacementPolicy != batch.Failed || o.worker.Spec.BackoffLimit != nil {
		t.Errorf("workers %+v", o.worker.Spec)
	}
	if *o.coordinator.Spec.BackoffLimit != 0 {
		t.Error("a run that failed is made again")
	}
	for _, job := range []batch.Job{o.coordinator, o.worker} {
		if *job.Spec.ActiveDeadlineSeconds != 1801 {
			t.Errorf("%s: deadline %d s", job.Name, *job.Spec.ActiveDeadlineSeconds)
		}
		restricted(t, job)
	}
	size := o.worker.Spec.Template.Spec.Containers[0].Resources
	if a, b := fmt.Sprint(size.Requests), fmt.Sprint(size.Limits); a != b || size.Limits.Cpu().Value() != 2 ||
		size.Limits.Memory().Value() != 512<<20 {
		t.Errorf("a worker asks for %s of %s", a, b)
	}
}

func selects(t *testing.T, selector, labels map[string]string, want bool) {
	t.Helper()
	got := true
	for key, value := range selector {
		got = got && labels[key] == value
	}
	if got != want {
		t.Errorf("%v selects %v: %v", selector, labels, got)
	}
}

// restricted holds a Job against the restricted profile of the Pod Security Standards.
func restricted(t *testing.T, job batch.Job) {
	t.Helper()
	pod := job.Spec.Template.Spec
	c := pod.Containers[0].SecurityContext
	if pod.RestartPolicy != core.RestartPolicyNever || *pod.AutomountServiceAccountToken || *pod.EnableServiceLinks ||
		!*pod.SecurityContext.RunAsNonRoot || *pod.SecurityContext.RunAsUser != 65532 ||
		pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault ||
		*c.AllowPrivilegeEscalation || !*c.ReadOnlyRootFilesystem || fmt.Sprint(c.Capabilities.Drop) != "[ALL]" {
		t.Errorf("%s: %+v, %+v", job.Name, pod, c)
	}
	writable := false
	for _, v := range pod.Volumes {
		writable = writable || v.Name == "out" && v.EmptyDir != nil
	}
	if !writable {
		t.Errorf("%s: nowhere to write", job.Name)
	}
}

// Without a Secret of the user no variable is taken from one: the file has defaults for them.
func TestNoSecretOfTheUser(t *testing.T) {
	r := small()
	r.EnvSecret = ""
	if got := environment(decode(t, r).coordinator); got != "LOADGATE_HUB_SEED=loadgate-fleet/seed" {
		t.Errorf("the coordinator has %s", got)
	}
}

// The seed is the coordinator's, who can answer in the hub's place with it; a worker gets the token, and no
// variable of the file, which are sealed to it later.
func TestWhoGetsWhat(t *testing.T) {
	o := decode(t, small())
	if got := environment(o.coordinator); got != "LOADGATE_HUB_SEED=loadgate-fleet/seed LOGIN=staging-login/LOGIN "+
		"DSN=staging-login/DSN?" {
		t.Errorf("the coordinator has %s", got)
	}
	if got := environment(o.worker); got != "LOADGATE_JOIN_TOKEN=loadgate-fleet/token "+
		"LOADGATE_WORKER_NAME=metadata.name" {
		t.Errorf("a worker has %s", got)
	}
}

func environment(job batch.Job) string {
	var all []string
	for _, v := range job.Spec.Template.Spec.Containers[0].Env {
		if field := v.ValueFrom.FieldRef; field != nil {
			all = append(all, v.Name+"="+field.FieldPath)
			continue
		}
		s := v.ValueFrom.SecretKeyRef
		text := v.Name + "=" + s.Name + "/" + s.Key
		if s.Optional != nil && *s.Optional {
			text += "?"
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

// What the kubelet puts into the folder is what was given, whatever names and contents are: those of a stranger's
// file add no field, and are no variable.
func TestFiles(t *testing.T) {
	names := rapid.StringMatching(`[a-zé .$(){}"':#-]{1,8}(/[a-z.0-9]{1,3})?`).
		Filter(func(s string) bool { return !strings.HasPrefix(s, "..") })
	contents := rapid.OneOf(rapid.SliceOf(rapid.Byte()),
		rapid.Map(rapid.StringMatching(`[a-z \t\r\n:#'"\\-]{0,40}`), func(s string) []byte { return []byte(s) }),
		rapid.Map(rapid.String(), func(s string) []byte { return []byte(s) }),
		rapid.SampledFrom([][]byte{[]byte("on"), []byte("1e3"), []byte("~"), []byte("---\n"), []byte(" a\nb"),
			[]byte("\n\n"), []byte("a\n\n"), []byte("\ta\n"), []byte("a \nb"),
			[]byte("\ufeffa\n"), []byte("a\u2028b")}))
	rapid.Check(t, func(t *rapid.T) {
		r := small()
		r.Files = fleet.Files{"thresholds.yaml": contents.Draw(t, "file")}
		for name, content := range rapid.MapOf(names, contents).Draw(t, "files") {
			r.Files[name] = content
		}
		arg := rapid.String().Draw(t, "arg")
		r.Args = []string{arg}
		o := decode(t, r)
		placed := map[string][]byte{}
		for _, item := range o.coordinator.Spec.Template.Spec.Volumes[0].ConfigMap.Items {
			content, binary := o.files.BinaryData[item.Key]
			if text, ok := o.files.Data[item.Key]; ok != binary {
				placed[item.Path] = append([]byte(text), content...)
			}
			if !regexp.MustCompile(`^[-._a-zA-Z0-9]{1,253}$`).MatchString(item.Key) {
				t.Fatalf("key %q", item.Key)
			}
		}
		if got, want := fmt.Sprintf("%q", placed), fmt.Sprintf("%q", map[string][]byte(r.Files)); got != want {
			t.Fatalf("files %s, want %s", got, want)
		}
		args := o.coordinator.Spec.Template.Spec.Containers[0].Args
		if got := strings.ReplaceAll(args[2], "$$", "$"); got != arg || len(args) != 7 {
			t.Fatalf("argument %q, want %q of %q", got, arg, args)
		}
		if expands := regexp.MustCompile(`(^|[^$])(\$\$)*\$\(`); expands.MatchString(args[2]) {
			t.Fatalf("argument %q has a variable", args[2])
		}
	})
}

// A ConfigMap holds 1 MiB and not a byte more, and no name that climbs.
func TestRefusals(t *testing.T) {
	r := small()
	r.Files = fleet.Files{"thresholds.yaml": []byte("a"), "data.csv": bytes.Repeat([]byte("x"), manifest.Largest-1)}
	decode(t, r)
	for name, tt := range map[string]struct {
		files fleet.Files
		want  string
	}{
		"large": {fleet.Files{"thresholds.yaml": []byte("ab"), "data.csv": r.Files["data.csv"]}, "1,048,577 bytes"},
		"dots":  {fleet.Files{"..secret": nil}, `"..secret": no file of a ConfigMap begins with two dots`},
	} {
		r.Files = tt.files
		if _, err := r.YAML(); err == nil || !strings.Contains(err.Error(), tt.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

func TestChecks(t *testing.T) {
	long := strings.Repeat("a", 300)
	for _, tt := range []struct {
		check     func(string) error
		good, bad []string
	}{
		{manifest.CheckName, []string{"loadgate", "a-1", long[:40]},
			[]string{"", "1a", "a-", "A", "a.b", "a\n", long[:41]}},
		{manifest.CheckNamespace, []string{"on", "1", long[:63]}, []string{"", "a.b", "-a", long[:64], "a: b"}},
		{manifest.CheckSecret, []string{"a.b-c", "1", long[:253]}, []string{"", ".a", "a_b", "a..b", long[:254]}},
		{manifest.CheckImage, []string{"ghcr.io/loadgate/loadgate:0.1.0", "localhost:5000/a@sha256:0f"},
			[]string{"", "a b", "-a", "a\nb", "a:$(x)"}},
		{manifest.CheckMemory, []string{"512Mi", "1Gi", "500M"}, []string{"", "512", "0Mi", "1.5Gi", "512mi", "-1Mi"}},
	} {
		for _, text := range tt.good {
			if err := tt.check(text); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		}
		for _, text := range tt.bad {
			if err := tt.check(text); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("%q: %v", text, err)
			}
		}
	}
}

// The same run is the same text, in the order of the names of its files.
func TestSameText(t *testing.T) {
	first, err := small().YAML()
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if again, err := small().YAML(); err != nil || !bytes.Equal(first, again) {
			t.Fatalf("another text, %v", err)
		}
	}
	if j, err := json.Marshal(decode(t, small()).files); err != nil || !bytes.Contains(j, []byte(`"/9gA"`)) {
		t.Errorf("%s, %v", j, err)
	}
}
