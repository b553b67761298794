package manifest

import (
	"errors"
	"fmt"
	"regexp"
)

var (
	nameForm   = regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`) // of a Service
	labelForm  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	objectForm = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	imageForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/:@+-]*$`)
	memoryForm = regexp.MustCompile(`^[1-9][0-9]{0,8}(Mi|Gi|M|G)$`)
)

// longestName leaves room in the 63 characters of a pod's name for what the cluster adds: -workers-9999-abcde.
const longestName = 40

// CheckName says what is wrong with the name of a run.
func CheckName(name string) error {
	if !nameForm.MatchString(name) || len(name) > longestName {
		return fmt.Errorf("write up to %d small letters, digits and dashes, a letter first, such as loadgate",
			longestName)
	}
	return nil
}

// CheckNamespace says what is wrong with the name of a namespace.
func CheckNamespace(name string) error {
	if len(name) > 63 || !labelForm.MatchString(name) {
		return errors.New("write the name of a namespace: up to 63 small letters, digits and dashes, such as " +
			"load-tests")
	}
	return nil
}

// CheckSecret says what is wrong with the name of a Secret.
func CheckSecret(name string) error {
	if len(name) > 253 || !objectForm.MatchString(name) {
		return errors.New("write the name of a Secret: small letters, digits, dashes and dots, such as staging-login")
	}
	return nil
}

// CheckImage says what is wrong with the name of an image.
func CheckImage(name string) error {
	if len(name) > 400 || !imageForm.MatchString(name) {
		return errors.New("write the name of an image, such as ghcr.io/loadgate/loadgate:0.1.0")
	}
	return nil
}

// CheckMemory says what is wrong with an amount of memory: a whole number and Mi, Gi, M or G.
func CheckMemory(text string) error {
	if !memoryForm.MatchString(text) {
		return errors.New("write a whole number with Mi or Gi, such as 512Mi")
	}
	return nil
}
