package hist

// Sparse is a histogram in the form that takes least room: a text of bytes that holds
// every count. It is immutable, merges through [Histogram.AddSparse], and is written
// to files as it is.
type Sparse string
