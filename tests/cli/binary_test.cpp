// What only the real program can show: its exit status, pipes, files and FIFOs.
#include <doctest/doctest.h>

#include <unistd.h>
#include <cstdlib>

#include "tests/support/program.hpp"

using meshcert::testing::run_shell;

namespace {

/// in_scratch runs a script in a fresh directory $T; certs/ is where it starts from.
meshcert::testing::Outcome in_scratch(const std::string& script) {
  return run_shell("T=$(mktemp -d); trap 'chmod -R u+rwx \"$T\"; rm -rf \"$T\"' EXIT; " + script);
}

}  // namespace

TEST_CASE("the exit status leaves the process") {
  CHECK(run_shell("meshcert --version").status == 0);
  CHECK(run_shell("meshcert inspect --at 2024-01-01T06:00:00Z certs/dumps/healthy.json").status == 0);
  CHECK(run_shell("meshcert inspect --at 2025-01-01T06:00:00Z certs/dumps/healthy.json").status == 1);
  CHECK(run_shell("meshcert inspect --no-such-option").status == 2);
  CHECK(run_shell("meshcert inspect /no/such/file").status == 3);
}

TEST_CASE("a reader that goes away is no error, a full disk is") {
  const auto closed =
      run_shell("{ { sleep 0.3; meshcert findings -o json; echo status $? >&3; } | true; } 3>&1");
  CHECK(closed.out == "status 0\n");
  if (access("/dev/full", W_OK) != 0) return;
  CHECK(run_shell("meshcert findings > /dev/full").status == 3);
}

TEST_CASE("stdin is read when no INPUT is named, and as '-'") {
  for (const std::string input : {"", " -"}) {
    const auto outcome =
        run_shell("meshcert inspect --at dump -o json" + input + " < certs/dumps/healthy.json");
    CHECK(outcome.status == 0);
    CHECK(outcome.out.find("\"file\": \"-\"") != std::string::npos);
  }
}

TEST_CASE("a FIFO is read when named and passed over in a walk") {
  const std::string feed = "mkfifo $T/f; ";
  CHECK(in_scratch(feed + "cat certs/pki/root.pem > $T/f & meshcert expiry --at 2024-01-01T06:00:00Z $T/f")
            .status == 0);
  CHECK(in_scratch(feed + "cp certs/pki/root.pem $T/; meshcert expiry --at 2024-01-01T06:00:00Z $T").status ==
        0);
}

TEST_CASE("files of one name in several directories are each their own") {
  const auto outcome = in_scratch(
      "mkdir -p $T/a/a $T/b; cp certs/pki/root.pem $T/a/x.pem; cp certs/pki/intermediate.pem $T/a/y.pem; "
      "cp certs/pki/intermediate.pem $T/a/a/x.pem; cp certs/pki/root.pem $T/a/a/y.pem; cp certs/pki/intermediate.pem $T/b/x.pem; "
      "cd $T; rows() { meshcert sweep -j 1 -o ndjson --at 2024-01-01T06:00:00Z \"$@\" | grep sha256; }; "
      "for f in a/a/x.pem a/a/y.pem a/x.pem a/y.pem b/x.pem; do rows $f; done >apart; rows a b >together; "
      "wc -l <apart; cmp apart together");
  CHECK(outcome.status == 0);
  CHECK(outcome.out == "5\n");
}

TEST_CASE("links that lead round in a circle end") {
  const std::string root = "cp certs/pki/root.pem $T/; ";
  CHECK(in_scratch(root + "ln -s . $T/self; meshcert expiry --at 2024-01-01T06:00:00Z $T").status == 0);
  CHECK(
      in_scratch(root + "ln -s b $T/a; ln -s a $T/b; meshcert expiry --at 2024-01-01T06:00:00Z $T").status ==
      3);
}

TEST_CASE("what may not be read is an error, and the rest is reported") {
  if (geteuid() == 0) {
    MESSAGE("skipped: root may read everything");
    return;
  }
  const auto outcome = in_scratch(
      "mkdir $T/d; chmod 0 $T/d; cp certs/pki/root.pem $T/; meshcert expiry -o json --at 2024-01-01T06:00:00Z $T");
  CHECK(outcome.status == 3);
  CHECK(outcome.out.find("Permission denied") != std::string::npos);
  CHECK(outcome.out.find("\"certificates\": 1") != std::string::npos);
}

TEST_CASE("--output-file replaces a file whole, keeps its mode, and leaves nothing behind") {
  const auto outcome = in_scratch(
      "echo old > $T/r; chmod 640 $T/r; meshcert findings --output-file $T/r; "
      "stat -c %a $T/r; grep -c . $T/r | grep -qv '^1$' && ls $T");
  CHECK(outcome.out == "640\nr\n");
}

TEST_CASE("--output-file writes into the pipe behind /dev/stdout, and '-' is stdout") {
  const auto piped = in_scratch(
      "meshcert findings --output-file /dev/stdout | grep -c validity.expired; cd $T; "
      "meshcert findings --output-file - | grep -c validity.expired; ls");
  CHECK(piped.out == "1\n1\n");
}

TEST_CASE("a report does not take the place of an input that a walk finds, however the two are written") {
  const std::string place =
      "mkdir $T/d; cp certs/pki/root.pem $T/d/x.pem; cp certs/pki/root.pem $T/y.pem; cd $T/d; ";
  const auto sweep = [&](const std::string& words) {
    return in_scratch(place + "meshcert sweep -q --at 2024-01-01T06:00:00Z --output-file " + words).status;
  };
  for (const char* words : {"x.pem .", "x.pem ..", "x.pem $T", "$T/d/x.pem ..", "../d/x.pem $T"}) {
    CAPTURE(std::string(words));
    CHECK(sweep(words) == 2);
  }
  for (const char* words : {"r.txt .", "../y.pem .", "$T/y.pem $T/d"}) {
    CAPTURE(std::string(words));
    CHECK(sweep(words) == 0);
  }
}

TEST_CASE("what a killed run left beside its target goes, and nothing else does") {
  const auto outcome = in_scratch(
      "cd $T; touch o.meshcert-12 o.meshcert-1-2 o.meshcert-note o.meshcert- p.meshcert-12 o.meshcert-13; "
      "exec 8>>o.meshcert-13; flock 8; cp \"$OLDPWD/certs/pki/root.pem\" .; "
      "meshcert sweep -o json --at 2024-01-01T06:00:00Z --output-file o root.pem; echo $?; ls");
  CHECK(outcome.out == "0\no\no.meshcert-\no.meshcert-13\no.meshcert-note\np.meshcert-12\nroot.pem\n");
}

TEST_CASE("a target that is a link is written where it leads, be it to nothing yet") {
  const auto outcome = in_scratch(
      "cd $T; mkdir d; ln -s d/new link; ln -s link other; cp \"$OLDPWD/certs/pki/root.pem\" .; "
      "meshcert sweep -q --at 2024-01-01T06:00:00Z --state other root.pem; echo $?; readlink other link; ls d");
  CHECK(outcome.out == "0\nlink\nd/new\nnew\n");
}

TEST_CASE("a sweep with nothing to say empties its file") {
  const auto outcome = in_scratch(
      "cd $T; echo old >o; cp \"$OLDPWD/certs/pki/root.pem\" .; "
      "meshcert sweep -q --at 2024-01-01T06:00:00Z --output-file o root.pem; echo $?; cat o");
  CHECK(outcome.out == "0\n");
}

TEST_CASE("a signal ends a sweep whose kubectl waits for ever, and kubectl with it") {
  const std::string begin =
      "cd $T; mkdir bin; cp \"$OLDPWD/certs/gateway/healthy.yaml\" .; PATH=$T/bin:$PATH; "
      "printf '#!/bin/sh\\n%s\\necho $$ >pid\\ncat healthy.yaml\\ntouch printed\\n";
  const std::string end =
      "' \"$TRAP\" >bin/kubectl; chmod +x bin/kubectl; "
      "env --default-signal=HUP meshcert sweep -o json --at 2024-01-01T06:00:00Z --state s "
      "--kubectl 'get secrets -A' >o 2>e & P=$!; "
      "until test -e printed; do sleep 0.1; done; kill -$SIGNAL $P; wait $P; echo $?; "
      "grep -o 'interrupted: what was done' e; grep -c state/v1 s; kill -0 $(cat pid) 2>&- || echo ended";
  const std::string told = "3\ninterrupted: what was done\n1\nended\n";
  for (const std::string signal : {"INT", "TERM", "HUP"}) {
    CAPTURE(signal);
    CHECK(in_scratch("SIGNAL=" + signal + "; TRAP=; " + begin + "exec sleep 60" + end).out == told);
  }
  // It closed its output, and does not listen.
  CHECK(in_scratch("SIGNAL=TERM; TRAP='trap : TERM'; " + begin + "exec >&-\\nwhile :; do sleep 1; done" + end)
            .out == told);
}

TEST_CASE("a terminal that closes does not end what nohup started") {
  const auto outcome = in_scratch(
      "cd $T; mkfifo f; cp \"$OLDPWD/certs/pki/root.pem\" .; "
      "(trap '' HUP; exec meshcert sweep -q --at 2024-01-01T06:00:00Z f) & P=$!; "
      "exec 9>f; kill -HUP $P; cat root.pem >&9; exec 9>&-; wait $P; echo $?");
  CHECK(outcome.out == "0\n");
}
