#include "report/commands.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace meshcert::report;

namespace {

std::string commands_in(std::string_view fix) {
  std::string all;
  for (const Piece& piece : pieces_of(fix))
    if (piece.is_command) all += (all.empty() ? "" : "\n") + std::string(piece.text);
  return all;
}

}  // namespace

TEST_CASE("commands of a fix are told from its words") {
  struct Row {
    std::string_view fix, commands;
  };
  const Row rows[] = {
      {"encode it once: base64 -w0 FILE; or put it under stringData as it is", "base64 -w0 FILE"},
      {"encode the octets, not the base64 of its PEM", ""},
      {"move it: kubectl get secret a -o yaml | sed 's/namespace: .*/namespace: b/' | kubectl apply -f -; or let "
       "cert-manager write it there",
       "kubectl get secret a -o yaml | sed 's/namespace: .*/namespace: b/' | kubectl apply -f -"},
      {"ask why: cmctl status certificate NAME -n NS; kubectl describe orders,challenges -n NS",
       "cmctl status certificate NAME -n NS\nkubectl describe orders,challenges -n NS"},
      {"give less at a time; meshcert sweep keeps nothing and has no such limit", ""},
      {"restart the pod, or kubectl logs POD -c istio-proxy | grep -iE 'sign|cache' to see why",
       "kubectl logs POD -c istio-proxy | grep -iE 'sign|cache'"},
      {"have it written again (kubectl delete configmap NAME -n NS), then restart its pods",
       "kubectl delete configmap NAME -n NS"},
      {"openssl x509 -in FILE -out plain.pem", "openssl x509 -in FILE -out plain.pem"},
      {"nothing to do", ""},
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.fix);
    CHECK(commands_in(row.fix) == row.commands);
    std::string whole;
    for (const Piece& piece : pieces_of(row.fix)) whole += piece.text;
    CHECK(whole == row.fix);
  }
}
