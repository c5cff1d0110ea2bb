#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "meshcert/artifact.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// read_pem_file reads a PEM text: one artifact with all its certificates, or one
/// for each transcript of `openssl s_client` in it.
void read_pem_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// read_der_file reads concatenated DER certificates (the form of SPIFFE's
/// Workload API; one is the usual number) as one artifact, or a private key alone.
void read_der_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// read_pkcs7_file reads the certificates of a PKCS#7 SignedData as one artifact.
void read_pkcs7_file(const std::string& name, ByteView octets, const ReadOptions& options,
                     ArtifactSink& sink);

/// read_pkcs12_file reads a PKCS#12 as one artifact, under the password of the options.
void read_pkcs12_file(const std::string& name, ByteView octets, const ReadOptions& options,
                      ArtifactSink& sink);

/// read_base64_file reads values of base64, each of PEM, DER (a private key too), PKCS#7 or PKCS#12, as
/// `kubectl -o jsonpath` and `jq -r` print them: one artifact for each.
void read_base64_file(const std::string& name, ByteView octets, const ReadOptions& options,
                      ArtifactSink& sink);

/// read_istioctl_table reads the tables of `istioctl proxy-config secret` and
/// `ztunnel-config certificates`: an artifact without certificates for each row,
/// and a `no_certificates` defect that says how to dump them.
void read_istioctl_table(const std::string& name, ByteView octets, const ReadOptions& options,
                         ArtifactSink& sink);

/// read_jwt_file reads tokens of a text, one on each line, bare or behind "Authorization: Bearer", or one
/// that is wrapped into lines. No message holds a part of a token.
void read_jwt_file(const std::string& name, ByteView octets, const ReadOptions& options, ArtifactSink& sink);

/// Contents says what a file holds where that is no certificate, and what to do.
struct Contents {
  std::string what;
  std::string fix = {};    ///< "" where the finding's own advice fits
  bool told = false;       ///< a defect says already why there are none
  bool presented = false;  ///< a server sent them
};

class KeyOpener;

/// append_lone_key notes a private key in DER, which is all that a file or a value holds.
Contents append_lone_key(ByteView octets, KeyOpener& keys, const Limits& limits, Artifact& artifact);

/// append_pkcs12_contents is append_pkcs12 for what is all that a file or a value holds.
Contents append_pkcs12_contents(ByteView octets, KeyOpener& keys, Artifact& artifact);

/// append_der and append_pkcs7_contents decode octets that the artifact owns.
Contents append_der(ByteView octets, const Limits& limits, Artifact& artifact);
Contents append_pkcs7_contents(ByteView octets, const Limits& limits, Artifact& artifact);

/// begin_file makes the artifact of a file.
[[nodiscard]] Artifact begin_file(const std::string& name);

/// keep gives octets to the artifact.
ByteView keep(std::vector<std::uint8_t>&& octets, Artifact& artifact);

/// deliver_file classifies the artifact of a file and hands it on. Where there are
/// no certificates, `no_certificates` says what was there, if no defect says that
/// octets were lost, nor the contents that it is told. A private key alone is an artifact, and always
/// `no_certificates` too (attach_keys may find its certificate); CRLs alone are one, of
/// kind crl; of any other file without certificates the defects alone are handed on.
void deliver_file(Artifact&& artifact, const Contents& contents, bool as_workload_chain, ArtifactSink& sink);

}  // namespace meshcert::input
