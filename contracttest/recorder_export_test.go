package contracttest

// SetLimit makes cassettes shorter than a test would like to fill.
func (r *Recorder) SetLimit(bytes int) { r.limit = bytes }
