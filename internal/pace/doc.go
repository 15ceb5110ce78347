// Package pace says when arrivals are due, and which arrival gets what.
//
// A [Schedule] is the rate of an open profile over time; [Users] is the number of
// users of a closed one. Arrivals have numbers from 0. When arrival n is due, which
// scenario of a [Mix] it runs and which row of a table it gets are pure functions of
// a seed and n, so that a run is the same however many processes share it: arrival n
// belongs to slot n mod [Slots], a process owns the slots of its [Part], and walks
// only those.
//
// The package has no clock and no goroutine, and it starts nothing. Random numbers
// are integers mixed from (seed, n); times are worked out from them in float64
// without fused operations. Start at [NewSchedule].
package pace
