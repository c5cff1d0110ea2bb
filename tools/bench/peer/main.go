// Peer to measure against: what a Go program takes for the same files that decodes
// into typed structs, in a stream where there is a list, with -j goroutines. It
// parses every certificate, judges its dates and takes its fingerprint.
//
//	peer [-j N] FILE|DIRECTORY...   config dumps, istioctl's dumps, Secret Lists, *.pem
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type dataSource struct {
	Snake []byte `json:"inline_bytes"`
	Camel []byte `json:"inlineBytes"`
}

type secret struct {
	Name string `json:"name"`
	TLS  *struct {
		Chain dataSource `json:"certificate_chain"`
	} `json:"tls_certificate"`
	TLSCamel *struct {
		Chain dataSource `json:"certificateChain"`
	} `json:"tlsCertificate"`
	Context *struct {
		CA dataSource `json:"trusted_ca"`
	} `json:"validation_context"`
	ContextCamel *struct {
		CA dataSource `json:"trustedCa"`
	} `json:"validationContext"`
}

type entry struct {
	Name   string `json:"name"`
	Secret secret `json:"secret"`
}

type section struct {
	Type    string  `json:"@type"`
	Active  []entry `json:"dynamic_active_secrets"`
	Warming []entry `json:"dynamic_warming_secrets"`
	Camel   []entry `json:"dynamicActiveSecrets"`
}

type dump struct {
	section
	Configs []section `json:"configs"`
}

// What is known of all certificates in the end.
var certificates, expired, distinct atomic.Int64

func judgeOne(der []byte, now time.Time) {
	certificate, err := x509.ParseCertificate(der)
	if err != nil || now.After(certificate.NotAfter) || now.Before(certificate.NotBefore) {
		expired.Add(1) // a report would say more
	}
	sum := sha256.Sum256(der)
	distinct.Add(int64(sum[0]))
}

func judge(octets []byte, now time.Time) (count int) {
	for block, rest := pem.Decode(octets); block != nil; block, rest = pem.Decode(rest) {
		judgeOne(block.Bytes, now)
		count++
	}
	return count
}

func (s section) judge(now time.Time) (count int) {
	for _, list := range [][]entry{s.Active, s.Warming, s.Camel} {
		for _, e := range list {
			if t := e.Secret.TLS; t != nil {
				count += judge(t.Chain.Snake, now)
			}
			if t := e.Secret.TLSCamel; t != nil {
				count += judge(t.Chain.Camel, now)
			}
			if c := e.Secret.Context; c != nil {
				count += judge(c.CA.Snake, now)
			}
			if c := e.Secret.ContextCamel; c != nil {
				count += judge(c.CA.Camel, now)
			}
		}
	}
	return count
}

func read(path string, now time.Time) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var d dump
	if err := json.NewDecoder(bufio.NewReaderSize(file, 1<<20)).Decode(&d); err != nil {
		return 0, fmt.Errorf("%s: %w", path, err)
	}
	total := d.section.judge(now)
	for _, s := range d.Configs {
		total += s.judge(now)
	}
	return total, nil
}

type object struct {
	Metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Type string            `json:"type"`
	Data map[string][]byte `json:"data"`
}

// readList streams the items of a List: nothing is held but what the workers have.
func readList(path string, workers int, now time.Time) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	decoder := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	for token := json.Token(nil); token != "items"; {
		if token, err = decoder.Token(); err != nil {
			return err
		}
	}
	if _, err = decoder.Token(); err != nil {
		return err
	}
	queue, done := make(chan []json.RawMessage, 2*workers), sync.WaitGroup{}
	for i := 0; i < workers; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for batch := range queue {
				for _, raw := range batch {
					var o object
					if json.Unmarshal(raw, &o) != nil {
						continue
					}
					certificates.Add(int64(judge(o.Data["tls.crt"], now) + judge(o.Data["ca.crt"], now)))
				}
			}
		}()
	}
	var batch []json.RawMessage
	for decoder.More() {
		var raw json.RawMessage
		if err = decoder.Decode(&raw); err != nil {
			break
		}
		if batch = append(batch, raw); len(batch) == 64 {
			queue <- batch
			batch = nil
		}
	}
	queue <- batch
	close(queue)
	done.Wait()
	return err
}

// readListAlone decodes items as they come, on one thread: without RawMessage this is
// the fastest way.
func readListAlone(path string, now time.Time) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	decoder := json.NewDecoder(bufio.NewReaderSize(file, 1<<20))
	for token := json.Token(nil); token != "items"; {
		if token, err = decoder.Token(); err != nil {
			return err
		}
	}
	if _, err = decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		var o object
		if err = decoder.Decode(&o); err != nil {
			return err
		}
		certificates.Add(int64(judge(o.Data["tls.crt"], now) + judge(o.Data["ca.crt"], now)))
	}
	return nil
}

// readBundle cuts a PEM file behind END lines into pieces for the workers.
func readBundle(path string, workers int, now time.Time) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	queue, done := make(chan []byte, 2*workers), sync.WaitGroup{}
	for i := 0; i < workers; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for piece := range queue {
				certificates.Add(int64(judge(piece, now)))
			}
		}()
	}
	var left []byte
	for {
		piece := make([]byte, len(left)+256<<10)
		copy(piece, left)
		n, err := io.ReadFull(file, piece[len(left):])
		piece = piece[:len(left)+n]
		end := strings.LastIndex(string(piece), "-----END CERTIFICATE-----\n")
		if err != nil || end < 0 {
			queue <- piece
			break
		}
		end += len("-----END CERTIFICATE-----\n")
		left = piece[end:]
		queue <- piece[:end:end]
	}
	close(queue)
	done.Wait()
	return nil
}

func readAny(path string, workers int, now time.Time) error {
	switch {
	case strings.HasSuffix(path, "secrets.json") && workers == 1:
		return readListAlone(path, now)
	case strings.HasSuffix(path, "secrets.json"):
		return readList(path, workers, now)
	case strings.HasSuffix(path, ".pem"):
		info, err := os.Stat(path)
		if err != nil || info.Size() > 1<<20 {
			return readBundle(path, workers, now)
		}
		octets, err := os.ReadFile(path)
		certificates.Add(int64(judge(octets, now)))
		return err
	}
	count, err := read(path, now)
	certificates.Add(int64(count))
	return err
}

func main() {
	workers := flag.Int("j", 1, "goroutines")
	flag.Parse()
	now, failed := time.Now(), atomic.Bool{}
	queue, done := make(chan string, 64), sync.WaitGroup{}
	for i := 0; i < *workers; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for path := range queue {
				if err := readAny(path, *workers, now); err != nil {
					fmt.Fprintln(os.Stderr, path, err)
					failed.Store(true)
				}
			}
		}()
	}
	for _, argument := range flag.Args() {
		err := filepath.Walk(argument, func(path string, info os.FileInfo, err error) error {
			if err == nil && !info.IsDir() {
				queue <- path
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed.Store(true)
		}
	}
	close(queue)
	done.Wait()
	fmt.Println(certificates.Load(), "certificates,", expired.Load(), "of them not valid")
	if failed.Load() {
		os.Exit(1)
	}
}
