package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/client"
	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
)

// inMemory runs f in fake time with a fake that needs no network.
func inMemory(t *testing.T, f func(t *testing.T, srv *fakeatlas.Server, hc *http.Client), opts ...fakeatlas.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		srv := fakeatlas.New(t, append(opts, fakeatlas.InMemory(), fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}))...)
		f(t, srv, srv.Client())
	})
}

// TestRetries checks the list in the package documentation, over real HTTP: which failures
// are retried for which calls.
func TestRetries(t *testing.T) {
	const all, butCreate, none = "all", "all except Create", "none"
	tests := []struct {
		fault   fakeatlas.Fault
		retried string
	}{
		{fakeatlas.RateLimited(0), all},
		{fakeatlas.RateLimited(time.Second), all},
		{fakeatlas.Status(502), butCreate},
		{fakeatlas.Status(503), butCreate},
		{fakeatlas.Status(504), butCreate},
		{fakeatlas.HTML(502), butCreate},
		{fakeatlas.Reset(), butCreate},
		{fakeatlas.CutBody(-1), butCreate},
		{fakeatlas.ResetBody(-1), butCreate},
		{fakeatlas.Status(500), none},
		{fakeatlas.Status(400), none},
		{fakeatlas.Status(403), none},
		{fakeatlas.Status(406), none},
		{fakeatlas.Truncate(-1), none},
		{fakeatlas.MediaType("text/plain"), none},
	}
	for _, test := range tests {
		t.Run(test.fault.String(), func(t *testing.T) {
			forEachOperation(t, func(t *testing.T, op operation) {
				srv := fakeatlas.New(t, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.Inject(test.fault.Times(2)))
				c := newClient(t, client.AccessToken(accessToken(t, srv)), srv.URL, promptly)
				err := op.call(t.Context(), c)
				if op.name == "Delete" && len(srv.Requests()) == 1 && err == nil {
					return // a deletion has no body that the fault could affect
				}
				want := test.retried == all || test.retried == butCreate && op.name != "Create"
				if got := len(srv.Requests()); want != (err == nil) || want != (got >= 2) || !want && got != 1 {
					t.Errorf("got %v after %d requests, want retries: %t", err, got, want)
				}
				var e *client.Error
				if !want && (!errors.As(err, &e) || e.Attempts != 1) {
					t.Errorf("got %v, want an *Error of one attempt", err)
				}
			})
		})
	}
}

func accessToken(t testing.TB, srv *fakeatlas.Server) string {
	t.Helper()
	token, err := srv.AccessToken()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestCreateNotRetriedAfterLostResponse checks that a Create whose response is lost or
// incomplete fails, and that the bucket exists once.
func TestCreateNotRetriedAfterLostResponse(t *testing.T) {
	for _, fault := range []fakeatlas.Fault{fakeatlas.LostResponse(), fakeatlas.CutBody(-1), fakeatlas.ResetBody(-1), fakeatlas.CutBody(0)} {
		srv := fakeatlas.New(t, fakeatlas.Inject(fault))
		_, err := keyed(t, srv, promptly).Create(t.Context(), srv.ProjectID, onAWS)
		if err == nil {
			t.Errorf("%s: want an error", fault)
		}
		if got := len(srv.Buckets(srv.ProjectID)); got != 1 {
			t.Errorf("%s: %d buckets, want 1", fault, got)
		}
	}
}

// TestCreateWithoutConnection checks that a Create is retried if nothing was sent.
func TestCreateWithoutConnection(t *testing.T) {
	for _, op := range []string{"dial", "proxyconnect"} {
		srv := fakeatlas.New(t)
		dials := 0
		hc := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials++; dials <= 2 {
				return nil, &net.OpError{Op: op, Net: network, Err: errors.New("connection refused")}
			}
			return new(net.Dialer).DialContext(ctx, network, address)
		}}}
		c := keyed(t, srv, promptly, client.WithHTTPClient(hc))
		if _, err := c.Create(t.Context(), srv.ProjectID, onAWS); err != nil {
			t.Errorf("%s: %v", op, err)
		}
		if got := len(srv.Buckets(srv.ProjectID)); got != 1 || dials != 3 {
			t.Errorf("%s: %d buckets after %d dials, want 1 after 3", op, got, dials)
		}
		hc.CloseIdleConnections()
	}
}

// TestDeleteRetriedAfterLostResponse checks that a Delete whose first response is lost
// succeeds: the 404 of the second attempt means that the first one deleted the bucket.
func TestDeleteRetriedAfterLostResponse(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.Inject(fakeatlas.LostResponse().Times(1)))
	c := keyed(t, srv, promptly)
	if err := c.Delete(t.Context(), project, bucket); err != nil {
		t.Errorf("got %v, want success", err)
	}
	if err := c.Delete(t.Context(), project, bucket); !errors.Is(err, client.ErrBucketNotFound) {
		t.Errorf("got %v, want ErrBucketNotFound for a bucket that did not exist before the call", err)
	}
	srv.Inject(fakeatlas.Status(503).Times(1))
	if err := c.Delete(t.Context(), bucket, bucket); !errors.Is(err, client.ErrProjectNotFound) {
		t.Errorf("got %v, want ErrProjectNotFound after any number of attempts", err)
	}
}

// TestRetryBudget checks that the budget limits the retries of a whole client, and that
// successes refill it.
func TestRetryBudget(t *testing.T) {
	inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
		c := keyed(t, srv, client.WithHTTPClient(hc), client.WithRetryPolicy(client.RetryPolicy{Budget: 5}))
		attempts := func() int {
			_, err := c.Get(t.Context(), project, bucket)
			var e *client.Error
			if errors.As(err, &e) {
				return e.Attempts
			}
			return 0
		}
		var got []int
		for range 4 {
			got = append(got, attempts())
		}
		srv.ClearFaults()
		for range 15 {
			got = append(got, attempts())
		}
		srv.Inject(fakeatlas.Status(503))
		got = append(got, attempts(), attempts())
		if want := "[4 3 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2 1]"; fmt.Sprint(got) != want {
			t.Errorf("attempts of the failed calls: got %v, want %s", got, want)
		}
	}, fakeatlas.Inject(fakeatlas.Status(503)))
}

// TestSuccessRefundsRetry makes two calls with a budget of one retry. The second one may retry
// only if the retry of the first one succeeded.
func TestSuccessRefundsRetry(t *testing.T) {
	for status, refunded := range map[int]bool{200: true, 300: false, 304: false, 400: false, 404: false} {
		var n counter
		c := clientOf(t, func(w http.ResponseWriter, _ *http.Request) {
			if n.next()%2 == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			write(w, status, oneBucket)
		}, client.WithRetryPolicy(client.RetryPolicy{BaseDelay: time.Microsecond, Budget: 1}))
		_, _ = c.Get(t.Context(), project, bucket)
		_, err := c.Get(t.Context(), project, bucket)
		if retried := !errors.Is(err, client.ErrServer); retried != refunded {
			t.Errorf("after %d: got %v, want a retry: %t", status, err, refunded)
		}
	}
}

// TestPermanentErrorsNotRetried checks that a call is not retried if the next attempt would
// fail for the same reason.
func TestPermanentErrorsNotRetried(t *testing.T) {
	tls := httptest.NewUnstartedServer(http.NotFoundHandler())
	tls.Config.ErrorLog = log.New(io.Discard, "", 0)
	tls.StartTLS()
	defer tls.Close()
	tests := []struct {
		name string
		url  string
		hc   *http.Client
	}{
		{"a certificate of an unknown authority", tls.URL, nil},
		{"an unknown host", "https://atlas.test", &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "atlas.test", IsNotFound: true}}
		})}},
		{"an error of the caller's code", "https://atlas.test", &http.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("not today")
		})}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := newClient(t, client.AccessToken("token"), test.url, client.WithHTTPClient(test.hc))
			_, err := c.Get(t.Context(), project, bucket)
			var e *client.Error
			if !errors.As(err, &e) || e.Attempts != 1 {
				t.Errorf("got %v, want one attempt", err)
			}
		})
	}
}

// TestAttemptTimeout checks that an attempt that took too long is retried, and that its
// connection is closed.
func TestAttemptTimeout(t *testing.T) {
	inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
		c := keyed(t, srv, client.WithHTTPClient(hc), client.WithTimeout(2*time.Second))
		began := time.Now()
		_, err := c.Get(t.Context(), project, bucket)
		if took := time.Since(began); err != nil || took < 2*time.Second || took > 2500*time.Millisecond {
			t.Errorf("got %v after %s, want success after 2s and a short wait", err, took)
		}
	}, fakeatlas.Inject(fakeatlas.SlowBody(time.Second).Times(1)))
}

// TestMiddleware checks that middleware sees every attempt, with the dated Accept and
// without credentials, and that the first middleware is the outermost.
func TestMiddleware(t *testing.T) {
	srv := fakeatlas.New(t, fakeatlas.Project(project, fakeatlas.Bucket{ID: bucket}), fakeatlas.Inject(fakeatlas.Status(503).Times(1)))
	var seen []string
	layer := func(name string) client.Option {
		return client.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return roundTripper(func(r *http.Request) (*http.Response, error) {
				if r.Header.Get("Authorization") != "" || r.Header.Get("Accept") != v2024 {
					t.Errorf("%s sees the header %v", name, r.Header)
				}
				seen = append(seen, name)
				res, err := next.RoundTrip(r)
				if err == nil {
					seen = append(seen, strconv.Itoa(res.StatusCode))
				}
				return res, err
			})
		})
	}
	c := keyed(t, srv, promptly, layer("outer"), layer("inner"))
	if _, err := c.Get(t.Context(), project, bucket); err != nil {
		t.Error(err)
	}
	if got, want := strings.Join(seen, " "), "outer inner 503 503 outer inner 200 200"; got != want {
		t.Errorf("saw %s, want %s", got, want)
	}
}

// TestTokenRateLimitTakesNoBudget makes the token endpoint fail twice. Retries after its
// 429 must not use the budget, like those after a 429 of the API.
func TestTokenRateLimitTakesNoBudget(t *testing.T) {
	for _, test := range []struct {
		fault fakeatlas.Fault
		works bool
	}{{fakeatlas.RateLimited(0), true}, {fakeatlas.Status(503), false}} {
		inMemory(t, func(t *testing.T, srv *fakeatlas.Server, hc *http.Client) {
			c := newClient(t, client.ServiceAccount(srv.ClientID, srv.ClientSecret), srv.URL, client.WithHTTPClient(hc),
				client.WithRetryPolicy(client.RetryPolicy{Budget: 1}))
			if _, err := c.Get(t.Context(), project, bucket); (err == nil) != test.works {
				t.Errorf("%s: got %v, want success: %t", test.fault, err, test.works)
			}
		}, fakeatlas.Inject(test.fault.On(fakeatlas.OpToken).Times(2)))
	}
}

// TestAttemptsHaveOwnHeaderAndContext checks that each attempt has its own header, because
// a transport may still read it after the attempt, and that the context of an attempt ends
// with the attempt.
func TestAttemptsHaveOwnHeaderAndContext(t *testing.T) {
	var sent []*http.Request
	hc := &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		for i, earlier := range sent {
			if reflect.ValueOf(earlier.Header).Pointer() == reflect.ValueOf(r.Header).Pointer() {
				t.Errorf("attempt %d has the header of attempt %d", len(sent)+1, i+1)
			}
		}
		sent = append(sent, r)
		w := httptest.NewRecorder()
		if len(sent) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
		} else {
			write(w, http.StatusOK, oneBucket)
		}
		return w.Result(), nil
	})}
	c := newClient(t, client.AccessToken("token"), client.DefaultBaseURL, client.WithHTTPClient(hc), promptly)
	if _, err := c.Get(t.Context(), project, bucket); err != nil || len(sent) != 3 {
		t.Fatalf("%d requests, %v", len(sent), err)
	}
	for i, r := range sent {
		if r.Context().Err() == nil {
			t.Errorf("the context of attempt %d has not ended", i+1)
		}
	}
}
