nightjar_test(mqtt_session_tests
  SOURCES
    test/server_session_connect_test.cpp
    test/server_session_test.cpp
  LINKS nightjar::mqtt rapidcheck)
