#include <algorithm>
#include <limits>

#include "x509/decode.hpp"
#include "x509/oids.hpp"
#include "x509/signature_schemes.hpp"

namespace meshcert {
namespace x509 {
namespace {

/// A hash named by an AlgorithmIdentifier under an explicit tag.
std::optional<ByteView> read_tagged_algorithm(der::Reader& fields, std::uint32_t number,
                                              ByteView& parameters) {
  auto wrapper = fields.enter(der::context_constructed(number));
  const auto algorithm = wrapper ? read_algorithm(*wrapper) : std::nullopt;
  if (!algorithm) return std::nullopt;
  wrapper->done();
  parameters = algorithm->parameters;
  return algorithm->oid;
}

/// An INTEGER under an explicit tag, which DER leaves out where it is the default.
std::optional<std::uint32_t> read_tagged_number(der::Reader& fields, std::uint32_t number,
                                                std::uint32_t by_default) {
  const auto* at = fields.position();
  auto wrapper = fields.enter(der::context_constructed(number));
  const auto integer = wrapper ? wrapper->read_integer() : std::nullopt;
  const auto value = integer ? der::unsigned_value(*integer) : std::nullopt;
  if (!value) return std::nullopt;
  wrapper->done();
  if (*value == by_default) fields.note(DerDefect::default_value_encoded, at);
  constexpr std::uint64_t kGreatest = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(*value, kGreatest));
}

/// RSASSA-PSS-params ::= SEQUENCE { hashAlgorithm [0] DEFAULT sha1,
///   maskGenAlgorithm [1] DEFAULT mgf1SHA1, saltLength [2] DEFAULT 20, trailerField [3] DEFAULT 1 }
std::optional<SignatureAlgorithm::Pss> read_pss(der::Reader& reader) {
  auto fields = reader.enter(der::kSequence);
  if (!fields) return std::nullopt;
  SignatureAlgorithm::Pss pss;
  ByteView parameters;
  if (fields->next_is(der::context_constructed(0))) {
    const auto hash = read_tagged_algorithm(*fields, 0, parameters);
    if (!hash) return std::nullopt;
    pss.hash_oid = *hash;
  }
  if (fields->next_is(der::context_constructed(1))) {
    const auto generator = read_tagged_algorithm(*fields, 1, parameters);
    if (!generator || kMgf1 != *generator) return std::nullopt;
    der::Reader mgf_reader = fields->inside({0, parameters, parameters});
    const auto hash = read_algorithm(mgf_reader);
    if (!hash) return std::nullopt;
    pss.mgf_hash_oid = hash->oid;
  }
  if (fields->next_is(der::context_constructed(2))) {
    const auto salt_length = read_tagged_number(*fields, 2, 20);
    if (!salt_length) return std::nullopt;
    pss.salt_length = *salt_length;
  }
  if (fields->next_is(der::context_constructed(3))) {
    const auto trailer = read_tagged_number(*fields, 3, 1);
    if (!trailer || *trailer != 1) return std::nullopt;
  }
  fields->done();
  return pss;
}

}  // namespace

std::optional<AlgorithmIdentifier> read_algorithm(der::Reader& reader) {
  const auto identifier = reader.read(der::kSequence);
  if (!identifier) return std::nullopt;
  auto fields = reader.inside(*identifier);
  const auto oid = fields.read_object_identifier();
  if (!oid) return std::nullopt;
  AlgorithmIdentifier algorithm{*oid, {}, identifier->whole};
  if (!fields.at_end()) {
    const auto parameters = fields.read();
    if (!parameters) return std::nullopt;
    algorithm.parameters = parameters->whole;
    fields.done();
  }
  return algorithm;
}

std::optional<SignatureAlgorithm> read_signature_algorithm(der::Reader& reader) {
  der::Reader again = reader;
  const auto identifier = read_algorithm(reader);
  if (!identifier) return std::nullopt;
  SignatureAlgorithm algorithm{identifier->oid, identifier->whole, std::nullopt};
  if (kRsassaPss == identifier->oid && !identifier->parameters.empty()) {
    auto fields = *again.enter(der::kSequence);
    static_cast<void>(fields.read_object_identifier());
    algorithm.pss = read_pss(fields);
  }
  return algorithm;
}

}  // namespace x509

std::string algorithm_name(const SignatureAlgorithm& algorithm) {
  const auto name = x509::signature_algorithm_name(algorithm.oid);
  return name.empty() ? to_dotted(algorithm.oid) : std::string(name);
}

}  // namespace meshcert
