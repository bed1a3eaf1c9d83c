# The configuration's part of the broker library.
set(BROKER_CONFIG_SOURCES
  src/config/draft.cpp
  src/config/help.cpp
  src/config/include.cpp
  src/config/load.cpp
  src/config/options_bridge.cpp
  src/config/options_general.cpp
  src/config/options_guard.cpp
  src/config/options_limits.cpp
  src/config/options_listener.cpp
  src/config/options_log.cpp
  src/config/options_other.cpp
  src/config/options_pressure.cpp
  src/config/parse.cpp
  src/config/report.cpp
  src/config/table.cpp
  src/config/values.cpp)
