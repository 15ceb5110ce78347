package diag

const (
	bold      = "\x1b[1m"
	underline = "\x1b[4m"
	red       = "\x1b[31m"
	yellow    = "\x1b[33m"
	reset     = "\x1b[0m"
)

// palette dresses text for a terminal, or leaves it alone.
type palette struct {
	color bool
	tone  string
}

func newPalette(s Severity, color bool) palette {
	if s == Error {
		return palette{color, red}
	}
	return palette{color, yellow}
}

func (p palette) severity(s string) string { return p.dress(p.tone, s) }
func (p palette) strong(s string) string   { return p.dress(bold, s) }
func (p palette) mark(s string) string     { return p.dress(underline, s) }

func (p palette) dress(code, s string) string {
	if !p.color || s == "" {
		return s
	}
	return code + s + reset
}
