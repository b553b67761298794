package record

import (
	"testing"

	"github.com/loadgate/loadgate/internal/cli/environ"
)

// Each CI system says in its own way what it builds; flags say it better.
func TestOrigin(t *testing.T) {
	for _, row := range []struct {
		name           string
		flags          OriginFlags
		environment    map[string]string
		commit, branch string
	}{
		{"flags", OriginFlags{commit: "f1", branch: "flagged"},
			map[string]string{"GITHUB_SHA": "c1", "GITHUB_REF_NAME": "main"}, "f1", "flagged"},
		{"GitHub, a push", OriginFlags{},
			map[string]string{"GITHUB_SHA": "c1", "GITHUB_HEAD_REF": "", "GITHUB_REF_NAME": "main"}, "c1", "main"},
		{"GitHub, a pull request", OriginFlags{}, map[string]string{"GITHUB_SHA": "c1",
			"GITHUB_HEAD_REF": "feature/x", "GITHUB_REF_NAME": "12/merge"}, "c1", "feature/x"},
		{"GitLab, a push", OriginFlags{}, map[string]string{"CI_COMMIT_SHA": "c2", "CI_COMMIT_BRANCH": "main"},
			"c2", "main"},
		{"GitLab, a merge request", OriginFlags{}, map[string]string{"CI_COMMIT_SHA": "c2",
			"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feature"}, "c2", "feature"},
		{"Jenkins", OriginFlags{}, map[string]string{"GIT_COMMIT": "c3", "GIT_BRANCH": "origin/main"}, "c3", "main"},
		{"Jenkins, a pull request", OriginFlags{}, map[string]string{"GIT_COMMIT": "c3",
			"CHANGE_BRANCH": "feature", "GIT_BRANCH": "PR-7"}, "c3", "feature"},
		{"Azure", OriginFlags{}, map[string]string{"BUILD_SOURCEVERSION": "c4",
			"BUILD_SOURCEBRANCH": "refs/heads/feature/x"}, "c4", "feature/x"},
		{"Azure, a pull request", OriginFlags{}, map[string]string{
			"BUILD_SOURCEVERSION": "c4", "BUILD_SOURCEBRANCH": "refs/pull/1/merge",
			"SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feature",
		}, "c4", "feature"},
		{"Bitbucket", OriginFlags{}, map[string]string{"BITBUCKET_COMMIT": "c5", "BITBUCKET_BRANCH": "main"},
			"c5", "main"},
		{"CircleCI", OriginFlags{}, map[string]string{"CIRCLE_SHA1": "c6", "CIRCLE_BRANCH": "main"}, "c6", "main"},
		{"Buildkite", OriginFlags{}, map[string]string{"BUILDKITE_COMMIT": "c7", "BUILDKITE_BRANCH": "main"},
			"c7", "main"},
	} {
		row.flags.runner = "small"
		o := row.flags.Origin(environ.Env{Getenv: func(name string) (string, bool) {
			v, ok := row.environment[name]
			return v, ok
		}})
		if o.Commit != row.commit || o.Branch != row.branch || o.Runner.Class() != "small" {
			t.Errorf("%s: origin %s of %s on %s, want %s of %s on small",
				row.name, o.Commit, o.Branch, o.Runner.Class(), row.commit, row.branch)
		}
	}
}
