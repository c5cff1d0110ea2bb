#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meshcert/input.hpp"

namespace meshcert::input {

/// is_harmless: right where it is, in a directory: a request, a CRL, a key under a password.
[[nodiscard]] bool is_harmless(const Defect& defect);

/// is_passed_over: a file of a directory in which nothing was found is none of ours, be it
/// empty. What was lost of it is told all the same.
[[nodiscard]] bool is_passed_over(const std::optional<Format>& format, const std::optional<Format>& asked,
                                  std::span<const Defect> defects);

/// is_missed: by its name the file has a part to play beside others, and is not passed over
/// where nothing is in it: what istiod reads of a plugged-in CA, what a proxy reads in /etc/certs.
/// An empty cert-chain.pem is right beside a ca-cert.pem, whose root signs.
/// nothing_in is what there is to say of one in which nothing was found.
[[nodiscard]] bool is_missed(const std::string& path, bool empty, const ReadOptions& options);
[[nodiscard]] Defect nothing_in(const std::string& name);

}  // namespace meshcert::input
