package digestauth

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"sync/atomic"
	"time"
)

// nonceBytes is the length of a nonce before base64, as Atlas has it: one AES block
// and a tag of 8 bytes.
const nonceBytes = aes.BlockSize + tagBytes

const tagBytes = 8

// nonceContent is the encrypted content of a nonce.
type nonceContent struct {
	serial uint64 // 1 for the first nonce of an issuer
	issued time.Time
}

// nonceIssuer issues nonces that look like 24 random bytes and contain their time of issue, so
// that a nonce costs no memory before it is used. Its methods are safe for concurrent use.
type nonceIssuer struct {
	block  cipher.Block
	tagKey [32]byte
	serial atomic.Uint64
}

func newNonceIssuer() *nonceIssuer {
	var key [16]byte
	m := &nonceIssuer{}
	_, _ = io.ReadFull(rand.Reader, key[:]) // never fails since Go 1.24
	_, _ = io.ReadFull(rand.Reader, m.tagKey[:])
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // 16 bytes are a key of AES-128
	}
	m.block = block
	return m
}

// issue returns a new nonce.
func (m *nonceIssuer) issue(now time.Time) string {
	var raw [nonceBytes]byte
	binary.BigEndian.PutUint64(raw[:8], m.serial.Add(1))
	binary.BigEndian.PutUint64(raw[8:], uint64(now.UnixNano())) //nolint:gosec // read back the same way
	m.block.Encrypt(raw[:aes.BlockSize], raw[:aes.BlockSize])
	copy(raw[aes.BlockSize:], m.tag(raw[:aes.BlockSize]))
	return base64.StdEncoding.EncodeToString(raw[:])
}

// open decrypts a nonce. It returns false for one that this issuer did not issue.
func (m *nonceIssuer) open(nonce string) (nonceContent, bool) {
	raw, err := base64.StdEncoding.DecodeString(nonce)
	if err != nil || len(raw) != nonceBytes || !hmac.Equal(raw[aes.BlockSize:], m.tag(raw[:aes.BlockSize])) {
		return nonceContent{}, false
	}
	m.block.Decrypt(raw[:aes.BlockSize], raw[:aes.BlockSize])
	return nonceContent{
		serial: binary.BigEndian.Uint64(raw[:8]),
		issued: time.Unix(0, int64(binary.BigEndian.Uint64(raw[8:aes.BlockSize]))), //nolint:gosec // as issue wrote it
	}, true
}

func (m *nonceIssuer) tag(block []byte) []byte {
	mac := hmac.New(sha256.New, m.tagKey[:])
	mac.Write(block)
	return mac.Sum(nil)[:tagBytes]
}
