#include "meshcert/parse.hpp"

namespace meshcert::cli {
namespace {

Options parse_arguments(const Verb& verb, std::span<const std::string> args) {
  Options options;
  OptionSet set;
  verb.add_options(set, options);
  options.inputs = set.parse(args);
  return options;
}

}  // namespace

Options parse(const Verb& verb, std::span<const std::string> args, Env& env) {
  Options options = parse_arguments(verb, args);
  if (!options.config_file || options.help) return options;
  std::vector<std::string> all = config_arguments(verb, *options.config_file, env);
  all.insert(all.end(), args.begin(), args.end());
  return parse_arguments(verb, all);
}

}  // namespace meshcert::cli
