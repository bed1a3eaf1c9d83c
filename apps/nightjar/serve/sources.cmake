set(nightjar_serve_sources
  serve/crew.cpp
  serve/flags.cpp
  serve/heap.cpp
  serve/json_line.cpp
  serve/log.cpp
  serve/process.cpp
  serve/serve.cpp)
