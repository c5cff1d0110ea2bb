#pragma once

#include "input/doorkeeper.hpp"
#include "input/node.hpp"

namespace meshcert::input {

/// is_bootstrap: a section of a config dump that says whose it is (BootstrapConfigDump).
[[nodiscard]] bool is_bootstrap(const Node& config);

/// read_proxy_node reads its bootstrap.node: who the proxy is, and its pod's labels.
void read_proxy_node(const Node& config, Doorkeeper::Proxy& proxy);

}  // namespace meshcert::input
