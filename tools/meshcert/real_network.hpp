#pragma once

#include <memory>

#include "meshcert/network.hpp"

namespace meshcert::cli {

/// open_real_network gives the sockets of this machine.
[[nodiscard]] std::unique_ptr<Network> open_real_network();

}  // namespace meshcert::cli
