# The session halves; CMakeLists.txt takes this list into the library.
set(session_sources
  src/acknowledgements.cpp
  src/client_session.cpp
  src/client_session_connect.cpp
  src/client_session_publish.cpp
  src/receive_window.cpp
  src/send_window.cpp
  src/server_session.cpp
  src/server_session_connect.cpp
  src/server_session_publish.cpp)
