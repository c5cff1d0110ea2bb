#pragma once

#include <string>

#include "meshcert/artifact.hpp"
#include "meshcert/byte_source.hpp"
#include "meshcert/input.hpp"

namespace meshcert::input {

/// is_archive tells tar, zip and what is compressed by gzip, zstd, xz or bzip2
/// from its first 512 octets.
[[nodiscard]] bool is_archive(ByteView head);

/// read_archive reads every file in an archive as one met in a directory; its name
/// in a place is "archive.tar!entry". Archives in archives are opened too. Nothing is
/// unpacked to a disk, and what it unpacks to is bounded (limits.archive_...). A file
/// that cannot be had, and an archive that ends early, are `malformed` defects; the
/// files before it are read. libarchive is loaded here, when it is first needed.
void read_archive(const std::string& name, ByteSource& source, const ReadOptions& options,
                  ArtifactSink& sink);

}  // namespace meshcert::input
