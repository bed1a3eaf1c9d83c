set(nightjar_echo_sources
  echo/echo.cpp
  echo/flags.cpp)
