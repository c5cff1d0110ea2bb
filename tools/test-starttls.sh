#!/usr/bin/env bash
# Runs `meshcert probe --starttls` against real servers of each protocol on this machine's
# loopback: postfix, dovecot, slapd, postgresql, mariadb, vsftpd and prosody of Debian. One
# that is not installed is passed over, and said to be. Needs root, as some of them do.
#   tools/test-starttls.sh [MESHCERT]
set -euo pipefail
cd "$(dirname "$0")/.."
meshcert=$(realpath "${1:-build/release/bin/meshcert}")
scratch=$(mktemp -d)
chmod 755 "$scratch"
cp certs/workload/healthy-chain.pem "$scratch/cert.pem"
cp certs/keys/workload.pem "$scratch/key.pem"
chmod 644 "$scratch"/*.pem
peers=()
trap 'for peer in "${peers[@]}"; do kill "$peer" 2> /dev/null || true; done; wait; rm -rf "$scratch"' EXIT
failed=0

# expect PROTOCOL PORT: the chain of the server is had, and TLS agreed on.
expect() {
  for _ in $(seq 100); do
    (exec 3<> "/dev/tcp/127.0.0.1/$2") 2> /dev/null && break
    sleep 0.1
  done
  local report
  report=$("$meshcert" probe -o json --at 2024-01-01T06:00:00Z --timeout 10s --sni localhost --starttls "$1" \
    "127.0.0.1:$2" || true)
  case $report in
    *'"outcome": "established"'*spiffe://cluster.local/ns/my-ns/sa/my-sa*) echo "ok: $1" ;;
    *spiffe://cluster.local/ns/my-ns/sa/my-sa*'"outcome": "established"'*) echo "ok: $1" ;;
    *) echo "FAILED: $1"; echo "$report"; failed=1 ;;
  esac
}

# have PROGRAM: it is installed, perhaps where root alone looks.
have() {
  PATH=$PATH:/usr/sbin command -v "$1" > /dev/null || { echo "skipped: $1 is not installed"; return 1; }
}

start() {
  "$@" > "$scratch/log" 2>&1 &
  peers+=($!)
}

test_ldap() {
  have slapd || return 0
  cat > "$scratch/slapd.conf" << CONF
TLSCertificateFile $scratch/cert.pem
TLSCertificateKeyFile $scratch/key.pem
database config
CONF
  start /usr/sbin/slapd -d 0 -h ldap://127.0.0.1:18389 -f "$scratch/slapd.conf"
  expect ldap 18389
}

test_mail() {
  have dovecot || return 0
  cat > "$scratch/dovecot.conf" << CONF
base_dir = $scratch/dovecot
log_path = $scratch/dovecot.log
protocols = imap pop3
ssl = yes
ssl_cert = <$scratch/cert.pem
ssl_key = <$scratch/key.pem
listen = 127.0.0.1
passdb {
  driver = static
  args = nopassword=y
}
service imap-login {
  inet_listener imap {
    port = 18143
  }
  inet_listener imaps {
    port = 0
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 18110
  }
  inet_listener pop3s {
    port = 0
  }
}
CONF
  start /usr/sbin/dovecot -F -c "$scratch/dovecot.conf"
  expect imap 18143
  expect pop3 18110
}

test_smtp() {
  have postfix || return 0
  mkdir -p "$scratch/postfix" "$scratch/queue" "$scratch/data"
  chown postfix "$scratch/data"
  cat > "$scratch/postfix/main.cf" << CONF
compatibility_level = 3.6
queue_directory = $scratch/queue
data_directory = $scratch/data
inet_interfaces = 127.0.0.1
smtpd_tls_security_level = may
smtpd_tls_cert_file = $scratch/cert.pem
smtpd_tls_key_file = $scratch/key.pem
maillog_file = /dev/stdout
CONF
  grep -v '^smtp .*inet' /usr/share/postfix/master.cf.dist > "$scratch/postfix/master.cf"
  echo '127.0.0.1:18025 inet n - n - - smtpd' >> "$scratch/postfix/master.cf"
  start /usr/sbin/postfix -c "$scratch/postfix" start-fg
  expect smtp 18025
  peers+=($(tr -d ' ' < "$scratch/queue/pid/master.pid"))
}

test_ftp() {
  have vsftpd || return 0
  mkdir -p "$scratch/empty"
  cat > "$scratch/vsftpd.conf" << CONF
listen=YES
listen_address=127.0.0.1
listen_port=18021
background=NO
secure_chroot_dir=$scratch/empty
ssl_enable=YES
rsa_cert_file=$scratch/cert.pem
rsa_private_key_file=$scratch/key.pem
CONF
  start /usr/sbin/vsftpd "$scratch/vsftpd.conf"
  expect ftp 18021
}

test_xmpp() {
  have prosody || return 0
  mkdir -p "$scratch/prosody"
  cat > "$scratch/prosody.cfg.lua" << CONF
daemonize = false
run_as_root = true
data_path = "$scratch/prosody"
interfaces = { "127.0.0.1" }
c2s_ports = { 18522 }
s2s_ports = { 18526 }
modules_enabled = { "tls", "saslauth" }
ssl = { certificate = "$scratch/cert.pem", key = "$scratch/key.pem" }
log = "$scratch/prosody.log"
VirtualHost "localhost"
CONF
  start prosody --config "$scratch/prosody.cfg.lua"
  expect xmpp 18522
}

test_mysql() {
  have mariadbd || return 0
  mkdir -p "$scratch/mysql"
  chown mysql "$scratch/mysql"
  mariadb-install-db --no-defaults --user=mysql --datadir="$scratch/mysql" > /dev/null 2>&1
  start /usr/sbin/mariadbd --no-defaults --user=mysql --datadir="$scratch/mysql" --bind-address=127.0.0.1 \
    --port=18306 --socket="$scratch/mysql/sock" --ssl-cert="$scratch/cert.pem" --ssl-key="$scratch/key.pem"
  expect mysql 18306
}

test_postgres() {
  local home
  home=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | tail -1)
  [ -n "$home" ] || { echo "skipped: postgresql is not installed"; return 0; }
  mkdir -p "$scratch/postgres"
  install -o postgres -m 600 "$scratch/key.pem" "$scratch/postgres.pem"
  chown postgres "$scratch/postgres"
  runuser -u postgres -- "$home/initdb" -D "$scratch/postgres/data" > /dev/null 2>&1
  start runuser -u postgres -- "$home/postgres" -D "$scratch/postgres/data" -p 18432 -h 127.0.0.1 \
    -k "$scratch/postgres" -c ssl=on -c ssl_cert_file="$scratch/cert.pem" -c ssl_key_file="$scratch/postgres.pem"
  expect postgres 18432
}

test_ldap
test_mail
test_smtp
test_ftp
test_xmpp
test_mysql
test_postgres
exit "$failed"
