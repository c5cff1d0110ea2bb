// The options that every judging verb has.

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>

#include "base/secret.hpp"
#include "base/words.hpp"
#include "input/depth.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/options.hpp"
#include "meshcert/suggest.hpp"
#include "meshcert/words.hpp"

namespace meshcert::cli {
namespace {

constexpr const char* kCommon = "Common options";
constexpr const char* kLimits = "Limits";

constexpr std::array<Word<Profile>, 2> kProfiles{{{"istio", Profile::istio}, {"spiffe", Profile::spiffe}}};
constexpr std::array<Word<Color>, 3> kColors{
    {{"auto", Color::automatic}, {"always", Color::always}, {"never", Color::never}}};
constexpr std::array<Word<FailOn>, 4> kFailOn{{{"error", FailOn::error},
                                               {"warning", FailOn::warning},
                                               {"info", FailOn::info},
                                               {"never", FailOn::never}}};

std::string take_format(Options& options, const std::string& word,
                        const std::vector<std::string_view>& known) {
  if (std::ranges::find(known, word) == known.end()) return no_such_word(word, "output format", known);
  options.output = word;
  return {};
}

std::vector<std::string_view> report_formats() {
  std::vector<std::string_view> names;
  for (const auto& format : render_formats()) names.push_back(format.name);
  return names;
}

std::string take_time(Options& options, const std::string& text) {
  options.at_dump = text == "dump";
  options.at.reset();
  if (options.at_dump) return {};
  const auto instant = parse_rfc3339(text);
  if (!instant) return "'" + text + "' is neither 'dump' nor RFC 3339: " + std::string(instant.error());
  options.at = *instant;
  return {};
}

std::string take_skew(Options& options, const std::string& text) {
  const auto skew = parse_duration(text);
  if (!skew) return "'" + text + "': " + std::string(skew.error());
  options.policy.skew = options.policy.token.skew = *skew;
  return {};
}

std::string take_code(std::vector<std::string>& codes, const std::string& word) {
  if (find_spec(word) == nullptr && !is_family(word))
    return no_such_word(word, "finding code or family", nearest_codes(word), Listing::nearest);
  codes.push_back(word);
  return {};
}

std::string take_read_as(Options& options, const std::string& word) {
  // Not a format but a role: any chain in whatever format is a workload's.
  if (word == "workload-chain") {
    options.read.as_workload_chain = true;
    return {};
  }
  options.read.as = format_from_string(word);
  static constexpr std::array<std::string_view, 13> kKnown{
      "pem",     "der",  "pkcs7", "pkcs12", "base64",        "envoy-secrets", "yaml", "istioctl-table",
      "archive", "xfcc", "jwt",   "log",    "workload-chain"};
  return options.read.as ? std::string{} : no_such_word(word, "input format", kKnown);
}

/// parse_count reads a positive whole number; `scale` is what one stands for.
Result<std::uint64_t, std::string> parse_count(std::string_view digits, std::uint64_t scale) {
  const auto number = base::whole_number(digits);
  if (!number || *number == 0) return fail(std::string("not a positive whole number"));
  constexpr std::uint64_t kMax = 1ULL << 40;
  if (*number > kMax / scale) return fail(std::string("too large"));
  return *number * scale;
}

struct Unit {
  std::string_view suffix;
  std::uint64_t bytes;
};
constexpr std::array<Unit, 9> kUnits{{{"KiB", 1ULL << 10},
                                      {"MiB", 1ULL << 20},
                                      {"GiB", 1ULL << 30},
                                      {"Ki", 1ULL << 10},
                                      {"Mi", 1ULL << 20},
                                      {"Gi", 1ULL << 30},
                                      {"K", 1ULL << 10},
                                      {"M", 1ULL << 20},
                                      {"G", 1ULL << 30}}};

/// parse_size reads "1048576", "64M", "1GiB"; the units are powers of 1024.
Result<std::uint64_t, std::string> parse_size(std::string_view text) {
  for (const Unit& unit : kUnits)
    if (text.ends_with(unit.suffix))
      return parse_count(text.substr(0, text.size() - unit.suffix.size()), unit.bytes);
  return parse_count(text, 1);
}

auto store_count(std::size_t& target) {
  return store(target, [](std::string_view text) { return parse_count(text, 1); });
}

Result<std::size_t, std::string> parse_depth(std::string_view text) {
  const auto depth = parse_count(text, 1);
  if (!depth || *depth > input::kDeepest)
    return fail("not a positive whole number up to " + std::to_string(input::kDeepest));
  return static_cast<std::size_t>(*depth);
}

/// How many threads; 0: as many as there are processors.
Result<std::size_t, std::string> parse_jobs(std::string_view text) {
  constexpr std::size_t kMost = 512;
  const auto number = base::whole_number(text);
  if (!number || *number > kMost) return fail("not a whole number up to " + std::to_string(kMost));
  return static_cast<std::size_t>(*number);
}

void add_output_options(OptionSet& set, Options& options, const char* formats,
                        std::vector<std::string_view> known) {
  set.add_value({"-o,--output", "FORMAT", formats, kCommon},
                [&options, known = std::move(known)](const std::string& word) {
                  return take_format(options, word, known);
                });
  set.add_value({"--output-file", "FILE", "write the report there, atomically, not to stdout", kCommon},
                [&options](const std::string& path) {
                  options.output_file = path == "-" ? std::nullopt : std::optional(path);
                  return path.empty() ? "no file name" : "";
                });
  set.add_value({"--color", "WHEN", "auto (default; honours NO_COLOR), always or never", kCommon},
                store(options.color, parse_word(kColors)));
}

void add_limit_options(OptionSet& set, Options& options) {
  set.add_value({"--max-input", "SIZE",
                 "largest input that is held whole: all but JSON and YAML (default 1G)", kLimits},
                store(options.read.limits.input_bytes, parse_size));
  set.add_value({"--max-value", "SIZE", "largest value of a JSON or YAML document (default 64M)", kLimits},
                store(options.read.limits.value_bytes, parse_size));
  set.add_value({"--max-depth", "N", "deepest nesting of a document, at most 1000 (default 200)", kLimits},
                store(options.read.limits.depth, parse_depth));
  set.add_value({"--max-pem-blocks", "N", "most PEM blocks in one text (default 1000000)", kLimits},
                store_count(options.read.limits.pem_blocks));
  set.add_value({"--max-values", "N", "most values in one document (default 10000000)", kLimits},
                store_count(options.read.limits.values));
  set.add_value({"--max-aliases", "N", "most values that YAML aliases stand for (default 100000)", kLimits},
                store_count(options.read.limits.alias_nodes));
  set.add_value(
      {"--max-archive", "SIZE", "most that the archives of an input unpack to (default 1024G)", kLimits},
      store(options.read.limits.archive_bytes, parse_size));
  set.add_value(
      {"--max-archive-entries", "N", "most files in the archives of an input (default 1000000)", kLimits},
      store_count(options.read.limits.archive_entries));
  set.add_value(
      {"--max-defects", "N", "most unusable blocks of one text told one by one (default 1000)", kLimits},
      store_count(options.read.limits.defects));
  set.add_value(
      {"--max-artifacts", "N",
       "most artifacts, objects and faults that a run keeps, sweeps apart (default 200000)", kLimits},
      store_count(options.read.limits.artifacts));
  set.add_value(
      {"--max-findings", "N", "most findings that a run keeps, sweeps apart (default 100000)", kLimits},
      store_count(options.read.limits.findings));
  set.add_value(
      {"--max-log-names", "N", "most peers, and identities, kept for a cause in a log (default 64)", kLimits},
      store_count(options.read.limits.log_names));
}

}  // namespace

Take store_size(std::size_t& target) {
  return store(target, parse_size);
}

Result<When, std::string> parse_when(const std::string& word) {
  static constexpr std::array<Word<When>, 3> kWords{
      {{"auto", When::automatic}, {"always", When::always}, {"never", When::never}}};
  return parse_word(kWords)(word);
}

void load_password(Options& options, Env& env) {
  constexpr std::uint64_t kLongest = 4096;
  if (!options.password_file) return;
  const auto refuse = [&](const std::string& why) {
    throw UsageError{"--password-file " + *options.password_file + ": " + why};
  };
  auto contents = env.read_file(*options.password_file, kLongest);
  if (!contents) refuse(contents.error());
  const base::SecretOctets whole(std::move(contents->octets));
  const ByteView line = whole.reveal();
  const auto end =
      std::ranges::find_if(line, [](std::uint8_t octet) { return octet == '\n' || octet == '\r'; });
  if (contents->cut && end == line.end()) refuse("its first line is longer than 4096 octets");
  if (end == line.begin()) refuse("its first line is empty");
  options.read.password =
      std::make_shared<const base::SecretOctets>(std::vector<std::uint8_t>(line.begin(), end));
}

void add_listing_options(OptionSet& set, Options& options) {
  add_output_options(set, options, "table (default; text is the same) or json", {"table", "text", "json"});
  set.add_flag({"-h,--help", "", "this text", kCommon}, options.help);
}

void add_common_options(OptionSet& set, Options& options, const char* formats) {
  add_output_options(set, options, formats, report_formats());
  set.add_value({"--at", "TIME",
                 "judge as of RFC 3339 TIME, or 'dump': the newest last_updated of all inputs", kCommon},
                [&options](const std::string& text) { return take_time(options, text); });
  set.add_value(
      {"--skew", "DURATION", "widen both ends of every validity (default 0s; of tokens 60s)", kCommon},
      [&options](const std::string& text) { return take_skew(options, text); });
  set.add_value(
      {"--profile", "NAME", "istio (default) or spiffe: moves severities, never codes", kCommon},
      [&options, take = store(options.policy.profile, parse_word(kProfiles))](const std::string& text) {
        options.profile_given = true;
        return take(text);
      });
  set.add_value({"--fail-on", "SEVERITY", "status 1 from error (default), warning, info, or never", kCommon},
                store(options.fail_on, parse_word(kFailOn)));
  set.add_values({"--select", "CODE|FAMILY", "report only these findings (repeatable)", kCommon},
                 [&options](const std::string& word) { return take_code(options.select, word); });
  set.add_values({"--ignore", "CODE|FAMILY", "do not report these findings (repeatable)", kCommon},
                 [&options](const std::string& word) { return take_code(options.ignore, word); });
  set.add_values(
      {"--as", "FORMAT", "read as pem, der, base64, envoy-secrets ...; or treat as workload-chain", kCommon},
      [&options](const std::string& word) { return take_read_as(options, word); });
  set.add_value(
      {"--password-file", "FILE", "what private keys and PKCS#12 are under: its first line", kCommon},
      [&options](const std::string& path) {
        options.password_file = path;
        return path.empty() ? "no file name" : "";
      });
  set.add_value({"--config", "FILE", "options from a TOML file; the command line wins", kCommon},
                [&options](const std::string& path) {
                  options.config_file = path;
                  return "";
                });
  set.add_value(
      {"-j,--jobs", "N", "threads of a sweep (default: all processors); other verbs use one", kCommon},
      store(options.sweep.threads, parse_jobs));
  set.add_value({"--progress", "WHEN", "on stderr: auto (default: on a terminal), always or never", kCommon},
                store(options.progress, parse_when));
  set.add_flag({"-q,--quiet", "", "only findings and errors", kCommon}, options.quiet);
  set.add_flag({"-v,--verbose", "", "also what was skipped, and references", kCommon}, options.verbose);
  set.add_flag({"-h,--help", "", "this text", kCommon}, options.help);
  add_limit_options(set, options);
}

}  // namespace meshcert::cli
