package recording_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.uber.org/goleak"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/recording"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	textFile     = reqHead + okHead + "[]\n"
	cassetteFile = "version: 2\ninteractions:\n" + cassetteItem
)

var harFile = har(entryWith(`"content":{"size":0}`))

// places lists the file and entry of each result.
func (r result) places() (list []string) {
	for _, x := range r.exchanges {
		list = append(list, fmt.Sprintf("%s %d", x.Source.File, x.Source.Entry))
	}
	return list
}

func TestFolderIsReadByContent(t *testing.T) {
	got := readAll(t, recording.InFS(files(
		"README.md", "# Notes\n\nGET /x is how it starts.\n", "a/plain.json", `{"log":{"level":"debug"},"x":[]}`, "a/list.json", `[{"log":1}]`,
		"a/broken.json", `{"log":`, "a/image.png", "\x89PNG\r\n\x1a\n\x00\x00", "a/empty", "", "a/blank.har", " \n\n", "a/config.yaml", "version: 2\nservices:\n- x\n",
		"a/zipped.gz", zipped("nothing"), "a/requests.http", "GET https://h/p\nAccept: */*\n\n###\n", "a/utf16.txt", "\xff\xfeh\x00i\x00",
		"a/pact.json", `{"consumer":{},"interactions":[{"request":{"method":"GET","path":"/"},"response":{"status":200}}],"metadata":{}}`,
		"a/chat.yaml", "interactions:\n- say: hello\n", "a/odd.gz", "\x1f\x8bnope",
		"b/har.txt", harFile, "b/text", textFile, "c.yaml", zipped(cassetteFile),
	)))
	if want := []string{"b/har.txt 0", "b/text 0", "c.yaml 0"}; !slices.Equal(got.places(), want) {
		t.Errorf("read %q", got.places())
	}
	if len(got.errs) > 0 {
		t.Errorf("errors %v", got.errs)
	}
	if want := (recording.Summary{Files: 3, Skipped: 14, Exchanges: 3}); got.summary != want {
		t.Errorf("summary %+v, want %+v", got.summary, want)
	}
}

func TestNamedFileMustBeARecording(t *testing.T) {
	known := `the content is not a recording: it is neither a HAR (a JSON object with log.entries), nor a go-vcr cassette (YAML with interactions), nor HTTP text (a request head such as "GET /path HTTP/1.1", a blank line, then what curl -i prints)`
	for name, tc := range map[string]struct{ text, want string }{
		"empty":            {"", "rec: the content is not a recording: the file is empty"},
		"blank":            {" \r\n\t\n", "rec: the content is not a recording: the file is empty"},
		"empty gzip":       {zipped(""), "rec: the content is not a recording: the file is empty"},
		"prose":            {"hello", "rec: " + known},
		"binary":           {"\x00\x01\x02\xff", "rec: " + known},
		"JSON":             {`{"a":{"log":{"entries":[]}}}`, "rec: " + known},
		"JSON list":        {`[1]`, "rec: " + known},
		"JSON, incomplete": {"{\"a\":\n[", "rec: " + known + " (the file ends in the middle of its JSON: it is cut off)"},
		"other YAML":       {"version: 2\n", "rec: " + known},
		"UTF-16":           {"\xff\xfe{\x00}\x00", "rec: the text is UTF-16: save it as UTF-8 (in PowerShell: Out-File -Encoding utf8)"},
		"gzip, cut off":    {zipped(harFile)[:30], "rec: the gzip data is cut off"},
		"gzip, no header":  {"\x1f\x8b", "rec: the content is not a recording: damaged gzip: unexpected EOF"},
		"gzip, damaged":    {zipped(harFile)[:len(zipped(harFile))-8] + "12345678", "rec:1: damaged gzip: invalid checksum"},
		"only a request":   {reqHead, "rec:1: entry 0: the request has no response: add what curl -i printed after it"},
	} {
		got := readText(t, tc.text)
		if len(got.errs) != 1 || got.errs[0].Error() != tc.want {
			t.Errorf("%s: errors %v\nwant %s", name, got.errs, tc.want)
		}
		if got.summary.Failed != 1 || got.summary.Skipped != 0 {
			t.Errorf("%s: summary %+v", name, got.summary)
		}
	}
}

func TestUnreadableFileDoesNotStopOthers(t *testing.T) {
	got := readAll(t, recording.InFS(files("1.har", harFile, "2.har", harFile[:100], "3.http", okHead+"[]", "4.http", textFile, "5.yaml", "version: 9\ninteractions:\n- x\n", "6.har", harFile)))
	if want := []string{"1.har 0", "4.http 0", "6.har 0"}; !slices.Equal(got.places(), want) {
		t.Errorf("read %q", got.places())
	}
	if len(got.errs) != 3 || got.errs[0].File != "2.har" || got.errs[1].File != "3.http" || got.errs[2].File != "5.yaml" {
		t.Errorf("errors %v", got.errs)
	}
	if got.summary.Failed != 3 || got.summary.Skipped != 0 {
		t.Errorf("summary %+v", got.summary)
	}
}

func TestEmptyFolder(t *testing.T) {
	got := readAll(t, recording.Paths(t.TempDir()))
	if got.summary != (recording.Summary{}) || len(got.errs) > 0 {
		t.Errorf("summary %+v, errors %v", got.summary, got.errs)
	}
}

func TestPathsOfTheSystem(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("work/x", "x")
	write("rec/a.har", harFile)
	write("rec/b.http", textFile)
	write("far/c.http", textFile)
	if err := os.Symlink(filepath.Join(dir, "far", "c.http"), filepath.Join(dir, "rec", "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Symlink(dir, filepath.Join(dir, "rec", "loop")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(filepath.Join(dir, "work"))
	got := readAll(t, recording.Paths("../nowhere", "../rec/b.http", filepath.Join(dir, "far"), "../rec", "../rec/../rec/b.http"))
	want := []string{"../rec/b.http 0", filepath.Join(dir, "far/c.http") + " 0", "../rec/a.har 0", "../rec/link 0"}
	if !slices.Equal(got.places(), want) {
		t.Errorf("read %q, want %q", got.places(), want)
	}
	if len(got.errs) != 1 || got.errs[0].Error() != "../nowhere: no such file or directory" || !errors.Is(got.errs[0], fs.ErrNotExist) {
		t.Errorf("errors %v", got.errs)
	}
}

// locked is a file system with a folder that cannot be read.
type locked struct{ fstest.MapFS }

func (l locked) Open(name string) (fs.File, error) {
	if name == "a/locked" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.MapFS.Open(name)
}

func (l locked) ReadDir(name string) ([]fs.DirEntry, error) {
	if name == "a/locked" {
		return nil, fs.ErrPermission
	}
	return l.MapFS.ReadDir(name)
}

// TestUnreadableFolder checks that a folder that cannot be read does not affect the others.
func TestUnreadableFolder(t *testing.T) {
	got := readAll(t, recording.InFS(locked{files("a/first.har", harFile, "a/locked/x.har", harFile, "b.har", harFile)}))
	if want := []string{"a/first.har 0", "b.har 0"}; !slices.Equal(got.places(), want) || len(got.errs) != 1 || got.errs[0].File != "a/locked" {
		t.Errorf("read %q, errors %v", got.places(), got.errs)
	}
}

// faulty is a file system with a file that fails during reading.
type faulty struct{ fstest.MapFS }

type faultyFile struct {
	fs.File
	left int
}

var errDisk = errors.New("input/output error")

func (f faulty) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if err == nil && strings.HasPrefix(name, "faulty") {
		return &faultyFile{file, 200}, nil
	}
	return file, err
}

func (f *faultyFile) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, &fs.PathError{Op: "read", Path: "somewhere", Err: errDisk}
	}
	n, err := f.File.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, err
}

func TestReadingFails(t *testing.T) {
	long := har(slices.Repeat([]string{entryWith(`"content":{"size":0}`)}, 10)...)
	text, yml := strings.Repeat(textFile, 10), "version: 2\ninteractions:\n"+strings.Repeat(cassetteItem, 10)
	got := readAll(t, recording.InFS(faulty{files("faulty.har", long, "faulty.http", text, "faulty.yaml", yml, "good.har", harFile)}))
	if len(got.errs) != 3 {
		t.Fatalf("errors %v", got.errs)
	}
	for _, err := range got.errs {
		if !errors.Is(err, errDisk) || !strings.HasSuffix(err.Error(), ": input/output error") {
			t.Errorf("got %v", err)
		}
	}
	if last := got.exchanges[len(got.exchanges)-1]; last.Source.File != "good.har" {
		t.Errorf("last read %v", last.Source)
	}
}

func TestOrderIsKept(t *testing.T) {
	var entries []string
	for i := range 2000 {
		entries = append(entries, fmt.Sprintf(`{"request":{"method":"GET","url":"https://h/%d"},"response":{"status":200}}`, i))
	}
	r := recording.NewReader(recording.InFS(files("a.har", har(entries...), "b.har", harFile[:90], "c.har", har(entries...))), recording.Options{Workers: 8})
	var got []string
	for path, err := range recording.Each(context.Background(), r, func(x *recording.Exchange) string { return x.Request.URL.Path }) {
		if err != nil {
			path = "error"
		}
		got = append(got, path)
	}
	for i, path := range got {
		want := fmt.Sprintf("/%d", i)
		if i == 2000 {
			want = "error"
		} else if i > 2000 {
			want = fmt.Sprintf("/%d", i-2001)
		}
		if path != want {
			t.Fatalf("result %d is of %s, want %s", i, path, want)
		}
	}
	if len(got) != 4001 || r.Summary().Exchanges != 4000 {
		t.Errorf("%d results, summary %+v", len(got), r.Summary())
	}
}

func TestStoppingEarly(*testing.T) {
	in := recording.InFS(files("a.har", har(slices.Repeat([]string{entryWith(`"content":{"size":0}`)}, 5000)...), "b.har", harFile))
	n := 0
	for range recording.NewReader(in, recording.Options{}).Exchanges(context.Background()) {
		if n++; n == 3 {
			break
		}
	}
	// TestMain detects leaked goroutines.
}

func TestEndOfContext(t *testing.T) {
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	in := recording.InFS(files("a.har", har(slices.Repeat([]string{entryWith(`"content":{"size":0}`)}, 5000)...)))
	var last error
	n := 0
	for _, err := range recording.NewReader(in, recording.Options{}).Exchanges(ctx) {
		if n++; n == 3 {
			cancel(cause)
		}
		last = err
	}
	if !errors.Is(last, cause) || n > 4000 {
		t.Errorf("after %d exchanges the last error is %v", n, last)
	}
}

func TestProgress(t *testing.T) {
	var last int64
	r := recording.NewReader(recording.InFS(files("a.har", harFile, "b.http", textFile)), recording.Options{Progress: func(n int64) { last = n }})
	for range r.Exchanges(context.Background()) {
	}
	if want := int64(len(harFile) + len(textFile)); last != want {
		t.Errorf("progress ended at %d bytes of %d", last, want)
	}
}

func TestSharedRecordings(t *testing.T) {
	const shared = "../../../shared/recordings"
	if _, err := os.Stat(shared); err != nil {
		t.Skip("the real recordings are not available:", err)
	}
	got := readAll(t, recording.Paths(shared))
	if len(got.errs) > 0 || got.summary.Exchanges != 67 || got.summary.Skipped != 1 {
		t.Errorf("summary %+v, errors %v", got.summary, got.errs)
	}
	for _, x := range got.exchanges {
		if !x.Response.Body.Recorded || x.Started.IsZero() || x.Request.URL.Host != "cloud.mongodb.com" || x.Source.Line == 0 {
			t.Errorf("incomplete: %+v", x)
		}
	}
}
