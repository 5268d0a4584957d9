package contracttest

import (
	"net/url"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/contract"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/schema"
)

// verdict is the result for one exchange.
type verdict struct {
	exchange *recording.Exchange
	match    *contract.Match // nil if out of scope
	findings groups
	err      error // the operation cannot be used, so the exchange was not validated
	// unrecorded are the bodies that were not validated because the recording lacks them.
	unrecorded []recording.Body
	// notJudged are the keywords that were not validated.
	notJudged []NotJudged
	// evidence is nil if the exchange does not count toward the coverage.
	evidence *evidence
}

// evidence is a declared response and the part of it that the exchange shows.
type evidence struct {
	response *contract.Response
	media    *contract.Media
	seen     schema.Bits
}

// compact removes the parts that are needed only to validate the exchange: bodies, headers
// and the key of each finding. A verdict waits for those of earlier exchanges. Then it
// joins the report, which has its own keys.
func (v *verdict) compact() {
	x := v.exchange
	v.exchange = &recording.Exchange{
		Source:   x.Source,
		Started:  x.Started,
		Request:  recording.Request{Method: cutCopy(x.Request.Method, maxName), URL: &url.URL{Path: cutCopy(x.Request.URL.Path, maxName)}},
		Response: recording.Response{Status: x.Response.Status},
	}
	for i := range v.unrecorded {
		v.unrecorded[i] = recording.Body{File: cutCopy(v.unrecorded[i].File, maxName)}
	}
	v.findings.byKey = nil
}

// The memory of values without their texts, in bytes, rounded up.
const (
	verdictBytes = 1 << 10
	findingBytes = 1 << 9
)

// Size implements [recording.Sized]. A text that several findings share is counted for each
// of them.
func (v *verdict) Size() int {
	size := verdictBytes + findingBytes*(len(v.findings.order)+len(v.notJudged))
	for _, f := range v.findings.order {
		size += f.textSize()
	}
	return size
}
