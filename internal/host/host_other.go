//go:build !linux

package host

func (s *Sample) readSystem(string) {}
