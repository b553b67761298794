// Package report turns a result and its verdict into what people and machines
// read. It words and scales; it decides nothing.
package report
