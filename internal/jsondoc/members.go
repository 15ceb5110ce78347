package jsondoc

// members walks over the members of an object, from its opening brace. After next the
// caller finds the end of the value at value and tells it to end.
type members struct {
	text []byte
	at   int
	// quote and colon are where the key's opening quote stands, and what follows it.
	quote, colon, value int
	// after is the offset behind the object, when next gave false; bad for a text that
	// is none.
	after   int
	started bool
}

func (m *members) next() bool {
	if m.at == bad {
		return m.fail()
	}
	b := m.text
	i := skipSpace(b, m.at)
	if !m.started {
		m.started = true
		i = skipSpace(b, i+1)
		if i < len(b) && b[i] == '}' {
			m.after = i + 1
			return false
		}
	} else {
		switch {
		case i < len(b) && b[i] == '}':
			m.after = i + 1
			return false
		case i < len(b) && b[i] == ',':
			i = skipSpace(b, i+1)
		default:
			return m.fail()
		}
	}
	if i >= len(b) || b[i] != '"' {
		return m.fail()
	}
	end := scanString(b, i)
	if end == bad {
		return m.fail()
	}
	m.quote, m.colon = i, end
	if i = skipSpace(b, end); i >= len(b) || b[i] != ':' {
		return m.fail()
	}
	m.value = skipSpace(b, i+1)
	return true
}

// key is what stands between the quotes, as written.
func (m *members) key() []byte { return m.text[m.quote+1 : m.colon-1] }

func (m *members) fail() bool {
	m.after = bad
	return false
}

// end tells where the value ended, or that it is none.
func (m *members) end(at int) { m.at = at }
