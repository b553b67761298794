// Package load turns thresholds.yaml and the flags of a load into a plan, and says which
// permissions the file needs from the caller. It sends nothing.
package load

import (
	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/plan"
)

// Flags are the flags that choose and change a profile; they follow
// Locust where Locust has one.
type Flags struct {
	Host         string
	profile      string
	users        int
	spawnRate    string
	rate         string
	runTime      string
	pace         string
	only, skip   []string
	Seed         uint64
	SeedGiven    func() bool
	MostUsers    int // of an open load on this machine; 0: as many as there are by default
	shard        string
	UseDemoFile  bool // no file is named and none is there: that of the stand-in is read
	Smoke        bool // failures alone, in seconds
	IgnoreShard  bool // the command is about the whole run, whatever shard is asked for
	SendsNothing bool // the command sends and probes nothing
	Allowed      []string
	LostShards   int           // of Options
	Begun        *plan.Options // those of a run that goes on, whatever the flags say; nil: a new run
}

// Add adds all flags of a load: its host, what it is and how much, and the shard.
func (f *Flags) Add(cmd *cobra.Command) {
	f.AddHost(cmd)
	f.AddLoad(cmd)
	f.addShard(cmd)
}

// AddHost adds where the load goes.
func (f *Flags) AddHost(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&f.Host, "host", "H", "", "URL of the service, instead of target.url")
	f.AddAllow(cmd)
}

// AddAllow adds the caller's word for what the file asks for.
func (f *Flags) AddAllow(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.Allowed, "allow", nil,
		"permit an entry of the file's target.allow: a host, *.DOMAIN, a prefix, unix:PATH or commands "+
			"(may be repeated)")
}

// AddLoad adds those that say what the load is and how much.
func (f *Flags) AddLoad(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.AddKind(cmd)
	f.addUsers(cmd)
	flags.StringVar(&f.rate, "rate", "", "arrival rate, such as 50/s, for a profile with a rate")
	flags.StringVarP(&f.runTime, "run-time", "t", "", "duration including ramp and warm-up, such as 5m")
}

// AddKind adds those that say what the load is, and not how much.
func (f *Flags) AddKind(cmd *cobra.Command) {
	f.addChoice(cmd)
	flags := cmd.Flags()
	flags.StringVarP(&f.spawnRate, "spawn-rate", "r", "", "users started per second, such as 10/s")
	flags.StringVar(&f.pace, "pace", "", "divide think times by this number, or auto")
	f.addGroups(cmd)
}

// AddTry adds those that change what a try-out sends: it walks one user of each
// group that has one in the load, or in its shard.
func (f *Flags) AddTry(cmd *cobra.Command) {
	f.AddHost(cmd)
	f.addChoice(cmd)
	f.addGroups(cmd)
	f.addUsers(cmd)
	f.addShard(cmd)
}

// addGroups adds those that choose among the groups of a profile.
func (f *Flags) addGroups(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.only, "only", nil,
		"load only this group of users, or load of the profile; rules on what others send are not judged (may be "+
			"repeated)")
	cmd.Flags().StringArrayVar(&f.skip, "skip", nil,
		"load all groups of users, or loads, but this one (may be repeated)")
}

// AddOnce adds those that change what setup and teardown send.
func (f *Flags) AddOnce(cmd *cobra.Command) {
	f.AddHost(cmd)
	f.addChoice(cmd)
}

func (f *Flags) addShard(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.shard, "shard", "", "run only this part of the users, such as 2/4; needs --seed")
}

func (f *Flags) addUsers(cmd *cobra.Command) {
	cmd.Flags().IntVarP(&f.users, "users", "u", 0, "number of virtual users, instead of the profile's")
}

// addChoice adds those that choose among loads of one kind.
func (f *Flags) addChoice(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.profile, "profile", "", "profile to use (default: the file's default_profile)")
	flags.Uint64Var(&f.Seed, "seed", 0, "seed of every random choice (default: a new one, printed)")
	f.SeedGiven = func() bool { return usage.Given(flags, "seed") }
}
