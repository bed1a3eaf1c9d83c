# The configuration's tests and its fuzz target.
nightjar_test(config_tests
  SOURCES
    test/config/completeness_test.cpp
    test/config/include_test.cpp
    test/config/listener_test.cpp
    test/config/log_test.cpp
    test/config/options_test.cpp
    test/config/reload_test.cpp
    test/config/report_test.cpp
    test/config/syntax_test.cpp
    test/config/unsupported_test.cpp
  LINKS nightjar::broker)

nightjar_fuzz(fuzz_config SOURCES fuzz/config.cpp LINKS nightjar::broker CORPUS fuzz/corpus/config)
