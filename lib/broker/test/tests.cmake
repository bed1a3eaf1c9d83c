nightjar_test(broker_tests
  SOURCES
    test/event_log_test.cpp
    test/exchange_test.cpp
    test/flight_test.cpp
    test/limits_test.cpp
    test/message_test.cpp
    test/retained_test.cpp
    test/router_test.cpp
    test/session_table_test.cpp
    test/topic_aliases_test.cpp
  LINKS nightjar::broker nightjar::io nightjar::mqtt fmt::fmt absl::flat_hash_map absl::flat_hash_set absl::hash absl::inlined_vector)
if(TARGET broker_tests)
  target_include_directories(broker_tests PRIVATE src)
endif()
