package fakeatlas_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

func TestParseFaultRefuses(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", `unknown kind ""; must be one of clock, latency, reset`},
		{"explode", `unknown kind "explode"`},
		{"status", `"" is not a whole number`},
		{"status=200", "the status must be from 400 to 599"},
		{"status=9999999999999", "is not a whole number"},
		{"reset=5", "reset takes no value"},
		{"latency=soon", `invalid duration "soon"`},
		{"latency=-1s", "must not be negative"},
		{"provider", "needs a text"},
		{"cut=-1", "is not a whole number"},
		{"reset,on=lists", "the operation is unknown"},
		{"reset,times=two", `"two" is not a whole number`},
		{"reset,times=0", "times=0 must be at least 1"},
		{"reset,page=0", "page=0 must be at least 1"},
		{"reset,p=2", "p=2 is not from 0 to 1"},
		{"reset,p=NaN", "p=NaN is not from 0 to 1"},
		{"reset,color=red", `unknown part "color=red"; must be one of code, detail, parameters, on, project, bucket, account, page, after, times, p`},
		{"reset,code=X", "only status and rate-limit have a code, a detail and parameters"},
		{"html=502,detail=X", "only status and rate-limit have a code"},
		{`status=400,detail="X`, "is not a text in double quotes"},
		{"status=400,parameters={}", "the parameters must be a JSON list or null"},
		{"status=400,parameters=[1", "the parameters must be a JSON list or null"},
		{`status=400,code="a\nb"`, "the code must not have control characters"},
		{`media-type="\na"`, "a text without control characters"},
		{`media-type="a\nb"`, "a text without control characters"},
		{"reset,project=x", "an id has 24 digits from 0-9 and a-f"},
		{"reset,bucket=" + strings.ToUpper(bucketID[:20]) + "ABCD", "an id has 24 digits from 0-9 and a-f"},
		{"reset,page=1,on=get", "only lists have pages"},
		{"reset,page=-1", "is not a whole number"},
		{"reset,account=a,on=challenge", "a request without credentials names no account"},
	} {
		if _, err := fakeatlas.ParseFault(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: %v, want %q", tt.text, err, tt.want)
		}
	}
	if _, err := fakeatlas.Start(fakeatlas.Inject(fakeatlas.Status(200), fakeatlas.Fault{})); err == nil || strings.Count(err.Error(), "fakeatlas: fault") != 2 {
		t.Errorf("Inject as an option: %v", err)
	}
}

// TestFaultTexts checks that a fault with a value at the end of its range, or with a space, has
// the text that it was parsed from.
func TestFaultTexts(t *testing.T) {
	for _, text := range []string{"truncate", "truncate=0", "cut=0", "status=400", "status=599", "latency=0s", "media-type=text/plain; charset=utf-8"} {
		if f, err := fakeatlas.ParseFault(text); err != nil || f.String() != text {
			t.Errorf("%q: got %q, %v", text, f, err)
		}
	}
}

// The text of every fault parses to the same fault.
func TestFaultSpelling(t *testing.T) {
	texts := rapid.StringMatching(`[a-zA-Z/+.=,; "\\[\]-]{1,12}`)
	numbers := rapid.IntRange(0, 1<<20)
	ids := rapid.SampledFrom([]string{"", bucketID, fakeatlas.DefaultProjectID})
	kinds := []func(*rapid.T) fakeatlas.Fault{
		func(t *rapid.T) fakeatlas.Fault { return fakeatlas.Status(rapid.IntRange(400, 599).Draw(t, "status")) },
		func(t *rapid.T) fakeatlas.Fault { return fakeatlas.HTML(rapid.IntRange(400, 599).Draw(t, "status")) },
		func(t *rapid.T) fakeatlas.Fault {
			return fakeatlas.ClockJump(time.Duration(rapid.Int64().Draw(t, "jump")))
		},
		func(t *rapid.T) fakeatlas.Fault {
			return fakeatlas.Latency(time.Duration(rapid.Int64Min(0).Draw(t, "wait")))
		},
		func(t *rapid.T) fakeatlas.Fault { return fakeatlas.CutBody(rapid.IntRange(-3, 99).Draw(t, "size")) },
		func(t *rapid.T) fakeatlas.Fault { return fakeatlas.MediaType(texts.Draw(t, "text")) },
		func(*rapid.T) fakeatlas.Fault { return fakeatlas.Gzip() },
	}
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SampledFrom(kinds).Draw(t, "kind")(t).
			On(rapid.SampledFrom([]fakeatlas.Operation{"", "list", "challenge", "token"}).Draw(t, "on")).
			After(numbers.Draw(t, "after")).Times(numbers.Draw(t, "times")).
			Chance(rapid.Float64Range(0, 1).Draw(t, "p")).Project(ids.Draw(t, "project")).Bucket(ids.Draw(t, "bucket"))
		if want == want.On(fakeatlas.OpList) {
			want = want.Page(numbers.Draw(t, "page"))
		}
		if want != want.On(fakeatlas.OpChallenge) {
			want = want.Account(rapid.String().Draw(t, "account"))
		}
		if strings.HasPrefix(want.String(), "status") {
			want = want.Code(rapid.StringMatching(`[A-Z_]{0,9}`).Draw(t, "code")).Detail(rapid.String().Draw(t, "detail")).
				Parameters(rapid.String().Draw(t, "parameter"), numbers.Draw(t, "parameter"), nil)
		}
		got, err := fakeatlas.ParseFault(want.String())
		if err != nil || got != want {
			t.Fatalf("%q reads back as %q: %v", want, got, err)
		}
	})
}

func FuzzParseFault(f *testing.F) {
	for _, text := range []string{"status=503,on=list,times=2", "cut", "p=0.5", "clock=-1h", "provider=,", "reset,p=NaN",
		`status=400,code=X,detail="a, \"b\"",parameters=["a,b",10,null],page=2,account=k`, `field="`, "field=a]b[c,d", `status=400,parameters=["`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fault, err := fakeatlas.ParseFault(text)
		if err != nil {
			return
		}
		if again, err := fakeatlas.ParseFault(fault.String()); err != nil || again != fault {
			t.Errorf("%q is spelled %q, which reads back as %q: %v", text, fault, again, err)
		}
	})
}
