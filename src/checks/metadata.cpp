#include "checks/metadata.hpp"

#include <algorithm>
#include <optional>

#include "base/ascii.hpp"
#include "base/hex.hpp"
#include "base/words.hpp"
#include "meshcert/time.hpp"

namespace meshcert::checks {
namespace {

bool same_serial(const std::string& stated, const std::string& found) {
  return stated == found || (base::are_digits(stated) && base::decimal_to_hex(stated) == found);
}

// Both ways of writing it: one is found in the input, the other compares.
std::string stated_serial(const Listed& listed) {
  return listed.serial_text == listed.serial ? listed.serial
                                             : listed.serial_text + " (hex " + listed.serial + ")";
}

// Every URI stated is in the certificate; more of them is a matter of its own (svid.multiple-uris).
const std::string* missing_uri(const Listed& listed, const Certificate& certificate) {
  const auto names = uri_names(certificate);
  const auto missing = std::ranges::find_if(listed.uris, [&names](const std::string& uri) {
    return std::ranges::find(names, std::string_view(uri)) == names.end();
  });
  return missing == listed.uris.end() ? nullptr : &*missing;
}

}  // namespace

std::vector<Disagreement> disagreements(const Listed& listed, const Certificate& certificate) {
  std::vector<Disagreement> found;
  const std::string serial = serial_hex(certificate);
  if (!listed.serial.empty() && !same_serial(listed.serial, serial))
    found.push_back({"serial number", stated_serial(listed), serial});
  const auto compare = [&found](std::string_view field, const std::optional<Instant>& stated,
                                Instant actual) {
    if (stated && *stated != actual) found.push_back({field, to_rfc3339(*stated), to_rfc3339(actual)});
  };
  compare("notBefore", listed.not_before, certificate.not_before);
  compare("notAfter", listed.not_after, certificate.not_after);
  if (const std::string* uri = missing_uri(listed, certificate))
    found.push_back({"identity", *uri, base::join(uri_names(certificate), "(none)")});
  return found;
}

}  // namespace meshcert::checks
