#include "input/loss.hpp"

#include <string_view>
#include <utility>

#include "input/depth.hpp"

namespace meshcert::input {

Defect loss(SourceRef where, std::string why, std::string fix) {
  constexpr std::string_view kRaise = "raise it with --max-";
  if (why.find(kNoDeeper) != std::string::npos)
    return Defect{DefectKind::limit_reached, std::move(where), std::move(why), true,
                  "produce it again: a whole config dump of Envoy nests about 20 deep"};
  const auto at = why.find(kRaise);
  if (at == std::string::npos)
    return Defect{DefectKind::malformed, std::move(where), std::move(why), true, std::move(fix)};
  const auto option = at + kRaise.find("--");
  const auto end = why.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", option);
  fix = "nothing is wrong with the input as far as it was read: raise the limit (" +
        why.substr(option, end - option) + "), or give less at a time";
  return Defect{DefectKind::limit_reached, std::move(where), std::move(why), true, std::move(fix)};
}

}  // namespace meshcert::input
