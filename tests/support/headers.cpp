// Owner of the precompiled headers of all tests.
