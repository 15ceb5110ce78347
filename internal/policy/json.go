package policy

// UnmarshalJSON reads a duration, which is a fixed latency, or an object of the parts of
// a distribution, which is fixed too if none is named. It refuses unknown parts.
func (l *Latency) UnmarshalJSON(text []byte) error {
	type parts Latency // without this method
	out := parts{Distribution: Fixed}
	into := any(&out)
	switch text[0] {
	case 'n': // null, which leaves what stands there
		return nil
	case '"':
		into = &out.Value
	}
	if err := decode(text, into); err != nil {
		return err
	}
	*l = Latency(out)
	return nil
}

// UnmarshalJSON reads a gateway. What is left out has its default. It refuses unknown
// settings.
func (g *SMSGateway) UnmarshalJSON(text []byte) error {
	type settings SMSGateway // without this method
	out := settings(DefaultSMSGateway())
	if err := decode(text, &out); err != nil {
		return err
	}
	*g = SMSGateway(out)
	return nil
}
