#pragma once

#include <string>

/// Samples of certs/ as tests take them, and what is done to make them worse.
namespace meshcert::testing {

/// sample is a file of certs/, prose and all; one that cannot be read fails the test.
[[nodiscard]] std::string sample(const std::string& path);

/// pem_of is a sample from its first block on.
[[nodiscard]] std::string pem_of(const std::string& path);

/// replaced is the text with every `from` made into `to`.
[[nodiscard]] std::string replaced(std::string text, const std::string& from, const std::string& to);

/// tlv is a DER element of this identifier octet, of less than 64 KiB.
[[nodiscard]] std::string tlv(char tag, const std::string& contents);

}  // namespace meshcert::testing
