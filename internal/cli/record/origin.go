package record

import (
	"cmp"
	"os/exec"
	"strings"

	"github.com/spf13/cobra"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/result"
	"github.com/loadgate/loadgate/internal/selfmon"
)

// OriginFlags say which state of the service a run is of, and on which class
// of machine it was made.
type OriginFlags struct{ commit, branch, runner string }

// Add adds --commit, --branch and --runner.
func (f *OriginFlags) Add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.commit, "commit", "", "commit of the service (default: what the CI system or git says)")
	flags.StringVar(&f.branch, "branch", "", "branch of the service (default: what the CI system or git says)")
	flags.StringVar(&f.runner, "runner", "",
		"class of this machine, such as ubuntu-large (default: CPU, cores, memory and system)")
}

// The variables in which CI systems say what they build, nearest first: the
// branch of a pull request before the merge that is built.
var (
	commitNames = []string{"GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT",
		"BUILD_SOURCEVERSION", "BITBUCKET_COMMIT", "CIRCLE_SHA1", "BUILDKITE_COMMIT"}
	branchNames = []string{
		"GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
		"CI_COMMIT_BRANCH", "CHANGE_BRANCH", "GIT_BRANCH",
		"SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH",
		"BITBUCKET_BRANCH", "CIRCLE_BRANCH", "BUILDKITE_BRANCH",
	}
)

// Origin is where a run comes from: what the flags say, else the CI system,
// else git.
func (f *OriginFlags) Origin(env environ.Env) result.Origin {
	o := result.Origin{
		Commit: cmp.Or(f.commit, env.First(commitNames...)),
		Branch: cmp.Or(f.branch, branchOf(env.First(branchNames...))),
		Runner: selfmon.Runner(),
	}
	o.Runner.Name = f.runner
	if o.Commit == "" {
		o.Commit = git("rev-parse", "HEAD")
	}
	if o.Branch == "" {
		o.Branch = git("branch", "--show-current")
	}
	return o
}

// branchOf is a branch without what Jenkins and Azure put before it.
func branchOf(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "origin/"), "refs/heads/")
}

// git is what git says of this folder; empty where there is none, or no
// repository.
func git(args ...string) string {
	out, err := exec.Command("git", args...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
