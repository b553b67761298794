// Package manifest makes the objects of Kubernetes that make one run on many pods: a Secret, a ConfigMap, a Service
// and two Jobs. It knows no cluster, and no flag; what comes from files goes through the encoder of YAML alone.
package manifest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/loadgate/loadgate/internal/fleet"
)

// Port is where the hub listens, in its pod and in its Service.
const Port = 7422

// Run is what is asked of a cluster: one run, with its workers. The zero value is not usable.
type Run struct {
	Name      string // of the coordinator's Job, and how the other names begin; see CheckName
	Namespace string // of all objects; empty: that of whoever creates them
	Image     string // of loadgate
	Workers   int    // pods that make the load, from 1
	File      string // name of thresholds.yaml in Files
	Files     fleet.Files
	Seed      string   // of the hub, for the coordinator
	Token     string   // the join secret that derives from it, for the workers
	Args      []string // of loadgate run, behind the file, beside those that the objects decide
	Allow     []string // what workers may load
	Wait      string   // how long both sides wait for each other, such as 5m
	CPU       int      // whole cores of a worker, from 1
	Memory    string   // of a worker, as CheckMemory has it
	Deadline  time.Duration
	Env       []Variable // that the file reads
	EnvSecret string     // the Secret that holds them, by their names; empty: none does, and the file has defaults
}

// Variable is one of the environment.
type Variable struct {
	Name     string
	Optional bool // the run begins without it
}

// Where things are in a pod.
const (
	loadFolder = "/load"
	outFolder  = "/out"
	seedKey    = "seed"
	tokenKey   = "token"
	perWorker  = 1    // MiB of memory that a worker costs the coordinator, more than was measured
	forItself  = 1024 // MiB that a coordinator has beside that
	keptFor    = 24 * time.Hour
	nobody     = 65532 // the user of the image
)

// YAML is the objects as documents. An error says what of the run does not fit a cluster.
func (r Run) YAML() ([]byte, error) {
	load, items, err := configMap(r.Files)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	for _, object := range []*yaml.Node{
		r.object("v1", "Secret", r.secret(), "immutable", true,
			"stringData", mapping(seedKey, r.Seed, tokenKey, r.Token)),
		// What comes last is no text of a file: some readers drop the last end of line of a document.
		r.object("v1", "ConfigMap", r.files(), append(load, "immutable", true)...),
		r.object("v1", "Service", r.hub(), "spec", r.service()),
		r.object("batch/v1", "Job", r.Name, "spec", r.coordinator(items)),
		r.object("batch/v1", "Job", r.workers(), "spec", r.worker()),
	} {
		if err := encoder.Encode(object); err != nil {
			return nil, fmt.Errorf("write YAML: %w", err)
		}
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("write YAML: %w", err)
	}
	return out.Bytes(), nil
}

// The names of the objects beside the coordinator's.
func (r Run) secret() string  { return r.Name + "-fleet" }
func (r Run) files() string   { return r.Name + "-files" }
func (r Run) hub() string     { return r.Name + "-hub" }
func (r Run) workers() string { return r.Name + "-workers" }

func (r Run) object(version, kind, name string, rest ...any) *yaml.Node {
	meta := []any{"name", name}
	if r.Namespace != "" {
		meta = append(meta, "namespace", r.Namespace)
	}
	meta = append(meta, "labels", r.labels())
	return mapping(append([]any{"apiVersion", version, "kind", kind, "metadata", mapping(meta...)}, rest...)...)
}

// labels are those of all objects of the run: they tell it from another one in the same namespace.
func (r Run) labels(more ...any) *yaml.Node {
	own := []any{"app.kubernetes.io/name", "loadgate", "app.kubernetes.io/instance", r.Name}
	return mapping(append(own, more...)...)
}

const component = "app.kubernetes.io/component"

// service names the coordinator's pod, also before it is ready, so that workers find it at once.
func (r Run) service() *yaml.Node {
	return mapping("clusterIP", "None", "publishNotReadyAddresses", true,
		"selector", r.labels(component, "coordinator"),
		"ports", list(mapping("name", "hub", "port", Port)))
}

func (r Run) coordinator(items *yaml.Node) *yaml.Node {
	args := append([]string{"run", loadFolder + "/" + r.File}, r.Args...)
	args = append(args, "--workers="+strconv.Itoa(r.Workers), "--wait-workers="+r.Wait,
		"--listen=0.0.0.0:"+strconv.Itoa(Port), "--out="+outFolder)
	env := []*yaml.Node{fromSecret("LOADGATE_HUB_SEED", r.secret(), seedKey, false)}
	for _, v := range r.Env {
		if r.EnvSecret != "" { // else the file's own defaults do
			env = append(env, fromSecret(v.Name, r.EnvSecret, v.Name, v.Optional))
		}
	}
	memory := fmt.Sprintf("%dMi", forItself+perWorker*r.Workers)
	pod := r.pod("coordinator", 30, args, env,
		mapping("requests", mapping("cpu", "1", "memory", memory), "limits", mapping("memory", memory)),
		[]any{"ports", list(mapping("name", "hub", "containerPort", Port))},
		list(mount("load", loadFolder, "readOnly", true), mount("out", outFolder)),
		list(mapping("name", "load", "configMap", mapping("name", r.files(), "items", items)), empty("out")))
	return mapping("backoffLimit", 0, "activeDeadlineSeconds", seconds(r.Deadline),
		"ttlSecondsAfterFinished", seconds(keptFor), "template", pod)
}

// worker is the Job of all workers. A pod that ends is not started again, and takes no other with it: the run goes on
// without it and says so. So the limit is one for each pod; a limit of the Job would end all of them.
func (r Run) worker() *yaml.Node {
	args := []string{"worker", r.hub() + ":" + strconv.Itoa(Port), "--wait=" + r.Wait, "--out=" + outFolder}
	for _, entry := range r.Allow {
		args = append(args, "--allow="+entry)
	}
	// What is asked for is the limit, in whole cores: the kernel then never stops a worker in the middle of its load.
	size := mapping("cpu", strconv.Itoa(r.CPU), "memory", r.Memory)
	pod := r.pod("worker", 60, args,
		[]*yaml.Node{
			fromSecret("LOADGATE_JOIN_TOKEN", r.secret(), tokenKey, false),
			mapping("name", "LOADGATE_WORKER_NAME",
				"valueFrom", mapping("fieldRef", mapping("fieldPath", "metadata.name"))),
		},
		mapping("requests", size, "limits", size), nil, list(mount("out", outFolder)), list(empty("out")),
		"topologySpreadConstraints", list(mapping("maxSkew", 1, "topologyKey", "kubernetes.io/hostname",
			"whenUnsatisfiable", "ScheduleAnyway",
			"labelSelector", mapping("matchLabels", r.labels(component, "worker")))))
	return mapping("completionMode", "Indexed", "completions", r.Workers, "parallelism", r.Workers,
		"backoffLimitPerIndex", 0, "podReplacementPolicy", "Failed", "activeDeadlineSeconds", seconds(r.Deadline),
		"ttlSecondsAfterFinished", seconds(keptFor), "template", pod)
}

// pod is the template of both Jobs: a process that is nobody, may nothing, and stays where it is. enableServiceLinks
// keeps variables such as LOADGATE_PORT of a service with that name away: loadgate would read its flags there.
func (r Run) pod(role string, grace int, args []string, env []*yaml.Node, size *yaml.Node, container []any,
	mounts, volumes *yaml.Node, more ...any) *yaml.Node {
	words := make([]*yaml.Node, len(args))
	for i, arg := range args {
		words[i] = leaf(strings.ReplaceAll(arg, "$", "$$")) // $(NAME) would be the value of a variable
	}
	one := []any{"name", "loadgate", "image", r.Image, "args", list(words...), "env", list(env...)}
	one = append(one, container...)
	one = append(one, "resources", size, "securityContext", mapping("allowPrivilegeEscalation", false,
		"readOnlyRootFilesystem", true, "capabilities", mapping("drop", list(leaf("ALL")))), "volumeMounts", mounts)
	spec := append([]any{
		"restartPolicy", "Never", "automountServiceAccountToken", false, "enableServiceLinks", false,
		"terminationGracePeriodSeconds", grace,
		"securityContext", mapping("runAsNonRoot", true, "runAsUser", nobody, "runAsGroup", nobody, "fsGroup", nobody,
			"seccompProfile", mapping("type", "RuntimeDefault")),
	}, more...)
	spec = append(spec, "containers", list(mapping(one...)), "volumes", volumes)
	return mapping(
		"metadata", mapping("labels", r.labels(component, role), "annotations", mapping(
			"cluster-autoscaler.kubernetes.io/safe-to-evict", "false", "karpenter.sh/do-not-disrupt", "true")),
		"spec", mapping(spec...))
}

func fromSecret(name, secret, key string, optional bool) *yaml.Node {
	from := []any{"name", secret, "key", key}
	if optional {
		from = append(from, "optional", true)
	}
	return mapping("name", name, "valueFrom", mapping("secretKeyRef", mapping(from...)))
}

func mount(name, path string, more ...any) *yaml.Node {
	return mapping(append([]any{"name", name, "mountPath", path}, more...)...)
}

func empty(name string) *yaml.Node { return mapping("name", name, "emptyDir", mapping()) }

func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
