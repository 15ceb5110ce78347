package emulator

import (
	"net/http"

	"github.com/authbench/authbench/internal/steps"
)

func resetCommand() command {
	return command{
		name:     "emulator_reset",
		doc:      "Makes an emulated project new: without users, sessions, messages and faults, with its settings as the file has them and a clock that shows the time. Its ID and management key stay; tokens that were issued before are refused.",
		requests: func(steps.Args) []request { return []request{{http.MethodPost, "reset", nil}} },
	}
}
