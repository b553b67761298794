package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/loadgate/loadgate/internal/cli/buildinfo"
	"github.com/loadgate/loadgate/internal/cli/console"
	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/load"
	"github.com/loadgate/loadgate/internal/cli/output"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/cli/workers"
	"github.com/loadgate/loadgate/internal/fleet/hub"
	"github.com/loadgate/loadgate/internal/fleet/manifest"
	"github.com/loadgate/loadgate/internal/plan"
	"github.com/loadgate/loadgate/internal/target"
)

func newKubernetes(env environ.Env) *cobra.Command {
	c := kubernetesCommand{env: env, load: load.Flags{SendsNothing: true}}
	cmd := &cobra.Command{
		Use:   "kubernetes [thresholds.yaml]",
		Short: "Print the objects that make one run with workers on a Kubernetes cluster",
		Long: `Print the objects that make one run with workers on a Kubernetes cluster: a Secret, a
ConfigMap with thresholds.yaml and the files that it reads, a Service, and two Jobs.
Sends nothing. The coordinator's Job fails if the run does.

Each call draws a new join secret, which is in the output: keep it like a password.
Values of the environment are never printed: with --env-secret the coordinator reads
the variables of the file from a Secret of yours, by their names, and seals them to
the workers.`,
		Example: `  loadgate kubernetes --workers 20 --host https://staging.example.com | kubectl create -f -
  loadgate kubernetes --workers 4 --env-secret staging-login --file run.yaml`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return c.run(cmd.Flags(), load.FileArgument(args)) },
	}
	flags := cmd.Flags()
	c.load.AddHost(cmd)
	c.load.AddLoad(cmd)
	c.workers.AddCount(cmd, "make the load with this many pods")
	c.workers.AddLost(cmd)
	flags.StringVar(&c.image, "image", releaseImage(), "image of loadgate (default: that of this release)")
	flags.StringVar(&c.namespace, "namespace", "", "namespace of the objects (default: kubectl's)")
	flags.StringVar(&c.name, "name", "loadgate", "name of the coordinator's Job; the other names begin with it")
	flags.IntVar(&c.cpu, "cpu", 2, "whole processor cores of a worker")
	flags.StringVar(&c.memory, "memory", "512Mi", "memory of a worker")
	flags.StringVar(&c.deadline, "deadline", "", "end both Jobs after so long (default: what the run needs, and more)")
	flags.StringVar(&c.envSecret, "env-secret", "", "Secret with the variables that the file reads, by their names")
	output.AddFileFlag(cmd, &c.out, "-")
	flags.BoolVar(&c.force, "force", false, "overwrite an existing file")
	flags.Lookup("image").DefValue = "" // its help says what it is
	return cmd
}

type kubernetesCommand struct {
	env                    environ.Env
	load                   load.Flags
	workers                workers.Flags
	image, namespace, name string
	memory, deadline       string
	envSecret, out         string
	cpu                    int
	force                  bool
}

// passed are the flags that the coordinator's run gets as they were given; the others decide the objects.
var passed = []string{
	"allow", "host", "lost", "only", "pace", "profile", "rate", "run-time", "seed", "skip", "spawn-rate", "users",
}

// releaseImage is the image of this build; empty where it is no release.
func releaseImage() string {
	if version, ok := buildinfo.Release(); ok {
		return "ghcr.io/loadgate/loadgate:" + version
	}
	return ""
}

func (c *kubernetesCommand) run(flags *pflag.FlagSet, file string) error {
	if err := c.check(); err != nil {
		return err
	}
	p, err := c.load.Plan(c.env, file, c.load.Host)
	if err != nil {
		return err
	}
	if e := p.Config.EnvFile; e.File != "" && !e.Optional {
		return fmt.Errorf("%s: env_file: %[2]s does not go to the cluster; write env_file: {file: %[2]s, "+
			"optional: true}, and name a Secret with its variables by --env-secret NAME",
			e.Pos, console.CleanLine(e.File))
	}
	allowed := load.CallerAllows(c.load.Allowed, c.load.Host)
	if err := errors.Join(load.CheckAllowed(p.Config.Target, allowed), c.checkTarget(p, allowed),
		c.workers.CheckParts(p)); err != nil {
		return err
	}
	name, files, vars, err := c.load.Carry(c.env, file, c.load.Host)
	if err != nil {
		return err
	}
	if err := c.checkVariables(vars); err != nil {
		return err
	}
	deadline := (c.workers.Within() + p.Duration + spare).Round(time.Minute)
	if c.deadline != "" {
		if deadline, err = workers.Duration("deadline", c.deadline, time.Minute); err != nil {
			return err
		}
	}
	seed := hub.NewSeed()
	secret, err := seed.Secret()
	if err != nil {
		return err
	}
	run := manifest.Run{
		Name: c.name, Namespace: c.namespace, Image: c.image, Workers: c.workers.Count(), File: name, Files: files,
		Seed: seed.Text(), Token: secret.Text(), Args: passedArgs(flags), Allow: allowed,
		Wait: fmt.Sprintf("%ds", int(c.workers.Within().Seconds())), CPU: c.cpu, Memory: c.memory,
		Deadline: deadline, EnvSecret: c.envSecret,
	}
	for _, v := range vars {
		run.Env = append(run.Env, manifest.Variable{Name: v.Name, Optional: !v.Needed})
	}
	for _, text := range slices.Concat(run.Args, []string{c.image, c.name, c.namespace, c.envSecret}) {
		if p.Config.Mask(text) != text {
			return errors.New("a flag holds the value of a variable under secret:, which would be printed; " +
				"let the file read the variable")
		}
	}
	text, err := run.YAML()
	if err != nil {
		return err
	}
	return output.WriteNewPrivate(c.env, c.out, c.force, text)
}

// spare is what a Job has beside the wait for workers and the load: for nodes that have to start and images to be
// pulled, the wait for the target, the try-out, and the last answers.
const spare = 20 * time.Minute

// check is what is wrong with the flags alone.
func (c *kubernetesCommand) check() error {
	if err := c.workers.Check(&c.env); err != nil {
		return err
	}
	switch {
	case !c.workers.Asked():
		return errors.New("--workers is missing: say how many pods make the load, such as --workers 4")
	case c.image == "":
		return errors.New("--image is missing: this build is no release, so no image is known to be its own; " +
			"write one such as --image registry.example.com/loadgate:1")
	case c.cpu < 1 || c.cpu > 1024:
		return fmt.Errorf("--cpu %d: write whole cores from 1 to 1024", c.cpu)
	}
	for _, f := range []struct {
		flag, value string
		check       func(string) error
	}{
		{"image", c.image, manifest.CheckImage}, {"name", c.name, manifest.CheckName},
		{"namespace", c.namespace, manifest.CheckNamespace}, {"memory", c.memory, manifest.CheckMemory},
		{"env-secret", c.envSecret, manifest.CheckSecret},
	} {
		optional := f.flag == "namespace" || f.flag == "env-secret"
		if err := f.check(f.value); err != nil && (f.value != "" || !optional) {
			return fmt.Errorf("--%s %s: %w", f.flag, usage.Quote(f.value), err)
		}
	}
	return nil
}

// checkTarget refuses a target or host that a pod cannot reach: its own machine, where nothing but loadgate runs.
func (c *kubernetesCommand) checkTarget(p *plan.Plan, allowed []string) error {
	if target.EntryOf(p.Config.Target.URL) == "" && len(allowed) == 0 {
		return errors.New("where the load goes is not known here: name the service with --host URL")
	}
	if ofPod(p.Config.Target.URL) {
		return fmt.Errorf("%s is in each pod the pod itself: name the service as the cluster does, such as "+
			"--host http://NAME.NAMESPACE:8000", p.Config.Target.Public())
	}
	for _, h := range p.Config.Hosts {
		if ofPod(h.URL) {
			return fmt.Errorf("hosts.%s: %s is in each pod the pod itself: write its url as the cluster does, such as "+
				"http://NAME.NAMESPACE:8000", h.Name, target.Public(h.URL))
		}
	}
	return nil
}

// ofPod says whether a URL leads to the machine on which it is asked.
func ofPod(url string) bool {
	entry := target.EntryOf(url)
	return target.IsLoopback(entry) || strings.HasPrefix(entry, "unix:")
}

func (c *kubernetesCommand) checkVariables(vars []load.Variable) error {
	var needed []string
	for _, v := range vars {
		if v.Needed {
			needed = append(needed, v.Name)
		}
	}
	switch {
	case c.envSecret == "" && len(needed) > 0:
		return fmt.Errorf("the file reads %s from the environment: name the Secret that holds them by these names, "+
			"with --env-secret NAME", strings.Join(needed, ", "))
	case c.envSecret != "" && len(vars) == 0:
		return errors.New("--env-secret: the file reads no variable of the environment; leave it out")
	}
	return nil
}

// passedArgs are the flags of the load as they were given, for the run in the cluster.
func passedArgs(flags *pflag.FlagSet) []string {
	var args []string
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains(passed, f.Name) {
			return
		}
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		for _, value := range values {
			args = append(args, "--"+f.Name+"="+value)
		}
	})
	return args
}
