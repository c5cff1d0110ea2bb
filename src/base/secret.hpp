#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "meshcert/bytes.hpp"

namespace meshcert::base {

/// wipe overwrites octets in a way that no optimiser leaves out.
void wipe(std::span<std::uint8_t> octets);

/// SecretOctets owns octets that must be seen by nobody: a private key, a
/// password. It moves and does not copy, has no way to be printed, and wipes what
/// it owned. Whoever fills it reserves its whole size first: a vector that grows
/// leaves copies behind.
class SecretOctets {
 public:
  SecretOctets() = default;
  explicit SecretOctets(std::vector<std::uint8_t>&& octets) : octets_(std::move(octets)) {}
  ~SecretOctets() { wipe(octets_); }
  SecretOctets(SecretOctets&& other) noexcept : octets_(std::exchange(other.octets_, {})) {}
  SecretOctets& operator=(SecretOctets&& other) noexcept {
    std::swap(octets_, other.octets_);
    return *this;
  }
  SecretOctets(const SecretOctets&) = delete;
  SecretOctets& operator=(const SecretOctets&) = delete;

  /// reveal lends the octets: to what decodes or decrypts, never to a message.
  [[nodiscard]] ByteView reveal() const { return octets_; }
  [[nodiscard]] bool empty() const { return octets_.empty(); }

 private:
  std::vector<std::uint8_t> octets_;
};

/// WipedText is text that is wiped at the end of its scope: a copy of PEM that
/// held a key.
class WipedText {
 public:
  explicit WipedText(std::string&& text) : text_(std::move(text)) {}
  ~WipedText() { wipe({reinterpret_cast<std::uint8_t*>(text_.data()), text_.size()}); }
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  [[nodiscard]] const std::string& reveal() const { return text_; }

 private:
  std::string text_;
};

}  // namespace meshcert::base
