#include "documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace gencerts {
namespace {

constexpr std::size_t kColumns = 90;
constexpr std::string_view kMadeBy = "made by tools/gen-certs; do not edit.";

constexpr std::string_view kReadme = R"(# Samples

Everything here is made by `tools/gen-certs`; do not edit. Keys under `keys/` are TEST ONLY: they are public and
protect nothing.

    gen-certs DIR             write what recipes make into DIR (this directory)
    gen-certs --check DIR     compare instead; fails on any difference and on files that no recipe makes (a ctest)
    gen-certs --new-keys DIR  make keys that are missing; a key that exists is never made anew

**Time.** The epoch is 2024-01-01T00:00:00Z. Each sample says at which instant to look at it (`meshcert --at`),
usually 2024-01-01T06:00:00Z, a quarter into the life of a 24-hour leaf issued at the epoch. Nothing ever expires.

**Names.** `<family>/<case>.pem`: the family is that of the finding shown, the case says what is wrong, and
`healthy` in the name that nothing is. One thing is wrong in each sample; its positive control is the healthy
certificate that it changes. Serials are the first 8 octets of SHA-256(recipe name), top bit cleared (16 where the
certificate imitates Istio's).

**Files.** A PEM file opens with what it is, what is wrong, and what OpenSSL prints of its certificates; a YAML file opens
with the first two, as comments. JSON cannot, nor can what programs print (headers, tokens, tables, base64):
for the dumps all that stands in `dumps/README.md`. DER files and empty ones speak in the table below only.
`manifest.json` lists every sample for tests.

**Adding one.** A row in `tools/gen-certs/recipes_*.cpp`, then `gen-certs certs`.

**The PKI.**

    pki/root              O=cluster.local           Istio's self-signed CA; key root
      |- workload/*, svid/*, ...                    24-hour leaves; key workload
      |- pki/root-renewed same subject, same key    after Istio's self-rotation
      `- pki/root-new     same subject, key other-root
    pki/root-ec           O=cluster.local           the same with P-256 keys
      `- workload/healthy-ec
    pki/plugin-root       O=Istio, CN=Root CA       a plugged-in CA; key other-root
      `- pki/intermediate O=Istio, CN=Intermediate CA, L=cluster1
           `- workload/healthy-chain
    citadel/root          O=k8s.cluster.local       Istio up to 1.5; key root
      `- citadel/leaf
    pki/web-root          C=DE, O=Example Corp, CN=Example Root CA
      `- pki/web-intermediate  CN=Example Issuing CA
           `- gateway/*

)";

constexpr std::string_view kDumpsReadme =
    "# Dumps\n\nWhat `istioctl proxy-config secret POD -o json` prints, and relatives. Made by `tools/gen-certs`;\n"
    "do not edit. Each section says what the dump is, what is wrong in it, and what OpenSSL prints of\n"
    "its certificates.\n";

constexpr std::string_view kKubernetesReadme =
    "# Kubernetes objects\n\nWhat `kubectl get ... -o yaml` prints, and manifests. Made by `tools/gen-certs`; do not\n"
    "edit. What a file in JSON is, what is wrong in it, and what OpenSSL prints of its certificates:\n";

std::string_view readme_of(const Recipe& recipe) {
  return recipe.family() == "kubernetes" ? kKubernetesReadme : kDumpsReadme;
}

std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column != 0 && column + 1 + word.size() > kColumns) {
      out += '\n';
      column = 0;
    }
    if (column != 0) out += ' ';
    column += word.size() + (column != 0 ? 1 : 0);
    out += word;
  }
  return out + "\n";
}

/// verdict_line is what the sample is for, in one line.
std::string verdict_line(const Recipe& recipe) {
  const std::string shows =
      recipe.finding.empty() ? "Nothing is wrong in it" : fmt::format("Shows {}", recipe.finding);
  const std::string told = recipe.arguments.empty() ? "" : fmt::format(" with {}", recipe.arguments);
  return fmt::format("{} at {}{}.\n", shows, to_rfc3339(recipe.at), told);
}

std::string dumps_of(const Sample& sample) {
  std::string out;
  for (const Octets& certificate : sample.certificates) out += "\n" + text_dump(certificate);
  return out;
}

std::string prose_of(const Recipe& recipe) {
  return wrapped(recipe.description) + "\n" + verdict_line(recipe) +
         fmt::format("Recipe {}; {}\n", recipe.name(), kMadeBy);
}

/// in_comments is prose as a YAML document may open with it.
std::string in_comments(std::string_view prose) {
  std::string out;
  for (std::size_t end = prose.find('\n'); end != std::string_view::npos; end = prose.find('\n')) {
    out += end == 0 ? "#\n" : fmt::format("# {}\n", prose.substr(0, end));
    prose.remove_prefix(end + 1);
  }
  return out;
}

std::string file_text(const Recipe& recipe, const Sample& sample) {
  std::string text;
  if (sample.has_prose)
    text = prose_of(recipe) + dumps_of(sample) + "\n";
  else if (recipe.path.ends_with(".yaml") && !sample.body.empty())
    text = in_comments(prose_of(recipe));
  text += sample.body;
  return sample.finish == nullptr ? text : sample.finish(std::move(text));
}

std::string dump_section(const Recipe& recipe, const Sample& sample) {
  std::string out = fmt::format("\n## {}\n\n{}\n{}", recipe.path.substr(recipe.path.find('/') + 1),
                                wrapped(recipe.description), verdict_line(recipe));
  for (const Octets& certificate : sample.certificates) out += "\n```\n" + text_dump(certificate) + "```\n";
  return out;
}

std::string readme_row(const Recipe& recipe) {
  const std::string finding = recipe.finding.empty() ? "" : fmt::format("`{}`", recipe.finding);
  return fmt::format("| [{0}]({0}) | {1} | {2} |\n", recipe.path, finding, recipe.description);
}

nlohmann::ordered_json manifest_entry(const Recipe& recipe) {
  return {
      {"path", recipe.path},
      {"family", recipe.family()},
      {"case", recipe.case_name()},
      {"at", to_rfc3339(recipe.at)},
      {"arguments", recipe.arguments},
      {"finding", recipe.finding.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(recipe.finding)},
      {"description", recipe.description}};
}

}  // namespace

std::vector<Recipe> all_recipes() {
  std::vector<Recipe> all;
  for (const auto recipes : {
           bundle_recipes(),            //
           cacerts_recipes(),           //
           cacerts_crl_recipes(),       //
           cacerts_tls_recipes(),       //
           chain_recipes(),             //
           cluster_recipes(),           //
           managed_recipes(),           //
           config_dump_recipes(),       //
           crl_recipes(),               //
           der_recipes(),               //
           destination_rule_recipes(),  //
           document_recipes(),          //
           dump_recipes(),              //
           gateway_recipes(),           //
           healthy_recipes(),           //
           injection_recipes(),         //
           input_recipes(),             //
           jwt_recipes(),               //
           jwt_rule_recipes(),          //
           key_recipes(),               //
           root_recipes(),              //
           kubernetes_recipes(),        //
           svid_recipes(),              //
           text_recipes(),              //
           usage_recipes(),             //
           validity_recipes(),          //
           webhook_recipes(),           //
           xfcc_recipes(),              //
       })
    all.insert(all.end(), recipes.begin(), recipes.end());
  std::sort(all.begin(), all.end(), [](const Recipe& a, const Recipe& b) { return a.path < b.path; });
  return all;
}

Files make_files(Workshop& workshop) {
  Files files;
  auto manifest = nlohmann::ordered_json::array();
  std::string readme(kReadme);
  readme += "| file | shows | what it is |\n|---|---|---|\n";
  for (const Recipe& recipe : all_recipes()) {
    workshop.recipe = recipe.name();
    const Sample sample = recipe.build(workshop);
    const bool is_new = files.emplace(recipe.path, file_text(recipe, sample)).second;
    require(is_new, fmt::format("two recipes for {}", recipe.path));
    manifest.push_back(manifest_entry(recipe));
    readme += readme_row(recipe);
    if (!recipe.path.ends_with(".json")) continue;
    const auto [dumps, is_first] =
        files.emplace(fmt::format("{}/README.md", recipe.family()), readme_of(recipe));
    dumps->second += dump_section(recipe, sample);
  }
  files["README.md"] = readme;
  files["manifest.json"] = manifest.dump(2) + "\n";
  return files;
}

}  // namespace gencerts
