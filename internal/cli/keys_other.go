//go:build !(linux || darwin || freebsd || netbsd || openbsd)

package cli

import "errors"

func singleKeys(int) (func(), error) { return nil, errors.ErrUnsupported }
