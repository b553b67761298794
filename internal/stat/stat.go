// Package stat holds the formulas of the gate, each with its source. It takes
// and returns plain numbers and knows nothing of requests, rules or files.
package stat
