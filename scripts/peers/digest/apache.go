package main

import (
	"context"
	"crypto/md5"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/atlas-exportbuckets/exportbuckets/scripts/peers/internal/result"
)

const apacheName = "Apache httpd mod_auth_digest, MD5"

// runApache makes the calls on Apache, which has one port with a long and one with a short
// lifetime of nonces.
func runApache(ctx context.Context, res *result.Result) error {
	site, err := newSite(fmt.Sprintf("%x", md5.Sum([]byte(userRealmKey))))
	if err != nil {
		return err
	}
	defer os.RemoveAll(site.dir)
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return err
	}
	config := filepath.Join(site.dir, "httpd.conf")
	if err := os.WriteFile(config, []byte(apacheConfig(site, ports)), 0o644); err != nil {
		return err
	}
	stop, err := startServer(ctx, ports[0], exec.CommandContext(ctx, "apache2", "-f", config, "-DFOREGROUND"))
	if err != nil {
		return err
	}
	defer stop()
	lost, err := runLoad(ctx, baseURL(ports[0]))
	if err != nil {
		return err
	}
	lostExpired, err := runExpired(ctx, baseURL(ports[1]))
	if err != nil {
		return err
	}
	stop()
	log, err := readLog(site.log)
	if err != nil {
		return err
	}
	reportLoad(res, apacheName, log, lost+lostExpired)
	reportExpired(res, apacheName, log)
	return setVersion(ctx, res, "Apache httpd", "apache2", "-v")
}

// runExpired makes two calls, with a wait in between that is longer than the lifetime of
// the nonce.
func runExpired(ctx context.Context, baseURL string) (lost int, err error) {
	c, err := newExpiryCaller(baseURL)
	if err != nil {
		return 0, err
	}
	c.get(ctx, expiredID)
	select {
	case <-time.After((shortLifetime + 1) * time.Second):
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	c.get(ctx, expiredID)
	return int(c.lost.Load()), nil
}

// apacheConfig returns a configuration with a port for each lifetime of nonces.
func apacheConfig(site *site, ports []int) string {
	const modules = "/usr/lib/apache2/modules"
	config := fmt.Sprintf(`ServerName localhost
ServerRoot %[1]q
PidFile pid
DefaultRuntimeDir %[1]q
ErrorLog error.log
LoadModule mpm_event_module %[2]s/mod_mpm_event.so
LoadModule authn_core_module %[2]s/mod_authn_core.so
LoadModule authn_file_module %[2]s/mod_authn_file.so
LoadModule authz_core_module %[2]s/mod_authz_core.so
LoadModule authz_user_module %[2]s/mod_authz_user.so
LoadModule auth_digest_module %[2]s/mod_auth_digest.so
LoadModule mime_module %[2]s/mod_mime.so
LogFormat "%%U %%>s" peers
CustomLog %[3]q peers
DocumentRoot %[4]q
TypesConfig /dev/null
<Directory %[4]q>
  ForceType %[5]s
  AuthType Digest
  AuthName %[6]q
  AuthDigestProvider file
  AuthUserFile %[7]q
  Require valid-user
</Directory>
`, site.dir, modules, site.log, site.root, mediaType, realm, site.users)
	for i, lifetime := range []int{600, shortLifetime} {
		config += fmt.Sprintf(`Listen 127.0.0.1:%[1]d
<VirtualHost 127.0.0.1:%[1]d>
  <Location />
    AuthDigestNonceLifetime %[2]d
  </Location>
</VirtualHost>
`, ports[i], lifetime)
	}
	return config
}
