#include "base/glob.hpp"

#include <doctest/doctest.h>

using meshcert::base::is_excluded;

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
}
