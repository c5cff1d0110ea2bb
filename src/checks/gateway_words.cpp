#include "checks/gateway_judge.hpp"
#include "checks/gateway_kinds.hpp"

namespace meshcert::checks {

void GatewayWords::forbids(const Use& use, std::string found, std::string_view required,
                           std::string_view says, std::string_view fix) const {
  references_.report(kModeForbidsCredential, use,
                     {{"mode", use.mode},
                      {"found", std::move(found)},
                      {"required", required},
                      {"istiod", says},
                      {"_who", "istiod"},
                      {"_says", says},
                      {"_fix_mode", fix}});
}

void GatewayWords::unknown_mode(const Use& use, std::string_view known, std::string_view effect) const {
  references_.report(kUnknownMode, use, {{"found", use.mode}, {"required", known}, {"_effect", effect}});
}

void GatewayWords::no_certificate(const Use& use, std::string found, std::string required,
                                  std::string says) const {
  references_.report(kNoCertificate, use,
                     {{"found", std::move(found)},
                      {"required", std::move(required)},
                      {"_effect", "istiod refuses the object (istiod: " + says + ')'},
                      {"istiod", says}});
}

void GatewayWords::too_many(const Use& use, std::size_t found, std::string_view what,
                            std::string_view says) const {
  references_.report(kTooManyCredentials, use,
                     {{"found", found},
                      {"_what", what},
                      {"required", "two, one with an RSA key and one with an ECDSA key"},
                      {"_says", says}});
}

void GatewayWords::passes(const Use& use, std::string wanted, std::string mode, std::string fix) const {
  references_.report(
      kPassthroughIgnoresCredential, use,
      {{"wanted", std::move(wanted)},
       {"_mode", std::move(mode)},
       // What it takes over of a listener of the Gateway API has none any more.
       {"_istiod", use.by_reference
                       ? ""
                       : " (istiod: " + use.mode + " mode does not use certificates, they will be ignored)"},
       {"_fix_mode", std::move(fix)}});
}

}  // namespace meshcert::checks
