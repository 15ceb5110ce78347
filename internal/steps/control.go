package steps

import (
	"context"

	"github.com/authbench/authbench/internal/client"
)

// Control sends a request about one project to the admin listener of the emulator that
// the project lives in. path begins below the project, "clock" for example; a nil body
// is none. What it sends is no traffic of the scenario: no limit holds it back and no
// result counts it. Its errors are client errors. It is safe for concurrent use.
type Control func(ctx context.Context, method, path string, body []byte) (*client.Response, error)
