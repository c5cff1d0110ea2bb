// Owner of the headers that a debug build precompiles (CMakeLists.txt).
