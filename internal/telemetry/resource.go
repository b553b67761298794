package telemetry

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/loadgate/loadgate/internal/result"
)

// Attribute describes a run beside what loadgate says of it.
type Attribute struct{ Key, Value string }

// own are the attributes that only loadgate gives. Others of the environment win over those of describe.
var own = []string{"loadgate.run.id", "loadgate.profile", "vcs.ref.head.revision", "vcs.ref.head.name"}

// describe is what all points of a run have in common: which run it is, and of what.
func describe(r *result.Result, extra []Attribute) []attribute {
	id := ID(r)
	all := []attribute{text("service.name", "loadgate"), text("service.instance.id", id), text("loadgate.run.id", id)}
	add := func(key, value string) {
		if value == "" {
			return
		}
		if at := slices.IndexFunc(all, func(a attribute) bool { return a.key == key }); at >= 0 {
			all[at] = text(key, value)
			return
		}
		all = append(all, text(key, value))
	}
	add("loadgate.profile", r.Profile)
	add("vcs.ref.head.revision", r.Origin.Commit)
	add("vcs.ref.head.name", r.Origin.Branch)
	for _, a := range extra {
		if !slices.Contains(own, a.Key) {
			add(a.Key, a.Value)
		}
	}
	return all
}

// ID names a run, or a shard of one: the time of its start, and digits that tell it from others of that second.
func ID(r *result.Result) string {
	sum := sha256.New()
	fmt.Fprintln(sum, r.Digest, r.Seed, r.Started.UnixNano(), r.Target, r.Shards)
	return fmt.Sprintf("%s-%x", r.Started.UTC().Format("20060102T150405Z"), sum.Sum(nil)[:4])
}
