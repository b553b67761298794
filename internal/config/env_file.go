package config

import (
	"github.com/loadgate/loadgate/internal/config/dotenv"
	"github.com/loadgate/loadgate/internal/config/mistake"
)

// EnvFile is the file under env_file. It never leaves this machine; its values go where those of the environment go.
type EnvFile struct {
	File     string // below the folder of the file; "": none
	Optional bool
	Pos      mistake.Pos
	Values   dotenv.Values // of names under env
}

// Behind returns a way to read the environment in which the file's values stand in for what getenv does not have.
func (e EnvFile) Behind(getenv func(name string) (string, bool)) func(name string) (string, bool) {
	return e.Values.Behind(getenv)
}
