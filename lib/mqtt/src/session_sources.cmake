# The session halves; CMakeLists.txt takes this list into the library.
set(session_sources
  src/receive_window.cpp
  src/send_window.cpp
  src/server_session.cpp
  src/server_session_connect.cpp
  src/server_session_publish.cpp)
