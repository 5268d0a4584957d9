package contracttest

// SetLimit makes cassettes shorter, so that a test can fill them.
func (r *Recorder) SetLimit(bytes int) { r.limit = bytes }
