#include "base/glob.hpp"

#include <doctest/doctest.h>

#include <string>

using meshcert::base::is_excluded;
using meshcert::base::is_within_excluded;

TEST_CASE("a pattern with a slash is of the path, any other of the name") {
  CHECK(is_excluded({"b"}, "a/b"));
  CHECK(is_excluded({"*.pem"}, "a/b.pem"));
  CHECK(is_excluded({"a/*"}, "a/b.pem"));
  CHECK_FALSE(is_excluded({"a/c*"}, "a/b.pem"));
  CHECK_FALSE(is_excluded({"a"}, "a/b"));
  CHECK_FALSE(is_excluded({}, "a/b"));
}

TEST_CASE("how a path or a directory is written makes no difference") {
  CHECK(is_excluded({"a/b"}, "./a/b"));
  CHECK(is_excluded({"./a/b"}, "a/b"));
  CHECK(is_excluded({"b/"}, "./a/b"));
  CHECK(is_excluded({"a/b/"}, "a/b"));
  CHECK_FALSE(is_excluded({"a/b"}, "./a/c"));
  CHECK_FALSE(is_excluded({"a/b"}, "../a/b"));
  CHECK_FALSE(is_excluded({"/"}, "a"));
  for (const char* written : {".//a/b", "a//b", "a/./b", "././a/b/.", "a/b//"}) {
    CAPTURE(written);
    CHECK(is_excluded({written}, "a/b"));
    CHECK(is_excluded({"a/b"}, written));
    CHECK_FALSE(is_excluded({written}, "/a/b"));
    CHECK_FALSE(is_excluded({written}, "a/b/c"));
  }
}

TEST_CASE("with a directory goes what is in it") {
  for (const char* glob : {"d", "./d", "d/", "s/d", "s//d", "x.pem", "d/x*"}) {
    CAPTURE(glob);
    CHECK(is_within_excluded({glob}, std::string(glob).find("s") == 0 ? "s/d/x.pem" : "./d/x.pem"));
    CHECK_FALSE(is_within_excluded({glob}, "s/other/y.pem"));
  }
  CHECK(is_within_excluded({"d"}, "/a/d/b/x.pem"));
  CHECK_FALSE(is_within_excluded({}, "d/x.pem"));
}
