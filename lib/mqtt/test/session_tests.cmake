nightjar_test(mqtt_session_tests
  SOURCES
    test/client_session_test.cpp
    test/send_window_test.cpp
    test/server_session_connect_test.cpp
    test/server_session_test.cpp
    test/session_lossy_wire_test.cpp
  LINKS nightjar::mqtt rapidcheck)
if(TEST mqtt_session_tests)
  set_tests_properties(mqtt_session_tests PROPERTIES ENVIRONMENT RC_PARAMS=seed=20)  # RapidCheck's
endif()

nightjar_fuzz(fuzz_session SOURCES fuzz/session.cpp LINKS nightjar::mqtt CORPUS fuzz/corpus/session)
