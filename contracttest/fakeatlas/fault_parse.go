package fakeatlas

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// takes is the type of the value after a kind's equals sign.
type takes int

const (
	takesNothing  takes = iota
	takesStatus         // an HTTP status
	takesDuration       // 200ms, 2s, -1h
	takesSize           // a number of bytes, or nothing for half of the body
	takesText
)

// faultTable lists the kinds in the order in which they take effect.
var faultTable = []struct {
	kind faultKind
	takes
	value string // the text after the kind, as help shows it
	does  string
}{
	{kindClock, takesDuration, "=DURATION", "the clock of the fake is this much ahead"},
	{kindLatency, takesDuration, "=DURATION", "the response is delayed"},
	{kindReset, takesNothing, "", "the connection is reset before the request is handled"},
	{kindStatus, takesStatus, "=N", "an error with that status"},
	{kindRateLimit, takesDuration, "=DURATION", "429 with that Retry-After; 0s omits the rate limit headers"},
	{kindStale, takesNothing, "", "the Digest nonce is refused as stale"},
	{kindHTML, takesStatus, "=N", "an HTML page of a proxy instead of JSON, 502 or 503"},
	{kindVersion, takesText, "=DATE", "the response is labeled with another version"},
	{kindMediaType, takesText, "=TYPE", "the response is labeled with another media type"},
	{kindProvider, takesText, "=NAME", "every bucket has that cloud provider"},
	{kindField, takesText, "=NAME", "every bucket, or the error, has this additional field"},
	{kindTruncate, takesSize, "[=N]", "the body is only its first N bytes, or half of it; Content-Length agrees"},
	{kindGzip, takesNothing, "", "the response is compressed, even if not requested"},
	{kindSlow, takesDuration, "=DURATION", "the body is sent in 16 pieces, each after a pause"},
	{kindLost, takesNothing, "", "the request is handled, but the connection is reset instead of a response"},
	{kindCut, takesSize, "[=N]", "the connection is closed after N bytes of the body, or half of it"},
	{kindResetBody, takesSize, "[=N]", "the connection is reset after N bytes of the body, or half of it"},
}

var faultKinds = func() map[faultKind]takes {
	kinds := map[faultKind]takes{}
	for _, row := range faultTable {
		kinds[row.kind] = row.takes
	}
	return kinds
}()

// FaultKind describes a kind of fault for help texts.
type FaultKind struct {
	Spelling string // such as "status=N"
	Does     string
}

// FaultKinds returns the kinds that [ParseFault] accepts, in the order in which they take
// effect.
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

// faultKey is a part that may follow the kind of a fault.
type faultKey struct {
	name string
	get  func(*Fault) string // "" if it is not set
	set  func(f *Fault, value string) error
}

// faultKeys are in the order in which [Fault.String] writes them. countKeys are the keys
// that do not apply to a single request.
var (
	faultKeys = append(requestKeys, countKeys...)

	requestKeys = []faultKey{
		textKey("code", func(f *Fault) *string { return &f.code }),
		textKey("detail", func(f *Fault) *string { return &f.detail }),
		{"parameters", func(f *Fault) string { return f.parameters }, func(f *Fault, value string) error { f.parameters = value; return nil }},
		textKey("on", func(f *Fault) *string { return (*string)(&f.on) }),
		textKey("project", func(f *Fault) *string { return &f.project }),
		textKey("bucket", func(f *Fault) *string { return &f.bucket }),
		textKey("account", func(f *Fault) *string { return &f.account }),
		numberKey("page", 1, func(f *Fault) *int { return &f.page }),
	}
	countKeys = []faultKey{
		numberKey("after", 0, func(f *Fault) *int { return &f.after }),
		numberKey("times", 1, func(f *Fault) *int { return &f.times }),
		{"p", (*Fault).chanceText, (*Fault).setChance},
	}
)

func textKey(name string, field func(*Fault) *string) faultKey {
	return faultKey{name, func(f *Fault) string { return quote(*field(f)) }, func(f *Fault, value string) (err error) {
		*field(f), err = unquote(value)
		return err
	}}
}

// numberKey is a key for a whole number with a minimum: page 0 does not exist, and a fault
// that applies 0 times is a mistake.
func numberKey(name string, least int, field func(*Fault) *int) faultKey {
	get := func(f *Fault) string {
		if n := *field(f); n != 0 {
			return strconv.Itoa(n)
		}
		return ""
	}
	return faultKey{name, get, func(f *Fault, value string) (err error) {
		*field(f), err = readNumber(value)
		if err == nil && *field(f) < least {
			err = fmt.Errorf("%s=%s must be at least %d", name, value, least)
		}
		return err
	}}
}

func (f *Fault) chanceText() string {
	if !f.hasChance {
		return ""
	}
	return strconv.FormatFloat(f.chance, 'g', -1, 64)
}

func (f *Fault) setChance(value string) (err error) {
	f.chance, err = strconv.ParseFloat(value, 64)
	f.hasChance = true
	if err == nil && !(f.chance >= 0 && f.chance <= 1) {
		err = fmt.Errorf("p=%s is not from 0 to 1", value)
	}
	return err
}

// ParseFault parses a fault in the form of the serve command's flag --fault:
//
//	KIND[=VALUE][,KEY=VALUE]...
//
// [FaultKinds] lists the kinds. The keys are on=OPERATION, project=ID, bucket=ID,
// account=NAME, page=N, after=N, times=N, p=PROBABILITY, and for errors code=ERRORCODE,
// detail=TEXT and parameters=JSON. A text with commas is in double quotes. The
// operations are list, create, get, update, delete, token, revoke, related ones such as
// list-clusters, and challenge for a request without credentials.
func ParseFault(text string) (Fault, error) {
	parts := splitItems(text, ",")
	kind, value, valued := strings.Cut(parts[0], "=")
	f := Fault{kind: faultKind(kind)}
	if _, known := faultKinds[f.kind]; !known {
		return Fault{}, fmt.Errorf("fakeatlas: fault %q: unknown kind %q; must be one of %s", text, kind, kindNames())
	}
	if err := f.setValue(value, valued); err != nil {
		return Fault{}, fmt.Errorf("fakeatlas: fault %q: %w", text, err)
	}
	for _, part := range parts[1:] {
		if err := f.setPart(part); err != nil {
			return Fault{}, fmt.Errorf("fakeatlas: fault %q: %w", text, err)
		}
	}
	return f, f.check()
}

// setPart reads KEY=VALUE.
func (f *Fault) setPart(part string) error {
	name, value, _ := strings.Cut(part, "=")
	names := make([]string, len(faultKeys))
	for i, key := range faultKeys {
		if names[i] = key.name; key.name == name {
			return key.set(f, value)
		}
	}
	return fmt.Errorf("unknown part %q; must be one of %s", part, strings.Join(names, ", "))
}

// String returns the fault in the form that [ParseFault] reads.
func (f Fault) String() string {
	parts := []string{string(f.kind)}
	if value := f.value(); value != "" {
		parts[0] += "=" + value
	}
	for _, key := range faultKeys {
		if value := key.get(&f); value != "" {
			parts = append(parts, key.name+"="+value)
		}
	}
	return strings.Join(parts, ",")
}

func (f Fault) value() string {
	switch faultKinds[f.kind] {
	case takesStatus:
		return strconv.Itoa(f.status)
	case takesDuration:
		return f.pause.String()
	case takesSize:
		if f.size >= 0 {
			return strconv.Itoa(f.size)
		}
	case takesText:
		return quote(f.text)
	case takesNothing:
	}
	return ""
}

func kindNames() string {
	var names []string
	for _, row := range faultTable {
		names = append(names, string(row.kind))
	}
	return strings.Join(names, ", ")
}

func (f *Fault) setValue(value string, present bool) (err error) {
	switch faultKinds[f.kind] {
	case takesStatus:
		f.status, err = readNumber(value)
	case takesDuration:
		f.pause, err = time.ParseDuration(value)
	case takesText:
		f.text, err = unquote(value)
	case takesSize:
		f.size = -1
		if present {
			f.size, err = readNumber(value)
		}
	default:
		if present {
			err = fmt.Errorf("%s takes no value", f.kind)
		}
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

// splitItems splits a text at the separators that are outside of double quotes and
// brackets. It returns at least one item.
func splitItems(text, separators string) []string {
	var items []string
	begin, depth, quoted, escaped := 0, 0, false, false
	for i, r := range text {
		switch {
		case escaped:
			escaped = false
		case quoted:
			escaped, quoted = r == '\\', r != '"'
		case r == '"':
			quoted = true
		case r == '[':
			depth++
		case r == ']':
			depth = max(0, depth-1)
		case depth == 0 && strings.ContainsRune(separators, r):
			items = append(items, text[begin:i])
			begin = i + 1
		}
	}
	return append(items, text[begin:])
}

// quote returns a text in the form that splitItems and unquote read.
func quote(text string) string {
	if strings.ContainsAny(text, `,"[]\`) || strconv.Quote(text) != `"`+text+`"` {
		return strconv.Quote(text)
	}
	return text
}

// unquote reads a text with or without double quotes.
func unquote(text string) (string, error) {
	if !strings.HasPrefix(text, `"`) {
		return text, nil
	}
	value, err := strconv.Unquote(text)
	if err != nil {
		return "", fmt.Errorf("%s is not a text in double quotes", text)
	}
	return value, nil
}
