// Peer to measure against: what a Go program that decodes config dumps and
// istioctl's dumps into typed structs takes for the same files. It parses every
// certificate and judges its dates.
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
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

func judge(octets []byte, now time.Time) (certificates int) {
	for block, rest := pem.Decode(octets); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil || now.After(certificate.NotAfter) || now.Before(certificate.NotBefore) {
			// Counted all the same; a report would say more.
		}
		certificates++
	}
	return certificates
}

func (s section) judge(now time.Time) (certificates int) {
	for _, list := range [][]entry{s.Active, s.Warming, s.Camel} {
		for _, e := range list {
			if t := e.Secret.TLS; t != nil {
				certificates += judge(t.Chain.Snake, now)
			}
			if t := e.Secret.TLSCamel; t != nil {
				certificates += judge(t.Chain.Camel, now)
			}
			if c := e.Secret.Context; c != nil {
				certificates += judge(c.CA.Snake, now)
			}
			if c := e.Secret.ContextCamel; c != nil {
				certificates += judge(c.CA.Camel, now)
			}
		}
	}
	return certificates
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

func main() {
	total, now := 0, time.Now()
	for _, argument := range os.Args[1:] {
		err := filepath.Walk(argument, func(path string, info os.FileInfo, err error) error {
			if err != nil || info.IsDir() {
				return err
			}
			count, err := read(path, now)
			total += count
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	fmt.Println(total, "certificates")
}
