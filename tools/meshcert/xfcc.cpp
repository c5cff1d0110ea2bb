// `meshcert xfcc`: what does this X-Forwarded-Client-Cert header say, and is it coherent?

#include "meshcert/judge_inputs.hpp"
#include "meshcert/option_groups.hpp"
#include "meshcert/option_set.hpp"
#include "meshcert/verbs.hpp"

namespace meshcert::cli {

void add_xfcc(OptionSet& set, Options& options) {
  set.add_value({"--header", "TEXT", "the header's value, or the line that names it", "The header"},
                [&options](const std::string& text) {
                  options.header = text;
                  return text.empty() ? std::string("the header is empty") : std::string{};
                });
  add_identity_options(set, options);
  add_common_options(set, options);
}

int run_xfcc(Options& options, Env& env) {
  if (!options.read.as) options.read.as = Format::xfcc;
  return judge_inputs({"xfcc", {}}, options, env);
}

}  // namespace meshcert::cli
