package eval

// Compiled reports whether the expression is evaluated without hcl in this scope.
func (e *Expr) Compiled(s *Scope) bool {
	if e.run == nil {
		return false
	}
	for _, i := range e.draws {
		s.localSlot(i)
	}
	before := s.random
	_, how := e.run(s)
	s.random = before
	return how == good
}
