package config

import "github.com/loadgate/loadgate/internal/safetext"

// Cut ends a text of which the rest was left out.
const Cut = safetext.Cut

// Quoted is safetext.Quoted.
func Quoted(text string, most int) string { return safetext.Quoted(text, most) }

// Brief is safetext.Brief.
func Brief(text string, most int) string { return safetext.Brief(text, most) }
