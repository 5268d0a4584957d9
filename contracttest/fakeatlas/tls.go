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

// TLS makes the fake serve HTTPS, with a certificate that is generated at the start (see
// [Server.Certificate]) for localhost, 127.0.0.1, ::1 and the host of [Address]. HTTP/2 is
// not supported, because faults act on connections.
func TLS() Option { return func(c *config) { c.tls = true } }

// certificateLife is the lifetime of a certificate.
const certificateLife = 7 * 24 * time.Hour

// Certificate returns the certificate of a fake with [TLS] in PEM, which clients must trust
// as an authority; nil without TLS. [Server.Client] trusts it already.
func (s *Server) Certificate() []byte { return s.certificate }

// startTLS generates the certificate and returns a listener that uses it.
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

// newCertificate returns a self-signed certificate.
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
