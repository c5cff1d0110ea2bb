# What `cmake --install` puts where: the program under its two names, the library
# as meshcert::meshcert for find_package, and the documents a user may want.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/meshcert)

install(TARGETS meshcert_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# kubectl finds its plug-ins by name: `kubectl meshcert`.
install(CODE "
  set(bin \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
  message(STATUS \"Linking: \${bin}/kubectl-meshcert\")
  file(CREATE_LINK meshcert \"\${bin}/kubectl-meshcert\" SYMBOLIC)")

install(TARGETS meshcert EXPORT meshcert-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/meshcert DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT meshcert-targets NAMESPACE meshcert:: DESTINATION ${package_dir})
configure_package_config_file(tools/meshcert-config.cmake.in
  ${CMAKE_BINARY_DIR}/generated/meshcert-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/generated/meshcert-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/generated/meshcert-config.cmake
  ${CMAKE_BINARY_DIR}/generated/meshcert-config-version.cmake DESTINATION ${package_dir})

install(FILES LICENSE docs/findings.md docs/inputs.md docs/expectations.md docs/outputs.md docs/sweep.md docs/limits.md
  docs/report.schema.json docs/sweep.schema.json docs/sweep-line.schema.json DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(EXISTS ${CMAKE_SOURCE_DIR}/docs/meshcert.1)
  install(FILES docs/meshcert.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
