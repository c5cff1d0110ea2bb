#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// is_harmless: right where it is, in a directory: a request, a CRL, a key under a password.
[[nodiscard]] bool is_harmless(const Defect& defect);

/// is_passed_over: a file of a directory in which nothing was found is none of ours, be it empty or octets of
/// no known format; but for one that is called what is read ("x.crt", "x.json"), which has come to harm. What
/// was lost of it is told all the same.
[[nodiscard]] bool is_passed_over(std::string_view path, const std::optional<Format>& format,
                                  const std::optional<Format>& asked, std::span<const Defect> defects);

/// is_part: the name of a file, with its path, is one that promises something, perhaps beside others.
[[nodiscard]] bool is_part(std::string_view path);

/// forgive_withheld takes back that objects of Kubernetes hold no certificates, where placeholders stand for
/// what was taken out of them: nothing of the input was lost, and the placeholders are told.
void forgive_withheld(std::vector<Defect>& defects);

/// tells_of_key: that there is a private key, or where one is to be.
[[nodiscard]] bool tells_of_key(const Defect& defect);
/// missing_key is what is to be said of a file of certificates alone whose name promises the key of the
/// chain beside it; nullopt of others.
[[nodiscard]] std::optional<Defect> missing_key(const std::string& path, const ReadOptions& options);

/// Of a file in which there is nothing of the kind that its name promises beside others, what is to
/// be said: what istiod reads of a plugged-in CA, what a proxy reads in /etc/certs, a mounted Secret.
/// `key`: a private key is in it. Nullopt where the name promises nothing, and where an empty file is
/// right: cert-chain.pem beside a ca-cert.pem, whose root signs. Whoever asks for something else (--as)
/// misses nothing.
[[nodiscard]] std::optional<Defect> what_is_missed(const std::string& path, bool key,
                                                   std::span<const Defect> defects,
                                                   const ReadOptions& options);

}  // namespace meshcert::input
