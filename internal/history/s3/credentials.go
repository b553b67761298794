package s3

import (
	"net/http"
	"os"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// askingFor is how long a service that gives credentials may take: where there is none, nothing
// answers at its address.
const askingFor = 3 * time.Second

// find takes the first credentials that the environment has: variables, files with a profile, and
// what a cluster, a container or a machine of a cloud gives its role. The secrets are what must not be shown.
func find() (*credentials.Credentials, []string, error) {
	providers := []credentials.Provider{&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}}
	if os.Getenv("AWS_EC2_METADATA_DISABLED") != "true" ||
		first("AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
			"AWS_CONTAINER_CREDENTIALS_FULL_URI") != "" {
		providers = append(providers, &credentials.IAM{Client: &http.Client{Timeout: askingFor}})
	}
	found := credentials.NewChainCredentials(providers)
	value, err := found.GetWithContext(&credentials.CredContext{Client: &http.Client{Timeout: askingFor}})
	if err != nil || value.AccessKeyID == "" {
		return nil, nil, &shelf.Error{Text: "no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, " +
			"or AWS_PROFILE, or run it where a role gives them"}
	}
	return found, []string{value.SecretAccessKey, value.SessionToken, value.AccessKeyID}, nil
}
