package manifest_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"github.com/loadgate/loadgate/internal/testport"
)

var long = flag.Bool("long", false, "give the objects to an API server")

const token = "token-of-a-test"

// cluster is a real API server without nodes: it validates what it is given, and runs nothing.
type cluster struct {
	url    string
	client *http.Client
}

// startCluster starts etcd and an API server of this machine.
func startCluster(t *testing.T) *cluster {
	t.Helper()
	dir := t.TempDir()
	var ports [3]int
	for i := range ports {
		var err error
		if ports[i], err = testport.Free(); err != nil {
			t.Fatal(err)
		}
	}
	store, peer := local("http", ports[0]), local("http", ports[1])
	start(t, "etcd", "--data-dir="+filepath.Join(dir, "etcd"), "--listen-client-urls="+store,
		"--advertise-client-urls="+store, "--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer,
		"--initial-cluster=default="+peer)
	users, key := filepath.Join(dir, "users.csv"), filepath.Join(dir, "key.pem")
	writeFile(t, users, []byte(token+",ada,1\n"))
	writeFile(t, key, newKey(t))
	ended := start(t, "kube-apiserver", "--etcd-servers="+store, "--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", ports[2]), "--cert-dir="+dir, "--service-cluster-ip-range=10.0.0.0/24",
		"--service-account-issuer=https://127.0.0.1", "--service-account-key-file="+key,
		"--service-account-signing-key-file="+key, "--token-auth-file="+users, "--authorization-mode=AlwaysAllow",
		"--disable-admission-plugins=ServiceAccount")

	c := &cluster{url: local("https", ports[2])}
	for late := time.After(2 * time.Minute); ; {
		if c.client == nil {
			c.client = trusting(filepath.Join(dir, "apiserver.crt"))
		}
		if c.client != nil {
			if status, _, _ := c.send(http.MethodGet, "/readyz", nil); status == http.StatusOK {
				return c
			}
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ended:
			t.Fatal("the API server ended")
		case <-late:
			t.Fatal("the API server does not become ready")
		}
	}
}

func local(scheme string, port int) string { return fmt.Sprintf("%s://127.0.0.1:%d", scheme, port) }

// start starts a program, and ends it with the test. The channel is closed where it ends by itself.
func start(t *testing.T, name string, args ...string) <-chan struct{} {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var waiting sync.WaitGroup
	waiting.Go(func() {
		defer close(ended)
		_ = cmd.Wait() // it is killed, or says why
	})
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		waiting.Wait()
		if t.Failed() {
			t.Logf("%s: %s", name, said.Bytes()[max(0, said.Len()-4000):])
		}
	})
	return ended
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func newKey(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

// trusting is a client of the certificate that the server has written; nil before that.
func trusting(certificate string) *http.Client {
	text, err := os.ReadFile(certificate)
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(text) {
		return nil
	}
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// send sends an object, and returns what the server warns of and answers.
func (c *cluster) send(method, path string, object []byte) (status int, warnings []string, answer string) {
	r, err := http.NewRequest(method, c.url+path, bytes.NewReader(object))
	if err != nil {
		return 0, nil, err.Error()
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/yaml")
	r.Header.Set("Accept", "application/json")
	got, err := c.client.Do(r)
	if err != nil {
		return 0, nil, err.Error()
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return 0, nil, err.Error()
	}
	return got.StatusCode, got.Header.Values("Warning"), string(text)
}

// A real API server takes every object of a run, in a namespace of the restricted profile, without a warning: it
// checks more than the types say, such as names, labels, limits, and what goes together in a Job.
func TestAPIServer(t *testing.T) {
	if !*long {
		t.Skip("-long starts an API server")
	}
	for _, program := range []string{"etcd", "kube-apiserver"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not installed; .ci/cluster builds it", program)
		}
	}
	c := startCluster(t)
	const space = "load-tests"
	namespace := []byte("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: " + space +
		"\n  labels: {pod-security.kubernetes.io/warn: restricted, pod-security.kubernetes.io/enforce: restricted}\n")
	if status, _, answer := c.send(http.MethodPost, "/api/v1/namespaces", namespace); status != http.StatusCreated {
		t.Fatalf("the namespace: %d %s", status, answer)
	}
	r := small()
	r.Namespace = space
	text, err := r.YAML()
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string]string{
		"Secret":    "/api/v1/namespaces/" + space + "/secrets",
		"ConfigMap": "/api/v1/namespaces/" + space + "/configmaps",
		"Service":   "/api/v1/namespaces/" + space + "/services",
		"Job":       "/apis/batch/v1/namespaces/" + space + "/jobs",
	}
	for _, object := range bytes.Split(text, []byte("\n---\n")) {
		var head struct{ Kind string }
		if err := yaml.Unmarshal(object, &head); err != nil {
			t.Fatal(err)
		}
		status, warnings, answer := c.send(http.MethodPost, paths[head.Kind]+"?fieldValidation=Strict", object)
		if status != http.StatusCreated || len(warnings) > 0 {
			t.Errorf("%s: %d %s %s\n%s", head.Kind, status, strings.Join(warnings, "; "), answer, object)
		}
	}
	// What it refuses elsewhere, it would have refused here.
	bad := bytes.Replace(text[bytes.LastIndex(text, []byte("\n---\n"))+5:], []byte("restartPolicy: Never"),
		[]byte("restartPolicy: Always"), 1)
	status, _, answer := c.send(http.MethodPost, paths["Job"]+"?fieldValidation=Strict", bad)
	if status != http.StatusUnprocessableEntity {
		t.Errorf("a Job whose pods never end: %d %s", status, answer)
	}
}
