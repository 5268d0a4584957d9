package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

const (
	mediaType    = "application/vnd.atlas.2024-05-30+json"
	userRealmKey = publicKey + ":" + realm + ":" + privateKey
)

// site is the content of a server: a file for each bucket, behind Digest.
type site struct {
	dir   string // everything below, including the server's own files
	root  string // the document root
	users string // in htdigest's format
	log   string // a line "PATH STATUS" for each request
}

// newSite writes the files of a site. The hash is that of user, realm and key.
func newSite(hash string) (*site, error) {
	dir, err := os.MkdirTemp("", "peers-digest-")
	if err != nil {
		return nil, err
	}
	s := &site{dir, filepath.Join(dir, "root"), filepath.Join(dir, "users"), filepath.Join(dir, "access.log")}
	folder := filepath.Join(s.root, "api/atlas/v2/groups", projectID, "backup/exportBuckets")
	// The servers drop root's privileges before they read these files.
	files := map[string]string{s.users: publicKey + ":" + realm + ":" + hash + "\n"}
	for _, id := range []string{steadyID, warmID, coldID, expiredID} {
		files[filepath.Join(folder, id)] = fmt.Sprintf(
			`{"_id":%q,"bucketName":"snaps","cloudProvider":"AWS","iamRoleId":"5f0000000000000000000002"}`, id)
	}
	errs := []error{os.Chmod(dir, 0o755), os.MkdirAll(folder, 0o755)}
	for file, text := range files {
		errs = append(errs, os.WriteFile(file, []byte(text), 0o644))
	}
	return s, errors.Join(errs...)
}

// accessLog is a server's log, a line "PATH STATUS" for each request.
type accessLog []string

func readLog(file string) (accessLog, error) {
	text, err := os.ReadFile(file)
	return accessLog(strings.Split(strings.TrimSpace(string(text)), "\n")), err
}

// requests returns the number of requests for a bucket.
func (l accessLog) requests(id string) int { return l.count(id + " ") }

// status returns the number of requests for a bucket with a status.
func (l accessLog) status(id string, status int) int { return l.count(id + " " + strconv.Itoa(status)) }

func (l accessLog) count(part string) (n int) {
	for _, line := range l {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

// freePorts returns loopback ports that nothing listens on.
func freePorts(ctx context.Context, n int) (ports []int, err error) {
	for range n {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func baseURL(port int) string { return "http://127.0.0.1:" + strconv.Itoa(port) }

// startServer starts a server in the foreground and returns once it listens. The
// function that it returns ends the server and may be called again.
func startServer(ctx context.Context, port int, cmd *exec.Cmd) (stop func(), err error) {
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	stop = sync.OnceFunc(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			fmt.Fprintln(os.Stderr, "ending", cmd, err)
		}
		if err := <-ended; err != nil {
			fmt.Fprintln(os.Stderr, cmd, "ended:", err)
		}
	})
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", "127.0.0.1:"+strconv.Itoa(port))
		if err == nil {
			return stop, conn.Close()
		}
		select {
		case err := <-ended:
			return nil, fmt.Errorf("%v ended before it listened: %w", cmd, err)
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

var versionNumber = regexp.MustCompile(`/(\d+\.\d+\.\d+)`)

// setVersion adds the version that a server prints.
func setVersion(ctx context.Context, res *result.Result, peer, name, flag string) error {
	out, err := exec.CommandContext(ctx, name, flag).Output()
	if err != nil {
		return err
	}
	found := versionNumber.FindSubmatch(out)
	if found == nil {
		return fmt.Errorf("%s %s prints no version: %q", name, flag, out)
	}
	res.Version(peer, string(found[1]))
	return nil
}
