package notify

import "cmp"

// JobPage is the address of the CI job's page, of the systems that name it in the
// environment; empty: this one does not.
func JobPage(getenv func(string) (string, bool)) string {
	server, repository := variable(getenv, "GITHUB_SERVER_URL"), variable(getenv, "GITHUB_REPOSITORY")
	if run := variable(getenv, "GITHUB_RUN_ID"); server != "" && repository != "" && run != "" {
		return server + "/" + repository + "/actions/runs/" + run
	}
	return cmp.Or(variable(getenv, "CI_JOB_URL"), variable(getenv, "BUILD_URL"))
}

// variable is the value of an environment variable; empty where it is not set.
func variable(getenv func(string) (string, bool), name string) string {
	value, _ := getenv(name)
	return value
}
