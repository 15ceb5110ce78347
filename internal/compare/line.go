package compare

import "math"

// line judges one quantity. The interval of a difference is made from those of its two
// parts (the method of variance estimates recovery); quantiles and rates are compared
// as logarithms, so that their change is a share.
func line(s Subject, q Quantity, a, b Estimate, tolerance float64) Line {
	out := Line{Subject: s, Quantity: q, A: a, B: b, Verdict: NotEnough}
	if q == ErrorRatio {
		out.Change = b.Value - a.Value
		out.Low = out.Change - math.Hypot(b.Value-b.Low, a.High-a.Value)
		out.High = out.Change + math.Hypot(b.High-b.Value, a.Value-a.Low)
	} else {
		if a.Value <= 0 || b.Value <= 0 {
			return out
		}
		change := math.Log(b.Value / a.Value)
		out.Change = math.Expm1(change)
		out.Low = math.Expm1(change - math.Hypot(gap(b.Low, b.Value), gap(a.Value, a.High)))
		out.High = math.Expm1(change + math.Hypot(gap(b.Value, b.High), gap(a.Low, a.Value)))
	}
	if a.known() && b.known() {
		out.Verdict = judge(q, out, tolerance)
	}
	return out
}

// gap is the distance of two logarithms. An end at 0 is further away than any number.
func gap(low, high float64) float64 {
	if low <= 0 {
		return 50
	}
	return math.Log(high / low)
}

func (e Estimate) known() bool { return e.Low != e.High }

func judge(q Quantity, l Line, tolerance float64) Verdict {
	switch {
	case l.Low > 0 && l.Change > tolerance:
		return more(q)
	case l.High < 0 && l.Change < -tolerance:
		return less(q)
	case l.Low > -2*tolerance && l.High < 2*tolerance:
		return Same
	}
	return NotEnough
}

func more(q Quantity) Verdict {
	switch q {
	case ErrorRatio:
		return Worse
	case Rate:
		return Better
	}
	return Slower
}

func less(q Quantity) Verdict {
	switch q {
	case ErrorRatio:
		return Better
	case Rate:
		return Worse
	}
	return Faster
}
