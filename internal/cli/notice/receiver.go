// Package notice sends messages to people outside of the build: it finds receivers and their secrets in the
// environment, and tells what became of the runs of a history, once each.
package notice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/loadgate/loadgate/internal/cli/environ"
	"github.com/loadgate/loadgate/internal/cli/failure"
	"github.com/loadgate/loadgate/internal/cli/usage"
	"github.com/loadgate/loadgate/internal/notify"
)

// WebhookUsage is the help of --webhook-env.
const WebhookUsage = "environment variable that holds the address of the webhook"

// FormatNames lists what receivers take.
func FormatNames() []string {
	names := make([]string, 0, len(notify.Formats()))
	for _, format := range notify.Formats() {
		names = append(names, format.Name)
	}
	return names
}

// FormatNamed finds a format.
func FormatNamed(name string) (notify.Format, error) {
	at := slices.Index(FormatNames(), name)
	if at < 0 {
		return notify.Format{}, usage.NotOneOf("--format", name, FormatNames())
	}
	return notify.Formats()[at], nil
}

// secretVariable names the variable that has the secret of a format: that of --webhook-env, or the key of a service.
func secretVariable(format notify.Format, webhookEnv string) string {
	if format.Keyed() {
		return serviceVariable(format, "KEY")
	}
	return webhookEnv
}

func serviceVariable(format notify.Format, what string) string {
	return "LOADGATE_" + strings.ToUpper(format.Name) + "_" + what
}

// ReceiverOf reads where to send from the environment.
func ReceiverOf(env environ.Env, format notify.Format, webhookEnv string) (notify.Receiver, error) {
	name := secretVariable(format, webhookEnv)
	secret, err := SecretOf(env, "--webhook-env", name)
	if err != nil {
		return notify.Receiver{}, err
	}
	shown := Variable("--webhook-env", name)
	if !format.Keyed() {
		if secret == "" {
			return notify.Receiver{}, failure.WithHint(fmt.Errorf("%s is not set", shown),
				"put the address of the webhook into it, from the secrets of the CI system")
		}
		to, err := format.Receiver(secret, "")
		if err != nil {
			err = fmt.Errorf("%s: %w", shown, err)
		}
		return to, err
	}
	if secret == "" {
		return notify.Receiver{}, failure.WithHint(fmt.Errorf("%s is not set", shown),
			"put the key of the integration into it, from the secrets of the CI system")
	}
	url := serviceVariable(format, "URL")
	address, err := SecretOf(env, "--format", url)
	if err != nil {
		return notify.Receiver{}, err
	}
	to, err := format.Receiver(address, secret)
	if err != nil {
		err = fmt.Errorf("%s: %w", url, err)
	}
	return to, err
}

// AdviceOf is what to do about an answer that refused a message; 0: there was none.
func AdviceOf(format notify.Format) func(status int) string {
	return func(status int) string {
		switch {
		case status == 0:
			return "see whether this machine reaches it, or needs HTTPS_PROXY"
		case format.Keyed() && status < 429:
			return "see whether " + serviceVariable(format, "KEY") + " is a key of this service, and " +
				serviceVariable(format, "URL") + " the address of its region"
		case status == 400 || status == 415 || status == 422:
			return "see whether --format is what this webhook takes: " + strings.Join(FormatNames(), ", ")
		case status == 429 || status >= 500:
			return "the receiver is busy or down; run the command again later"
		}
		return "the address may have been revoked or mistyped; make a new one and store it as the secret"
	}
}

// PageOf is where a message leads to: what was asked for, else the CI job; empty: nowhere.
func PageOf(env environ.Env, link string) string {
	if link == "" {
		link = notify.JobPage(env.Getenv)
	}
	if notify.CheckLink(link) != nil {
		return ""
	}
	return link
}

// DeliveryError ends a command whose other side did not take what it was sent, with
// advice by the status of its answer; 0 where there was none.
func DeliveryError(err error, advice func(status int) string) error {
	var refused *notify.Error
	if !errors.As(err, &refused) {
		return err
	}
	if hint := advice(refused.Status); hint != "" {
		return failure.WithHint(failure.CouldNotRun(err), hint)
	}
	return failure.CouldNotRun(err)
}
