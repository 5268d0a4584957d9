package client

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Deprecation is Atlas's notice about the end of an API version, from the headers
// Deprecation (RFC 9745) and Sunset (RFC 8594) of its responses.
type Deprecation struct {
	// Version is the version that the client requests. For a client from [NewHTTPClient]
	// it is the version in the request's Accept header, "" if it has none.
	Version APIVersion
	// Deprecated is the time at which the version was or will be deprecated; zero if
	// Atlas sent no valid date.
	Deprecated time.Time
	// Sunset is the time from which the version may stop working; zero if Atlas sent no
	// valid date.
	Sunset time.Time
	// DeprecationHeader and SunsetHeader are the unchanged headers.
	DeprecationHeader, SunsetHeader string
}

// maxNotices bounds the number of different notices that one client reports.
const maxNotices = 16

// deprecationNotices reports each notice once.
type deprecationNotices struct {
	log  *slog.Logger
	mask *mask
	hook func(Deprecation)

	mu   sync.Mutex
	seen map[Deprecation]bool
}

// read reports the notice about a version in h, the first time that it occurs.
func (b *deprecationNotices) read(ctx context.Context, h http.Header, v APIVersion) {
	d := Deprecation{Version: v, DeprecationHeader: h.Get("Deprecation"), SunsetHeader: h.Get("Sunset")}
	if d.DeprecationHeader == "" && d.SunsetHeader == "" {
		return
	}
	d.DeprecationHeader, d.SunsetHeader = b.mask.text(d.DeprecationHeader), b.mask.text(d.SunsetHeader)
	if !b.first(d) {
		return
	}
	d.Deprecated, d.Sunset = parseDate(d.DeprecationHeader), parseDate(d.SunsetHeader)
	b.log.LogAttrs(ctx, slog.LevelWarn, "Atlas has announced the end of an API version",
		slog.String("version", string(v)),
		slog.String("deprecation", oneLine(d.DeprecationHeader, 100)),
		slog.String("sunset", oneLine(d.SunsetHeader, 100)))
	if b.hook != nil {
		b.hook(d)
	}
}

// first reports whether d is new, with its times unset.
func (b *deprecationNotices) first(d Deprecation) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.seen[d] || len(b.seen) >= maxNotices {
		return false
	}
	if b.seen == nil {
		b.seen = map[Deprecation]bool{}
	}
	b.seen[d] = true
	return true
}

// dateLayouts are the date formats in addition to the three of RFC 9110, which
// http.ParseTime parses. Atlas writes days without a leading zero.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 MST",
	"Mon, 2 Jan 2006 15:04:05 -0700",
	"2 Jan 2006 15:04:05 MST",
	time.RFC3339,
	time.DateTime,
	time.DateOnly,
}

// parseDate parses a date in any format that servers use for these headers. It returns
// the zero time for any other text. RFC 9745 specifies "@" and Unix seconds; drafts of it
// had "true", which is not a date.
func parseDate(s string) time.Time {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if unix, ok := strings.CutPrefix(s, "@"); ok {
		if n, err := strconv.ParseInt(unix, 10, 64); err == nil {
			return time.Unix(n, 0).UTC()
		}
		return time.Time{}
	}
	if t, err := http.ParseTime(s); err == nil {
		return t.UTC()
	}
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
