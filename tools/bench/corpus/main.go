// Makes the corpora of tools/bench/compare.sh in a directory: 100 000 certificates
// as one PEM bundle, as 100 000 files, and within Kubernetes Secrets as kubectl
// prints them. Half have RSA-2048 keys, 40 % P-256, 5 % RSA-4096, 5 % Ed25519; the
// keys come from a small pool, serials, names and dates differ.
package main

import (
	"bufio"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"
)

type pair struct {
	key crypto.Signer
	pem []byte
}

type issuer struct {
	pair
	certificate *x509.Certificate
	pem         []byte
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}

func newPair(key crypto.Signer) pair {
	der := must(x509.MarshalPKCS8PrivateKey(key))
	return pair{key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})}
}

func rsaPair(bits int) pair { return newPair(must(rsa.GenerateKey(rand.Reader, bits))) }

func ecPair() pair { return newPair(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))) }

func edPair() pair {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	return newPair(must(key, err))
}

func newIssuer(name string, keys pair, begin time.Time) issuer {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{Organization: []string{name}, CommonName: name},
		NotBefore: begin, NotAfter: begin.AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, keys.key.Public(), keys.key))
	return issuer{keys, must(x509.ParseCertificate(der)), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})}
}

// What one of three kinds of issuers in a cluster writes into a certificate.
func template(i int, begin time.Time) *x509.Certificate {
	t := &x509.Certificate{
		SerialNumber: new(big.Int).Add(new(big.Int).Lsh(big.NewInt(int64(i)+1), 96), big.NewInt(0x5eed)),
		NotBefore:    begin.Add(time.Duration(i%720) * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	t.NotAfter = t.NotBefore.AddDate(0, 3, i%300)
	host := fmt.Sprintf("service-%d.team-%d.example.com", i, i%50)
	switch i % 3 {
	case 0:
		t.URIs = []*url.URL{must(url.Parse(fmt.Sprintf("spiffe://cluster.local/ns/team-%d/sa/service-%d", i%50, i)))}
	case 1:
		t.Subject = pkix.Name{CommonName: host}
		t.DNSNames = []string{host, "www." + host}
		t.OCSPServer = []string{"http://r3.o.example.org"}
		t.IssuingCertificateURL = []string{"http://r3.i.example.org/"}
	default:
		t.Subject = pkix.Name{Organization: []string{"Example"}, CommonName: host}
		t.DNSNames = []string{host}
	}
	return t
}

type pool struct {
	rsa2048, rsa4096, ec, ed []pair
	rsaCA, ecCA              issuer
}

func newPool(begin time.Time) (p pool) {
	for i := 0; i < 8; i++ {
		p.rsa2048, p.ec, p.ed = append(p.rsa2048, rsaPair(2048)), append(p.ec, ecPair()), append(p.ed, edPair())
	}
	p.rsa4096 = []pair{rsaPair(4096), rsaPair(4096)}
	p.rsaCA, p.ecCA = newIssuer("RSA CA", rsaPair(2048), begin), newIssuer("EC CA", ecPair(), begin)
	return p
}

func (p *pool) pick(i int) (pair, issuer) {
	switch n := i % 20; {
	case n < 10:
		return p.rsa2048[i/20%8], p.rsaCA
	case n < 18:
		return p.ec[i/20%8], p.ecCA
	case n < 19:
		return p.rsa4096[i/20%2], p.rsaCA
	default:
		return p.ed[i/20%8], p.ecCA
	}
}

func makeCertificates(p *pool, count int, begin time.Time) [][]byte {
	out := make([][]byte, count)
	var group sync.WaitGroup
	workers := runtime.NumCPU()
	for w := 0; w < workers; w++ {
		group.Add(1)
		go func(w int) {
			defer group.Done()
			for i := w; i < count; i += workers {
				subject, ca := p.pick(i)
				der := must(x509.CreateCertificate(rand.Reader, template(i, begin), ca.certificate, subject.key.Public(), ca.key))
				out[i] = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
			}
		}(w)
	}
	group.Wait()
	return out
}

func create(path string) (*bufio.Writer, func()) {
	file := must(os.Create(path))
	writer := bufio.NewWriterSize(file, 1<<20)
	return writer, func() {
		must(0, writer.Flush())
		must(0, file.Close())
	}
}

func secret(p *pool, i int, certificate []byte) any {
	keys, ca := p.pick(i)
	data := map[string]string{
		"tls.crt": base64.StdEncoding.EncodeToString(certificate),
		"tls.key": base64.StdEncoding.EncodeToString(keys.pem),
	}
	if i%5 != 0 {
		data["ca.crt"] = base64.StdEncoding.EncodeToString(ca.pem)
	}
	name := "service-" + strconv.Itoa(i) + "-tls"
	return map[string]any{
		"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "data": data,
		"metadata": map[string]any{
			"name": name, "namespace": fmt.Sprintf("team-%d", i%50), "resourceVersion": strconv.Itoa(1000000 + i),
			"uid": fmt.Sprintf("00000000-0000-4000-8000-%012d", i), "creationTimestamp": "2026-01-01T00:00:00Z",
			"labels":      map[string]string{"app.kubernetes.io/managed-by": "cert-manager"},
			"annotations": map[string]string{"cert-manager.io/certificate-name": name, "cert-manager.io/issuer-name": "letsencrypt"},
		},
	}
}

func writeList(path string, p *pool, certificates [][]byte) {
	out, done := create(path)
	defer done()
	out.WriteString("{\n    \"apiVersion\": \"v1\",\n    \"items\": [\n")
	for i, certificate := range certificates {
		text := must(json.MarshalIndent(secret(p, i, certificate), "        ", "    "))
		out.WriteString("        ")
		out.Write(text)
		if i+1 < len(certificates) {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
	}
	out.WriteString("    ],\n    \"kind\": \"List\",\n    \"metadata\": {\n        \"resourceVersion\": \"\"\n    }\n}\n")
}

func writeFiles(directory string, certificates [][]byte) {
	must(0, os.MkdirAll(directory, 0o755))
	out, done := create(directory + ".pem")
	defer done()
	for i, certificate := range certificates {
		out.Write(certificate)
		must(0, os.WriteFile(filepath.Join(directory, fmt.Sprintf("%06d.pem", i)), certificate, 0o644))
	}
}

func main() {
	directory, count := os.Args[1], must(strconv.Atoi(os.Args[2]))
	begin := time.Now().AddDate(0, -2, 0).Truncate(time.Second)
	p := newPool(begin)
	certificates := makeCertificates(&p, count, begin)
	writeFiles(filepath.Join(directory, "bundle"), certificates)
	writeList(filepath.Join(directory, "secrets.json"), &p, certificates)
}
