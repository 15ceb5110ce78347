package cli

import (
	"io"
	"os"
	"runtime/debug"

	"golang.org/x/term"
)

// Process is what a verb may touch of the process round it.
type Process struct {
	In       io.Reader
	Out, Err io.Writer
	// LookupEnv reads the environment.
	LookupEnv func(string) (string, bool)
	// OutWidth and ErrWidth are the columns of a terminal, 0 where there is none.
	OutWidth, ErrWidth int
	// Keys gives single keys of the terminal until restore is called; nil, or not ok,
	// where there is none.
	Keys func() (keys <-chan byte, restore func(), ok bool)
	// Version is the program's.
	Version string
}

// System is the process as the operating system gives it.
func System() Process {
	return Process{
		Keys: func() (<-chan byte, func(), bool) { return openKeys(os.Stdin) },
		In:   os.Stdin, Out: os.Stdout, Err: os.Stderr, LookupEnv: os.LookupEnv,
		OutWidth: columns(os.Stdout), ErrWidth: columns(os.Stderr), Version: version(),
	}
}

func columns(f *os.File) int {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) {
		return 0
	}
	width, _, err := term.GetSize(fd)
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// version is that of the module, as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "dev"
	}
	return info.Main.Version
}

func (p Process) env(name string) string {
	v, _ := p.LookupEnv(name)
	return v
}

// color reports whether a stream of that width may be coloured.
func (p Process) color(width int, refused bool) bool {
	if width == 0 || refused || p.env("TERM") == "dumb" {
		return false
	}
	v, set := p.LookupEnv("NO_COLOR")
	return !set || v == ""
}
