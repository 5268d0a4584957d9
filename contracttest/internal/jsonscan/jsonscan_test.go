package jsonscan_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/internal/jsonscan"
)

// texts are valid and nearly valid JSON; encoding/json decides which are valid.
var texts = []string{
	`{}`, `[]`, `""`, `" a b "`, `0`, `-1.5e+3`, `true`, `null`, ` {"a" : [1, {"b":"\u00e9\n\/"}], "a":null} `,
	`"\ud83d\ude00"`, `"\ud83d"`, `"\ud83dx"`, `"\ud83d\u0041"`, `"\ude00\ud83d\ude00"`,
	`{"a":1,}`, `[1,]`, `[,1]`, `{,}`, `{"a"}`, `{"a":}`, `{a:1}`, `[1 2]`, `{"a":1 "b":2}`, `[}`, `{]`, `{"a":[}`,
	`01`, `-`, `1.`, `.5`, `1e`, `1e+`, `+1`, `NaN`, `tru`, `truefalse`, `nul`, `"\x"`, `"\u12"`, `"\u12g4"`, `"\u+123"`,
	`"a`, `"a\`, `"a\u`, `[`, `{`, `{"a"`, `{"a":`, `{"a":1`, `[1`, ``, ` `, `1 2`, `{} {}`, `{}x`, "\"\n\"", "\"\x00\"", "\"\xff\"", "\x00",
}

func TestCursorAcceptsWhatEncodingJSONAccepts(t *testing.T) {
	for _, text := range texts {
		checkCursor(t, []byte(text))
	}
}

func FuzzCursor(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
	}
	f.Fuzz(checkCursor)
}

func checkCursor(t *testing.T, text []byte) {
	c := jsonscan.NewCursor(text)
	err := c.Skip()
	if err == nil {
		err = c.End()
	}
	var deep *jsonscan.SyntaxError
	if errors.As(err, &deep) && strings.Contains(deep.Msg, "deeper") {
		return
	}
	if valid := json.Valid(text); (err == nil) != valid {
		t.Fatalf("%q: encoding/json reports valid=%v, the cursor %v", text, valid, err)
	}
	checkStrings(t, text)
}

// checkStrings compares the unescaped value of a text that is a single string.
func checkStrings(t *testing.T, text []byte) {
	var want string
	if json.Unmarshal(text, &want) != nil || strings.Contains(want, "\ufffd") || bytes.TrimSpace(text)[0] != '"' {
		return
	}
	got, err := jsonscan.NewCursor(text).Text()
	appended, err2 := jsonscan.NewCursor(text).Append([]byte("x"))
	if err != nil || err2 != nil || got != want || string(appended) != "x"+want {
		t.Fatalf("%q: got %q, %q (%v, %v), want %q", text, got, appended, err, err2, want)
	}
}

func TestCursorKeepsInvalidUTF8(t *testing.T) {
	got, err := jsonscan.NewCursor([]byte("\"a\xffb\"")).Text()
	if err != nil || got != "a\xffb" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestCursorReplacesLoneSurrogate(t *testing.T) {
	for text, want := range map[string]string{
		`"\ud83d"`: "\ufffd", `"\ud83dx"`: "\ufffdx", `"\ude00\u0041"`: "\ufffdA", `"\ud83d\ud83d\ude00"`: "\ufffd😀",
	} {
		if got, err := jsonscan.NewCursor([]byte(text)).Text(); err != nil || got != want {
			t.Errorf("%s: got %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestCursorInt(t *testing.T) {
	for text, want := range map[string]int{`12`: 12, `-1`: -1, `155.0`: 155, `1e3`: 1000, `9007199254740992.0`: 1 << 53, `-9007199254740992.0`: -1 << 53} {
		if got, err := jsonscan.NewCursor([]byte(text)).Int(); err != nil || got != want {
			t.Errorf("%s: got %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{`1e400`, `1e30`, `9007199254740994.0`, `-9007199254740994.0`, `-`, `x`} {
		if got, err := jsonscan.NewCursor([]byte(text)).Int(); err == nil {
			t.Errorf("%s: got %d and no error", text, got)
		}
	}
}

func TestNestingIsBounded(t *testing.T) {
	for _, open := range []string{"[", `{"a":`} {
		text := strings.Repeat(open, 1<<20)
		for what, err := range map[string]error{
			"Cursor.Skip": jsonscan.NewCursor([]byte(text)).Skip(),
			"Stream.Skip": jsonscan.NewStream(strings.NewReader(text)).Skip(),
		} {
			if err == nil || !strings.Contains(err.Error(), "deeper than 512") {
				t.Errorf("%s of %q…: %v", what, open, err)
			}
		}
	}
}

// elements returns the raw elements of the array at key "a".
func elements(r io.Reader, limit int) (list []string, err error) {
	s := jsonscan.NewStream(r)
	err = s.Object(func(key string) error {
		if c, err := s.Peek(); err != nil || key != "a" || c != '[' {
			return errors.Join(err, s.Skip())
		}
		return s.Array(func() error {
			raw, err := s.Value(nil, limit)
			list = append(list, string(raw))
			return err
		})
	})
	if err == nil {
		err = s.End()
	}
	return list, err
}

func TestStreamReturnsElements(t *testing.T) {
	text := "\ufeff{ \"z\" : {\"a\":[9]} ,\n\"a\":[ 1 ,\"x\\\"],\" ,{\"b\":[1,{}]}, null,[ ]\n], \"y\":\"\\\\\", \"x\":-1e5} \n"
	want := []string{`1`, `"x\"],"`, `{"b":[1,{}]}`, `null`, `[ ]`}
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"data with EOF": iotest.DataErrReader(strings.NewReader(text)),
	} {
		got, err := elements(r, 100)
		if err != nil || strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

func TestStreamReportsPosition(t *testing.T) {
	for _, tc := range []struct {
		text, msg string
		line      int
		cause     error
	}{
		{"{\n\"a\":[1,\n2", "cut off", 3, io.ErrUnexpectedEOF},
		{"{\n\"a\":[1,\n\"x", "cut off", 3, io.ErrUnexpectedEOF},
		{"{\n\"a\":[1,\n]}", "unexpected ']', expected a value", 3, nil},
		{"{\n\"a\" 1}", "unexpected '1', expected ':'", 2, nil},
		{"{\n\n'a':1}", "key in double quotes", 3, nil},
		{"{\n\"" + strings.Repeat("x", 70_000) + "\":1}", "a key of more than 65536 bytes", 2, nil},
		{"{}\n\nx", "after the end", 3, nil},
		{"", "cut off", 1, io.ErrUnexpectedEOF},
	} {
		_, err := elements(strings.NewReader(tc.text), 100)
		var e *jsonscan.SyntaxError
		if !errors.As(err, &e) || e.Line != tc.line || !strings.Contains(e.Msg, tc.msg) || !errors.Is(err, tc.cause) && tc.cause != nil {
			t.Errorf("%q: %#v", tc.text, err)
		}
	}
}

func TestStreamContinuesAfterTooLargeValue(t *testing.T) {
	s := jsonscan.NewStream(strings.NewReader(`["` + strings.Repeat("x", 1<<20) + `",12345]`))
	var got []string
	err := s.Array(func() error {
		raw, err := s.Value(nil, 10)
		if errors.Is(err, jsonscan.ErrTooLarge) {
			raw = []byte("too large")
			err = nil
		}
		got = append(got, string(raw))
		return err
	})
	if err != nil || strings.Join(got, "|") != "too large|12345" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestStreamPassesOnTheReadersError(t *testing.T) {
	cause := errors.New("disk on fire")
	_, err := elements(io.MultiReader(strings.NewReader(`{"a":[1`), iotest.ErrReader(cause)), 100)
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

func FuzzStream(f *testing.F) {
	for _, text := range texts {
		f.Add([]byte(text))
		f.Add([]byte(`{"x":` + text + `,"a":[` + text + `]}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		whole, err := elements(bytes.NewReader(text), 1000)
		pieces, err2 := elements(iotest.OneByteReader(bytes.NewReader(text)), 1000)
		if (err == nil) != (err2 == nil) || strings.Join(whole, "|") != strings.Join(pieces, "|") {
			t.Fatalf("in pieces %q %v, as a whole %q %v", pieces, err2, whole, err)
		}
		var want struct {
			A []json.RawMessage `json:"a"`
		}
		if json.Unmarshal(text, &want) != nil || bytes.Count(text, []byte(`"`)) > 2 || bytes.Contains(text, []byte(`\`)) {
			return // duplicate keys and other spellings of the key are not compared
		}
		for i, raw := range want.A {
			if err == nil && i < len(whole) && whole[i] != string(raw) {
				t.Fatalf("element %d: got %q, want %q", i, whole[i], raw)
			}
		}
	})
}

var sample = func() []byte {
	entry := `{"name":"x","value":[1,2.5,true,null],"text":"` + strings.Repeat(`{\"_id\":\"65566a5f1d4b3b0ca4f3b78b\",\"bucketName\":\"test-bucket\"},`, 60) + `"}`
	return []byte(`{"a":[` + strings.Repeat(entry+",\n", 999) + entry + `]}`)
}()

// BenchmarkSkip compares Skip with json.Valid.
func BenchmarkSkip(b *testing.B) {
	b.Run("cursor", func(b *testing.B) {
		b.SetBytes(int64(len(sample)))
		for b.Loop() {
			if err := jsonscan.NewCursor(sample).Skip(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(len(sample)))
		for b.Loop() {
			if !json.Valid(sample) {
				b.Fatal("invalid")
			}
		}
	})
}
