# Paho for C: its synchronous and its asynchronous library, which cannot be linked into one program.
find_package(GTest REQUIRED)
set(paho ${CMAKE_CURRENT_SOURCE_DIR}/paho_c)
add_executable(paho_c_client_tests ${paho}/client_test.cpp ${paho}/client.cpp)
target_link_libraries(paho_c_client_tests PRIVATE paho-mqtt3c nightjar_flags GTest::gtest GTest::gtest_main)
add_executable(paho_c_async_tests ${paho}/async_test.cpp)
target_link_libraries(paho_c_async_tests PRIVATE paho-mqtt3a nightjar_flags GTest::gtest GTest::gtest_main)
interop_test(interop_paho_c_client ${with_broker} --shards 6 -- $<TARGET_FILE:paho_c_client_tests> --gtest_brief=1)
interop_test(interop_paho_c_async ${with_broker} --shards 4 -- $<TARGET_FILE:paho_c_async_tests> --gtest_brief=1)
foreach(engine IN LISTS engines)  # sanitizers would watch Paho, not the broker
  foreach(case IN ITEMS ${engine}_1 ${engine}_4)
    set_tests_properties(interop_paho_c_client_${case} interop_paho_c_async_${case} PROPERTIES
      LABELS "interop;slow-sanitized")
  endforeach()
endforeach()
