package chart

import "math"

// highest is the value that must fit below the top.
func (c *Chart) highest() float64 {
	out := 0.0
	for _, row := range c.rows() {
		for _, v := range row {
			if usable(v) {
				out = max(out, v)
			}
		}
	}
	for _, l := range c.Levels {
		// A level far above the lines would press them flat; its caption still tells it.
		if usable(l.Value) && (out == 0 || l.Value < 3*out) {
			out = max(out, l.Value)
		}
	}
	return out
}

// rows are the values as drawn: sums, when they are stacked.
func (c *Chart) rows() [][]float64 {
	out := make([][]float64, len(c.Lines))
	for i, l := range c.Lines {
		out[i] = l.Values
		if !c.Stacked || i == 0 {
			continue
		}
		out[i] = make([]float64, len(l.Values))
		for j, v := range l.Values {
			out[i][j] = v
			if j < len(out[i-1]) && usable(out[i-1][j]) {
				out[i][j] += out[i-1][j]
			}
		}
	}
	return out
}

// scale gives the value at the top of the plot and the values to label: three to five
// round ones from 0 up.
func scale(highest float64) (top float64, ticks []float64) {
	if !(highest > 0) || highest > math.MaxFloat64/4 {
		highest = 1
	}
	step := math.Pow(10, math.Floor(math.Log10(highest)))
	switch share := highest / step; {
	case share <= 1.5:
		step *= 0.5
	case share <= 3:
	case share <= 6:
		step *= 2
	default:
		step *= 2.5
	}
	if step == 0 { // below what a float can divide
		step = highest
	}
	n := math.Ceil(highest/step - 1e-9)
	for i := range int(n) + 1 {
		ticks = append(ticks, float64(i)*step)
	}
	return n * step, ticks
}

func y(v, top float64) float64 { return height * (1 - v/top) }
