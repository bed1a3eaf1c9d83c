if(NIGHTJAR_TESTS)
  find_package(rapidcheck REQUIRED)
endif()
nightjar_test(broker_tests
  SOURCES
    test/acknowledge_test.cpp
    test/event_log_test.cpp
    test/exchange_test.cpp
    test/flight_test.cpp
    test/limits_test.cpp
    test/load_average_test.cpp
    test/message_test.cpp
    test/retained_test.cpp
    test/route_cache_test.cpp
    test/route_operations_test.cpp
    test/router_test.cpp
    test/session_table_test.cpp
    test/share_test.cpp
    test/sys_operations_test.cpp
    test/topic_aliases_test.cpp
  LINKS nightjar::broker nightjar::io nightjar::mqtt nightjar::sim fmt::fmt absl::btree absl::flat_hash_map absl::flat_hash_set absl::hash
    absl::inlined_vector rapidcheck)
if(TARGET broker_tests)
  target_include_directories(broker_tests PRIVATE src)
  set_tests_properties(broker_tests PROPERTIES ENVIRONMENT "RC_PARAMS=seed=20261122")
endif()

nightjar_fuzz(fuzz_route SOURCES fuzz/route.cpp
  LINKS nightjar::broker nightjar::io nightjar::mqtt fmt::fmt absl::btree absl::flat_hash_map absl::flat_hash_set absl::hash
    absl::inlined_vector
  CORPUS fuzz/corpus/route)
if(TARGET fuzz_route)
  target_include_directories(fuzz_route PRIVATE src)
endif()

nightjar_fuzz(fuzz_sys SOURCES fuzz/sys.cpp LINKS nightjar::broker nightjar::io nightjar::mqtt nightjar::sim CORPUS fuzz/corpus/sys)
