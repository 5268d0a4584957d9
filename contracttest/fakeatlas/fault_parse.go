package fakeatlas

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// takes is what a kind of fault has behind its equals sign.
type takes int

const (
	takesNothing  takes = iota
	takesStatus         // an HTTP status
	takesDuration       // 200ms, 2s, -1h
	takesSize           // a number of bytes, or nothing for half of the body
	takesText
)

// faultTable lists the kinds in the order of the life of a request.
var faultTable = []struct {
	kind faultKind
	takes
	value string // what stands behind the kind, as help shows it
	does  string
}{
	{kindClock, takesDuration, "=DURATION", "the fake's clock jumps"},
	{kindLatency, takesDuration, "=DURATION", "the answer comes late"},
	{kindReset, takesNothing, "", "the connection is reset before anything happened"},
	{kindStatus, takesStatus, "=N", "an error of that status"},
	{kindRateLimit, takesDuration, "=DURATION", "429, to come back after that time; 0s for no headers"},
	{kindStale, takesNothing, "", "the Digest nonce is refused as stale"},
	{kindHTML, takesStatus, "=N", "a page from the edge instead of JSON"},
	{kindVersion, takesText, "=DATE", "the answer is labelled as of another version"},
	{kindMediaType, takesText, "=TYPE", "the answer is labelled as of another type"},
	{kindProvider, takesText, "=NAME", "every bucket has that cloud provider"},
	{kindField, takesText, "=NAME", "every bucket, or the error, has one field more"},
	{kindTruncate, takesSize, "[=N]", "the body ends after N bytes, or half of it"},
	{kindGzip, takesNothing, "", "the answer is compressed, asked for or not"},
	{kindSlow, takesDuration, "=DURATION", "the body comes in 16 pieces, each after a pause"},
	{kindLost, takesNothing, "", "it happened, but a reset comes instead of the answer"},
	{kindCut, takesSize, "[=N]", "the connection is closed after N bytes of the body, or half of it"},
	{kindResetBody, takesSize, "[=N]", "the connection is reset there"},
}

var faultKinds = func() map[faultKind]takes {
	kinds := map[faultKind]takes{}
	for _, row := range faultTable {
		kinds[row.kind] = row.takes
	}
	return kinds
}()

// FaultKind tells how a kind of fault is spelled, and what it does.
type FaultKind struct {
	Spelling string // such as "status=N"
	Does     string
}

// FaultKinds lists what [ParseFault] knows, in the order of the life of a request.
func FaultKinds() []FaultKind {
	var out []FaultKind
	for _, row := range faultTable {
		out = append(out, FaultKind{Spelling: string(row.kind) + row.value, Does: row.does})
	}
	return out
}

// faultTargets are the operations that a fault may be limited to.
var faultTargets = map[Operation]bool{
	OpUnknown: true, OpList: true, OpCreate: true, OpGet: true, OpUpdate: true, OpDelete: true,
	OpToken: true, OpRevoke: true, OpChallenge: true,
	OpListProjects: true, OpGetProject: true, OpListClusters: true, OpGetCluster: true,
	OpListOrganizations: true, OpGetOrganization: true,
}

// ParseFault reads a fault as the serve command takes it:
//
//	KIND[=VALUE][,on=OPERATION][,after=N][,times=N][,p=PROBABILITY][,code=ERRORCODE]
//
// [FaultKinds] lists the kinds. The operations are list, create, get, update, delete, token, revoke, and
// challenge for a request without credentials.
func ParseFault(text string) (Fault, error) {
	parts := strings.Split(text, ",")
	kind, value, valued := strings.Cut(parts[0], "=")
	f := Fault{kind: faultKind(kind)}
	if _, known := faultKinds[f.kind]; !known {
		return Fault{}, fmt.Errorf("fakeatlas: fault %q: unknown kind %q; there are %s", text, kind, kindNames())
	}
	if err := f.setValue(value, valued); err != nil {
		return Fault{}, fmt.Errorf("fakeatlas: fault %q: %w", text, err)
	}
	for _, part := range parts[1:] {
		if err := f.setKey(part); err != nil {
			return Fault{}, fmt.Errorf("fakeatlas: fault %q: %w", text, err)
		}
	}
	return f, f.check()
}

func kindNames() string {
	var names []string
	for _, row := range faultTable {
		names = append(names, string(row.kind))
	}
	return strings.Join(names, ", ")
}

func (f *Fault) setValue(value string, given bool) (err error) {
	switch faultKinds[f.kind] {
	case takesStatus:
		f.status, err = readNumber(value)
	case takesDuration:
		f.pause, err = time.ParseDuration(value)
	case takesText:
		f.text = value
	case takesSize:
		f.size = -1
		if given {
			f.size, err = readNumber(value)
		}
	default:
		if given {
			err = fmt.Errorf("%s takes no value", f.kind)
		}
	}
	return err
}

func (f *Fault) setKey(part string) (err error) {
	key, value, _ := strings.Cut(part, "=")
	switch key {
	case "on":
		f.on = Operation(value)
	case "after":
		f.after, err = readNumber(value)
	case "times":
		f.times, err = readNumber(value)
	case "p":
		f.probability, err = strconv.ParseFloat(value, 64)
		if err == nil && !(f.probability >= 0 && f.probability <= 1) {
			err = fmt.Errorf("p=%s is not from 0 to 1", value)
		}
	case "code":
		f.code = value
	default:
		err = fmt.Errorf("unknown part %q; there are on, after, times, p and code", part)
	}
	return err
}

func readNumber(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0, fmt.Errorf("%q is not a whole number", text)
	}
	return int(n), nil
}
