package s3

import (
	"net/url"
	"os"
	"strings"
	"sync"

	"github.com/minio/minio-go/v7"

	"github.com/loadgate/loadgate/internal/history/shelf"
)

// Begin finds the credentials, and asks the server for nothing.
func (b *Bucket) Begin() (shelf.Files, error) {
	server, err := endpoint()
	if err != nil {
		return nil, err
	}
	transport, err := minio.DefaultTransport(server.secure)
	if err != nil {
		return nil, &shelf.Error{Text: "set up TLS: " + err.Error()}
	}
	transport.MaxIdleConnsPerHost, transport.MaxConnsPerHost = atOnce, atOnce
	credentials, secrets, err := find()
	if err != nil {
		return nil, err
	}
	client, err := minio.New(server.host, &minio.Options{
		Creds: credentials, Secure: server.secure, Transport: transport, Region: server.region, MaxRetries: mostTries,
	})
	if err != nil {
		return nil, &shelf.Error{Text: "AWS_ENDPOINT_URL_S3 is no address of a server; write https://HOST:PORT"}
	}
	f := &files{Bucket: b, core: minio.Core{Client: client}, secrets: secrets, close: transport.CloseIdleConnections}
	f.made = sync.OnceValue(f.make)
	return f, nil
}

// mostTries is how often a request is sent where the server is busy, or the network fails.
const mostTries = 3

// address is where the server is.
type address struct {
	host, region string
	secure       bool
}

// endpoint is what the environment says of the server: Amazon's where it says nothing.
func endpoint() (address, error) {
	region := first("AWS_REGION", "AWS_DEFAULT_REGION")
	for _, name := range []string{"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"} {
		text := os.Getenv(name)
		if text == "" {
			continue
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil ||
			strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return address{}, &shelf.Error{Text: name + " is no address of a server; write https://HOST:PORT"}
		}
		if region == "" {
			region = "us-east-1" // what servers other than Amazon's take, as a rule
		}
		return address{u.Host, region, u.Scheme == "https"}, nil
	}
	return address{"s3.amazonaws.com", region, true}, nil
}

// first is the value of the first of these variables that is not empty.
func first(names ...string) string {
	for _, name := range names {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
