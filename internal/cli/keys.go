package cli

import "os"

// openKeys reads single keys from a terminal until restore is called. ok is false
// where that can not be had. Signals work as before: Ctrl-C is no key.
func openKeys(f *os.File) (keys <-chan byte, restore func(), ok bool) {
	restore, err := singleKeys(int(f.Fd()))
	if err != nil {
		return nil, nil, false
	}
	pressed := make(chan byte)
	go func() {
		// It ends with the process: a read of a terminal can not be taken back.
		var b [1]byte
		for {
			if n, err := f.Read(b[:]); err != nil {
				return
			} else if n == 1 {
				pressed <- b[0]
			}
		}
	}()
	return pressed, restore, true
}
