#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meshcert/network.hpp"
#include "meshcert/probe.hpp"
#include "meshcert/result.hpp"
#include "tls/client.hpp"
#include "tls/starttls.hpp"

namespace meshcert::cli {

/// Target is one server to ask.
struct Target {
  std::string text;  ///< as it was given
  std::string host;  ///< without brackets; "" of a socket in the file system
  std::uint16_t port = 0;
  std::string path;  ///< of unix:PATH
};

/// parse_target reads "HOST:PORT", "[ADDRESS]:PORT" and "unix:PATH".
[[nodiscard]] Result<Target, std::string> parse_target(const std::string& text);

struct ProbeSettings {
  std::chrono::milliseconds timeout{10'000};  ///< for one target, from its lookup to its end
  std::optional<std::string> server_name;     ///< --sni; absent: the host, where it is a name
  tls::Starttls starttls = tls::Starttls::none;
  bool plaintext = false;
  std::size_t in_flight = 64;
};

/// Probed is what was had of one target.
struct Probed {
  Probe probe;
  std::vector<std::vector<std::uint8_t>> chain;  ///< DER as presented, leaf first
};

/// probe_all asks every target, a bounded number at a time, in one thread; results are
/// in the order of the targets. It ends: each target has its time.
[[nodiscard]] std::vector<Probed> probe_all(const std::vector<Target>& targets, const ProbeSettings& settings,
                                            const tls::Client& client, Network& network);

}  // namespace meshcert::cli
