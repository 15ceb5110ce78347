package compare

import "math"

// cluster estimates a share from seconds, each of which has some hits of some samples.
// Samples of one second are not independent, nor are seconds beside each other.
type cluster struct{ hits, sizes []float64 }

func (c *cluster) add(hits, size float64) {
	c.hits = append(c.hits, hits)
	c.sizes = append(c.sizes, size)
}

func (c *cluster) share() (share, size float64) {
	var hits float64
	for i := range c.hits {
		hits += c.hits[i]
		size += c.sizes[i]
	}
	if size == 0 {
		return 0, 0
	}
	return hits / size, size
}

// deviation is the standard deviation of the share: of a ratio of sums over seconds,
// with the covariances of near seconds (Newey and West).
func (c *cluster) deviation() float64 {
	share, size := c.share()
	if size == 0 {
		return 0
	}
	n := len(c.hits)
	rest := make([]float64, n)
	for i := range rest {
		rest[i] = c.hits[i] - share*c.sizes[i]
	}
	variance := product(rest, 0)
	lags := min(n-1, int(4*math.Pow(float64(n)/100, 2.0/9)))
	for lag := 1; lag <= lags; lag++ {
		variance += 2 * (1 - float64(lag)/float64(lags+1)) * product(rest, lag)
	}
	if n > 1 {
		variance *= float64(n) / float64(n-1)
	}
	// The sum may come out below what independent samples would have by chance alone.
	return math.Sqrt(max(variance, share*(1-share)*size)) / size
}

// design is how many times the variance is that of independent samples, 1 at least.
func (c *cluster) design() float64 {
	share, size := c.share()
	if share <= 0 || share >= 1 {
		return 1
	}
	deviation := c.deviation()
	return max(1, deviation*deviation*size/(share*(1-share)))
}

func product(x []float64, lag int) float64 {
	var sum float64
	for i := lag; i < len(x); i++ {
		sum += x[i] * x[i-lag]
	}
	return sum
}

// normal is the quantile of the normal distribution.
func normal(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
