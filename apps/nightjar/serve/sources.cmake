set(nightjar_serve_sources
  serve/crew.cpp
  serve/heap.cpp
  serve/log.cpp
  serve/serve.cpp)
