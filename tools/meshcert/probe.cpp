// `meshcert probe`: connect, fetch the chain that a server presents, then judge it.

#include <algorithm>
#include <array>
#include <utility>

#include "base/lines.hpp"
#include "input/certificates.hpp"
#include "meshcert/chain_options.hpp"
#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/prober.hpp"
#include "meshcert/suggest.hpp"
#include "meshcert/verbs.hpp"
#include "meshcert/words.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kGroup = "How to ask";
constexpr std::uint64_t kLargestFile = 16U << 20U;

constexpr std::array<Word<tls::Version>, 4> kVersions{{{"1.0", tls::Version::tls10},
                                                       {"1.1", tls::Version::tls11},
                                                       {"1.2", tls::Version::tls12},
                                                       {"1.3", tls::Version::tls13}}};

std::string take_alpn(std::vector<std::string>& alpn, const std::string& list) {
  constexpr std::size_t kLongest = 255;  // RFC 7301 3.1
  alpn.clear();
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = std::min(list.find(',', at), list.size());
    const std::string name = list.substr(at, end - at);
    if (name.empty() || name.size() > kLongest) return "'" + list + "': a protocol has 1 to 255 characters";
    alpn.push_back(name);
    at = end + 1;
  }
  return {};
}

std::string take_server_name(ProbeSettings& settings, const std::string& name) {
  constexpr std::size_t kLongest = 255;
  const auto fits = [](char c) { return c > ' ' && c != 0x7f; };
  if (name.size() > kLongest || !std::ranges::all_of(name, fits))
    return "a server name has at most 255 characters of ASCII, and no blanks or control characters among them";
  settings.server_name = name;
  return {};
}

std::string take_starttls(ProbeSettings& settings, const std::string& word) {
  const auto protocol = tls::starttls_from_string(word);
  if (!protocol) return no_such_word(word, "protocol with STARTTLS", tls::starttls_words());
  settings.starttls = *protocol;
  return {};
}

std::string take_timeout(ProbeSettings& settings, const std::string& text) {
  const auto duration = parse_duration(text);
  if (!duration) return "'" + text + "': " + std::string(duration.error());
  if (*duration < Seconds{1} || *duration > std::chrono::hours{1}) return "'" + text + "': from 1s to 1h";
  settings.timeout = *duration;
  return {};
}

std::string file_text(const std::string& path, std::string_view option, Env& env) {
  const auto contents = env.read_file(path, kLargestFile);
  if (!contents) throw UsageError{std::string(option) + " " + path + ": " + contents.error()};
  if (contents->cut) throw UsageError{std::string(option) + " " + path + ": larger than 16 MiB"};
  return {contents->octets.begin(), contents->octets.end()};
}

void add_target(const std::string& text, const std::string& where, std::vector<Target>& targets) {
  auto target = parse_target(text);
  if (!target) throw UsageError{where + target.error()};
  targets.push_back(std::move(*target));
}

/// add_file reads targets, one a line; '#' begins a comment.
void add_file(const std::string& path, Env& env, std::vector<Target>& targets) {
  const std::string text = file_text(path, "--targets", env);
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::string_view line = base::take_line(rest);
    const std::string target(base::trimmed(line.substr(0, line.find('#'))));
    if (!target.empty()) add_target(target, path + ":" + std::to_string(number) + ": ", targets);
  }
}

std::vector<Target> targets_of(const Options& options, Env& env) {
  std::vector<Target> targets;
  for (const std::string& input : options.inputs) add_target(input, "", targets);
  for (const std::string& path : options.probe.target_files) add_file(path, env, targets);
  if (targets.empty()) throw UsageError{"no target: name HOST:PORT, unix:PATH, or --targets FILE"};
  return targets;
}

tls::Client client_of(const Options& options, Env& env) {
  const ProbeOptions& probe = options.probe;
  tls::ClientSettings settings = probe.client;
  if (probe.key_file && !probe.certificate_file) throw UsageError{"--key needs --cert"};
  if (settings.lowest && settings.highest && *settings.lowest > *settings.highest)
    throw UsageError{"--tls-min is above --tls-max"};
  if (probe.certificate_file) {
    settings.certificate_pem = file_text(*probe.certificate_file, "--cert", env);
    settings.key_pem = probe.key_file ? file_text(*probe.key_file, "--key", env) : *settings.certificate_pem;
    settings.password = options.read.password;
  }
  auto client = tls::Client::make(std::move(settings));
  if (!client) throw UsageError{client.error()};
  return std::move(*client);
}

/// Presented gives the chain of one server what is known of that server.
class Presented final : public ArtifactSink {
 public:
  Presented(Probe&& probe, bool as_workload_chain, Inventory& inventory)
      : probe_(std::make_shared<const Probe>(std::move(probe))),
        as_workload_chain_(as_workload_chain),
        inventory_(inventory) {}
  void artifact(Artifact&& artifact) override {
    artifact.probe = probe_;
    if (!artifact.certificates.empty()) input::classify_presented(artifact, as_workload_chain_);
    inventory_.artifacts.push_back(std::move(artifact));
    any_ = true;
  }
  void defect(Defect&& defect) override { inventory_.defects.push_back(std::move(defect)); }
  /// finish makes an artifact of a server without certificates.
  void finish() {
    if (any_) return;
    Artifact bare;
    bare.name = bare.source.file = probe_->target;
    artifact(std::move(bare));
  }

 private:
  std::shared_ptr<const Probe> probe_;
  bool as_workload_chain_;
  Inventory& inventory_;
  bool any_ = false;
};

void keep(Probed&& probed, const ReadOptions& options, Inventory& inventory) {
  ReadOptions as_der = options;
  as_der.as = Format::der;
  const std::string name = probed.probe.target;
  std::vector<std::uint8_t> octets;
  for (const auto& certificate : probed.chain)
    octets.insert(octets.end(), certificate.begin(), certificate.end());
  Presented sink(std::move(probed.probe), options.as_workload_chain, inventory);
  if (!octets.empty()) read_input(name, ByteView(octets), as_der, sink);
  sink.finish();
  ++inventory.inputs;
}

}  // namespace

void add_probe(OptionSet& set, Options& options) {
  ProbeOptions& probe = options.probe;
  set.add_values({"--targets", "FILE", "more targets, one a line (repeatable)", kGroup},
                 [&probe](const std::string& path) {
                   probe.target_files.push_back(path);
                   return "";
                 });
  set.add_value({"--sni", "NAME", "server name to ask for (default the host; '' asks for none)", kGroup},
                [&probe](const std::string& name) { return take_server_name(probe.settings, name); });
  set.add_value({"--alpn", "LIST", "protocols to offer: istio, or h2,http/1.1 (default none)", kGroup},
                [&probe](const std::string& list) { return take_alpn(probe.client.alpn, list); });
  set.add_value({"--cert", "FILE", "client certificate and chain in PEM: a workload's own", kGroup},
                [&probe](const std::string& path) {
                  probe.certificate_file = path;
                  return "";
                });
  set.add_value({"--key", "FILE", "its private key in PEM (default: in --cert)", kGroup},
                [&probe](const std::string& path) {
                  probe.key_file = path;
                  return "";
                });
  set.add_value({"--starttls", "PROTOCOL", "smtp, imap, pop3, ldap, postgres, mysql, ftp or xmpp", kGroup},
                [&probe](const std::string& word) { return take_starttls(probe.settings, word); });
  set.add_value({"--tls-min", "VERSION", "lowest version to offer: 1.0 (default) to 1.3", kGroup},
                store(probe.client.lowest, parse_word(kVersions)));
  set.add_value({"--tls-max", "VERSION", "highest version to offer: 1.0 to 1.3 (default)", kGroup},
                store(probe.client.highest, parse_word(kVersions)));
  set.add_value({"--timeout", "DURATION", "for one target, lookup and all (default 10s)", kGroup},
                [&probe](const std::string& text) { return take_timeout(probe.settings, text); });
  set.add_flag(
      {"--plaintext", "", "send one plain HTTP/1.1 request instead of a handshake: is it refused?", kGroup},
      probe.settings.plaintext);
  set.add_value({"--max-handshake", "SIZE", "what one server may send (default 1M)", "Limits"},
                store_size(probe.client.handshake_bytes));
  add_chain_options(set, options);
  add_identity_options(set, options);
  add_threshold_options(set, options);
  add_role_options(set, options);
  add_root_options(set, options);
  add_common_options(set, options);
}

int run_probe(Options& options, Env& env) {
  if (options.probe.settings.plaintext && options.probe.settings.starttls != tls::Starttls::none)
    throw UsageError{"--plaintext sends no handshake, so --starttls has no place beside it"};
  load_verification(options, env);
  const std::vector<Target> targets = targets_of(options, env);
  const tls::Client client = client_of(options, env);
  return judge_gathered({"probe", {}}, options, env, [&] {
    const auto network = env.open_network();
    Inventory inventory;
    for (Probed& probed : probe_all(targets, options.probe.settings, client, *network))
      keep(std::move(probed), options.read, inventory);
    return inventory;
  });
}

}  // namespace meshcert::cli
