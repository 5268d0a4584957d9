package recording_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

func FuzzHAR(f *testing.F) {
	f.Add(harFile)
	f.Add(har(entryWith(`"content":{"size":7,"text":"eyJhIjoxfQ==","encoding":"base64"}`)))
	f.Add(har(entryWith(`"headers":[{"name":"Content-Encoding","value":"gzip"}],"content":{"text":"H4sIAAAA","encoding":"base64"}`)))
	f.Add(har(`{"startedDateTime":"2026-01-19T03:01:27Z","request":{"method":"POST","url":"https://h/%","headers":[{"name":":m","value":"\n"}],"postData":{"params":[{"name":"a"}]}},"response":{"status":0}}`))
	f.Add(`{"log":{"entries":[{"request":{"method":"GET","url":"` + "\ufeff" + `"},"response":{"status":1e2}}],"version":null}}`)
	f.Fuzz(func(t *testing.T, text string) {
		checkReading(t, text)
		checkReading(t, har(text))
		checkReading(t, har(`{"request":`+text+`,"response":`+text+`}`))
	})
}

func FuzzCassette(f *testing.F) {
	f.Add(cassetteFile)
	f.Add("---\nversion: 2\ninteractions:\n" + indent(cassetteItem, "    ") + "...\n")
	f.Add(strings.Replace(cassetteFile, "body: ''", "body: |-\n      - x\n\n      y", 1))
	f.Add(strings.Replace(cassetteFile, "body: ''", "body: &a !!binary eyJhIjoxfQ==\n    x: *a", 1))
	f.Add(`{"version":2,"interactions":[{"request":{"method":"GET","url":"/"},"response":{"code":200}}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		checkReading(t, text)
		checkReading(t, "version: 2\ninteractions:\n"+text)
	})
}

func FuzzHTTPText(f *testing.F) {
	f.Add(textFile)
	f.Add(reqHead + challenge + "HTTP/1.1 100 Continue\r\n\r\n" + okHead + "[]")
	f.Add("POST /a HTTP/1.1\nHost: h\n\n{}\nHTTP/1.1 303 See Other\nLocation: ../b?c=d\n\n" + okHead + "[]")
	f.Add(reqHead + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n")
	f.Add(reqHead + "HTTP/1.1 200 OK\nContent-Length: 7\n\n{\"a\":1}" + reqHead + okHead)
	f.Add("POST /a HTTP/1.1\nContent-Length: 65530\n\n" + strings.Repeat("x", 65530) + okHead)
	f.Fuzz(func(t *testing.T, text string) {
		checkReading(t, text)
		checkReading(t, reqHead+text)
		checkReading(t, reqHead+okHead+text)
	})
}

// checkReading checks the properties of every reading.
func checkReading(t *testing.T, text string) {
	if len(text) > 1<<20 {
		return
	}
	whole := readText(t, text)
	for _, err := range whole.errs {
		if err.File != "rec" || err.Error() == "" || err.Entry < recording.NoEntry || err.Line < 0 {
			t.Fatalf("%q: error without a place: %#v", text, err)
		}
	}
	last := -1
	for _, x := range whole.exchanges {
		if x.Request.URL == nil || x.Request.Method == "" || x.Response.Status < 100 || x.Response.Status > 999 {
			t.Fatalf("%q: incomplete %+v", text, x)
		}
		if x.Source.Entry <= last || x.Source.Line < 1 || x.Source.Line > 1+strings.Count(text, "\n") {
			t.Fatalf("%q: source %+v after entry %d", text, x.Source, last)
		}
		last = x.Source.Entry
	}
	if whole.summary.Files+whole.summary.Failed == 0 {
		t.Fatalf("%q: neither read nor refused: %+v", text, whole.summary)
	}
	pieces := readAll(t, recording.InFS(inPieces{files("rec", text)}, "rec"))
	if diff := cmp.Diff(format(whole), format(pieces)); diff != "" {
		t.Fatalf("%q: a result that is read in pieces differs: %s", text, diff)
	}
}

// format returns a result in a comparable form.
func format(r result) (list []string) {
	for _, x := range r.exchanges {
		list = append(list, x.Request.Method+" "+x.Request.URL.String()+" "+string(x.Request.Body.Bytes)+" -> "+string(x.Response.Body.Bytes))
	}
	for _, err := range r.errs {
		list = append(list, err.Error())
	}
	return list
}

// inPieces is a file system that reads byte by byte.
type inPieces struct{ fstest.MapFS }

type pieceFile struct {
	fs.File
	read func([]byte) (int, error)
}

func (p pieceFile) Read(b []byte) (int, error) { return p.read(b) }

func (p inPieces) Open(name string) (fs.File, error) {
	file, err := p.MapFS.Open(name)
	if err != nil {
		return nil, err
	}
	return pieceFile{file, iotest.OneByteReader(file).Read}, nil
}
