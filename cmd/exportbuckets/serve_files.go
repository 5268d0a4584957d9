package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/atlas-exportbuckets/exportbuckets/contracttest/fakeatlas"
	"github.com/atlas-exportbuckets/exportbuckets/internal/atomicfile"
)

// maxStateFile is more than the fake's limit for a state, so that the fake returns the
// error about it.
const maxStateFile = 17 << 20

// readState reads the file of --state.
func readState(cmd *cobra.Command, file string) ([]byte, error) {
	_, state, err := readInput(cmd, file, maxStateFile)
	if err != nil {
		return nil, fmt.Errorf("--state: %w", err)
	}
	return state, nil
}

// writeCertificate writes the certificate of a fake with TLS to a file and returns its
// name, "" without TLS.
func (f *serveFlags) writeCertificate(srv *fakeatlas.Server) (string, error) {
	if !f.tls {
		return "", nil
	}
	if f.tlsCertificate != "" {
		name, err := filepath.Abs(f.tlsCertificate)
		if err != nil {
			return "", fmt.Errorf("--tls-cert: %w", err)
		}
		return name, atomicfile.Write(name, srv.Certificate(), 0o644)
	}
	file, err := os.CreateTemp("", "exportbuckets-fake-*.pem")
	if err != nil {
		return "", fmt.Errorf("the certificate: %w; name a file with --tls-cert", err)
	}
	_, err = file.Write(srv.Certificate())
	return file.Name(), errors.Join(err, file.Close())
}
