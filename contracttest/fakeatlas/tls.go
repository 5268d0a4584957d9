package fakeatlas

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// TLS makes the fake serve HTTPS, with a certificate of its own that is made at its start
// (see [Server.Certificate]) for localhost, 127.0.0.1, ::1 and the host of [Address].
// HTTP/2 is not offered, because faults act on the connection.
func TLS() Option { return func(c *config) { c.tls = true } }

// certificateLife is how long a certificate is valid.
const certificateLife = 7 * 24 * time.Hour

// Certificate returns the certificate of a fake with [TLS] in PEM, for clients to trust
// in the place of an authority's; nil without it. [Server.Client] trusts it already.
func (s *Server) Certificate() []byte { return s.certificate }

// startTLS makes the certificate and the listener with it.
func (s *Server) startTLS(listener net.Listener) (net.Listener, error) {
	cert, err := newCertificate(s.config.address)
	if err != nil {
		return nil, fmt.Errorf("fakeatlas: TLS: %w", err)
	}
	s.certificate = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(s.certificate)
	if transport, ok := s.client.Transport.(*http.Transport); ok {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	}
	return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}), nil
}

// newCertificate makes a certificate that is its own authority.
func newCertificate(address string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: "exportbuckets fake Atlas"},
		NotBefore:    time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IsCA:        true, BasicConstraintsValid: true,
		DNSNames:    []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if host, _, err := net.SplitHostPort(address); err == nil && host != "" && host != "localhost" {
		if ip := net.ParseIP(host); ip == nil {
			template.DNSNames = append(template.DNSNames, host)
		} else {
			template.IPAddresses = append(template.IPAddresses, ip)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}
