# Installs into the build directory, builds the consumer against it and runs it.
# cmake -DBINARY_DIR=... -DSOURCE_DIR=... -DCXX=... [-DCXX_FLAGS=...] -P check.cmake
set(prefix ${BINARY_DIR}/consumer/prefix)
file(REMOVE_RECURSE ${BINARY_DIR}/consumer)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

run(${CMAKE_COMMAND} --install ${BINARY_DIR} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${SOURCE_DIR}/tests/consumer -B ${BINARY_DIR}/consumer/build -G Ninja
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DCMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${BINARY_DIR}/consumer/build)

set(consumer ${BINARY_DIR}/consumer/build/consumer)
set(dump ${SOURCE_DIR}/certs/dumps/expired-and-wrong-identity.json)
run(${consumer} ${dump} 2024-01-02T03:12:00Z)
if(NOT output MATCHES "validity.expired: ")
  message(FATAL_ERROR "the consumer does not see an expired certificate: ${output}")
endif()
run(${consumer} ${SOURCE_DIR}/certs/dumps/healthy.json 2024-01-01T06:00:00Z)
if(output)
  message(FATAL_ERROR "the consumer finds fault with a healthy dump: ${output}")
endif()

run(${prefix}/bin/meshcert --version)
set(version "${output}")
run(${prefix}/bin/kubectl-meshcert --version)
if(NOT output STREQUAL version)
  message(FATAL_ERROR "kubectl-meshcert is not meshcert: ${output}")
endif()
