package main

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

func runLighttpdMD5(ctx context.Context, res *result.Result) error {
	return runLighttpd(ctx, res, "MD5", fmt.Sprintf("%x", md5.Sum([]byte(userRealmKey))))
}

func runLighttpdSHA256(ctx context.Context, res *result.Result) error {
	return runLighttpd(ctx, res, "SHA-256", fmt.Sprintf("%x", sha256.Sum256([]byte(userRealmKey))))
}

// runLighttpd makes the calls against lighttpd with one algorithm. Its nonces live for ten
// minutes, so they expire by a restart with a clock that is ahead.
func runLighttpd(ctx context.Context, res *result.Result, algorithm, hash string) error {
	name := "lighttpd mod_auth, " + algorithm
	site, err := newSite(hash)
	if err != nil {
		return err
	}
	defer os.RemoveAll(site.dir)
	ports, err := freePorts(ctx, 1)
	if err != nil {
		return err
	}
	config := filepath.Join(site.dir, "lighttpd.conf")
	if err := os.WriteFile(config, []byte(lighttpdConfig(site, ports[0], algorithm)), 0o644); err != nil {
		return err
	}
	libfaketime, err := filepath.Glob("/usr/lib/*/faketime/libfaketime.so.1")
	if err != nil || len(libfaketime) == 0 {
		return errors.Join(errors.New("no libfaketime below /usr/lib"), err)
	}
	start := func(ahead string) (stop func(), err error) {
		cmd := exec.CommandContext(ctx, "lighttpd", "-D", "-f", config)
		// The command faketime would leave the server running when the command ends.
		cmd.Env = append(os.Environ(), "LD_PRELOAD="+libfaketime[0], "FAKETIME="+ahead)
		return startServer(ctx, ports[0], cmd)
	}
	lost, err := runWithRestart(ctx, baseURL(ports[0]), start)
	if err != nil {
		return err
	}
	log, err := readLog(site.log)
	if err != nil {
		return err
	}
	reportLoad(res, name, log, lost)
	reportExpired(res, name, log)
	return setVersion(ctx, res, "lighttpd", "lighttpd", "-v")
}

// runWithRestart makes the calls that every server gets, and then one call before and one
// after a restart.
func runWithRestart(ctx context.Context, baseURL string, start func(ahead string) (func(), error)) (lost int, err error) {
	stop, err := start("+0s")
	if err != nil {
		return 0, err
	}
	defer stop()
	lost, err = runLoad(ctx, baseURL)
	if err != nil {
		return 0, err
	}
	c, err := newExpiryCaller(baseURL)
	if err != nil {
		return 0, err
	}
	c.get(ctx, expiredID)
	stop()
	stopAhead, err := start("+20m")
	if err != nil {
		return 0, err
	}
	c.get(ctx, expiredID)
	stopAhead() // writes the rest of its log
	return lost + int(c.lost.Load()), nil
}

func lighttpdConfig(site *site, port int, algorithm string) string {
	return fmt.Sprintf(`server.modules = ("mod_auth", "mod_authn_file", "mod_accesslog")
server.document-root = %q
server.bind = "127.0.0.1"
server.port = %d
server.errorlog = %q
accesslog.filename = %q
accesslog.format = "%%U %%s"
mimetype.assign = ("" => %q)
auth.backend = "htdigest"
auth.backend.htdigest.userfile = %q
auth.require = ("" => (
  "method" => "digest", "realm" => %q, "require" => "valid-user",
  "algorithm" => %q
))
`, site.root, port, site.dir+"/error.log", site.log, mediaType, site.users, realm, algorithm)
}
